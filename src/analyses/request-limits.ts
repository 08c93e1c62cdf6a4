import type { Confidence } from "../findings/levels.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Program } from "../program/program.ts";
import { profileOf } from "../semantics/language-profile.ts";
import type { CallGraph } from "./call-graph.ts";
import type { HeatMap } from "./heat.ts";
import { asksItsPage } from "./own-address.ts";
import { isServer, runsInPage } from "./pages.ts";

/** Names of arguments and fields that limit a request. */
const limiting = /timeout|deadline|signal/i;

/**
 * What the claim rests on that a request has no limit: a client that was made elsewhere may carry one, and code that serves nobody
 * (a page beside a server in another language) hangs for one person only.
 */
export function requestConfidence(program: Program, fn: Fn, call: number, heat: HeatMap): Confidence {
  const { callee } = fn.call(call);
  if (runsInPage(program, fn) || (!isServer(program.manifests, fn.file.path) && asksItsPage(program, fn, call))) return "low";
  if (callee.k === "field" && !isMadePlain(program, callee.of, fn)) return "low";
  if (heat.of(fn) === "request") return "high";
  return !heat.hasHandlers || heat.entriesOf("request").some((entry) => entry.file.language === fn.file.language) ? "medium" : "low";
}

/** @returns whether a context or request surely has no time limit: made here of nothing that has one (`http.NewRequest`, `context.Background`) */
export function isUnlimited(program: Program, fn: Fn, value: Value, depth = 0): boolean {
  if (depth > 5) return false;
  if (value.k === "item" || value.k === "cast") return isUnlimited(program, fn, value.of, depth + 1);
  if (value.k === "var") {
    const { definitions, isParameter } = fn.file.variable(value.id);
    return !isParameter && definitions.length > 0 && definitions.every((one) => one.fn === fn.id && isUnlimited(program, fn, one.value, depth + 1));
  }
  if (value.k !== "call") return false;
  for (const effect of program.target(fn, value.id).rows.flatMap((row) => row.effects)) {
    if (effect.role === "unlimited") return true;
    const like =
      effect.role === "limited-as" && effect.value.of === "argument" ? fn.call(value.id).args[effect.value.argument.position ?? 0]?.value : undefined;
    if (like !== undefined) return isUnlimited(program, fn, like, depth + 1);
  }
  return false;
}

/** @returns whether an option is as if it was not given: `signal: undefined` in JavaScript */
export function isAsIfMissing(fn: Fn, value: Value): boolean {
  return value.k === "const" && value.v === null && profileOf(fn.file.language).nullIsMissing;
}

/** @returns where a field that limits requests is set on the client of a call, or on that of its module (`client.Timeout = limit`), -1 when it is not */
export function limitSetOn(fn: Fn, call: number): number {
  const { callee } = fn.call(call);
  if (callee.k === "ref") return [...defaultsSetIn(fn)].find(({ module }) => module === callee.module)?.at ?? -1;
  if (callee.k !== "field" || callee.of.k !== "var") return -1;
  const { id } = callee.of;
  for (const { events } of fn.graph.blocks)
    for (const event of events) if (event.e === "store" && event.object.k === "var" && event.object.id === id && limiting.test(event.field)) return event.at;
  return -1;
}

/** What a program limits as a whole: the requests of modules' own functions and clients, or all that modules do. */
export interface LimitedLibraries {
  /** By language and module: `axios.defaults.timeout = 8000`, `http.DefaultClient.Timeout = limit`. */
  readonly defaults: ReadonlySet<string>;
  /** By calls that the models know (`socket.setdefaulttimeout(60)`). */
  readonly all: ReadonlySet<string>;
}

/** Where a function sets a limit on what a module has for everybody. */
function* defaultsSetIn({ graph }: Fn): Iterable<{ readonly module: string; readonly at: number }> {
  for (const { events } of graph.blocks)
    for (const event of events)
      if (event.e === "store" && limiting.test(event.field) && event.object.k === "ref" && event.object.module !== null)
        yield { module: event.object.module, at: event.at };
}

/** @returns what the program sets a limit for, anywhere */
export function limitedLibraries(program: Program, callGraph: CallGraph): LimitedLibraries {
  const defaults = new Set<string>();
  const all = new Set<string>();
  for (const fn of program.functions()) {
    const { language } = fn.file;
    for (const { effect } of callGraph.effects(fn)) if (effect.role === "limits-all") for (const module of effect.modules) all.add(`${language} ${module}`);
    // What nobody calls sets nothing.
    if (fn.fact.kind !== "module" && callGraph.callers(fn).length === 0) continue;
    for (const { module } of defaultsSetIn(fn)) defaults.add(`${language} ${module}`);
  }
  return { defaults, all };
}

/** @returns whether a call is one of those that are limited */
export function isOfLibrary(program: Program, { defaults, all }: LimitedLibraries, fn: Fn, call: number): boolean {
  const { callee } = fn.call(call);
  const { language } = fn.file;
  if (callee.k === "ref" && callee.module !== null && defaults.has(`${language} ${callee.module}`)) return true;
  return all.size > 0 && program.target(fn, call).rows.some(({ name }) => prefixes(name).some((module) => all.has(`${language} ${module}`)));
}

/** The modules that a qualified name may stand in: `urllib` and `urllib.request` for `urllib.request.urlopen`. */
function prefixes(name: string): readonly string[] {
  const parts = name.split(".");
  return parts.slice(1).map((_, i) => parts.slice(0, i + 1).join("."));
}

/** A client that is made here, by calls whose arguments are all written out and none of which is a limit by its name. */
function isMadePlain(program: Program, client: Value, fn: Fn, depth = 0): boolean {
  if (depth > 2) return false;
  if (client.k === "call") return isPlainCall(program, fn, client.id, depth);
  if (client.k === "coll") return isPlainLiteral(program, client, fn, depth);
  if (client.k !== "var" || fn.file.variable(client.id).fn !== fn.id || fn.file.variable(client.id).isParameter) return false;
  return fn.file.variable(client.id).definitions.every(({ value, fn: at }) => {
    const maker = fn.file.functions[at]!;
    return value.k === "call" || value.k === "coll" ? isMadePlain(program, value, maker, depth) : value.k !== "var";
  });
}

/** `&http.Client{Transport: newTransport(limit)}`: as plain as what is made for its fields. */
function isPlainLiteral(program: Program, { keys, items }: Extract<Value, { k: "coll" }>, fn: Fn, depth: number): boolean {
  if (keys.some((key) => key !== null && limiting.test(key))) return false;
  return items.every((item) => (item.k === "call" || item.k === "coll" ? isMadePlain(program, item, fn, depth + 1) : true));
}

function isPlainCall(program: Program, fn: Fn, call: number, depth: number): boolean {
  const { fns } = program.target(fn, call);
  // What a function of the program gives is as plain as what it returns.
  if (fns.length > 0)
    return fns.every((maker) =>
      maker.graph.blocks.every(({ end }) => end.t !== "return" || (end.value !== null && isMadePlain(program, end.value, maker, depth + 1))),
    );
  const isPlain = (name: string | null): boolean => name !== null && !limiting.test(name);
  return fn.call(call).args.every(({ value: given, name, spread }) => {
    if (spread || !isPlain(name)) return false;
    return given.k === "coll" ? given.keys.every(isPlain) : given.k === "const" || given.k === "ref";
  });
}
