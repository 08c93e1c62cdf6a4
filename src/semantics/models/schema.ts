import { ROLE_NAMES } from "./effects.ts";
import { MODEL_LANGUAGES } from "./load.ts";
import { type Effect, endings, failings, reclaimers, runners } from "./model.ts";

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: "string" };
const FLAG: Schema = { type: "boolean" };
const ONE_OR_MORE: Schema = { oneOf: [{ type: ["string", "number"] }, { type: "array", items: { type: ["string", "number"] } }] };
const ARGUMENTS: Schema = {
  ...ONE_OR_MORE,
  description: "An argument, or a list of them: position, name, or position:name, with .path into an options object",
};
const VALUE: Schema = { type: "string", pattern: "^(result(\\.\\d+)?|receiver|argument:.+|callback\\.\\d+)$" };
const TYPE: Schema = { type: "string", description: "A qualified name with arguments: builtins.list<T0>" };
const CONDITIONS: Schema = { type: "array", items: { $ref: "#/$defs/condition" } };

function words(...values: readonly string[]): Schema {
  return { enum: values };
}

function map(properties: Readonly<Record<string, Schema>>, required: readonly string[] = []): Schema {
  return { type: "object", additionalProperties: false, properties, required };
}

const WHAT: Schema = { ...TEXT, description: "Human words: SELECT, HTTP request" };
const PERFORMS: Schema = map(
  {
    what: WHAT,
    timeout: ARGUMENTS,
    "timeout-default": { type: ["string", "number"] },
    "limited-by": ARGUMENTS,
    handle: VALUE,
    batch: FLAG,
    access: words("read", "write", "any"),
    deferred: FLAG,
    gathered: FLAG,
    when: CONDITIONS,
  },
  ["what"],
);
const EXCHANGES: Schema = map({ waits: FLAG, block: ARGUMENTS, timeout: ARGUMENTS, lingers: FLAG, when: CONDITIONS });
const MUTATES: Schema = map({ value: VALUE, key: ARGUMENTS, added: ARGUMENTS, linear: FLAG, when: CONDITIONS });
const LIMITED: Schema = map({ what: WHAT, limit: ARGUMENTS, when: CONDITIONS }, ["what"]);
const CODES: Schema = map({ what: WHAT, "guarded-by": ARGUMENTS, when: CONDITIONS }, ["what"]);
const VALUE_ONLY: Schema = map({ value: VALUE, when: CONDITIONS });
const BARE: Schema = map({ when: CONDITIONS }, []);

const ROLE_SCHEMAS: Readonly<Record<Effect["role"], Schema>> = {
  acquires: map(
    {
      resource: TEXT,
      value: VALUE,
      "released-by": ONE_OR_MORE,
      scoped: FLAG,
      reclaimed: words(...reclaimers),
      severity: words("critical", "high", "medium", "low"),
      exhausted: ONE_OR_MORE,
      "failed-by": ONE_OR_MORE,
      drained: TEXT,
      "opened-by": ONE_OR_MORE,
      "released-by-failing": ONE_OR_MORE,
      owned: FLAG,
      "ends-with": ARGUMENTS,
      partly: FLAG,
      shared: FLAG,
      reentrant: FLAG,
      path: FLAG,
      within: ARGUMENTS,
      "from-path": ARGUMENTS,
      completes: FLAG,
      "carried-by": { type: "number" },
      "given-to": ARGUMENTS,
      lowest: { type: "number" },
      releaser: { type: "number" },
      ending: words(...endings),
      rule: TEXT,
      when: CONDITIONS,
    },
    ["resource"],
  ),
  releases: VALUE_ONLY,
  "limits-all": map({ modules: ONE_OR_MORE, when: CONDITIONS }, ["modules"]),
  bodyless: BARE,
  "made-by": map({ rule: TEXT, value: VALUE, when: CONDITIONS }, ["rule", "value"]),
  checks: map({ value: VALUE, live: words("true", "null"), when: CONDITIONS }),
  finalizes: map({ value: VALUE, held: ARGUMENTS, when: CONDITIONS }, ["value", "held"]),
  "undone-in": map({ methods: ONE_OR_MORE, again: FLAG, when: CONDITIONS }, ["methods"]),
  "sets-up": BARE,
  awaits: BARE,
  arrives: BARE,
  expects: BARE,
  notifies: BARE,
  "signals-end": BARE,
  sends: EXCHANGES,
  receives: EXCHANGES,
  settles: BARE,
  promises: map({ what: WHAT, "answered-by": ONE_OR_MORE, when: CONDITIONS }, ["what", "answered-by"]),
  "awaits-settled": BARE,
  joins: map({ timeout: ARGUMENTS, when: CONDITIONS }),
  interrupts: BARE,
  signals: BARE,
  "asks-signal": BARE,
  manages: BARE,
  unlimited: BARE,
  mounts: VALUE_ONLY,
  "limited-as": VALUE_ONLY,
  serves: map({ what: WHAT, when: CONDITIONS }, ["what"]),
  "handles-stop": BARE,
  queries: PERFORMS,
  requests: PERFORMS,
  executes: PERFORMS,
  blocks: PERFORMS,
  caches: PERFORMS,
  "creates-client": map({ client: TEXT, cost: TEXT, "cheap-with": ARGUMENTS, when: CONDITIONS }, ["client", "cost"]),
  scans: map({ what: WHAT, form: words("page", "iterator", "all"), limit: ARGUMENTS, when: CONDITIONS }, ["what", "form"]),
  "fetches-all": LIMITED,
  registers: map(
    {
      what: WHAT,
      target: VALUE,
      undo: ONE_OR_MORE,
      "result-undo": ONE_OR_MORE,
      once: FLAG,
      immediate: FLAG,
      distinct: FLAG,
      "made-anew": FLAG,
      "at-exit": FLAG,
      signal: ARGUMENTS,
      rule: TEXT,
      when: CONDITIONS,
    },
    ["what"],
  ),
  unregisters: VALUE_ONLY,
  spawns: map({ what: words(...runners), linked: FLAG, when: CONDITIONS }, ["what"]),
  decodes: CODES,
  encodes: CODES,
  "reads-all": LIMITED,
  grows: MUTATES,
  shrinks: MUTATES,
  clears: MUTATES,
  "eager-loads": map({ relations: ARGUMENTS, when: CONDITIONS }),
  "declares-relation": map({ many: FLAG, target: ARGUMENTS, "eager-when": CONDITIONS, loads: words("property", "method", "await"), when: CONDITIONS }),
  "marks-entry-point": map({ entry: words("request", "job", "startup", "cli"), when: CONDITIONS }, ["entry"]),
  bounds: VALUE_ONLY,
  memoizes: map({ limit: ARGUMENTS, "default-limit": { type: ["number", "null"] }, when: CONDITIONS }),
};

