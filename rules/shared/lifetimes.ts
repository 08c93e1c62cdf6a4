import { describeCall, describeFunction } from "../../src/analyses/describe.ts";
import type { Analyses } from "../../src/analyses/analyses.ts";
import { callLocation, callStep, finding, place, step, verified } from "../../src/analyses/finding.ts";
import { argumentOf, makingCall, settled } from "../../src/program/arguments.ts";
import type { Fn } from "../../src/program/entities.ts";
import type { Evidence, Heat } from "../../src/findings/finding.ts";
import type { Severity } from "../../src/findings/levels.ts";
import type { Outcome, Rule } from "../../src/findings/rule.ts";
import type { Acquires, Ending } from "../../src/semantics/models/model.ts";
import { resultsOf } from "../../src/analyses/resources/holding.ts";
import type { Value } from "../../src/flow/values.ts";
import { mentionedValues, returnedValues } from "../../src/analyses/work/values.ts";
import type { ProcessLife } from "../../src/analyses/process-life.ts";
import { opensPath } from "../../src/analyses/resources/from-path.ts";
import { rarity } from "../../src/analyses/resources/likelihood.ts";
import type { Lifetime, OpenExit } from "../../src/analyses/resources/lifetimes.ts";

/** How a rule speaks of the end of what it watches. */
export interface LifetimeWords {
  /** What happened to it: "opened". */
  readonly acquired: string;
  /** What should have: "closed". */
  readonly released: string;
  /** The same as something done: "closing it". */
  readonly releasing: string;
  /** Lives that the rule reports in a way of its own. */
  readonly without?: (life: Lifetime) => boolean;
  /** Lives of low confidence, for a reason of the rule's own. */
  readonly doubtful?: (life: Lifetime) => boolean;
  /** Whether ways out by exceptions count; they do unless it says no. */
  readonly thrown?: (life: Lifetime, exit: OpenExit) => boolean;
}

/**
 * The findings and the verified places of one rule about resources: those whose model rows name the rule.
 * @param rule what is about the resources whose models name its id
 */
export function* lifetimeOutcomes(
  { program, lifetimes, replaced, forgotten, unfinished, heat, processes, processEnds }: Analyses,
  rule: Pick<Rule<Analyses>, "id" | "severity">,
  words: LifetimeWords,
): Iterable<Outcome> {
  const received = new Set<string>();
  yield* replacements({ replaced, heat }, rule.id, words);
  yield* forgottenOutcomes({ forgotten, heat }, rule.id, words);
  yield* unfinishedOutcomes({ unfinished, heat }, rule.id, words);
  for (const life of lifetimes) {
    if (life.tracked.acquires.rule !== rule.id || !life.complete || words.without?.(life) === true) continue;
    if (life.tracked.acquires.partly && isLeftAlone(life)) continue;
    const open = openExits(program, heat, life, words);
    if (open.length > 0 && endsWithParent(lifetimes, life)) continue;
    // Whoever closes the connection closes its cursor: one finding for both.
    if (open.length > 0 && isOpenToo(lifetimes, life)) continue;
    // What a helper opens in one of several ways comes back as one.
    if (open.length > 0 && life.through.length > 0) {
      const key = `${life.site.fn.file.index} ${life.site.fn.id} ${life.site.call}`;
      if (received.has(key)) continue;
      received.add(key);
    }
    const said = wordsFor(words, life.tracked.acquires);
    if (open.length === 0) yield* confirmed(life, said);
    else if (life.tracked.acquires.reclaimed === "scope" && !life.isOfOther) {
      yield verified(
        callLocation(life.site.fn, life.site.call),
        `the ${life.tracked.acquires.resource} is held only by a local and ${said.released} when ${describeFunction(life.fn)} returns`,
      );
    } else {
      const lasting = open.filter((exit) => !endsProcess(processEnds, life, exit));
      const context = {
        heat: heat.at(life.site.fn, life.site.call),
        process: processes.of(life.fn),
        isDoubtful:
          words.doubtful?.(life) === true ||
          lasting.length === 0 ||
          heat.isProcessStart(life.fn) ||
          !isOpened(program, life) ||
          isOneOfSeveral(program, lifetimes, life),
        isOnce: isOnce(heat, life),
      };
      yield report(life, lasting.length > 0 ? lasting : open, rule.severity, said, context);
    }
  }
}

