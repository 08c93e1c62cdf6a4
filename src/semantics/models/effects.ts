import { isMap, isScalar, isSeq, type Node } from "yaml";
import { didYouMean } from "./diagnostic.ts";
import { entriesOf, Fields, offsetOf, type Problems, textOf } from "./fields.ts";
import { type Acquires, type Condition, type Effect, endings, type Performs, reclaimers, runners } from "./model.ts";

type Role = Effect["role"];
type Level = NonNullable<Acquires["severity"]>;
type ReadEffect = (fields: Fields, when: readonly Condition[]) => Effect;

/** How each role is written: its keys, their forms and their defaults. */
const ROLES: Readonly<Record<Role, ReadEffect>> = {
  acquires: (fields, when) => ({
    role: "acquires",
    resource: fields.text("resource"),
    value: fields.value("value"),
    releasedBy: fields.list("released-by", ["close"]),
    scoped: fields.flag("scoped", false),
    reclaimed: fields.word("reclaimed", reclaimers, "gc"),
    severity: fields.has("severity") ? fields.word<Level>("severity", ["critical", "high", "medium", "low"]) : null,
    exhausted: fields.list("exhausted"),
    failedBy: fields.list("failed-by"),
    drained: fields.has("drained") ? fields.text("drained") : null,
    openedBy: fields.list("opened-by"),
    releasedByFailing: fields.list("released-by-failing"),
    owned: fields.flag("owned", false),
    endsWith: fields.argumentRef("ends-with"),
    carriedBy: fields.count("carried-by"),
    givenTo: fields.argumentRef("given-to"),
    lowest: fields.count("lowest"),
    partly: fields.flag("partly", false),
    shared: fields.flag("shared", false),
    reentrant: fields.flag("reentrant", false),
    path: fields.flag("path", false),
    within: fields.argumentRef("within"),
    fromPath: fields.argumentRef("from-path"),
    completes: fields.flag("completes", false),
    releaser: fields.count("releaser"),
    ending: fields.has("ending") ? fields.word("ending", endings) : null,
    rule: fields.text("rule", "unclosed-resource"),
    when,
  }),
  releases: (fields, when) => ({ role: "releases", value: fields.has("value") ? fields.value("value") : { of: "receiver" }, when }),
  checks: (fields, when) => ({
    role: "checks",
    value: fields.has("value") ? fields.value("value") : { of: "argument", argument: { position: 0, name: "", path: "" } },
    live: fields.word("live", ["true", "null"], "true"),
    when,
  }),
  finalizes: (fields, when) => ({ role: "finalizes", value: fields.value("value"), held: fields.argumentRefs("held"), when }),
  "undone-in": (fields, when) => ({ role: "undone-in", methods: fields.list("methods"), again: fields.flag("again", false), when }),
  "sets-up": (_, when) => ({ role: "sets-up", when }),
  awaits: (_, when) => ({ role: "awaits", when }),
  arrives: (_, when) => ({ role: "arrives", when }),
  expects: (_, when) => ({ role: "expects", when }),
  notifies: (_, when) => ({ role: "notifies", when }),
  sends: exchanges("sends"),
  receives: exchanges("receives"),
  settles: (_, when) => ({ role: "settles", when }),
  promises: (fields, when) => ({ role: "promises", what: fields.text("what"), answeredBy: fields.list("answered-by"), when }),
  "awaits-settled": (_, when) => ({ role: "awaits-settled", when }),
  joins: (fields, when) => ({ role: "joins", timeout: fields.argumentRefs("timeout"), when }),
  interrupts: (_, when) => ({ role: "interrupts", when }),
  signals: (_, when) => ({ role: "signals", when }),
  "asks-signal": (_, when) => ({ role: "asks-signal", when }),
  manages: (_, when) => ({ role: "manages", when }),
  unlimited: (_, when) => ({ role: "unlimited", when }),
  mounts: (fields, when) => ({ role: "mounts", value: fields.value("value"), when }),
  "limited-as": (fields, when) => ({ role: "limited-as", value: fields.value("value"), when }),
  bodyless: (_, when) => ({ role: "bodyless", when }),
  "made-by": (fields, when) => ({ role: "made-by", rule: fields.text("rule"), value: fields.value("value"), when }),
  "limits-all": (fields, when) => ({ role: "limits-all", modules: fields.list("modules"), when }),
  serves: (fields, when) => ({ role: "serves", what: fields.text("what"), when }),
  "handles-stop": (_, when) => ({ role: "handles-stop", when }),
  "signals-end": (_, when) => ({ role: "signals-end", when }),
  queries: performs("queries"),
  requests: performs("requests"),
  executes: performs("executes"),
  blocks: performs("blocks"),
  caches: performs("caches"),
  "creates-client": (fields, when) => ({
    role: "creates-client",
    client: fields.text("client"),
    cost: fields.text("cost"),
    cheapWith: fields.argumentRefs("cheap-with"),
    when,
  }),
  scans: (fields, when) => ({
    role: "scans",
    what: fields.text("what"),
    form: fields.word("form", ["page", "iterator", "all"]),
    limit: fields.argumentRefs("limit"),
    when,
  }),
  "fetches-all": (fields, when) => ({ role: "fetches-all", what: fields.text("what"), limit: fields.argumentRefs("limit"), when }),
  registers: (fields, when) => ({
    role: "registers",
    what: fields.text("what"),
    target: fields.has("target") ? fields.value("target") : { of: "receiver" },
    undo: fields.list("undo"),
    resultUndo: fields.list("result-undo"),
    once: fields.flag("once", false),
    immediate: fields.flag("immediate", false),
    distinct: fields.flag("distinct", false),
    madeAnew: fields.flag("made-anew", false),
    atExit: fields.flag("at-exit", false),
    signal: fields.argumentRefs("signal"),
    rule: fields.text("rule", "unremoved-listener"),
    when,
  }),
  unregisters: (fields, when) => ({ role: "unregisters", value: fields.has("value") ? fields.value("value") : { of: "receiver" }, when }),
  spawns: (fields, when) => ({
    role: "spawns",
    what: fields.word("what", runners),
    linked: fields.flag("linked", false),
    when,
  }),
  decodes: (fields, when) => ({ role: "decodes", what: fields.text("what"), guardedBy: fields.argumentRefs("guarded-by"), when }),
  encodes: (fields, when) => ({ role: "encodes", what: fields.text("what"), guardedBy: fields.argumentRefs("guarded-by"), when }),
  "reads-all": (fields, when) => ({ role: "reads-all", what: fields.text("what"), limit: fields.argumentRefs("limit"), when }),
  grows: mutates("grows"),
  shrinks: mutates("shrinks"),
  clears: mutates("clears"),
  "eager-loads": (fields, when) => ({ role: "eager-loads", relations: fields.argumentRefs("relations"), when }),
  "declares-relation": (fields, when) => ({
    role: "declares-relation",
    many: fields.flag("many", false),
    target: fields.argumentRef("target"),
    eagerWhen: readConditions(fields, "eager-when"),
    loads: fields.word("loads", ["property", "method", "await"], "property"),
    when,
  }),
  "marks-entry-point": (fields, when) => ({
    role: "marks-entry-point",
    entry: fields.word("entry", ["request", "job", "startup", "cli"]),
    when,
  }),
  bounds: (fields, when) => ({ role: "bounds", value: fields.value("value"), when }),
  memoizes: (fields, when) => ({ role: "memoizes", limit: fields.argumentRefs("limit"), defaultLimit: fields.count("default-limit"), when }),
};

