/**
 * The shared AST: one tree for Python, Go, PHP, JavaScript and TypeScript.
 *
 * Sugar that is removed: all loops are `Loop`; Python's `with` and TypeScript's `using` are `Scoped` (for `using`, the body is the rest
 * of the enclosing block); `a = b = c` is two assignments, the inner value first; PHP's alternative syntax, heredocs and `elseif`,
 * Python's `elif`, Go's `if init; cond` (a `Block` holding the init and the `If`) and JavaScript's parentheses are gone.
 * Sugar that is kept, because rules depend on it: comprehensions, optional chaining, spread, `defer`, `select`, decorators, JSX.
 *
 * Invariants: every node carries UTF-16 offsets `start` (inclusive) and `end` (exclusive) into the file's text; a node's children lie
 * within it, except where sugar was removed; child lists are in source order. A construct that a frontend cannot lower is `Unknown`
 * with whatever children could be lowered, never silently nothing: consumers treat it as "may do anything with its children".
 */
import type { TypeNode } from "./types.ts";

export type Language = "python" | "go" | "php" | "typescript" | "javascript";

/** A whole file. */
export interface Module {
  readonly kind: "Module";
  readonly language: Language;
  readonly body: readonly Statement[];
  /** Go: the package clause's name. Others: empty. PHP namespaces are `Namespace` statements. */
  readonly packageName: string;
  /** All comments in source order, markers (`//`, `#`, `/* … *\/`) included in the span. */
  readonly comments: readonly Comment[];
  /** Spans the parser could not make sense of; non-empty means the file is partly parsed. */
  readonly syntaxErrors: readonly Located[];
  readonly start: number;
  readonly end: number;
}

/** UTF-16 offsets into the file's text: `start` inclusive, `end` exclusive. */
export interface Located {
  readonly start: number;
  readonly end: number;
}

export interface Comment extends Located {
  /** The text without its markers, trimmed. */
  readonly text: string;
}

// ---------------------------------------------------------------------------------------------------------------- declarations

/** One import statement, or one spec of a grouped import. `require()` calls stay calls. */
export interface Import extends Located {
  readonly kind: "Import";
  /**
   * What is imported, as written: `a.b`, `..pkg.mod` (leading dots of relative Python imports), `net/http`, `./util.js`,
   * `App\Models\User` for PHP `use` (without leading backslash).
   */
  readonly module: string;
  /** The names bound in this file. Empty for imports for side effects (Go `_`, JS `import "x"`). */
  readonly bindings: readonly ImportBinding[];
  /** True for TypeScript `import type` and imports under Python's `if TYPE_CHECKING` are left as they are (false). */
  readonly typeOnly: boolean;
}

export interface ImportBinding {
  /**
   * `module`: the local name stands for the module itself (`import a.b as x`, Go imports, `import * as x`, PHP `use` of a class: see
   * `member`); `member`: for one exported member; `default`: JS default export; `all`: everything (`from x import *`, Go dot import).
   * Python `import a.b` binds the name `a`: bindingKind `module`, local `a`, imported `a`. PHP `use A\B` is `member` of module `A`
   * named `B` and phpKind `class`, `function` or `const`.
   */
  readonly bindingKind: "module" | "member" | "default" | "all";
  /** The name in this file. For Go imports without alias the last path segment (version suffix `/v2` skipped). */
  readonly local: string;
  /** The name in the imported module; for `module` bindings the module itself. */
  readonly imported: string;
  readonly phpKind?: "class" | "function" | "const";
}

/** JavaScript exports; declarations that are exported are wrapped. */
export interface Export extends Located {
  readonly kind: "Export";
  /** The exported declaration, or the expression of `export default expr` / TS `export =` as an ExprStmt. */
  readonly declaration: Statement | null;
  readonly isDefault: boolean;
  /** `export { a as b }`: local a, exported b. `export * from`: local `*`, exported `*` (or the namespace name). */
  readonly names: readonly { readonly local: string; readonly exported: string }[];
  /** Module of a re-export, else null. */
  readonly from: string | null;
}

