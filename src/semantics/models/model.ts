/**
 * API models: what the calls of libraries and language run-times do, as data. The YAML files below `rules/models/` (and the user's own) are
 * validated and compiled into these shapes. A role is a design decision; a row is data.
 *
 * Qualified names:
 * - Python `requests.Session.get`, `builtins.open`, `builtins.list.append`
 * - Go `net/http.Client.Do`, `database/sql.Open`, `builtin.make` (package path, dot, name; methods after the type)
 * - PHP `fopen`, `PDO.query`, `Illuminate\Support\Facades\DB.select` (functions and classes without leading backslash; methods, static or
 *   not, after a dot; matched without regard to case)
 * - JavaScript `fs.openSync` (no `node:`), `fs/promises.open`, `axios.get`, `ioredis` (the default or namespace export is the module itself),
 *   `@prisma/client.PrismaClient`, `globalThis.fetch`, `globalThis.Map.set`, `globalThis.Array.push`
 */
export type ModelLanguage = "python" | "go" | "php" | "javascript";

export interface ModelFile {
  readonly library: string;
  readonly language: ModelLanguage;
  /** The page of the library's documentation that the rows rest on, unless a row names its own. */
  readonly docs: string;
  readonly types: readonly TypeModel[];
  readonly calls: readonly CallModel[];
}

/** A type of a library. */
export interface TypeModel {
  readonly name: string;
  /** Other names of the same type (re-exports: `redis.asyncio.Redis` / `redis.asyncio.client.Redis`). */
  readonly aliases: readonly string[];
  /** Types whose rows apply too, in order. May use `T0` to hand on a type argument. */
  readonly bases: readonly TypeRef[];
  /** Types of fields and properties (`http.Response.Body`, Django's `Model.objects`). */
  readonly fields: Readonly<Record<string, TypeRef>>;
  /** What iterating over it yields. */
  readonly element: TypeRef | null;
  /** Collections: how the type holds entries. */
  readonly collection: CollectionModel | null;
  /**
   * Fields that are part of the resource: closing `resp.Body` closes `resp`. Passing or storing the part passes or stores the resource.
   */
  readonly parts: readonly string[];
  /** Set for handles of something elsewhere (a connection, a statement on it) that stop working when that ends, and do not come back by themselves. */
  readonly handle: HandleModel | null;
  /** Methods whose names say enough (`addEventListener`): their registrations are believed of values of unknown type too. */
  readonly telling: readonly string[];
  /** Fields that are channels which nobody closes (`ticker.C`): a loop over one ends only from within. */
  readonly neverClosed: readonly string[];
  /** Fields that the library empties when the owner of the object has gone (`ref.current`): what asks for them first does nothing then. */
  readonly emptied: readonly string[];
  /** Methods that the library calls when an object goes which derives from the type (`componentWillUnmount`). */
  readonly endedIn: readonly string[];
  /** A field that tells, by one of these values or constants, that there is nothing to release: an answer without a body. Null: none does. */
  readonly emptyAt: { readonly field: string; readonly values: readonly string[] } | null;
  /** Arguments and settings by which a runner of jobs ends each of them after some time, whatever it waits for (`soft_time_limit`). */
  readonly jobLimits: readonly string[];
  /** Functions that take one run for each request or job (`http.ResponseWriter`); null: that says nothing. */
  readonly entry: MarksEntryPoint["entry"] | null;
}

export interface HandleModel {
  /** The human name of the kind: "database connection". */
  readonly what: string;
  /** Methods, fields and functions that tell whether it still works. */
  readonly askedBy: readonly string[];
}

export interface CollectionModel {
  readonly kind: "list" | "map" | "set" | "queue";
  /** Bounded by construction (LRU, TTL, ring buffer), or only when one of these arguments is given (`maxsize`, `max`, `ttl`). */
  readonly bounded: "never" | "always" | readonly ArgumentRef[];
  /** Entries go away with their keys (WeakMap, WeakKeyDictionary). */
  readonly weak: boolean;
}

/**
 * A type in a model: a qualified name with arguments. `T0`, `T1` are the receiver's type arguments, `receiver` the receiver's own type (for
 * static calls the class), `argument:N` the type of argument N, `argument:N.T0` that type's own argument, `element:N` what iterating over argument N
 * yields, `instance:N` an instance of the class passed as argument N. Collections of the
 * languages are their own types (`builtins.list<T0>`); Go uses `list<…>`, `map<…>`, `chan<…>`, `pointer` is transparent.
 */