/** Whether the function ends it on no way, or forgets it only where something fails. */
const isLeftAlone = ({ fates, open }: Lifetime): boolean =>
  fates.every((fate) => fate.fate === "escapes") || (open.length > 0 && open.every((exit) => exit.byException));

/** The ways out that count: where the process begins, nothing is lost to it but what a script forgets at its top level. */
function openExits(program: Analyses["program"], heat: Analyses["heat"], life: Lifetime, words: LifetimeWords): readonly OpenExit[] {
  const { fn, tracked, open, site } = life;
  // What an exception leaves half written is of no use anyway.
  if (tracked.acquires.completes && opensPath(program, site.fn, site.call, tracked.acquires) === "no") return open.filter((exit) => !exit.byException);
  // `socket.create_connection(address)`: what nobody keeps is freed before anything else can fail.
  const isGone = life.freedBy !== null && life.call >= 0 && fn.call(life.call).discarded;
  if (!heat.isProcessStart(fn)) return open.filter((exit) => (words.thrown?.(life, exit) !== false && !isGone) || !exit.byException);
  return fn.fact.kind === "module" && tracked.acquires.scoped && !tracked.acquires.path ? open.filter((exit) => !exit.byException) : [];
}

const doing: Readonly<Record<Ending, string>> = {
  ended: "ending it",
  "given back": "giving it back",
  revoked: "revoking it",
  "shut down": "shutting it down",
  "waited for": "waiting for it",
};

/** The rule's words, with the resource's own for its end. */
function wordsFor(words: LifetimeWords, { ending }: Acquires): LifetimeWords {
  return ending === null ? words : { ...words, released: ending, releasing: doing[ending] };
}

/** A temporary file in a folder that somebody else names may go with that folder; where the function removes it on another way, it is the function's to remove. */
function isMadeInsideOther({ site: received, through, tracked, fates }: Lifetime): boolean {
  const { within } = tracked.acquires;
  const site = through[0] ?? received;
  if (fates.some((fate) => fate.fate === "released")) return false;
  const folder = within === null ? null : argumentOf(site.fn.call(site.call).args, within, site.fn);
  if (folder?.given !== "yes") return false;
  const value = settled(folder.value, site.fn);
  // `os.TempDir()`, `sys_get_temp_dir()`: nobody removes that.
  if (value.k === "call") return !/te?mp/i.test(describeCall(site.fn, value.id));
  // "." is wherever somebody has gone to.
  return value.k !== "const" || value.v === ".";
}

/** A field that is given another while the one in it is open. */
function* replacements({ replaced, heat }: Pick<Analyses, "replaced" | "heat">, rule: string, words: LifetimeWords): Iterable<Outcome> {
  for (const { life, field, at } of replaced) {
    const { fn, site, tracked } = life;
    if (tracked.acquires.rule !== rule) continue;
    const { acquired, released } = wordsFor(words, tracked.acquires);
    yield finding(fn, {
      location: callLocation(site.fn, site.call),
      message: `The ${tracked.acquires.resource} ${acquired} by '${describeCall(site.fn, site.call)}' takes the place of the one in '${field}', which is not ${released} before.`,
      confidence: "medium",
      severity: tracked.acquires.severity ?? undefined,
      heat: heat.at(site.fn, site.call),
      evidence: [callStep(site.fn, site.call, `another is ${acquired} here`), step(fn, at, `'${field}' is replaced while the one in it is open`)],
    });
  }
}