const ROW: Schema = map({
  returns: { oneOf: [TYPE, { type: "array", items: TYPE }, { type: "null" }] },
  async: FLAG,
  "no-return": FLAG,
  throws: FLAG,
  fails: words(...failings),
  effects: { type: "array", items: { $ref: "#/$defs/effect" } },
  callbacks: {
    type: "array",
    items: map(
      {
        argument: ARGUMENTS,
        runs: words("each", "once", "later", "spawned", "request"),
        over: ARGUMENTS,
        params: { type: "array", items: TYPE },
        cleanup: FLAG,
        settles: FLAG,
        selects: FLAG,
        after: words("success", "failure"),
        "undone-by": ONE_OR_MORE,
        passes: ARGUMENTS,
        runner: words(...runners),
        "expendable-by": ONE_OR_MORE,
      },
      ["argument", "runs"],
    ),
  },
  arguments: {
    type: "array",
    items: map({ argument: ARGUMENTS, flow: words("stores", "defers", "wraps", "adopts", "reads", "releases", "borrows") }, ["argument", "flow"]),
  },
  since: TEXT,
  until: TEXT,
  when: CONDITIONS,
  docs: TEXT,
  note: TEXT,
});

const TYPE_MODEL: Schema = map({
  aliases: ONE_OR_MORE,
  bases: ONE_OR_MORE,
  fields: { type: "object", additionalProperties: TYPE },
  element: { oneOf: [TYPE, { type: "null" }] },
  collection: {
    oneOf: [{ type: "null" }, map({ kind: words("list", "map", "set", "queue"), bounded: ONE_OR_MORE, weak: FLAG }, ["kind"])],
  },
  parts: ONE_OR_MORE,
  handle: map({ what: TEXT, "asked-by": ONE_OR_MORE }, ["what"]),
  telling: ONE_OR_MORE,
  "never-closed": ONE_OR_MORE,
  emptied: ONE_OR_MORE,
  "ended-in": ONE_OR_MORE,
  "job-limits": ONE_OR_MORE,
  "empty-at": map({ field: TEXT, values: ONE_OR_MORE }, ["field", "values"]),
  entry: words("request", "job", "startup", "cli"),
  new: { $ref: "#/$defs/rows" },
  calls: { type: "object", additionalProperties: { $ref: "#/$defs/rows" } },
  docs: TEXT,
});

const LITERALS: Schema = { type: "array", items: { type: ["string", "number", "boolean", "null"] } };

/** @returns the JSON Schema of a model file, for users' editors */
export function modelFileSchema(): Schema {
  const file = map(
    {
      library: TEXT,
      language: { ...words(...MODEL_LANGUAGES), description: "Needed in your own files; the built-in ones have it from their folder" },
      docs: { ...TEXT, description: "The page that the rows rest on, unless they name their own" },
      types: { type: "object", additionalProperties: { oneOf: [TYPE_MODEL, { type: "null" }] } },
      calls: { type: "object", additionalProperties: { $ref: "#/$defs/rows" } },
    },
    ["library", "docs"],
  );
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Leakhound API models of a library",
    ...file,
    $defs: {
      rows: { oneOf: [{ $ref: "#/$defs/row" }, { type: "array", items: { $ref: "#/$defs/row" } }, { type: "null" }] },
      row: ROW,
      effect: {
        oneOf: [words(...ROLE_NAMES), { type: "object", additionalProperties: false, minProperties: 1, maxProperties: 1, properties: ROLE_SCHEMAS }],
      },
      condition: {
        ...map(
          {
            argument: ARGUMENTS,
            present: FLAG,
            absent: FLAG,
            unknown: FLAG,
            "one-of": LITERALS,
            "not-one-of": LITERALS,
            matches: TEXT,
            "made-by": LITERALS,
            "not-made-by": LITERALS,
          },
          ["argument"],
        ),
        maxProperties: 2,
        minProperties: 2,
      },
    },
  };
}