export interface TypeRef {
  readonly name: string;
  readonly args: readonly TypeRef[];
}

/**
 * One callable, or a constructor (the type's own name). Python's protocols are methods by their own names: `__iter__` (what a loop over it does),
 * `__enter__` and `__aenter__` (what `with … as` binds; the receiver without such a row), `__call__`, `__getitem__`, `__get__`, `__await__`.
 * A constructor that marks an entry point makes the methods of derived classes entry points.
 */
export interface CallModel {
  readonly name: string;
  /**
   * The types of the results; one entry unless the language returns several, or the result is a tuple that callers take apart (`os.pipe`).
   * Awaitable results give what awaiting them gives.
   */
  readonly results: readonly TypeRef[];
  /** Must be awaited to take effect (a coroutine or promise). */
  readonly isAsync: boolean;
  /** Control does not come back (`os.Exit`, `sys.exit`, `process.exit`, `log.Fatal`). */
  readonly noReturn: boolean;
  /** Can throw in normal operation. False for calls such as `len` or `logger.info`: they make no exceptional edge worth reporting. */
  readonly throws: boolean;
  /**
   * How often it fails, where that is hardly ever: `hardly` (`fstat` of an open file), or `hardly-once-open`, which holds only of what was opened just before
   * (`os.Chmod` of the socket file that was just made). What fails so is no way out worth a finding of its own. Null: as often as anything.
   */
  readonly fails: Failing | null;
  readonly effects: readonly Effect[];
  /** What happens to arguments that are functions. */
  readonly callbacks: readonly CallbackModel[];
  /** What happens to resources passed in. Arguments not named are only used during the call (`borrows`). */
  readonly arguments: readonly ArgumentFlow[];
  readonly docs: string;
  readonly note: string;
  /** Holds from this language or library version on, and before that one (`1.23`). Null: always. */
  readonly since: VersionBound | null;
  readonly until: VersionBound | null;
  /** The whole row holds only when all of these do; of several rows of one name the first that holds counts (`open` in binary mode). */
  readonly when: readonly Condition[];
}

/** How a call fails that hardly ever does. */
export const failings = ["hardly", "hardly-once-open"] as const;
export type Failing = (typeof failings)[number];

export interface VersionBound {
  /** `go`, `python`, `php`, `node`, or a package's name as its manifest spells it. */
  readonly of: string;
  readonly version: string;
}

/** An argument by position (0-based) and by name; either may be missing. Option objects: `path` goes into it (`{timeout: 5}` → argument 1, path `timeout`). */
export interface ArgumentRef {
  readonly position: number | null;
  readonly name: string;
  readonly path: string;
}

/** What a callback argument is for. */
export interface CallbackModel {
  readonly argument: ArgumentRef;
  /**
   * `each`: runs once per element of the receiver (or of argument `over`); `once`: runs at most once during or after the call; `later`: kept and run
   * later, any number of times (listeners, handlers); `spawned`: runs concurrently; `request`: a request or job handler registered at start-up.
   */
  readonly runs: "each" | "once" | "later" | "spawned" | "request";
  readonly over: ArgumentRef | null;
  /** Types of the callback's parameters, where known. */
  readonly params: readonly TypeRef[];
  /** What the callback sets up is undone by the function that it returns (a React effect). */
  readonly cleanup: boolean;
  /** Its parameters are functions that settle what the call makes: the first of their calls counts (`new Promise((resolve, reject) => …)`). */
  readonly settles: boolean;
  /** It says which elements the call keeps in what it gives, or takes out (`filter`, `slices.DeleteFunc`). */
  readonly selects: boolean;
  /** It runs only when what the call is made on went well, or only when it failed (`promise.then(f)`, `promise.catch(f)`); null: in any case. */
  readonly after: "success" | "failure" | null;
  /** It is called with the items of this argument (`Thread(target=f, args=(a, b))`), null where it is called with what the library gives. */
  readonly passes: ArgumentRef | null;
  /** Spawned ones: what runs them. */
  readonly runner: Runner;
  /** Spawned ones: arguments of the call, and fields and methods of its result, that let the process end while it still runs (`daemon`). */
  readonly expendableBy: readonly string[];
  /** Calls whose callbacks, passed in the same function, undo what this one sets up (Vue's `onUnmounted` for `onMounted`). */
  readonly undoneBy: readonly string[];
}