/** PHP namespace; unbraced namespaces hold all statements up to the next one. */
export interface Namespace extends Located {
  readonly kind: "Namespace";
  /** Backslash-separated, no leading backslash; TS `namespace A.B` uses dots. Empty for the global namespace. */
  readonly name: string;
  readonly body: readonly Statement[];
}

export interface ClassDecl extends Located {
  readonly kind: "Class";
  readonly classKind: "class" | "interface" | "trait" | "enum" | "struct" | "alias";
  /** Empty for anonymous classes. Go: every `type X …` declaration is a Class (`struct`, `interface`, or `alias`/defined type). */
  readonly name: string;
  readonly typeParams: readonly string[];
  /** Superclasses, implemented interfaces, used traits (PHP `use T;` inside the class), embedded Go structs/interfaces, mixins. */
  readonly bases: readonly ClassBase[];
  readonly fields: readonly Field[];
  readonly methods: readonly FunctionNode[];
  /** Anything else in the class body: Python statements that are not simple assignments, static blocks, nested classes. */
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  /** For `alias`: the type it stands for. */
  readonly aliasOf?: TypeNode;
  readonly nameStart: number;
}

export interface ClassBase {
  readonly baseKind: "extends" | "implements" | "uses" | "embeds";
  /** The base as a type (dotted name; PHP names with backslashes as written). */
  readonly type: TypeNode;
}

/** A field, property, constant or enum case of a class; constructor-promoted properties appear here and as parameters. */
export interface Field extends Located {
  readonly name: string;
  readonly type: TypeNode | null;
  readonly value: Expression | null;
  /** Belongs to the class rather than to each instance. Python class-body assignments are static. */
  readonly isStatic: boolean;
  readonly isConst: boolean;
  readonly decorators: readonly Expression[];
}

export type FunctionKind = "function" | "method" | "constructor" | "destructor" | "getter" | "setter" | "lambda" | "initializer";

export interface FunctionNode extends Located {
  readonly kind: "Function";
  /** Empty for lambdas without a name. Python keeps `__init__`, PHP `__construct`, JS `constructor`. */
  readonly name: string;
  readonly functionKind: FunctionKind;
  readonly params: readonly Parameter[];
  /** Null for abstract methods, interface methods, overload signatures and external Go functions. Expression bodies become a Return. */
  readonly body: Block | null;
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Static methods, Python `@staticmethod` and `@classmethod`. */
  readonly isStatic: boolean;
  readonly typeParams: readonly string[];
  readonly returnType: TypeNode | null;
  /** Go: receiver variable and type. Python methods: the first parameter (`self`/`cls`), which is then not repeated in `params`. */
  readonly receiver: { readonly name: string; readonly type: TypeNode | null } | null;
  readonly decorators: readonly Expression[];
  /** PHP `function () use (…)`: only these are captured. Null where closures capture everything they mention. */
  readonly captures: readonly { readonly name: string; readonly byReference: boolean }[] | null;
  /** Go named results, in order; empty otherwise. */
  readonly namedResults: readonly Parameter[];
  /** Offset of the name (of the keyword or first parameter for lambdas): where findings about the function point. */
  readonly nameStart: number;
}

export interface Parameter extends Located {
  /** Empty when the parameter is a pattern or unnamed. PHP names have no `$`. */
  readonly name: string;
  /** A destructuring pattern (Collection/Name/… as in assignments), else null. */
  readonly pattern: Expression | null;
  readonly type: TypeNode | null;
  readonly defaultValue: Expression | null;
  /** `*args`, `...rest`; `**kwargs` is `map`. */
  readonly rest: "none" | "list" | "map";
  readonly byReference: boolean;
  readonly decorators: readonly Expression[];
}

export interface FunctionDecl extends Located {
  readonly kind: "FunctionDecl";
  readonly fn: FunctionNode;
}

// ------------------------------------------------------------------------------------------------------------------ statements

