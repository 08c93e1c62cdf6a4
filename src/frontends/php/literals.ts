import type { Expression, Literal, Template } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { literal, textOf } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { decodeDouble, decodeSingle, withoutIndent } from "./escapes.ts";
import { lowerQuotedVariable } from "./names.ts";

/** Integers in all bases; those beyond what a number holds exactly stay text. */
export function lowerInteger(node: CstNode, context: Context): Literal {
  const text = textOf(node, context);
  const plain = text.includes("_") ? text.replaceAll("_", "") : text;
  const isLegacyOctal = plain.length > 1 && plain[0] === "0" && plain[1]! >= "0" && plain[1]! <= "9";
  const value = Number(isLegacyOctal ? `0o${plain.slice(1)}` : plain);
  return literal(node, "number", Number.isSafeInteger(value) ? value : text);
}

/** `1.5`, `.5e3`, `1_000.5` */
export function lowerFloat(node: CstNode, context: Context): Literal {
  const text = textOf(node, context);
  const value = Number(text.replaceAll("_", ""));
  return literal(node, "number", Number.isFinite(value) ? value : text);
}

/** `true` and `false` in any case */
export function lowerBoolean(node: CstNode): Literal {
  return literal(node, "boolean", node.end - node.start === "true".length);
}

/** `'…'`, where only `\\` and `\'` are escapes */
export function lowerSingleQuoted(node: CstNode, context: Context): Literal {
  const from = node.children[0]?.end ?? node.start + 1;
  return literal(node, "string", decodeSingle(context.text.slice(from, Math.max(from, node.end - 1))));
}

/** `"…"`: a Literal, or a Template where it embeds variables */
export function lowerDoubleQuoted(node: CstNode, context: Context): Literal | Template {
  const from = node.children[0]?.end ?? node.start + 1;
  return joined(node, pieces(node, { from, to: Math.max(from, node.end - 1), quote: '"', indent: 0 }, context));
}

/** `` `…` ``: what the shell is given */
export function lowerShellText(node: CstNode, context: Context): Literal | Template {
  return joined(node, pieces(node, { from: node.start + 1, to: Math.max(node.start + 1, node.end - 1), quote: "`", indent: 0 }, context));
}

/** `<<<EOT` */
export function lowerHeredoc(node: CstNode, context: Context): Literal | Template {
  const body = child(node, "value");
  const range = documentRange(node, context);
  return joined(node, pieces(body ?? node, { ...range, quote: "" }, context));
}

/** `<<<'EOT'` */
export function lowerNowdoc(node: CstNode, context: Context): Literal {
  const { from, to, indent } = documentRange(node, context);
  return literal(node, "string", withoutIndent(context.text.slice(from, to), indent, true));
}

/** The lines between the opening and the closing marker; the closing one's indentation does not count in any line. */
function documentRange(node: CstNode, context: Context): { readonly from: number; readonly to: number; readonly indent: number } {
  const { text } = context;
  const opening = child(node, "identifier");
  const lineEnd = text.indexOf("\n", opening?.end ?? node.start);
  const from = lineEnd < 0 || lineEnd >= node.end ? node.end : lineEnd + 1;
  const closing = child(node, "end_tag")?.start ?? node.end;
  const lastLine = text.lastIndexOf("\n", closing - 1) + 1;
  const to = text[lastLine - 2] === "\r" ? lastLine - 2 : lastLine - 1;
  return { from, to: Math.max(from, to), indent: Math.max(0, closing - lastLine) };
}

/** The text of a string between its quotes, or of a heredoc. */
interface Quoted {
  readonly from: number;
  readonly to: number;
  /** The character that is escaped in it; empty for heredocs. */
  readonly quote: string;
  readonly indent: number;
}

/** Nodes inside a string that are text, not embedded expressions. */
const TEXT_NODES: ReadonlySet<string> = new Set(["string_content", "escape_sequence", "comment", "ERROR", "heredoc_start", "heredoc_end"]);

function pieces(node: CstNode, quoted: Quoted, context: Context): Expression[] {
  const result: Expression[] = [];
  let at = quoted.from;
  let isBraced = false;
  const textUpTo = (end: number): void => {
    if (end > at) result.push(textPiece(at, end, quoted, context));
  };
  for (const c of node.children) {
    if (!c.named) {
      if (c.type === "{") {
        textUpTo(c.start);
        isBraced = true;
      } else if (c.type === "}") {
        at = c.end;
        isBraced = false;
      }
    } else if (!TEXT_NODES.has(c.type)) {
      if (!isBraced) textUpTo(c.start);
      result.push(isBraced ? context.expression(c) : simplePart(c, context));
      at = c.end;
    }
  }
  textUpTo(quoted.to);
  return result;
}

function textPiece(start: number, end: number, quoted: Quoted, context: Context): Literal {
  const raw = withoutIndent(context.text.slice(start, end), quoted.indent, start === quoted.from);
  return literal({ start, end }, "string", decodeDouble(raw, quoted.quote));
}

/** `$x`, `$x[key]`, `$x->y` or `${x}` without braces around it; a bare key is a string. */
function simplePart(node: CstNode, context: Context): Expression {
  if (node.type === "dynamic_variable_name") return lowerQuotedVariable(node, context);
  const [object, index] = node.type === "subscript_expression" ? parts(node) : [];
  if (object === undefined || index?.type !== "name") return context.expression(node);
  const key = literal(index, "string", textOf(index, context));
  return { kind: "Index", object: context.expression(object), index: key, optional: false, start: node.start, end: node.end };
}

function joined(node: CstNode, strings: readonly Expression[]): Literal | Template {
  const [first] = strings;
  if (first === undefined) return literal(node, "string", "");
  if (strings.length === 1 && first.kind === "Literal" && first.literalKind === "string") return literal(node, "string", first.value);
  return { kind: "Template", parts: strings, tag: null, start: node.start, end: node.end };
}
