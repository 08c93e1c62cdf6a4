import type { Assign, ClassDecl, Export, Expression, FunctionNode, Handler, Import, Loop, Node, Parameter, Switch, Try } from "./nodes.ts";
import { block, flag, list, printType } from "./sexp.ts";
import type { Sexp, Sub } from "./sexp.ts";

type Outer = Exclude<Node, Expression>;
type Printers = { readonly [K in Outer["kind"]]: (node: Extract<Outer, { kind: K }>, sub: Sub) => Sexp };

/** How a statement or declaration of each kind is printed. */
export const STATEMENTS: Printers = {
  Module: (n, sub) => block(["module", n.language, ...flag(n.packageName !== "", n.packageName)], n.body.map(sub)),
  Import: imports,
  Export: exports,
  Namespace: (n, sub) => block(["namespace", n.name], n.body.map(sub)),
  Class: classDecl,
  Function: functionNode,
  FunctionDecl: (n, sub) => sub(n.fn),
  Block: (n, sub) => block(["block"], n.body.map(sub)),
  ExprStmt: (n, sub) => list("expr", sub(n.expression)),
  Assign: assign,
  ScopeDecl: (n) => list(n.scope, ...n.names),
  If: (n, sub) => block(["if", sub(n.test)], [part("then", n.consequent, sub), ...optional("else", n.alternate, sub)]),
  Loop: loop,
  Switch: switchStatement,
  Select: (n, sub) =>
    block(
      ["select", ...label(n.label)],
      n.cases.map((c) => block(c.communication === null ? ["default"] : ["case", sub(c.communication)], c.body.body.map(sub))),
    ),
  Try: tryStatement,
  Scoped: (n, sub) => {
    const items = n.items.map((i) => (i.target === null ? sub(i.value) : list("as", sub(i.value), sub(i.target))));
    return block([n.isAsync ? "async-scoped" : "scoped", ...items], n.body.body.map(sub));
  },
  Defer: (n, sub) => list("defer", sub(n.call)),
  Spawn: (n, sub) => list("spawn", sub(n.call)),
  Return: (n, sub) => list("return", ...(n.value === null ? [] : [sub(n.value)])),
  Throw: (n, sub) => list("throw", ...(n.value === null ? [] : [sub(n.value)])),
  Break: (n) => list("break", ...label(n.label), ...flag(n.levels !== 1, String(n.levels))),
  Continue: (n) => list("continue", ...label(n.label), ...flag(n.levels !== 1, String(n.levels))),
  Goto: (n) => list("goto", n.label),
  Labeled: (n, sub) => block(["labeled", n.label], n.body.body.map(sub)),
  Delete: (n, sub) => list("delete", ...n.targets.map(sub)),
  Assert: (n, sub) => list("assert", sub(n.test), ...(n.message === null ? [] : [sub(n.message)])),
};

function part(word: string, body: { readonly body: readonly Node[] }, sub: Sub): Sexp {
  return block([word], body.body.map(sub));
}

function optional(word: string, body: { readonly body: readonly Node[] } | null, sub: Sub): readonly Sexp[] {
  return body === null ? [] : [part(word, body, sub)];
}

function label(name: string | null): readonly string[] {
  return name === null ? [] : [`label:${name}`];
}

function imports(node: Import): Sexp {
  const bindings = node.bindings.map((b) =>
    list(b.bindingKind, b.imported, ...flag(b.local !== b.imported, `as:${b.local}`), ...flag(b.phpKind !== undefined, `php:${b.phpKind}`)),
  );
  return list("import", ...flag(node.typeOnly, "type"), JSON.stringify(node.module), ...bindings);
}

function exports(node: Export, sub: Sub): Sexp {
  const names = node.names.map((n) => list("name", n.local, ...flag(n.exported !== n.local, `as:${n.exported}`)));
  const from = node.from === null ? [] : [`from:${JSON.stringify(node.from)}`];
  const below = node.declaration === null ? [] : [sub(node.declaration)];
  return block(["export", ...flag(node.isDefault, "default"), ...names, ...from], below);
}

function decorators(nodes: readonly Expression[], sub: Sub): readonly Sexp[] {
  return nodes.length === 0 ? [] : [list("@", ...nodes.map(sub))];
}

function typeParams(names: readonly string[]): readonly string[] {
  return flag(names.length > 0, `<${names.join(",")}>`);
}