/** The roles, in the order of the documentation. */
export const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

function performs(role: Performs["role"]): ReadEffect {
  return (fields, when) => ({
    role,
    what: fields.text("what"),
    timeout: fields.argumentRefs("timeout"),
    timeoutDefault: fields.text("timeout-default", "none"),
    limitedBy: fields.argumentRefs("limited-by"),
    handle: fields.has("handle") ? fields.value("handle") : null,
    batch: fields.flag("batch", false),
    access: fields.word("access", ["read", "write", "any"], "any"),
    deferred: fields.flag("deferred", false),
    gathered: fields.flag("gathered", false),
    when,
  });
}

function exchanges(role: "sends" | "receives"): ReadEffect {
  return (fields, when) => ({
    role,
    waits: fields.flag("waits", true),
    block: fields.argumentRef("block"),
    timeout: fields.argumentRefs("timeout"),
    lingers: fields.flag("lingers", false),
    when,
  });
}

/** A mutation is of the receiver unless it says otherwise. */
function mutates(role: "grows" | "shrinks" | "clears"): ReadEffect {
  return (fields, when) => ({
    role,
    value: fields.has("value") ? fields.value("value") : { of: "receiver" },
    key: fields.argumentRef("key"),
    added: fields.argumentRef("added"),
    linear: fields.flag("linear", false),
    when,
  });
}