export interface Block extends Located {
  readonly kind: "Block";
  readonly body: readonly Statement[];
}

export interface ExprStmt extends Located {
  readonly kind: "ExprStmt";
  readonly expression: Expression;
}

/**
 * `target op value`. With several targets on the left (`a, err := f()`, `a, b = b, a`) the target is a `Collection` of kind `tuple`, and
 * so is the value where several stand on the right. A declaration without a value has `value: null`.
 */
export interface Assign extends Located {
  readonly kind: "Assign";
  readonly target: Expression;
  /** `=`, `+=`, `.=`, `??=`, … A Go `:=` is `=` with declares `short`. */
  readonly operator: string;
  readonly value: Expression | null;
  /** How the target names come into being here; null for assignment to what exists (in Python and PHP, plain assignments). */
  readonly declares: DeclarationKind | null;
  readonly type: TypeNode | null;
  /** PHP `$a = &$b`. */
  readonly byReference: boolean;
}

/** `static`: PHP `static $x`. Go `const` and JS `const` are `const`. */
export type DeclarationKind = "var" | "let" | "const" | "short" | "static";

/** Python `global`/`nonlocal`, PHP `global`. */
export interface ScopeDecl extends Located {
  readonly kind: "ScopeDecl";
  readonly scope: "global" | "nonlocal";
  readonly names: readonly string[];
}

export interface If extends Located {
  readonly kind: "If";
  readonly test: Expression;
  readonly consequent: Block;
  readonly alternate: Block | null;
}

export type LoopKind = "count" | "each" | "while" | "do-while" | "forever";

export interface Loop extends Located {
  readonly kind: "Loop";
  readonly loopKind: LoopKind;
  readonly label: string | null;
  /** C-style `for`: what runs before the loop. */
  readonly init: readonly Statement[];
  /** Condition of `count`, `while` and `do-while`; null means always true. */
  readonly test: Expression | null;
  /** C-style `for`: what runs after each iteration. */
  readonly update: readonly Statement[];
  /** `each`: the bound pattern. For key/value iteration (Go range, PHP `=>`) a tuple of key and value, in this order; null binds nothing. */
  readonly target: Expression | null;
  /** How the target names come into being, as in Assign. */
  readonly declares: DeclarationKind | null;
  /** `each`: what is iterated. */
  readonly iterable: Expression | null;
  /** `each`: what one step yields. `keys`: JS for-in; `entries`: Go range and PHP `=>` (key, value); `values`: the rest. */
  readonly yields: "values" | "keys" | "entries";
  readonly isAsync: boolean;
  readonly body: Block;
  /** Python `else` of a loop: runs when the loop ends without `break`. */
  readonly alternate: Block | null;
}

export interface Switch extends Located {
  readonly kind: "Switch";
  readonly label: string | null;
  /** Null for Go's tagless switch: each test is then a condition of its own. */
  readonly subject: Expression | null;
  readonly cases: readonly SwitchCase[];
  /** Go type switch: the tests are TypeExpr; the name bound to the subject in each case (else empty). */
  readonly typeBinding: string;
  readonly isTypeSwitch: boolean;
}

export interface SwitchCase extends Located {
  /** Empty for `default` / `case _`. Python patterns: the value expressions and class names they compare with. */
  readonly tests: readonly Expression[];
  /** Names a Python pattern binds, as Name expressions. */
  readonly binds: readonly Expression[];
  readonly guard: Expression | null;
  readonly body: Block;
  /** Control runs on into the next case's body (JS/PHP without break, Go `fallthrough`). */
  readonly fallsThrough: boolean;
}

/** Go `select`. */
export interface Select extends Located {
  readonly kind: "Select";
  readonly label: string | null;
  readonly cases: readonly SelectCase[];
}

export interface SelectCase extends Located {
  /** The communication: an ExprStmt with a ChannelOp, or an Assign whose value is a ChannelOp receive. Null for `default`. */
  readonly communication: Statement | null;
  readonly body: Block;
}

