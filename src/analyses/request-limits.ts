import type { Confidence } from "../findings/levels.ts";
import type { Value } from "../flow/values.ts";
import type { Fn } from "../program/entities.ts";
import type { Manifests } from "../program/manifests.ts";
import type { Program } from "../program/program.ts";
import type { CallGraph } from "./call-graph.ts";
import type { HeatMap } from "./heat.ts";

/** Names of arguments and fields that limit a request. */
const limiting = /timeout|deadline|signal/i;

/**
 * What the claim rests on that a request has no limit: a client that was made elsewhere may carry one, and code that serves nobody
 * (a page beside a server in another language) hangs for one person only.
 */
export function requestConfidence(program: Program, fn: Fn, call: number, heat: HeatMap): Confidence {
  const { callee } = fn.call(call);
  if (fn.file.language === "javascript" && isPage(program.manifests, fn.file.path)) return "low";
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

/** @returns where a field that limits requests is set on the client of a call (`client.Timeout = limit`), -1 when it is not */
export function limitSetOn(fn: Fn, call: number): number {
  const { callee } = fn.call(call);
  if (callee.k !== "field" || callee.of.k !== "var") return -1;
  const { id } = callee.of;
  for (const { events } of fn.graph.blocks)
    for (const event of events) if (event.e === "store" && event.object.k === "var" && event.object.id === id && limiting.test(event.field)) return event.at;
  return -1;
}

/** Packages that draw pages, and those that answer requests or draw pages on a server. */
const drawing = ["react-dom", "vue", "svelte", "@angular/core", "preact", "solid-js", "lit"];
const serving = /^(?:express|fastify|koa|next|nuxt|hono|@nestjs\/.*|@hapi\/.*|@remix-run\/.*|@sveltejs\/kit|@adonisjs\/.*|@feathersjs\/.*)$/;

/** Whether a file belongs to a package whose code runs in a browser: what hangs there hangs for one person, until the page is left. */
function isPage({ node }: Manifests, path: string): boolean {
  const [own] = node.filter(({ folder }) => folder === "" || path.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length);
  const names = [...(own?.dependencies.keys() ?? [])];
  return names.some((name) => drawing.includes(name)) && !names.some((name) => serving.test(name));
}

/**
 * @returns the libraries, by language and module, for all whose requests the top-level code of a file sets a limit (`axios.defaults.timeout = 8000`), or a call
 *   anywhere that the models know (`socket.setdefaulttimeout(60)`)
 */
export function limitedLibraries(program: Program, callGraph: CallGraph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const fn of program.functions())
    for (const { effect } of callGraph.effects(fn))
      if (effect.role === "limits-all") for (const module of effect.modules) found.add(`${fn.file.language} ${module}`);
  for (const { language, functions } of program.files)
    for (const { events } of functions[0]!.graph.blocks)
      for (const event of events)
        if (event.e === "store" && limiting.test(event.field) && event.object.k === "ref" && event.object.module !== null)
          found.add(`${language} ${event.object.module}`);
  return found;
}

/** @returns whether a call belongs to one of those libraries */
export function isOfLibrary(program: Program, libraries: ReadonlySet<string>, fn: Fn, call: number): boolean {
  if (libraries.size === 0) return false;
  const { callee } = fn.call(call);
  if (callee.k === "ref" && callee.module !== null && libraries.has(`${fn.file.language} ${callee.module}`)) return true;
  return program.target(fn, call).rows.some(({ name }) => prefixes(name).some((module) => libraries.has(`${fn.file.language} ${module}`)));
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
  if (client.k !== "var" || fn.file.variable(client.id).fn !== fn.id || fn.file.variable(client.id).isParameter) return false;
  return fn.file
    .variable(client.id)
    .definitions.every(({ value, fn: at }) => (value.k === "call" ? isPlainCall(program, fn.file.functions[at]!, value.id, depth) : value.k !== "var"));
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
