import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";

/** @returns a function as reports speak of it: its name in quotes, or where it stands */
export function describeFunction(fn: Fn): string {
  if (fn.fact.kind === "module") return "the top-level code";
  if (fn.givenName === "") return fn.name;
  return fn.fact.name === "" ? `a function inside '${fn.givenName}'` : `'${fn.givenName}'`;
}

/** @returns a value as a reader of the code would name it: `this.client.get`, `os.Open`, `ids`; empty when it has no name */
export function describe(value: Value, fn: Fn): string {
  switch (value.k) {
    case "var":
      return fn.file.variable(value.id).name;
    case "this":
      return receiverName(fn);
    case "super":
      return "super";
    case "ref": {
      if (fn.file.language === "php") return (value.fallback ?? value.name).split("\\").at(-1)!;
      const last =
        value.module
          ?.split(/[/\\]/)
          .at(-1)
          ?.replace(/^node:/, "") ?? "";
      if (fn.file.language === "python" && value.module !== null && value.name !== "")
        return [last.split(".").at(-1)!, value.name].filter((part) => part !== "").join(".");
      if (fn.file.language === "go") return [packageName(value.module ?? ""), value.name].filter((part) => part !== "").join(".");
      // A default export has no name of its own.
      const module = last.replace(/\.\w+$/, "");
      return value.name === "" ? module : value.name.replace(/^default(?=\.|$)/, module);
    }
    case "fn":
      return fn.file.functions[value.id]!.fact.name;
    case "class":
      return fn.file.classes[value.id]!.fact.name;
    case "field": {
      const of = describe(value.of, fn);
      return of === "" ? value.name : `${of}.${value.name}`;
    }
    case "call": {
      const callee = describe(fn.call(value.id).callee, fn);
      return callee === "" ? "" : `${callee}()`;
    }
    case "index":
    case "slice": {
      const of = describe(value.of, fn);
      return of === "" ? "" : `${of}[]`;
    }
    case "item":
    case "elem":
    case "cast":
    case "received":
    case "entered":
      return describe(value.of, fn);
    default:
      return "";
  }
}

/** How code calls a Go package by its path: `redis` of `github.com/redis/go-redis/v9`. https://go.dev/ref/mod#major-version-suffixes */
function packageName(path: string): string {
  const parts = path.replace(/(?:\/|\.)v\d+$/, "").split("/");
  return parts.at(-1)!.replace(/^go-|-go$/g, "");
}

/** What the function, or the one around it, calls the object it works on. */
function receiverName(fn: Fn): string {
  for (let one: Fn | null = fn; one !== null; one = one.parent) if (one.fact.receiverName !== "") return one.fact.receiverName;
  return "this";
}

/** @returns the name of what a call calls */
export function describeCall(fn: Fn, call: number): string {
  return describe(fn.call(call).callee, fn) || "call";
}