/** A constructor that throws with a resource in a field. */
function* unfinishedOutcomes({ unfinished, heat }: Pick<Analyses, "unfinished" | "heat">, rule: string, words: LifetimeWords): Iterable<Outcome> {
  for (const { life, field, thrownAt } of unfinished) {
    const { fn, site, tracked } = life;
    if (tracked.acquires.rule !== rule) continue;
    const { acquired, released, releasing } = wordsFor(words, tracked.acquires);
    const soon = isFreedSoon(life) ? ` ${life.freedBy} does so with the last reference to it.` : "";
    yield finding(fn, {
      location: callLocation(site.fn, site.call),
      message: `The ${tracked.acquires.resource} ${acquired} by '${describeCall(site.fn, site.call)}' is kept in '${field}' and not ${released} when ${describeFunction(fn)} throws at line ${fn.file.line(thrownAt)}: nobody gets the object then.${soon}`,
      confidence: "medium",
      severity: "low",
      heat: heat.at(site.fn, site.call),
      evidence: [callStep(site.fn, site.call, `${acquired} here`), step(fn, thrownAt, `the constructor is left without ${releasing}`)],
    });
  }
}

/** A method that ends an object and forgets one of the resources that it keeps. */
function* forgottenOutcomes({ forgotten, heat }: Pick<Analyses, "forgotten" | "heat">, rule: string, words: LifetimeWords): Iterable<Outcome> {
  for (const { life, field, ending, released: other } of forgotten) {
    const { site, tracked } = life;
    if (tracked.acquires.rule !== rule) continue;
    const { acquired, released, releasing } = wordsFor(words, tracked.acquires);
    yield finding(site.fn, {
      location: callLocation(site.fn, site.call),
      message: `The ${tracked.acquires.resource} ${acquired} by '${describeCall(site.fn, site.call)}' is kept in '${field}' and never ${released}: ${describeFunction(ending)} ends only '${other}'.`,
      confidence: "medium",
      severity: tracked.acquires.severity ?? undefined,
      heat: heat.at(site.fn, site.call),
      evidence: [callStep(site.fn, site.call, `${acquired} here`), step(ending, ending.fact.nameAt, `ends the object without ${releasing}`)],
    });
  }
}

/** Whether what was opened is known to be the function's own, and no stream that was passed to it. */
function isOpened(program: Analyses["program"], { through, site, tracked }: Lifetime): boolean {
  const { fn, call } = through[0] ?? site;
  return tracked.acquires.completes || opensPath(program, fn, call, tracked.acquires) === "yes";
}

/** Whether what opened it is one of several kinds of things that a function makes (`return FtpStorage(url) … return FileStorage(path)`). */
function isOneOfSeveral(program: Analyses["program"], lifetimes: Analyses["lifetimes"], life: Lifetime): boolean {
  const { fn: user, call, through, tracked } = life;
  // Where each of the kinds has to be ended, so has this one.
  const ended = lifetimes.filter((one) => one.fn === user && one.call === call && one.tracked.acquires.rule === tracked.acquires.rule).length;
  return through.some(({ fn, call: opening }) => {
    if (tracked.acquires.path && givesOthersToo(fn, opening)) return true;
    const kinds = new Set<string>();
    for (const first of givenFirst(fn)) {
      const type = program.typeOf(first, fn);
      if (type?.t === "named") kinds.add(type.name);
      else if (type?.t === "instance") kinds.add(type.cls.name);
    }
    return kinds.size > Math.max(1, ended);
  });
}

/** `return configured_folder` on one way, `return tempfile.mkdtemp()` on another: who gets it cannot tell whether it is to be removed. */
function givesOthersToo(fn: Fn, opening: number): boolean {
  const isIt = (value: Value): boolean => mentionedValues(value).some((one) => makingCall(one, fn) === opening);
  const given = givenFirst(fn);
  return given.some(isIt) && !given.every(isIt);
}