export interface Try extends Located {
  readonly kind: "Try";
  readonly body: Block;
  readonly handlers: readonly Handler[];
  /** Python `else`: runs after the body when nothing was thrown, outside the handlers' protection. */
  readonly alternate: Block | null;
  readonly finalizer: Block | null;
}

export interface Handler extends Located {
  /** The caught types; empty catches everything. */
  readonly types: readonly TypeNode[];
  /** The bound exception, a Name or pattern; null if none. */
  readonly binding: Expression | null;
  readonly body: Block;
}

/** A body during which values are held and after which, on every path, they are released: Python `with`, TS `using`. */
export interface Scoped extends Located {
  readonly kind: "Scoped";
  readonly items: readonly ScopedItem[];
  readonly isAsync: boolean;
  readonly body: Block;
}

export interface ScopedItem extends Located {
  readonly value: Expression;
  /** Python `as` target, the `using` name; null if none. */
  readonly target: Expression | null;
}

/** Go `defer`: the call runs when the function returns. */
export interface Defer extends Located {
  readonly kind: "Defer";
  readonly call: Expression;
}

/** Go `go`: the call runs concurrently. Thread and task starts in other languages are calls that a model marks. */
export interface Spawn extends Located {
  readonly kind: "Spawn";
  readonly call: Expression;
}

export interface Return extends Located {
  readonly kind: "Return";
  /** Several results are a tuple Collection. */
  readonly value: Expression | null;
}

export interface Throw extends Located {
  readonly kind: "Throw";
  readonly value: Expression | null;
}

export interface Break extends Located {
  readonly kind: "Break";
  readonly label: string | null;
  /** PHP `break 2`; otherwise 1. */
  readonly levels: number;
}

export interface Continue extends Located {
  readonly kind: "Continue";
  readonly label: string | null;
  readonly levels: number;
}

/** Go and PHP `goto`, and the place it jumps to. */
export interface Goto extends Located {
  readonly kind: "Goto";
  readonly label: string;
}

/** A labelled statement that is no loop, switch or select (those carry their label). `body` is empty for PHP/Go bare labels. */
export interface Labeled extends Located {
  readonly kind: "Labeled";
  readonly label: string;
  readonly body: Block;
}

/** Python `del`, PHP `unset`, JS `delete` used as a statement. */
export interface Delete extends Located {
  readonly kind: "Delete";
  readonly targets: readonly Expression[];
}

export interface Assert extends Located {
  readonly kind: "Assert";
  readonly test: Expression;
  readonly message: Expression | null;
}

export type Statement =
  | Import
  | Export
  | Namespace
  | ClassDecl
  | FunctionDecl
  | Block
  | ExprStmt
  | Assign
  | ScopeDecl
  | If
  | Loop
  | Switch
  | Select
  | Try
  | Scoped
  | Defer
  | Spawn
  | Return
  | Throw
  | Break
  | Continue
  | Goto
  | Labeled
  | Delete
  | Assert
  | Unknown;

// ----------------------------------------------------------------------------------------------------------------- expressions

/** A name as written: PHP variables without `$`; PHP function, class and constant names as written, with backslashes. */
export interface Name extends Located {
  readonly kind: "Name";
  readonly name: string;
  /** PHP tells variables (`$x`) from functions, classes and constants; other languages do not, and leave this false. */
  readonly isVariable: boolean;
}

/** `this`, PHP `$this`. Python `self` and Go receivers stay Names (the function's `receiver` says which). PHP `self`/`static` as a class name: Name. */
export interface This extends Located {
  readonly kind: "This";
}

/** `super`, Python `super()` (the call itself), PHP `parent`. */
export interface Super extends Located {
  readonly kind: "Super";
}

export interface Literal extends Located {
  readonly kind: "Literal";
  readonly literalKind: "string" | "number" | "boolean" | "null" | "bytes" | "regex";
  /** Decoded text, number, boolean or null; numbers that do not fit are kept as text. Go `nil`, JS `undefined`, Python `None` are `null`. */
  readonly value: string | number | boolean | null;
}

