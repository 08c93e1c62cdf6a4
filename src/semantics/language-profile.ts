import type { Language } from "../ast/nodes.ts";

/** How a language binds names: the only place where the languages' scoping rules differ. */
export interface LanguageProfile {
  /** `let`/`const`/`:=` live in the enclosing block; otherwise everything lives in the function. */
  readonly blockScopes: boolean;
  /** Plain assignment to an unknown name declares it in the function (Python, PHP). */
  readonly assignmentDeclares: boolean;
  /** Functions see the variables of enclosing functions and of the file. PHP functions do not, unless they say so. */
  readonly closuresSeeOuter: boolean;
  /** Declarations of a block are visible in all of it, also before they stand (JavaScript). */
  readonly hoistsBlocks: boolean;
  /** Calls may throw. Go's panics end the process and are left out. */
  readonly throws: boolean;
  /** Leaving a loop early closes what it iterates over (JavaScript calls the iterator's `return`). */
  readonly loopsClose: boolean;
  /** Variables are written apart from functions, classes and constants (PHP). */
  readonly separateVariables: boolean;
  /** Other files of the same folder share top-level names (Go packages). */
  readonly packageScope: boolean;
  /** Who frees what nobody refers to any more at once, and closes what it had open; null where a collector comes some time later, if at all. */
  readonly countsReferences: "CPython" | "PHP" | null;
  /** `object.method` without a call is the method of that very object (Python, Go; PHP writes `$object->method(...)`). */
  readonly bindsMethods: boolean;
  /** Calling an `async` function only makes a coroutine, which runs when it is awaited (Python); elsewhere its body runs at once, up to the first `await`. */
  readonly coroutinesWait: boolean;
  /** Methods that open a scope of an object and the ones that end it, whatever way leads out of it (`with`). */
  readonly scopeMethods: readonly { readonly enter: string; readonly leave: string }[];
  /** Variables that a web server fills before it runs a process for one request (PHP); empty where processes serve many. */
  readonly requestVariables: readonly string[];
  /** An option that is given as `undefined` or null is as if it was not given (JavaScript). */
  readonly nullIsMissing: boolean;
  /** How functions are called that end the process, by the habit that the standard library began (https://pkg.go.dev/log#Fatal); null where there is none. */
  readonly endingNames: RegExp | null;
  /** The name that has this value in the file with which a program was started; null where there is none. https://docs.python.org/3/library/__main__.html */
  readonly startedAs: { readonly name: string; readonly value: string } | null;
}

const script: LanguageProfile = {
  blockScopes: true,
  assignmentDeclares: false,
  closuresSeeOuter: true,
  hoistsBlocks: true,
  throws: true,
  loopsClose: true,
  separateVariables: false,
  packageScope: false,
  bindsMethods: false,
  countsReferences: null,
  coroutinesWait: false,
  scopeMethods: [],
  requestVariables: [],
  nullIsMissing: true,
  startedAs: null,
  endingNames: null,
};

const profiles: Readonly<Record<Language, LanguageProfile>> = {
  typescript: script,
  javascript: script,
  python: {
    blockScopes: false,
    assignmentDeclares: true,
    closuresSeeOuter: true,
    hoistsBlocks: true,
    throws: true,
    loopsClose: false,
    separateVariables: false,
    packageScope: false,
    bindsMethods: true,
    countsReferences: "CPython",
    coroutinesWait: true,
    scopeMethods: [
      { enter: "__enter__", leave: "__exit__" },
      { enter: "__aenter__", leave: "__aexit__" },
    ],
    requestVariables: [],
    nullIsMissing: false,
    startedAs: { name: "__name__", value: "__main__" },
    endingNames: null,
  },
  go: {
    blockScopes: true,
    assignmentDeclares: false,
    closuresSeeOuter: true,
    hoistsBlocks: false,
    throws: false,
    loopsClose: false,
    separateVariables: false,
    packageScope: true,
    bindsMethods: true,
    countsReferences: null,
    coroutinesWait: false,
    scopeMethods: [],
    requestVariables: [],
    nullIsMissing: false,
    startedAs: null,
    endingNames: /^Fatal(?:f|ln|w|Depth|Context)?$/,
  },
  php: {
    blockScopes: false,
    assignmentDeclares: true,
    closuresSeeOuter: false,
    hoistsBlocks: false,
    throws: true,
    loopsClose: false,
    separateVariables: true,
    packageScope: false,
    bindsMethods: true,
    countsReferences: "PHP",
    coroutinesWait: false,
    scopeMethods: [],
    requestVariables: ["_GET", "_POST", "_REQUEST", "_COOKIE", "_FILES"],
    nullIsMissing: false,
    startedAs: null,
    endingNames: null,
  },
};

/** @returns the binding rules of a language */
export function profileOf(language: Language): LanguageProfile {
  return profiles[language];
}