/** The first result of each return of a function that is no constant. */
const givenFirst = (fn: Fn): readonly Value[] =>
  returnedValues(fn.graph)
    .flatMap((value) => resultsOf(value).slice(0, 1))
    .filter(({ k }) => k !== "const");

/** Whether the function runs once for each process, and leaves open what the process's end takes with it; files stay. */
function isOnce(heat: Analyses["heat"], life: Lifetime): boolean {
  const { fn, call, tracked, open } = life;
  if (call >= 0 && fn.call(call).loop >= 0) return false;
  return !tracked.acquires.path && heat.runsOnce(fn) && (life.freedBy !== null || open.every(({ exit }) => exit !== "overwritten"));
}

/** Whether the process ends by that way out, and takes the resource with it; files stay. */
function endsProcess(processEnds: Analyses["processEnds"], { fn, tracked }: Lifetime, { exit, at }: OpenExit): boolean {
  return !tracked.acquires.path && processEnds.fails(fn, exit, at) && processEnds.byFailureOf(fn);
}

/** Of several ways out the one that a reader should look at: on which most is left open, that is likeliest, and that comes by fewest exceptions. */
function likeliest({ site, fates }: Lifetime, open: readonly OpenExit[]): OpenExit {
  const exceptions = ({ exit, decisions }: OpenExit): number => decisions.filter(({ what }) => what === "exception").length + (exit === "exception" ? 1 : 0);
  // What a handler swallows is left open for certain.
  const isSwallowed = ({ exit }: OpenExit): boolean => exit !== "exception";
  // What is never released is so before another takes its place, but for the next one of a loop.
  const isReplaced = ({ exit, at }: OpenExit): boolean => exit === "overwritten" && fates.length === 0 && at !== site.fn.call(site.call).start;
  return open.toSorted(
    (a, b) =>
      Number(isReplaced(a)) - Number(isReplaced(b)) ||
      Number(a.drained) - Number(b.drained) ||
      rarity(a.likelihood) - rarity(b.likelihood) ||
      Number(isSwallowed(b)) - Number(isSwallowed(a)) ||
      exceptions(a) - exceptions(b) ||
      a.at - b.at,
  )[0]!;
}

/** The rule of what cancels contexts. */
const cancels = "lost-cancel";

/** Whether the function ends what this one ends with: cancelling a context cancels those that were derived from it. */
function endsWithParent(lifetimes: Analyses["lifetimes"], { fn, parents, tracked, fates }: Lifetime): boolean {
  if (tracked.acquires.endsWith === null) return false;
  // Who cancels it on one way meant to cancel it on all.
  if (tracked.acquires.rule === cancels && fates.length > 0) return false;
  const isParent = (one: Lifetime): boolean => one.fn === fn && parents.includes(one.call) && one.tracked.acquires.rule === cancels;
  return lifetimes.some((one) => isParent(one) && one.complete && one.open.length === 0 && one.fates.some(({ fate }) => fate === "released"));
}

/** Whether what would release it as well is left open in the same function. */
function isOpenToo(lifetimes: Analyses["lifetimes"], { fn, parents }: Lifetime): boolean {
  return lifetimes.some((one) => one.fn === fn && parents.includes(one.call) && one.tracked.acquires.rule === "unclosed-resource" && one.open.length > 0);
}

/** Where a resource is left open. */
interface Context {
  readonly heat: Heat;
  /** How long the process lives: one that may end with the request takes what the collector would free later with it. */
  readonly process: ProcessLife;
  /** The process ends by every way out on which it is open, or it is not known whether something was opened. */
  readonly isDoubtful: boolean;
  /** It runs once for each process, whose end takes with it what is open. */
  readonly isOnce: boolean;
}

/** Whether something frees it some day when nothing refers to it any more. */
const isCollected = ({ reclaimed }: Acquires): boolean => reclaimed !== "scope" && reclaimed !== "never";