/**
 * Where a resource passed in goes: `stores` it (the callee keeps it and is responsible), `defers` its release (kept, and released when the receiver's scope
 * ends), `wraps` it (the result owns it: releasing the result releases it), `adopts` it (as `wraps`, where it is a descriptor and not a path), `reads` it to its end, `releases` it, or only `borrows` it for the time of the call.
 */
export interface ArgumentFlow {
  readonly argument: ArgumentRef;
  readonly flow: "stores" | "defers" | "wraps" | "adopts" | "reads" | "releases" | "borrows";
}

/** Which value an effect is about. */
export type ValueRef =
  | { readonly of: "result"; readonly index: number }
  | { readonly of: "receiver" }
  | { readonly of: "argument"; readonly argument: ArgumentRef }
  /** What the function that is passed last is called with (`fs.open(path, "r", (error, descriptor) => …)`): the parameter by its position. */
  | { readonly of: "callback"; readonly parameter: number };

/**
 * When a row's effect holds: an argument has (or has not) one of these literal values, is there, or is missing. `not-one-of` and
 * `not-made-by` hold for a missing argument too; `one-of`, `matches` and `made-by` do not. `unknown`: it is given, and only a run shows which value it has.
 */
export interface Condition {
  readonly argument: ArgumentRef;
  readonly is: "present" | "absent" | "one-of" | "not-one-of" | "matches" | "made-by" | "not-made-by" | "unknown";
  /** Literals for `one-of`; a regular expression over string literals for `matches`; names of a library's functions for `made-by`, called there or before. */
  readonly values: readonly (string | number | boolean | null)[];
}

export type Effect =
  | Acquires
  | Releases
  | Performs
  | CreatesClient
  | Scans
  | FetchesAll
  | Registers
  | Unregisters
  | UndoneIn
  | Finalizes
  | SetsUp
  | Spawns
  | Decodes
  | ReadsAll
  | Mutates
  | Checks
  | Counts
  | Exchanges
  | Settles
  | Promises
  | Joins
  | Interrupts
  | Signals
  | SignalsEnd
  | Manages
  | Unlimited
  | LimitedAs
  | LimitsAll
  | MadeBy
  | Bodyless
  | Mounts
  | Serves
  | HandlesStop
  | EagerLoads
  | DeclaresRelation
  | MarksEntryPoint
  | BoundsCollection
  | Memoizes;

interface EffectBase {
  readonly when: readonly Condition[];
}

/** What is done to a resource in the end, where the rule's own word ("closed") does not fit. */
export const endings = ["ended", "given back", "revoked", "shut down", "waited for"] as const;
export type Ending = (typeof endings)[number];

/** Who frees a resource that the program forgets. */
export const reclaimers = ["scope", "references", "next", "gc", "never"] as const;

export interface Acquires extends EffectBase {
  readonly role: "acquires";
  /** The human name of the resource kind: "file handle", "HTTP response body", "database cursor". */
  readonly resource: string;
  readonly value: ValueRef;
  /** Method paths on the value that release it: `close`, `Body.Close`, `stdin.close`. */
  readonly releasedBy: readonly string[];
  /** The value can head a `with`/`using`. */
  readonly scoped: boolean;
  /**
   * Who frees it when the program forgets: `scope` (reference counting at the end of the function: PHP), `references` (the same, in implementations that count
   * them: CPython), `next` (whoever makes the next one looks for those that nothing refers to any more), `gc` (some time later), `never`.
   */
  readonly reclaimed: (typeof reclaimers)[number];
  /** Severity of never releasing it; the rule's own when null. */
  readonly severity: "critical" | "high" | "medium" | "low" | null;
  /** Fully reading or iterating it to the end releases it too (Go sql.Rows by Next() == false; undici bodies). */
  readonly exhausted: readonly string[];
  /** Methods that tell an error: where they do, it has ended by that already (`rows.Err()`). */
  readonly failedBy: readonly string[];
  /** The part of it that holds next to nothing any more when it was read to its end, though it should be released all the same; null: none. */
  readonly drained: string | null;
  /** Methods before which nothing is open yet (`client.connect`); none: it is open from the start. */
  readonly openedBy: readonly string[];
  /** Methods that release it when they throw (aiohttp's `raise_for_status`). */
  readonly releasedByFailing: readonly string[];
  /** What it is got from owns it too: releasing the receiver of the call releases it (a connection and its cursors). */
  readonly owned: boolean;
  /** The argument that owns it: ending what made that ends this one too (a context and those that are derived from it); null: none. */
  readonly endsWith: ArgumentRef | null;
  /** The result that has it too and by which it can be released: whoever takes only that one has it there (a span in its context); null: none. */
  readonly carriedBy: number | null;
  /** The function in that argument gives an object, and a method of it, the path behind the argument, gets this one: it may release it (a transport and its protocol); null: none does. */
  readonly givenTo: ArgumentRef | null;
  /** The resource is a number and never below this one (a descriptor); null: it is none. */
  readonly lowest: number | null;
  /** Many live as long as the process: reported only where the function releases it on another way. */
  readonly partly: boolean;
  /** Locks: others may hold it in the same way at the same time (a read lock). */
  readonly shared: boolean;
  /** Locks: who holds it may take it again. */
  readonly reentrant: boolean;
  /** The value is a path: what is made of it (`join(dir, name)`) leads to it, and whoever gets that may remove it. */
  readonly path: boolean;
  /** Paths: the argument that names the folder it is made in. Who gives that may remove all that is in it. */
  readonly within: ArgumentRef | null;
  /** The argument that is the path of what is opened, or a stream: that one stays the caller's, and nothing is opened. Null: it always opens something. */
  readonly fromPath: ArgumentRef | null;
  /** With `fromPath`: it is complete only when it is released, also over a stream of the caller's, unless an exception spoils it anyway (a zip archive that is written). */
  readonly completes: boolean;
  /** With a value that a callback gets: the parameter of the callback that releases it when it is called (`(error, client, done) => …`); null: none. */
  readonly releaser: number | null;
  /** How reports call its release; null: in the rule's own word. */
  readonly ending: Ending | null;
  /** Which rule speaks of it; most are `unclosed-resource`. */
  readonly rule: string;
}