function classDecl(node: ClassDecl, sub: Sub): Sexp {
  const bases = node.bases.map((b) => `${b.baseKind}:${printType(b.type)}`);
  const alias = node.aliasOf === undefined ? [] : [`= ${printType(node.aliasOf)}`];
  const fields = node.fields.map((f) =>
    list(
      "field",
      f.name,
      ...(f.type === null ? [] : [`:${printType(f.type)}`]),
      ...flag(f.isStatic, "static"),
      ...flag(f.isConst, "const"),
      ...decorators(f.decorators, sub),
      ...(f.value === null ? [] : ["=", sub(f.value)]),
    ),
  );
  const first = [node.classKind, node.name || "~", ...typeParams(node.typeParams), ...bases, ...alias, ...decorators(node.decorators, sub)];
  return block(first, [...fields, ...node.methods.map(sub), ...node.body.map(sub)]);
}

function parameter(param: Parameter, sub: Sub): Sexp {
  const stars = param.rest === "none" ? "" : param.rest === "list" ? "*" : "**";
  const word = stars + (param.byReference ? "&" : "") + (param.pattern === null ? param.name || "~" : "");
  const type = param.type === null ? "" : `:${printType(param.type)}`;
  const pattern = param.pattern === null ? [] : [sub(param.pattern)];
  const rest = [...pattern, ...decorators(param.decorators, sub), ...(param.defaultValue === null ? [] : ["=", sub(param.defaultValue)])];
  const [only] = rest;
  if (only === undefined) return word + type;
  return word + type === "" && rest.length === 1 ? only : list(...flag(word + type !== "", word + type), ...rest);
}

function functionNode(node: FunctionNode, sub: Sub): Sexp {
  const receiver = node.receiver === null ? [] : [`receiver:${node.receiver.name}${node.receiver.type === null ? "" : `:${printType(node.receiver.type)}`}`];
  const captures = node.captures === null ? [] : [`use:${node.captures.map((c) => (c.byReference ? "&" : "") + c.name).join(",")}`];
  const results = node.namedResults.length === 0 ? [] : [list("results", ...node.namedResults.map((p) => parameter(p, sub)))];
  const first: Sexp[] = [
    node.functionKind,
    ...flag(node.name !== "", node.name),
    ...typeParams(node.typeParams),
    ...receiver,
    list(...node.params.map((p) => parameter(p, sub))),
    ...flag(node.returnType !== null, `->${printType(node.returnType)}`),
    ...results,
    ...captures,
    ...flag(node.isAsync, "async"),
    ...flag(node.isGenerator, "generator"),
    ...flag(node.isStatic, "static"),
    ...decorators(node.decorators, sub),
  ];
  return node.body === null ? list(...first, "bodiless") : block(first, node.body.body.map(sub));
}

function assign(node: Assign, sub: Sub): Sexp {
  const words = [node.operator, ...(node.declares === null ? [] : [node.declares]), ...flag(node.byReference, "&")];
  const type = node.type === null ? [] : [`:${printType(node.type)}`];
  return list(...words, sub(node.target), ...type, ...(node.value === null ? [] : [sub(node.value)]));
}

function loop(node: Loop, sub: Sub): Sexp {
  const first: Sexp[] = [node.isAsync ? "async-loop" : "loop", node.loopKind, ...label(node.label)];
  if (node.declares !== null) first.push(node.declares);
  if (node.loopKind === "each") first.push(...flag(node.yields !== "values", node.yields), sub(node.target), sub(node.iterable));
  else if (node.test !== null) first.push(sub(node.test));
  const below: Sexp[] = [];
  if (node.init.length > 0) below.push(block(["init"], node.init.map(sub)));
  if (node.update.length > 0) below.push(block(["update"], node.update.map(sub)));
  return block(first, [...below, ...node.body.body.map(sub), ...optional("else", node.alternate, sub)]);
}

function switchStatement(node: Switch, sub: Sub): Sexp {
  const words = [node.isTypeSwitch ? "type-switch" : "switch", ...label(node.label), ...flag(node.typeBinding !== "", `as:${node.typeBinding}`)];
  const cases = node.cases.map((c) => {
    const tests = c.tests.length === 0 ? ["default"] : ["case", ...c.tests.map(sub)];
    const binds = c.binds.length === 0 ? [] : [list("binds", ...c.binds.map(sub))];
    const guard = c.guard === null ? [] : [list("guard", sub(c.guard))];
    return block([...tests, ...binds, ...guard, ...flag(c.fallsThrough, "falls-through")], c.body.body.map(sub));
  });
  return block([...words, sub(node.subject)], cases);
}

function handler(node: Handler, sub: Sub): Sexp {
  const types = node.types.map((t) => printType(t));
  const binding = node.binding === null ? [] : [list("as", sub(node.binding))];
  return block(["catch", ...types, ...binding], node.body.body.map(sub));
}

function tryStatement(node: Try, sub: Sub): Sexp {
  return block(
    ["try"],
    [
      ...node.body.body.map(sub),
      ...node.handlers.map((h) => handler(h, sub)),
      ...optional("else", node.alternate, sub),
      ...optional("finally", node.finalizer, sub),
    ],
  );
}