function report(life: Lifetime, open: readonly OpenExit[], severity: Severity, words: LifetimeWords, { heat, process, isDoubtful, isOnce }: Context): Outcome {
  const isBrief = process !== "many";
  const { fn, site } = life;
  const { acquires } = life.tracked;
  const able = open.filter((exit) => exit.likelihood !== "hardly");
  const counted = able.length > 0 ? able : open;
  const certain = counted.filter((exit) => !exit.byException);
  const onlyThrown = certain.length === 0;
  const worst = likeliest(life, onlyThrown ? counted : certain);
  const own = acquires.severity ?? severity;
  const closedAtOnce = isClosedAtOnce(life);
  const weight = closedAtOnce && own === "high" ? "medium" : own;
  const passed = life.fates.some((fate) => fate.fate === "escapes" && (fate.how === "passed" || fate.how === "not understood"));
  return finding(fn, {
    location: callLocation(site.fn, site.call),
    message: `${messageOf(life, worst, onlyThrown, words)}${weightOf(life, worst, isOnce)}`,
    // A disk that is full when the file is filled is no way to lose files.
    confidence:
      isDoubtful ||
      isOnce ||
      (isBrief && isCollected(acquires)) ||
      isMadeInsideOther(life) ||
      able.length === 0 ||
      // An exception ends the process with the request.
      (onlyThrown &&
        (process === "request" ||
          (acquires.severity === "low" && isCollected(acquires)) ||
          !worst.known ||
          (acquires.path && (worst.own || isCollected(acquires)))))
        ? "low"
        : passed || onlyThrown
          ? "medium"
          : "high",
    severity:
      onlyThrown || worst.drained || isOnce
        ? !worst.drained && !isOnce && weight === "high" && acquires.reclaimed === "never" && !isBrief
          ? "medium"
          : "low"
        : weight,
    evidence: evidenceOf(life, worst, words),
    heat,
  });
}

/**
 * `archive = ZipFile(path)`: nothing else holds what is left open, since a way ends where somebody else gets it; so the interpreter that counts references
 * closes it as soon as the function is done. https://docs.python.org/3/reference/datamodel.html#objects-values-and-types
 */
const isFreedSoon = ({ freedBy, call, tracked: { acquires } }: Lifetime): boolean =>
  freedBy !== null && call >= 0 && acquires.ending === null && !acquires.path;

/** `open(path).read()`: no name holds it either, and it is closed as soon as the expression is done. */
function isClosedAtOnce(life: Lifetime): boolean {
  const { call, fn, through } = life;
  if (!isFreedSoon(life) || through.length > 0) return false;
  const isIt = (value: Value): boolean => value.k === "call" && value.id === call;
  return !fn.graph.blocks.some(({ events }) => events.some((event) => "value" in event && event.value !== null && mentionedValues(event.value).some(isIt)));
}

/** Why it weighs less than others, where it does. */
function weightOf(life: Lifetime, { drained }: OpenExit, isOnce: boolean): string {
  if (life.tracked.acquires.path && life.freedBy !== null) return " Only when nothing refers to it any more does it remove itself.";
  if (drained) return " Its connection is freed all the same: there is nothing left to read, or its context is cancelled.";
  const swept = life.sweptBy === null ? "" : ` ${life.sweptBy} does so when the next one is started, once nothing refers to it.`;
  if (isOnce) return ` That happens a few times for each process at most, as far as its callers show.${swept}`;
  if (swept !== "") return swept;
  return isFreedSoon(life) ? ` ${life.freedBy} does so with the last reference to it.` : "";
}

