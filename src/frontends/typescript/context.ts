import type { ts } from "ts-morph";
import type { Block, Expression, Literal, Located, Statement, Unknown } from "../../ast/nodes.ts";
import type { TypeNode } from "../../ast/types.ts";

/** The TypeScript compiler, which is loaded at run time. */
export type Compiler = typeof ts;

/** What lowers one kind of node. Written as a method, so that a handler may ask for the node type of its own kind. */
type Handler<Rest extends readonly unknown[], Result> = { handle(node: ts.Node, ...rest: Rest): Result }["handle"];

export type LowerExpression = Handler<[context: Context], Expression>;
export type LowerLink = Handler<[object: Expression, context: Context], Expression>;
export type LowerStatement = Handler<[context: Context, out: Statement[]], void>;
export type LowerType = Handler<[context: Context], TypeNode>;

/** Handlers by `ts.SyntaxKind`. */
export type Table<Lower> = Readonly<Record<number, Lower | undefined>>;

/** How the nodes of each kind are lowered; made once, when the compiler is there. */
export interface Tables {
  readonly expressions: Table<LowerExpression>;
  /** Kinds that continue the expression on their left: `.b`, `[b]`, `(b)`, `!`, `as B`, `satisfies B`, `` `b` ``. */
  readonly links: Table<LowerLink>;
  readonly statements: Table<LowerStatement>;
  readonly types: Table<LowerType>;
}

/** What the lowering of one file shares. The functions are entries to the other modules, so that none has to import its importer. */
export interface Context {
  readonly ts: Compiler;
  readonly tables: Tables;
  readonly source: ts.SourceFile;
  readonly text: string;
  /** How many nodes the one being lowered is nested in. */
  depth: number;
  /** The position asked for last, and where the token behind it starts. */
  lastPos: number;
  lastStart: number;
  readonly expression: (node: ts.Node) => Expression;
  /** Lowers a list of statements; `end` is where the list's block ends. */
  readonly statements: (nodes: readonly ts.Statement[], end: number) => Statement[];
}

/** Deeper than this nothing is lowered any more. */
export const MAX_DEPTH = 400;

/**
 * Nodes themselves start with the white space and comments before them. An empty node, which the parser puts where it misses something,
 * starts where its parent starts if it is at the parent's beginning: that is the one asked for last.
 *
 * @returns where a node's first token starts
 */
export function startOf(node: ts.Node, context: Context): number {
  if (node.pos !== context.lastPos) {
    if (node.pos === node.end) return node.pos;
    context.lastStart = node.getStart(context.source);
    context.lastPos = node.pos;
  }
  return context.lastStart;
}

/** @returns where a node starts and ends */
export function spanOf(node: ts.Node, context: Context): Located {
  return { start: startOf(node, context), end: node.end };
}

/** @returns the source text of a node */
export function textOf(node: ts.Node, context: Context): string {
  return context.text.slice(startOf(node, context), node.end);
}

/** @returns what stands for a construct that is not lowered */
export function unknown(node: ts.Node, context: Context, children: readonly Expression[] = []): Unknown {
  const syntax = node.pos === node.end ? "MISSING" : (context.ts.SyntaxKind[node.kind] ?? "");
  const start = startOf(node, context);
  return { kind: "Unknown", syntax, children, start, end: Math.max(start, node.end) };
}

/** @returns a literal in the place of a node */
export function literal(node: ts.Node, literalKind: Literal["literalKind"], value: Literal["value"], context: Context): Literal {
  return { kind: "Literal", literalKind, value, start: startOf(node, context), end: node.end };
}

/** @returns the expression of an optional node */
export function optionalExpression(node: ts.Node | undefined, context: Context): Expression | null {
  return node === undefined ? null : context.expression(node);
}

/** @returns the block of a block statement, or of the one statement that stands in its place */
export function blockOf(node: ts.Statement, context: Context): Block {
  const nodes = context.ts.isBlock(node) ? node.statements : [node];
  return { kind: "Block", body: context.statements(nodes, node.end), start: startOf(node, context), end: node.end };
}

/** @returns whether a declaration carries a modifier, such as `ts.SyntaxKind.AsyncKeyword` */
export function hasModifier(node: { readonly modifiers?: readonly ts.ModifierLike[] }, kind: ts.SyntaxKind): boolean {
  if (node.modifiers !== undefined) for (const modifier of node.modifiers) if (modifier.kind === kind) return true;
  return false;
}

/** @returns the decorators of a declaration */
export function decoratorsOf(node: { readonly modifiers?: readonly ts.ModifierLike[] }, context: Context): readonly Expression[] {
  const decorators: Expression[] = [];
  for (const modifier of node.modifiers ?? []) if (context.ts.isDecorator(modifier)) decorators.push(context.expression(modifier.expression));
  return decorators;
}