export interface Releases extends EffectBase {
  readonly role: "releases";
  readonly value: ValueRef;
}

/** Answers whether the value is a live resource (`is_resource`). */
export interface Checks extends EffectBase {
  readonly role: "checks";
  readonly value: ValueRef;
  /** The answer that says so: anything true, or null (`process.poll()`). */
  readonly live: "true" | "null";
}

/**
 * `expects`: counts up, by one or by the first argument (`sync.WaitGroup.Add`). `arrives`: counts down by one. `awaits`: blocks until the count is down to
 * nothing, or until somebody `notifies` (`sync.Cond.Signal`). All are about the receiver.
 */
export interface Counts extends EffectBase {
  readonly role: "expects" | "awaits" | "arrives" | "notifies";
}

/**
 * What is done to a queue between threads, tasks or processes, the receiver of the call: `sends` puts the argument `added` into it and waits while it is full,
 * `receives` takes something out and waits while it is empty. A type with such methods whose `collection` is a `queue` is a channel; its room is what the
 * collection is bounded by.
 */
export interface Exchanges extends EffectBase {
  readonly role: "sends" | "receives";
  /** Whether it waits at all (`get_nowait` does not). */
  readonly waits: boolean;
  /** The argument that says whether it waits; null: none. */
  readonly block: ArgumentRef | null;
  /** What bounds the wait, when given. */
  readonly timeout: readonly ArgumentRef[];
  /** The process that sends does not end before what it sent was taken (`multiprocessing.Queue`). */
  readonly lingers: boolean;
}

/** The result is what others wait for, until one of these methods of it answers (a future, a deferred). */
export interface Promises extends EffectBase {
  readonly role: "promises";
  /** The human name: "future". */
  readonly what: string;
  readonly answeredBy: readonly string[];
}

/** `settles`: one thing that was taken out of the queue is done (`task_done`). `awaits-settled`: blocks until all that was put into it is (`join`). */
export interface Settles extends EffectBase {
  readonly role: "settles" | "awaits-settled";
}

/** Waits for the end of the thread or process that it is called on. */
export interface Joins extends EffectBase {
  readonly role: "joins";
  readonly timeout: readonly ArgumentRef[];
}

/** Ends the task or process that it is called on, wherever that waits (`Task.cancel`, `Process.terminate`). */
export interface Interrupts extends EffectBase {
  readonly role: "interrupts";
}

/** `signals` raises the flag that it is called on (`Event.set`), `asks-signal` tells whether it is raised. */
export interface Signals extends EffectBase {
  readonly role: "signals" | "asks-signal";
}

/** The result is a channel that is closed when the work should end (`context.Context.Done`): from then on receiving from it returns at once. */
export interface SignalsEnd extends EffectBase {
  readonly role: "signals-end";
}

/** A decorator that makes a context manager of a generator: what fails inside the scope is raised at its `yield`. */
export interface Manages extends EffectBase {
  readonly role: "manages";
}