/** A string built at run time: f-strings, template literals, PHP interpolation. */
export interface Template extends Located {
  readonly kind: "Template";
  /** Literal pieces and embedded expressions, in order. */
  readonly parts: readonly Expression[];
  /** JS tagged templates: the tag, else null. */
  readonly tag: Expression | null;
}

export interface Member extends Located {
  readonly kind: "Member";
  readonly object: Expression;
  /** The member's name; `#x` for private names; empty when it is computed (PHP `$a->$b`; JS `a[b]` is Index). PHP `A::$b`: `b`. */
  readonly property: string;
  readonly optional: boolean;
  /** PHP `::`. */
  readonly isStatic: boolean;
  /** Offset of the property name. */
  readonly propertyStart: number;
}

export interface Index extends Located {
  readonly kind: "Index";
  readonly object: Expression;
  /** Null for PHP `$a[]`. Several indices are a tuple Collection; Go generic instantiation `f[int]` may appear as Index. */
  readonly index: Expression | null;
  readonly optional: boolean;
}

export interface Slice extends Located {
  readonly kind: "Slice";
  readonly object: Expression;
  readonly low: Expression | null;
  readonly high: Expression | null;
  /** Python's step; of Go's `a[low:high:max]` the max. */
  readonly step: Expression | null;
}

export interface Call extends Located {
  readonly kind: "Call";
  /** What is called. Class instantiation: the class expression (anonymous classes: ClassExpr). Python instantiation is a plain call. */
  readonly callee: Expression;
  readonly args: readonly Argument[];
  readonly isNew: boolean;
  readonly optional: boolean;
  /** Explicit type arguments (`make<T>()`, Go `New[T]()`). */
  readonly typeArgs: readonly TypeNode[];
}

export interface Argument extends Located {
  readonly value: Expression;
  /** Named arguments (Python, PHP 8); empty for positional ones. */
  readonly name: string;
  /** `*xs`, `...xs`: list; `**kw`: map. */
  readonly spread: "none" | "list" | "map";
}

export interface Lambda extends Located {
  readonly kind: "Lambda";
  readonly fn: FunctionNode;
}

export interface ClassExpr extends Located {
  readonly kind: "ClassExpr";
  readonly cls: ClassDecl;
}

export interface Await extends Located {
  readonly kind: "Await";
  readonly value: Expression;
}

export interface Yield extends Located {
  readonly kind: "Yield";
  readonly value: Expression | null;
  /** `yield from`, `yield*`. */
  readonly delegate: boolean;
}