function messageOf(life: Lifetime, exit: OpenExit, onlyThrown: boolean, { acquired, released }: LifetimeWords): string {
  const { fn, site, fates } = life;
  const what = `The ${life.tracked.acquires.resource} ${acquired} by '${describeCall(site.fn, site.call)}'`;
  if (onlyThrown)
    return `${what} ${be(life)} not ${released} when ${exit.call < 0 ? "an exception is thrown" : `'${describeCall(fn, exit.call)}' throws`} at line ${fn.file.line(exit.call < 0 ? exit.at : fn.call(exit.call).start)}.`;
  const comesBy = exit.exit === "overwritten" && exit.at === site.fn.call(site.call).start;
  // `_, _, size = parse(file)`
  if (exit.exit === "overwritten" && !comesBy && fn.file.line(exit.at) === fn.file.line(site.fn.call(site.call).start))
    return `${what} ${be(life)} dropped where ${be(life) === "is" ? "it is" : "they are"} ${acquired}.`;
  if (exit.exit === "overwritten" && !comesBy) return `${what} ${be(life)} lost at line ${fn.file.line(exit.at)}, where another takes its place before that.`;
  if (fates.length === 0) return `${what} ${be(life)} never ${released} in ${describeFunction(fn)}.`;
  if (comesBy) return `${what} ${be(life)} not ${released} before the next step of the loop.`;
  return `${what} ${be(life)} not ${released} when ${describeFunction(fn)} ${exit.exit === "throw" ? "throws" : exit.implicit ? "ends" : "returns"} at line ${fn.file.line(exit.at)}.`;
}

/** "The database rows … are", "the file handle … is". */
const be = (life: Lifetime): string => (/[^s]s$/.test(life.tracked.acquires.resource) ? "are" : "is");

function evidenceOf(life: Lifetime, exit: OpenExit, { acquired, releasing }: LifetimeWords): readonly Evidence[] {
  const { fn, site, through } = life;
  const steps: Evidence[] = [];
  for (const inner of through) steps.push(callStep(inner.fn, inner.call, `${acquired} here and returned open by ${describeFunction(inner.fn)}`));
  steps.push(callStep(site.fn, site.call, through.length === 0 ? `${acquired} here` : "received open here"));
  const { start } = site.fn.call(site.call);
  const decisions = exit.decisions.filter((one) => one.at > start && one.what === "branch");
  // Of a condition that is asked in each step of a loop the last answer counts.
  const last = decisions.filter((one, i) => !decisions.slice(i + 1).some((later) => later.at === one.at));
  for (const decision of last.slice(-3)) {
    steps.push(step(fn, decision.at, decision.taken ? "this condition holds" : "this condition does not hold"));
  }
  if (exit.byException && exit.call >= 0) {
    steps.push(callStep(fn, exit.call, `'${describeCall(fn, exit.call)}' throws, and the way out leaves without ${releasing}`));
    if (exit.exit === "return" && !exit.implicit) steps.push(step(fn, exit.at, `which is handled, and ${describeFunction(fn)} returns here`));
  } else if (exit.exit === "overwritten") steps.push(step(fn, exit.at, exit.at === start ? "comes by again while it is open" : "replaced while still open"));
  else steps.push(step(fn, exit.at, `${describeFunction(fn)} is left without ${releasing}`));
  return steps;
}

/** Says why a resource that was followed to the end of every path is right. */
function* confirmed(life: Lifetime, { released }: LifetimeWords): Iterable<Outcome> {
  const { fn, site, fates } = life;
  const fate = fates.find((one) => one.fate === "released" || one.fate === "managed");
  if (fate === undefined || life.open.some((exit) => !exit.byException)) return;
  const where = place(fn, fn, fate.at);
  const how =
    fate.fate === "managed"
      ? `${released} by the scope that begins at ${where}`
      : {
          call: `${released} at ${where} on every path`,
          defer: `${released} by 'defer' at ${where}`,
          callee: `${released} by '${calleeAt(life, fate.at)}' at ${where}`,
          closure: `${released} by the callback at ${where}`,
          exhausted: `read to the end at ${where}, which releases it`,
        }[fate.how];
  yield verified(callLocation(site.fn, site.call), `${life.tracked.acquires.resource} ${how}`);
}

function calleeAt(life: Lifetime, at: number): string {
  const call = life.fn.graph.calls.findIndex((site) => site.start === at);
  return call < 0 ? "the callee" : describeCall(life.fn, call);
}