/** The result, a context or a request, carries no time limit. */
export interface Unlimited extends EffectBase {
  readonly role: "unlimited";
}

/** The result carries the time limit of an argument, if that has one. */
export interface LimitedAs extends EffectBase {
  readonly role: "limited-as";
  readonly value: ValueRef;
}

/** Sets a time limit for all requests of these modules that are given none (`socket.setdefaulttimeout`). */
export interface LimitsAll extends EffectBase {
  readonly role: "limits-all";
  readonly modules: readonly string[];
}

/** From then on a function that is passed makes all that a rule speaks of (`loop.set_task_factory`): one that puts them into a collection keeps them all. */
export interface MadeBy extends EffectBase {
  readonly role: "made-by";
  readonly rule: string;
  readonly value: ValueRef;
}

/** Draws a component as the root of a page, which it leaves only with the page (`ReactDOM.render(<App />, …)`, `bootstrapApplication(App)`). */
export interface Mounts extends EffectBase {
  readonly role: "mounts";
  readonly value: ValueRef;
}

/** What answers it has no body: a HEAD request, or what sends one. https://www.rfc-editor.org/rfc/rfc9110#name-head */
export interface Bodyless extends EffectBase {
  readonly role: "bodyless";
}

/** Starts a server that is cut off when the process is told to stop, unless the program closes it. Not for runners that handle the signal themselves. */
export interface Serves extends EffectBase {
  readonly role: "serves";
  readonly what: string;
}

/** Registers what runs when the process is told to stop (`SIGTERM`, `SIGINT`), or closes everything then by itself. */
export interface HandlesStop extends EffectBase {
  readonly role: "handles-stop";
}

/** Work that costs a round trip or blocks: what N+1, untimed and blocking rules look for. */
export interface Performs extends EffectBase {
  readonly role: "queries" | "requests" | "executes" | "blocks" | "caches";
  /** What bounds its duration, when given. */
  readonly timeout: readonly ArgumentRef[];
  /** What happens without that argument: `none` may hang for ever; otherwise seconds as text ("5"). `context`: bounded by the context argument's deadline. */
  readonly timeoutDefault: string;
  /** Bounded as this argument is (a request with its context), as far as can be told. */
  readonly limitedBy: readonly ArgumentRef[];
  /** The handle whose option limits it, and with it all that run on the same handle (a connection); null: its limit is its own. */
  readonly handle: ValueRef | null;
  /** Human words: "SELECT", "HTTP request", "git process". */
  readonly what: string;
  /** Takes many rows or keys at once (executemany, bulk_create, mget, pipeline): never an N+1 by itself. */
  readonly batch: boolean;
  /** Whether it reads or writes. */
  readonly access: "read" | "write" | "any";
  /** The call only builds up work that is sent later in one go (pipelines, `session.add`). */
  readonly deferred: boolean;
  /** The library sends the calls of one tick in one go (Prisma's `findUnique`): started together they are one query. */
  readonly gathered: boolean;
}

/** Builds something costly that is meant to be shared. */
export interface CreatesClient extends EffectBase {
  readonly role: "creates-client";
  readonly client: string;
  /** What each one costs ("a TCP and TLS handshake per request"). */
  readonly cost: string;
  /** It is cheap when this argument is given (a shared transport, pool or connector). */
  readonly cheapWith: readonly ArgumentRef[];
}

/** Walks a keyspace or cursor. */
export interface Scans extends EffectBase {
  readonly role: "scans";
  readonly what: string;
  /** `page`: one step of a cursor, the loop around it decides; `iterator`: an iterator over everything; `all`: everything in one answer (KEYS). */
  readonly form: "page" | "iterator" | "all";
  /** Bounds the total. A batch size (COUNT) does not. */
  readonly limit: readonly ArgumentRef[];
}

export interface FetchesAll extends EffectBase {
  readonly role: "fetches-all";
  readonly what: string;
  readonly limit: readonly ArgumentRef[];
}

