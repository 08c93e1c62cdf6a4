import type { Argument, Collection, Comprehension, Expression, JsxElement, Literal, Member } from "./nodes.ts";
import { flag, list, printType } from "./sexp.ts";
import type { Sexp, Sub } from "./sexp.ts";

type Printers = { readonly [K in Expression["kind"]]: (node: Extract<Expression, { kind: K }>, sub: Sub) => Sexp };

/** How an expression of each kind is printed. */
export const EXPRESSIONS: Printers = {
  Name: (n) => (n.isVariable ? `$${n.name}` : n.name),
  This: () => "this",
  Super: () => "super",
  Literal: literal,
  Template: (n, sub) => list("template", ...(n.tag === null ? [] : [list("tag", sub(n.tag))]), ...n.parts.map(sub)),
  Member: member,
  Index: (n, sub) => list(n.optional ? "index?" : "index", sub(n.object), sub(n.index)),
  Slice: (n, sub) => list("slice", sub(n.object), sub(n.low), sub(n.high), sub(n.step)),
  Call: (n, sub) => {
    const types = n.typeArgs.length > 0 ? [`<${n.typeArgs.map((t) => printType(t)).join(",")}>`] : [];
    return list((n.isNew ? "new" : "call") + (n.optional ? "?" : ""), sub(n.callee), ...types, ...n.args.map((a) => argument(a, sub)));
  },
  Lambda: (n, sub) => list("lambda", sub(n.fn)),
  ClassExpr: (n, sub) => list("class-expr", sub(n.cls)),
  Await: (n, sub) => list("await", sub(n.value)),
  Yield: (n, sub) => list(n.delegate ? "yield-from" : "yield", ...(n.value === null ? [] : [sub(n.value)])),
  Binary: (n, sub) => list(n.operator, sub(n.left), sub(n.right)),
  Logical: (n, sub) => list(n.operator, sub(n.left), sub(n.right)),
  Unary: (n, sub) => list(n.operator, sub(n.operand)),
  AssignExpr: (n, sub) => list("assign-expr", n.operator, sub(n.target), sub(n.value)),
  DefaultPattern: (n, sub) => list("default", sub(n.target), sub(n.defaultValue)),
  Conditional: (n, sub) => list("?:", sub(n.test), sub(n.consequent), sub(n.alternate)),
  Collection: collection,
  Comprehension: comprehension,
  Spread: (n, sub) => list("spread", sub(n.value)),
  Cast: (n, sub) => list(n.isAssertion ? "type-assert" : "cast", n.type === null ? "!" : printType(n.type), sub(n.value)),
  ChannelOp: (n, sub) => list(n.operation, sub(n.channel), ...(n.value === null ? [] : [sub(n.value)])),
  MatchExpr: (n, sub) => list("match", sub(n.subject), ...n.arms.map((a) => list(a.tests.length === 0 ? "default" : list(...a.tests.map(sub)), sub(a.value)))),
  ThrowExpr: (n, sub) => list("throw", sub(n.value)),
  Sequence: (n, sub) => list("sequence", ...n.expressions.map(sub)),
  Jsx: jsx,
  TypeExpr: (n) => list("type", printType(n.type)),
  Unknown: (n, sub) => list("unknown", n.syntax, ...n.children.map(sub)),
};

function literal(node: Literal): Sexp {
  const text = JSON.stringify(node.value);
  switch (node.literalKind) {
    case "bytes":
      return `b${text}`;
    case "regex":
      return `regex${text}`;
    case "number":
    case "boolean":
      return String(node.value);
    case "null":
      return "null";
    case "string":
      return text;
  }
}

function member(node: Member, sub: Sub): Sexp {
  const operator = node.isStatic ? "::" : ".";
  return list(node.optional ? `?${operator}` : operator, sub(node.object), node.property === "" ? "~" : node.property);
}

function argument(arg: Argument, sub: Sub): Sexp {
  const value = sub(arg.value);
  if (arg.spread !== "none") return list(arg.spread === "list" ? "*" : "**", value);
  return arg.name === "" ? value : list(`${arg.name}=`, value);
}

function collection(node: Collection, sub: Sub): Sexp {
  const entries = node.entries.map((e) => {
    if (e.spread) return list("...", sub(e.value));
    return e.key === null ? sub(e.value) : list(":", sub(e.key), sub(e.value));
  });
  return list(node.collectionKind, ...(node.type === null ? [] : [`<${printType(node.type)}>`]), ...entries);
}

function comprehension(node: Comprehension, sub: Sub): Sexp {
  const clauses = node.clauses.map((c) =>
    list(c.isAsync ? "async-for" : "for", sub(c.target), sub(c.iterable), ...c.conditions.map((condition) => list("if", sub(condition)))),
  );
  return list(`${node.collectionKind}-comp`, ...(node.key === null ? [] : [sub(node.key)]), sub(node.element), ...clauses);
}

function jsx(node: JsxElement, sub: Sub): Sexp {
  const attributes = node.attributes.map((a) => (a.spread ? list("...", sub(a.value)) : list(`${a.name}=`, sub(a.value))));
  return list("jsx", sub(node.tag), ...attributes, ...flag(node.children.length > 0, "|"), ...node.children.map(sub));
}
