import { holds } from "../program/arguments.ts";
import type { Fn } from "../program/entities.ts";
import { nearestAround } from "../program/manifests.ts";
import type { Program } from "../program/program.ts";
import type { ModelLanguage } from "../semantics/models/model.ts";
import type { CallEdge, CallGraph } from "./call-graph.ts";
import type { SharedClient } from "./clients.ts";
import { runsInPage } from "./pages.ts";
import type { HeatMap } from "./heat.ts";

/** A server that the program starts. */
export interface Service extends CallEdge {
  readonly what: string;
  /** Where the program closes it, or handles being told to stop; null when it does neither. */
  readonly stopped: CallEdge | null;
  /** What the process keeps open beside it. */
  readonly keeps: readonly Kept[];
}

/** Something that stays open for the life of the process. */
export interface Kept extends CallEdge {
  readonly what: string;
  /** A timer goes with the process, and loses nothing but its next turn. */
  readonly isTimer: boolean;
}

/** Finds the servers that the program starts, with what is cut off when the process ends without notice. */
export function servicesOf(program: Program, callGraph: CallGraph, heat: HeatMap, clients: readonly SharedClient[]): readonly Service[] {
  const found: Service[] = [];
  const byLanguage = new Map<ModelLanguage, Pick<Service, "stopped" | "keeps">>();
  for (const fn of program.functions()) {
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "serves" || !isOfProcess(heat, fn)) continue;
      const { language } = fn.file;
      let process = byLanguage.get(language);
      if (process === undefined) {
        process = { stopped: stopOf(program, callGraph, language), keeps: keptBy(program, callGraph, heat, clients, language) };
        byLanguage.set(language, process);
      }
      found.push({ fn, call, what: effect.what, stopped: process.stopped, keeps: process.keeps.filter((one) => isBeside(program, fn, one.fn)) });
    }
  }
  return found;
}

/** Whether both run in one process, as far as packages tell: that of the server, and those that it names. */
function isBeside({ manifests }: Program, server: Fn, kept: Fn): boolean {
  const [own, other] = [nearestAround(manifests.node, server.file.path), nearestAround(manifests.node, kept.file.path)];
  return own === other || (own !== null && other !== null && own.dependencies.has(other.name));
}

/** Whether something is done when the process starts, as far as that can be told. */
const isOfProcess = (heat: HeatMap, fn: Fn): boolean => heat.of(fn) !== "request";

/** Where a program handles being told to stop, or closes a server. */
function stopOf(program: Program, callGraph: CallGraph, language: ModelLanguage): CallEdge | null {
  const servers = serverTypes(program, callGraph, language);
  for (const fn of program.functions()) {
    if (fn.file.language !== language) continue;
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role === "handles-stop" && holds(effect.when, fn.call(call).args, fn)) return { fn, call };
      if (effect.role === "releases" && servers.has(program.target(fn, call).library.replace(/\.[^.]*$/, ""))) return { fn, call };
    }
  }
  return null;
}

/** The types of what the program's servers are. */
function serverTypes(program: Program, callGraph: CallGraph, language: ModelLanguage): ReadonlySet<string> {
  const found = new Set<string>();
  for (const fn of program.functions()) {
    if (fn.file.language !== language) continue;
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role !== "serves") continue;
      const { receiver, rows } = program.target(fn, call);
      if (receiver?.t === "named") found.add(receiver.name);
      for (const row of rows) if (row.results[0] !== undefined) found.add(row.results[0].name);
    }
  }
  return found;
}

/** Whether something of what a call makes has to be ended: a transport for requests has not, nor has one that keeps no connections. */
const hasEnd = (program: Program, fn: Fn, call: number): boolean =>
  program.target(fn, call).rows.some((row) => row.effects.some((effect) => effect.role === "acquires" && holds(effect.when, fn.call(call).args, fn)));

/** Clients that are kept, timers and listeners outside of requests. */
function keptBy(program: Program, callGraph: CallGraph, heat: HeatMap, clients: readonly SharedClient[], language: ModelLanguage): readonly Kept[] {
  const found: Kept[] = [];
  // What nobody calls may be there for the tests, unless it serves itself.
  const isUsed = (fn: Fn): boolean => callGraph.callers(fn).length > 0 || [...callGraph.effects(fn)].some(({ effect }) => effect.role === "serves");
  const isOfStart = (fn: Fn): boolean => isOfProcess(heat, fn) && (fn.fact.kind === "module" || heat.of(fn) === "startup" || isUsed(fn));
  for (const { fn, call, effect, kept } of clients) {
    if (fn.file.language !== language || !isOfStart(fn) || !hasEnd(program, fn, call)) continue;
    if (fn.fact.kind === "module" || kept === "stored" || kept === "outlives") found.push({ fn, call, what: effect.client, isTimer: false });
  }
  for (const fn of program.functions()) {
    if (fn.file.language !== language || !isOfStart(fn) || runsInPage(program, fn)) continue;
    for (const { call, effect } of callGraph.effects(fn)) {
      if (effect.role === "registers" && effect.rule === "uncleared-timer" && !effect.once) found.push({ fn, call, what: effect.what, isTimer: true });
      else if (effect.role === "acquires" && effect.rule === "uncleared-timer") found.push({ fn, call, what: effect.resource, isTimer: true });
    }
  }
  return found;
}
