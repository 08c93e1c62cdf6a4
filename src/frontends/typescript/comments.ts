import type { ts } from "ts-morph";
import type { Comment } from "../../ast/nodes.ts";
import type { Compiler } from "./context.ts";

/**
 * The comments of a file. `//` and `/*` begin a comment unless they stand inside a string, template, regular expression or JSX text; which
 * of these they stand in is read from the tree, of which only the parts that hold a candidate are visited.
 *
 * @returns the comments in source order
 */
export function commentsOf(source: ts.SourceFile, compiler: Compiler): Comment[] {
  const { text } = source;
  const comments: Comment[] = [];
  let candidate = nextCandidate(text, endOfShebang(text));
  const takeUntil = (limit: number): void => {
    while (candidate < limit) {
      const comment = commentAt(text, candidate);
      comments.push(comment);
      candidate = nextCandidate(text, comment.end);
    }
  };
  const isText = textKinds(compiler);
  const pending: ts.Node[] = [source];
  for (let node = pending.pop(); node !== undefined && candidate < text.length; node = pending.pop()) {
    if (node.end <= candidate) continue;
    if (isText[node.kind] === true) {
      takeUntil(node.kind === compiler.SyntaxKind.JsxText ? node.pos : node.getStart(source));
      if (candidate < node.end) candidate = nextCandidate(text, node.end);
    } else pushChildren(node, pending, compiler);
  }
  takeUntil(text.length);
  return comments;
}

/** Pushes the children so that the first is popped first. */
function pushChildren(node: ts.Node, pending: ts.Node[], compiler: Compiler): void {
  const first = pending.length;
  compiler.forEachChild(node, (child) => void pending.push(child));
  for (let i = first, j = pending.length - 1; i < j; i++, j--) {
    const swapped = pending[i]!;
    pending[i] = pending[j]!;
    pending[j] = swapped;
  }
}

function textKinds({ SyntaxKind }: Compiler): Readonly<Record<number, true | undefined>> {
  return {
    [SyntaxKind.StringLiteral]: true,
    [SyntaxKind.RegularExpressionLiteral]: true,
    [SyntaxKind.NoSubstitutionTemplateLiteral]: true,
    [SyntaxKind.TemplateHead]: true,
    [SyntaxKind.TemplateMiddle]: true,
    [SyntaxKind.TemplateTail]: true,
    [SyntaxKind.JsxText]: true,
  };
}

function endOfShebang(text: string): number {
  return text.startsWith("#!") ? endOfLine(text, 0) : 0;
}

/** @returns where the next `//` or `/*` stands, or the text's length */
function nextCandidate(text: string, from: number): number {
  for (let at = text.indexOf("/", from); at >= 0; at = text.indexOf("/", at + 1)) {
    const next = text.charCodeAt(at + 1);
    if (next === SLASH || next === STAR) return at;
  }
  return text.length;
}

function commentAt(text: string, start: number): Comment {
  if (text.charCodeAt(start + 1) === SLASH) {
    const end = endOfLine(text, start);
    return { text: text.slice(start + 2, end).trim(), start, end };
  }
  const close = text.indexOf("*/", start + 2);
  const end = close < 0 ? text.length : close + 2;
  // The second star of `/** … */` is a marker, too.
  const from = text.charCodeAt(start + 2) === STAR ? start + 3 : start + 2;
  return { text: text.slice(from, Math.max(from, close < 0 ? end : close)).trim(), start, end };
}

function endOfLine(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === LINE_FEED || c === CARRIAGE_RETURN || c === LINE_SEPARATOR || c === PARAGRAPH_SEPARATOR) return at;
  }
  return text.length;
}

const SLASH = 0x2f;
const STAR = 0x2a;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const LINE_SEPARATOR = 0x2028;
const PARAGRAPH_SEPARATOR = 0x2029;
