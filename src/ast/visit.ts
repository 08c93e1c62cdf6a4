import { assertNever } from "./assert-never.ts";
import type { ClassDecl, Expression, FunctionNode, JsxElement, Loop, Node, Statement, Switch } from "./nodes.ts";

type Children = readonly (Node | null)[];

/**
 * The nodes directly below a node, whatever its kind; parts without a kind of their own (arguments, parameters, fields, handlers, cases)
 * are passed through to the nodes they hold. Types are no nodes.
 *
 * @returns the children in source order, except that a conditional expression's test comes first
 */
export function childrenOf(node: Node): readonly Node[] {
  const children = isStatementOrDeclaration(node) ? childrenOfStatement(node) : childrenOfExpression(node);
  return children.includes(null) ? children.filter((c) => c !== null) : (children as readonly Node[]);
}

/**
 * Every node of a tree, parents before children, in source order. Does not recurse: the depth of the tree is of no concern.
 *
 * @param visit called once per node; returning `false` leaves out what is below it
 */
export function walk(root: Node, visit: (node: Node) => boolean | void): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (visit(node) === false) continue;
    const children = childrenOf(node);
    for (let i = children.length - 1; i >= 0; i--) pending.push(children[i]!);
  }
}

type Outer = Exclude<Node, Expression>;

const STATEMENT_KINDS: Readonly<Record<Outer["kind"], true>> = {
  Module: true,
  Function: true,
  Import: true,
  Export: true,
  Namespace: true,
  Class: true,
  FunctionDecl: true,
  Block: true,
  ExprStmt: true,
  Assign: true,
  ScopeDecl: true,
  If: true,
  Loop: true,
  Switch: true,
  Select: true,
  Try: true,
  Scoped: true,
  Defer: true,
  Spawn: true,
  Return: true,
  Throw: true,
  Break: true,
  Continue: true,
  Goto: true,
  Labeled: true,
  Delete: true,
  Assert: true,
};

function isStatementOrDeclaration(node: Node): node is Outer {
  return node.kind in STATEMENT_KINDS;
}

function childrenOfStatement(node: Outer): Children {
  switch (node.kind) {
    case "Module":
    case "Namespace":
    case "Block":
      return node.body;
    case "Function":
      return childrenOfFunction(node);
    case "Class":
      return childrenOfClass(node);
    case "FunctionDecl":
      return [node.fn];
    case "Export":
      return [node.declaration];
    case "ExprStmt":
      return [node.expression];
    case "Assign":
      return [node.target, node.value];
    case "If":
      return [node.test, node.consequent, node.alternate];
    case "Loop":
      return childrenOfLoop(node);
    case "Switch":
      return childrenOfSwitch(node);
    case "Select":
      return node.cases.flatMap((c): Children => [c.communication, c.body]);
    case "Try":
      return [node.body, ...node.handlers.flatMap((h): Children => [h.binding, h.body]), node.alternate, node.finalizer];
    case "Scoped":
      return [...node.items.flatMap((i): Children => [i.value, i.target]), node.body];
    case "Defer":
    case "Spawn":
      return [node.call];
    case "Return":
    case "Throw":
      return [node.value];
    case "Labeled":
      return [node.body];
    case "Delete":
      return node.targets;
    case "Assert":
      return [node.test, node.message];
    case "Import":
    case "ScopeDecl":
    case "Break":
    case "Continue":
    case "Goto":
      return [];
    default:
      return assertNever(node);
  }
}

function childrenOfExpression(node: Expression): Children {
  switch (node.kind) {
    case "Name":
    case "This":
    case "Super":
    case "Literal":
    case "TypeExpr":
      return [];
    case "Template":
      return [node.tag, ...node.parts];
    case "Member":
      return [node.object];
    case "Index":
      return [node.object, node.index];
    case "Slice":
      return [node.object, node.low, node.high, node.step];
    case "Call":
      return [node.callee, ...node.args.map((a) => a.value)];
    case "Lambda":
      return [node.fn];
    case "ClassExpr":
      return [node.cls];
    case "Await":
    case "Yield":
    case "Spread":
    case "Cast":
    case "ThrowExpr":
      return [node.value];
    case "Binary":
    case "Logical":
      return [node.left, node.right];
    case "Unary":
      return [node.operand];
    case "AssignExpr":
      return [node.target, node.value];
    case "DefaultPattern":
      return [node.target, node.defaultValue];
    case "Conditional":
      // `a ?: b` has one node in both places.
      return node.test === node.consequent ? [node.test, node.alternate] : [node.test, node.consequent, node.alternate];
    case "Collection":
      return node.entries.flatMap((e) => (e.key === null ? [e.value] : [e.key, e.value]));
    case "Comprehension":
      return [node.key, node.element, ...node.clauses.flatMap((c) => [c.target, c.iterable, ...c.conditions])];
    case "ChannelOp":
      return [node.channel, node.value];
    case "MatchExpr":
      return [node.subject, ...node.arms.flatMap((a) => [...a.tests, a.value])];
    case "Sequence":
      return node.expressions;
    case "Jsx":
      return childrenOfJsx(node);
    case "Unknown":
      return node.children;
    default:
      return assertNever(node);
  }
}

function childrenOfFunction(fn: FunctionNode): Children {
  const children: (Node | null)[] = [...fn.decorators];
  for (const p of fn.params) children.push(...p.decorators, p.pattern, p.defaultValue);
  children.push(fn.body);
  return children;
}

function childrenOfClass(cls: ClassDecl): Children {
  const members: Node[] = [...cls.methods, ...cls.body];
  for (const field of cls.fields) {
    members.push(...field.decorators);
    if (field.value !== null) members.push(field.value);
  }
  members.sort((a, b) => a.start - b.start);
  return [...cls.decorators, ...members];
}

function childrenOfLoop(loop: Loop): Children {
  if (loop.loopKind === "do-while") return [loop.body, loop.test];
  if (loop.loopKind === "each") return [...loop.init, loop.target, loop.iterable, loop.body, loop.alternate];
  const init: readonly Statement[] = loop.init;
  return [...init, loop.test, ...loop.update, loop.body, loop.alternate];
}

function childrenOfSwitch(node: Switch): Children {
  const children: (Node | null)[] = [node.subject];
  for (const c of node.cases) children.push(...c.tests, ...c.binds, c.guard, c.body);
  return children;
}

function childrenOfJsx(node: JsxElement): Children {
  return [node.tag, ...node.attributes.map((a) => a.value), ...node.children];
}
