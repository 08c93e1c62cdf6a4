import type { ts } from "ts-morph";
import type { Expression, Language, Located, Module } from "../../ast/nodes.ts";
import { type Frontend, ParseTimeout } from "../frontend.ts";
import { commentsOf } from "./comments.ts";
import { type Compiler, type Context, MAX_DEPTH, type Tables, unknown } from "./context.ts";
import { expressionTable, linkTable, lowerUnknown } from "./expressions.ts";
import { lowerStatements, statementTable } from "./statements.ts";
import { typeTable } from "./types.ts";

/** What `load` makes. */
interface Loaded {
  readonly compiler: Compiler;
  readonly tables: Tables;
}

let loaded: Loaded | null = null;

/** JavaScript, TypeScript and JSX, by way of the TypeScript compiler's parser. It cannot be interrupted: the deadline is looked at around it. */
export const typescriptFrontend: Frontend = {
  async load() {
    if (loaded !== null) return;
    const { ts: compiler } = await import("ts-morph");
    loaded = { compiler, tables: tablesOf(compiler) };
  },
  lower(text, path, language, deadline) {
    if (loaded === null) throw new Error("the TypeScript compiler is not loaded");
    expectTime(deadline);
    const source = parse(text, path, language, loaded.compiler);
    if (source === null) return undecipherable(text, language);
    expectTime(deadline);
    return lowerModule(source, language, loaded);
  },
};

function tablesOf(compiler: Compiler): Tables {
  return { expressions: expressionTable(compiler), links: linkTable(compiler), statements: statementTable(compiler), types: typeTable(compiler) };
}

function expectTime(deadline: number): void {
  if (performance.now() > deadline) throw new ParseTimeout("parsing took too long");
}

/** @returns the tree; null when the source is nested deeper than the parser's recursion reaches */
function parse(text: string, path: string, language: Language, compiler: Compiler): ts.SourceFile | null {
  const options = { languageVersion: compiler.ScriptTarget.ESNext, jsDocParsingMode: compiler.JSDocParsingMode.ParseNone };
  try {
    return compiler.createSourceFile(path, text, options, false, scriptKindOf(path, language, compiler));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** TypeScript without JSX may cast with angle brackets; all JavaScript may hold JSX. */
function scriptKindOf(path: string, language: Language, { ScriptKind }: Compiler): ts.ScriptKind {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (extension === "tsx") return ScriptKind.TSX;
  const isTypeScript = extension === "ts" || extension === "mts" || extension === "cts" || (language === "typescript" && !/^[mc]?jsx?$/.test(extension));
  return isTypeScript ? ScriptKind.TS : ScriptKind.JSX;
}

function undecipherable(text: string, language: Language): Module {
  const all: Located = { start: 0, end: text.length };
  const body = [{ kind: "Unknown", syntax: "SourceFile", children: [], ...all } as const];
  return { kind: "Module", language, body, packageName: "", comments: [], syntaxErrors: [all], ...all };
}

function lowerModule(source: ts.SourceFile, language: Language, { compiler, tables }: Loaded): Module {
  const context = contextOf(source, compiler, tables);
  const end = source.text.length;
  return {
    kind: "Module",
    language,
    body: context.statements(source.statements, end),
    packageName: "",
    comments: commentsOf(source, compiler),
    syntaxErrors: syntaxErrorsOf(source),
    start: 0,
    end,
  };
}

function contextOf(source: ts.SourceFile, compiler: Compiler, tables: Tables): Context {
  const context: Context = {
    ts: compiler,
    tables,
    source,
    text: source.text,
    depth: 0,
    lastPos: -1,
    lastStart: 0,
    expression: (node) => lowerExpression(node, context),
    statements: (nodes, end) => lowerStatements(nodes, end, context),
  };
  return context;
}

function lowerExpression(node: ts.Node, context: Context): Expression {
  if (context.depth >= MAX_DEPTH) return unknown(node, context);
  const lower = context.tables.expressions[node.kind] ?? lowerUnknown;
  context.depth++;
  const expression = lower(node, context);
  context.depth--;
  return expression;
}

/** The parser's own diagnostics; they are there though the compiler's types do not show them. */
function syntaxErrorsOf(source: ts.SourceFile): readonly Located[] {
  const { parseDiagnostics } = source as ts.SourceFile & { readonly parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  return parseDiagnostics.map(({ start, length }) => ({ start, end: start + length }));
}