export interface Registers extends EffectBase {
  readonly role: "registers";
  /** "listener", "timer", "observer", "subscription". */
  readonly what: string;
  /** What is listened to: the receiver, or an argument (`event.listen(target, name, fn)`). */
  readonly target: ValueRef;
  /** Calls that undo it: names of methods on the same receiver, or functions, taking the result or the same arguments. */
  readonly undo: readonly string[];
  /** Calling the result, or this method on it, undoes it. */
  readonly resultUndo: readonly string[];
  /** Removes itself after one event. */
  readonly once: boolean;
  /** It calls back once right after it was registered. */
  readonly immediate: boolean;
  /** Adding what is there already changes nothing. */
  readonly distinct: boolean;
  /** Each call that gives the object it is added to gives another one: `matchMedia(query)`. */
  readonly madeAnew: boolean;
  /** What is registered runs when the process ends, and not before. */
  readonly atExit: boolean;
  /** An option or signal that undoes it. */
  readonly signal: readonly ArgumentRef[];
  readonly rule: string;
}

export interface Unregisters extends EffectBase {
  readonly role: "unregisters";
  readonly value: ValueRef;
}

/** What is to be done when the garbage collector takes a value: as long as one of these arguments leads to that value, it never does. */
export interface Finalizes extends EffectBase {
  readonly role: "finalizes";
  readonly value: ValueRef;
  readonly held: readonly ArgumentRef[];
}

/** A method that a library calls when an object comes to life, and those it calls when the object goes (`componentDidMount`, `componentWillUnmount`). */
export interface UndoneIn extends EffectBase {
  readonly role: "undone-in";
  readonly methods: readonly string[];
  /** It is called again for the same object (`componentDidUpdate`). */
  readonly again: boolean;
}

/** A call that makes something of the component which is set up right then (`ref` of Vue): a hook that makes it runs once for each component. */
export interface SetsUp extends EffectBase {
  readonly role: "sets-up";
}

/** What runs beside its caller. */
export const runners = ["thread", "task", "process", "worker", "goroutine"] as const;
export type Runner = (typeof runners)[number];

export interface Spawns extends EffectBase {
  readonly role: "spawns";
  readonly what: Runner;
  /** When it fails, whoever started it is interrupted, wherever that waits (`asyncio.TaskGroup`). */
  readonly linked: boolean;
}

export interface Decodes extends EffectBase {
  readonly role: "decodes" | "encodes";
  readonly what: string;
  readonly guardedBy: readonly ArgumentRef[];
}

export interface ReadsAll extends EffectBase {
  readonly role: "reads-all";
  readonly what: string;
  readonly limit: readonly ArgumentRef[];
}

/** What a call does to the collection it is called on (or given as argument). */
export interface Mutates extends EffectBase {
  readonly role: "grows" | "shrinks" | "clears";
  readonly value: ValueRef;
  /** `grows`: the key or member that is added; null for plain appends. */
  readonly key: ArgumentRef | null;
  readonly added: ArgumentRef | null;
  /** Removing from the front of an array-backed list costs O(n). */
  readonly linear: boolean;
}

/** ORM: the named relations are loaded with the query. */
export interface EagerLoads extends EffectBase {
  readonly role: "eager-loads";
  /** The arguments that name relations; null position means all. */
  readonly relations: readonly ArgumentRef[];
}

/** ORM: a field initialiser, decorator or method that makes a field a relation loaded on access. */
export interface DeclaresRelation extends EffectBase {
  readonly role: "declares-relation";
  /** `one`: access yields an instance, `many`: a collection. */
  readonly many: boolean;
  /** Where the target class stands. */
  readonly target: ArgumentRef | null;
  /** Loaded on first access by default. With `lazyUnless`, not when that argument has one of the values. */
  readonly eagerWhen: readonly Condition[];
  /** Access that does not query: suffixes such as `_id` are different fields and need no entry. */
  readonly loads: "property" | "method" | "await";
}

/** Decorators, base classes and registrations that make a function a request or job handler. */
export interface MarksEntryPoint extends EffectBase {
  readonly role: "marks-entry-point";
  readonly entry: "request" | "job" | "startup" | "cli";
}

/**
 * Bounds the value: how many entries it gives, how long it runs. A literal null where the value should be stands for all values of the library
 * (`ldap_set_option(null, …)`).
 */
export interface BoundsCollection extends EffectBase {
  readonly role: "bounds";
  readonly value: ValueRef;
}

export interface Memoizes extends EffectBase {
  readonly role: "memoizes";
  readonly limit: readonly ArgumentRef[];
  /** Size when the argument is absent; null is unbounded. */
  readonly defaultLimit: number | null;
}

/** Finds the rows of a call by its key. */
export interface RowLookup {
  get(key: string): readonly CallModel[] | undefined;
}

/** All models of one language, by name. */
export interface ModelSet {
  readonly language: ModelLanguage;
  readonly calls: RowLookup;
  readonly types: ReadonlyMap<string, TypeModel>;
}