/** Arithmetic, comparison (`==`, `is`, `in`, `not in`, `instanceof`, `<=>`, …) and bit operators. A chained Python comparison is a Logical `and`. */
export interface Binary extends Located {
  readonly kind: "Binary";
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Logical extends Located {
  readonly kind: "Logical";
  readonly operator: "and" | "or" | "??";
  readonly left: Expression;
  readonly right: Expression;
}

/** `not`, `-`, `+`, `~`, `&` (address of), `*` (dereference), `typeof`, `void`, `@` (PHP silence), `clone`, `callable` (PHP `f(...)`), `delete` as an expression. */
export interface Unary extends Located {
  readonly kind: "Unary";
  readonly operator: string;
  readonly operand: Expression;
}

/** Assignment used as an expression: walrus, JS/PHP assignments inside expressions, `x++` (operator `+=`, value 1). */
export interface AssignExpr extends Located {
  readonly kind: "AssignExpr";
  readonly target: Expression;
  readonly operator: string;
  readonly value: Expression;
}

/** In a pattern: a target with the value it takes when there is none. */
export interface DefaultPattern extends Located {
  readonly kind: "DefaultPattern";
  readonly target: Expression;
  readonly defaultValue: Expression;
}

export interface Conditional extends Located {
  readonly kind: "Conditional";
  readonly test: Expression;
  /** PHP `a ?: b`: consequent equals the test node. */
  readonly consequent: Expression;
  readonly alternate: Expression;
}

export type CollectionKind = "list" | "map" | "set" | "tuple" | "object" | "struct";

/** A list, map, set, tuple, JS object or Go struct literal; as an assignment target, a destructuring pattern. PHP arrays: `map` if any key is written, else `list`. */
export interface Collection extends Located {
  readonly kind: "Collection";
  readonly collectionKind: CollectionKind;
  readonly entries: readonly CollectionEntry[];
  /** Go composite literals: the type written. */
  readonly type: TypeNode | null;
}

export interface CollectionEntry extends Located {
  /** Map keys; for `object` and `struct` the field name as a string Literal (computed keys: the expression). Null when positional. */
  readonly key: Expression | null;
  readonly value: Expression;
  readonly spread: boolean;
}

export interface Comprehension extends Located {
  readonly kind: "Comprehension";
  readonly collectionKind: "list" | "set" | "map" | "generator";
  readonly key: Expression | null;
  readonly element: Expression;
  readonly clauses: readonly ComprehensionClause[];
}

export interface ComprehensionClause extends Located {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
  readonly isAsync: boolean;
}

export interface Spread extends Located {
  readonly kind: "Spread";
  readonly value: Expression;
}

/** TS `as`/`satisfies`/`!`, Go conversions whose callee is a type and type assertions, PHP casts. */
export interface Cast extends Located {
  readonly kind: "Cast";
  readonly value: Expression;
  /** Null for TS `!`. */
  readonly type: TypeNode | null;
  /** Go `x.(T)`: may fail, and in a two-value assignment yields a second result. */
  readonly isAssertion: boolean;
}

/** Go `ch <- v` and `<-ch`. `make(chan T, n)` and `close(ch)` are calls. */
export interface ChannelOp extends Located {
  readonly kind: "ChannelOp";
  readonly operation: "send" | "receive";
  readonly channel: Expression;
  readonly value: Expression | null;
}

/** PHP `match`; JS has none. Each arm yields its value. */
export interface MatchExpr extends Located {
  readonly kind: "MatchExpr";
  readonly subject: Expression;
  readonly arms: readonly { readonly tests: readonly Expression[]; readonly value: Expression }[];
}

/** `throw` as an expression, PHP `exit`/`die` stay Calls of Name `exit`. */
export interface ThrowExpr extends Located {
  readonly kind: "ThrowExpr";
  readonly value: Expression;
}

/** JS comma operator. */
export interface Sequence extends Located {
  readonly kind: "Sequence";
  readonly expressions: readonly Expression[];
}

export interface JsxElement extends Located {
  readonly kind: "Jsx";
  /** A Name or Member for components, a string Literal for intrinsic elements, null for fragments. */
  readonly tag: Expression | null;
  readonly attributes: readonly { readonly name: string; readonly value: Expression | null; readonly spread: boolean }[];
  readonly children: readonly Expression[];
}

/** A type used where a value stands: the argument of Go `make` and `new`. */
export interface TypeExpr extends Located {
  readonly kind: "TypeExpr";
  readonly type: TypeNode;
}

/** A construct that was not lowered. May do anything with its children. */
export interface Unknown extends Located {
  readonly kind: "Unknown";
  /** The parser's own name of the construct. */
  readonly syntax: string;
  readonly children: readonly Expression[];
}

export type Expression =
  | Name
  | This
  | Super
  | Literal
  | Template
  | Member
  | Index
  | Slice
  | Call
  | Lambda
  | ClassExpr
  | Await
  | Yield
  | Binary
  | Logical
  | Unary
  | AssignExpr
  | DefaultPattern
  | Conditional
  | Collection
  | Comprehension
  | Spread
  | Cast
  | ChannelOp
  | MatchExpr
  | ThrowExpr
  | Sequence
  | JsxElement
  | TypeExpr
  | Unknown;

/** Any node with a `kind`. */
export type Node = Module | Statement | Expression | FunctionNode;