/**
 * Reads the `effects` of a row: a list of roles, each `role: { … }`, or the role's name alone when it needs nothing more.
 * @param fields the row
 * @param problems takes what is wrong
 */
export function readEffects(fields: Fields, problems: Problems): readonly Effect[] {
  const node = fields.node("effects");
  if (node === null) return [];
  if (!isSeq(node)) {
    fields.problem("effects", "'effects' must be a list of roles");
    return [];
  }
  const effects: Effect[] = [];
  for (const item of node.items) {
    const effect = readEffect(item as Node, offsetOf(item, fields.offset), problems);
    if (effect !== null) effects.push(effect);
  }
  return effects;
}

function readEffect(node: Node, offset: number, problems: Problems): Effect | null {
  const entries = isMap(node) ? entriesOf(node) : [];
  const role = isScalar(node) ? textOf(node) : entries[0]?.key;
  if (role === undefined || role === null || entries.length > 1) {
    problems.add(offset, "an effect is one role: write `- role: { … }`");
    return null;
  }
  if (!isRole(role)) {
    problems.add(offset, `there is no role '${role}'${didYouMean(role, ROLE_NAMES)}`);
    return null;
  }
  const fields = new Fields(entries[0]?.value ?? null, `'${role}'`, offset, problems);
  const effect = ROLES[role](fields, readConditions(fields, "when"));
  fields.finish();
  return effect;
}

function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

/**
 * Reads conditions: `[{ argument: 1:mode, one-of: [w, a] }, { argument: timeout, absent: true }]`.
 * @param owner the map they stand in
 * @param key under which key
 */
export function readConditions(owner: Fields, key: string): readonly Condition[] {
  const node = owner.node(key);
  if (node === null) return [];
  const conditions: Condition[] = [];
  for (const item of isSeq(node) ? node.items : [node]) {
    const condition = isMap(item) ? readCondition(item, owner, key) : null;
    if (condition === null)
      owner.problem(key, `'${key}' is a list of { argument: …, present | absent | one-of | not-one-of | matches | made-by | not-made-by | unknown: … }`);
    else conditions.push(condition);
  }
  return conditions;
}

const TESTS = ["present", "absent", "one-of", "not-one-of", "matches", "made-by", "not-made-by", "unknown"] as const;

function readCondition(node: Node, owner: Fields, key: string): Condition | null {
  const fields = owner.child(node, `a condition of '${key}'`);
  const argument = fields.argumentRef("argument");
  const is = TESTS.find((test) => fields.has(test));
  if (argument === null || is === undefined) return null;
  const written = fields.node(is);
  fields.finish();
  const values = (isSeq(written) ? written.items : [written]).map((item) => (isScalar(item) ? item.value : null));
  return { argument, is, values: is === "present" || is === "absent" || is === "unknown" ? [] : values.filter(isLiteral) };
}

function isLiteral(value: unknown): value is string | number | boolean | null {
  return value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
