import type { Call, Collection, Comprehension, Conditional, Expression, JsxElement, Logical, MatchExpr, Member } from "../../ast/nodes.ts";
import type { CallArgument, CallSite } from "../../flow/event-graph.ts";
import { type CollectionValue, type RefValue, type Value, unknownValue } from "../../flow/values.ts";
import { Scope } from "../../semantics/scope.ts";
import { assertNever } from "../../ast/assert-never.ts";
import { assign, bindPattern } from "./assignments.ts";
import { lowerClass } from "./classes.ts";
import { branchOn, isComparison, lowerCondition, testOfValue } from "./conditions.ts";
import { type FunctionContext, closeLoop, inScope, openLoop, updateLoop } from "./context.ts";
import { lowerFunction } from "./functions.ts";
import { memberRef, phpName, valueOfName } from "./names.ts";
import { typeFact } from "./types.ts";

/** Longest string constant that is kept whole; the rest is cut. */
const maxString = 60;
/** Most entries of a literal collection that are kept; more say nothing new. */
const maxItems = 64;

/** Adds the events of an expression and returns what it refers to. */
export function lowerExpression(node: Expression, context: FunctionContext): Value {
  switch (node.kind) {
    case "Name":
      return valueOfName(node, context);
    case "This":
      return { k: "this" };
    case "Super":
      return { k: "super" };
    case "Literal":
      return { k: "const", v: typeof node.value === "string" ? node.value.slice(0, maxString) : node.value };
    case "Template":
      return derived(node.tag === null ? node.parts : [node.tag, ...node.parts], context);
    case "Member":
      return lowerMember(node, context);
    case "Index": {
      const of = lowerExpression(node.object, context);
      return { k: "index", of, key: node.index === null ? null : lowerExpression(node.index, context) };
    }
    case "Slice":
      derived(
        [node.low, node.high, node.step].filter((part) => part !== null),
        context,
      );
      return { k: "slice", of: lowerExpression(node.object, context) };
    case "Call":
      return lowerCall(node, context);
    case "Lambda":
      return { k: "fn", id: lowerFunction(node.fn, context, { cls: context.cls, reserved: -1 }) };
    case "ClassExpr":
      return { k: "class", id: lowerClass(node.cls, context, -1) };
    case "Await":
      return awaited(lowerExpression(node.value, context), node.start, context);
    case "Yield": {
      const value = node.value === null ? null : lowerExpression(node.value, context);
      context.graph.event({ e: "yield", value, at: node.start });
      return unknownValue;
    }
    case "Binary":
      return derivedOf(binaryOperands(node).map((operand) => lowerExpression(operand, context)));
    case "Logical":
      return lowerLogical(node, context);
    case "Unary":
      return lowerUnary(node.operator, node.operand, node.start, context);
    case "AssignExpr":
      return assign(node.target, node.operator, node.value, { declares: null, type: null, at: node.start }, context);
    case "DefaultPattern":
      return lowerExpression(node.defaultValue, context);
    case "Conditional":
      return lowerConditional(node, context);
    case "Collection":
      return lowerCollection(node, context);
    case "Comprehension":
      return lowerComprehension(node, context);
    case "Spread":
      return lowerExpression(node.value, context);
    case "Cast": {
      const of = lowerExpression(node.value, context);
      const type = typeFact(node.type, context);
      return type === null ? of : { k: "cast", of, type };
    }
    case "ChannelOp":
      return lowerChannelOp(node.operation, node.channel, node.value, node.start, context);
    case "MatchExpr":
      return lowerMatch(node, context);
    case "ThrowExpr":
      context.graph.end({ t: "throw", value: lowerExpression(node.value, context), to: context.graph.handler, at: node.start, rethrow: false });
      return unknownValue;
    case "Sequence":
      return node.expressions.map((one) => lowerExpression(one, context)).at(-1) ?? unknownValue;
    case "Jsx":
      return lowerJsx(node, context);
    case "TypeExpr": {
      const type = typeFact(node.type, context);
      return type === null ? unknownValue : { k: "cast", of: unknownValue, type };
    }
    case "Unknown": {
      context.unit.unknown[node.syntax] = (context.unit.unknown[node.syntax] ?? 0) + 1;
      const of = node.children.map((child) => lowerExpression(child, context));
      context.graph.event({ e: "escape", values: of, at: node.start });
      return { k: "unknown", of };
    }
    default:
      return assertNever(node);
  }
}

/** Operands of a chain `a + b + c …`, without recursion along its left side. */
function binaryOperands(node: Expression): Expression[] {
  const operands: Expression[] = [];
  let left = node;
  while (left.kind === "Binary") {
    operands.push(left.right);
    left = left.left;
  }
  operands.push(left);
  return operands.reverse();
}

function derived(parts: readonly Expression[], context: FunctionContext): Value {
  return derivedOf(parts.map((part) => lowerExpression(part, context)));
}

/** A new value made from others; only what they refer to is kept. */
export function derivedOf(of: readonly Value[]): Value {
  const parts = of.filter((value) => value.k !== "const").flatMap((value) => (value.k === "derived" ? value.of : [value]));
  const [first] = of;
  const start = first?.k === "derived" ? first.start : first?.k === "const" && typeof first.v === "string" && first.v !== "" ? first.v : undefined;
  return { k: "derived", of: parts.slice(0, 12), ...(start === undefined ? {} : { start }) };
}

function lowerMember(node: Member, context: FunctionContext): Value {
  if (node.isStatic && node.object.kind === "Name" && !node.object.isVariable) {
    const cls = phpName(node.object.name, "class", context);
    // `X::class` names the class; calls that take it mean the class itself.
    if (node.property === "class") return cls;
    return cls.k === "ref" ? memberRef(cls, node.property) : { k: "field", of: cls, name: node.property };
  }
  return fieldOf(lowerExpression(node.object, context), node.property);
}

/** @returns the member of a value; references grow into longer references */
export function fieldOf(of: Value, name: string): Value {
  return of.k === "ref" ? memberRef(of, name) : { k: "field", of, name };
}

/** Marks the call whose result is awaited. Awaiting is transparent otherwise: a promise stands for what it will be. */
function awaited(value: Value, at: number, context: FunctionContext): Value {
  if (value.k === "call") context.graph.calls[value.id] = { ...context.graph.calls[value.id]!, awaited: true };
  else if (value.k === "var" || value.k === "field") context.graph.event({ e: "await", value, at });
  return value;
}

/** Adds a call and its event. `require("x")` and dynamic imports are references to the module. */
function lowerCall(node: Call, context: FunctionContext): Value {
  const module = requiredModule(node, context);
  if (module !== null) return { k: "ref", module, name: "" };
  const call = lowerCallSite(node, context);
  context.graph.event({ e: "call", call });
  return { k: "call", id: call };
}

function requiredModule(node: Call, context: FunctionContext): string | null {
  if (node.callee.kind !== "Name" || (node.callee.name !== "require" && node.callee.name !== "import") || !context.profile.hoistsBlocks) return null;
  const argument = node.args[0]?.value;
  if (argument?.kind !== "Literal" || typeof argument.value !== "string" || context.scope.lookup(node.callee.name) !== null) return null;
  context.unit.imports.push({ module: argument.value, typeOnly: false, at: node.start });
  return argument.value;
}

/** Adds a call without saying when it runs (`defer` and `go` decide that). @returns its index in the graph */
export function lowerCallSite(node: Call, context: FunctionContext): number {
  const callee = lowerCallee(node, context);
  const args: CallArgument[] = node.args.map((arg) => ({ value: lowerExpression(arg.value, context), name: arg.name, spread: arg.spread !== "none" }));
  const site: CallSite = {
    callee,
    args,
    isNew: node.isNew,
    awaited: false,
    discarded: false,
    start: node.start,
    end: node.end,
    loop: context.graph.loop,
    types: node.typeArgs.map((type) => typeFact(type, context)!),
    guarded: context.guards > 0,
  };
  context.graph.calls.push(site);
  return context.graph.calls.length - 1;
}

function lowerCallee(node: Call, context: FunctionContext): Value {
  const { callee } = node;
  if (context.profile.separateVariables && callee.kind === "Name" && !callee.isVariable)
    return phpName(callee.name, node.isNew ? "class" : "function", context);
  return lowerExpression(callee, context);
}

function lowerUnary(operator: string, operand: Expression, at: number, context: FunctionContext): Value {
  const value = lowerExpression(operand, context);
  if (operator === "&" || operator === "*" || operator === "@" || operator === "callable") return value;
  if (operator === "delete") context.graph.event({ e: "delete", target: value, at });
  return operator === "-" && value.k === "const" && typeof value.v === "number" ? { k: "const", v: -value.v } : derivedOf([value]);
}

/** `a or b`, `a ?? b`: b's events happen only on the way where it is needed. A comparison decides as in a condition: `timer !== null && clear(timer)`. */
function lowerLogical(node: Logical, context: FunctionContext): Value {
  const { graph } = context;
  const isOr = node.operator === "or";
  const isGuard = node.operator !== "??" && isComparison(node.left);
  const left: Value = isGuard ? { k: "const", v: isOr } : lowerExpression(node.left, context);
  const more = graph.block();
  const join = graph.block();
  const [yes, no] = isOr ? [join, more] : [more, join];
  if (isGuard) lowerCondition(node.left, yes, no, context);
  else branchOn(node.operator === "??" ? { test: "null", value: left } : testOfValue(left), yes, no, node.start, context);
  graph.continueAt(more);
  const right = lowerExpression(node.right, context);
  graph.jump(join);
  graph.continueAt(join);
  return { k: "either", of: [left, right] };
}

function lowerConditional(node: Conditional, context: FunctionContext): Value {
  const { graph } = context;
  const [yes, no, join] = [graph.block(), graph.block(), graph.block()];
  const shared = node.consequent === node.test ? lowerExpression(node.test, context) : null;
  if (shared === null) lowerCondition(node.test, yes, no, context);
  else branchOn(testOfValue(shared), yes, no, node.start, context);
  graph.continueAt(yes);
  const consequent = shared ?? lowerExpression(node.consequent, context);
  graph.jump(join);
  graph.continueAt(no);
  const alternate = lowerExpression(node.alternate, context);
  graph.jump(join);
  graph.continueAt(join);
  return { k: "either", of: [consequent, alternate] };
}

function lowerMatch(node: MatchExpr, context: FunctionContext): Value {
  const { graph } = context;
  lowerExpression(node.subject, context);
  const blocks = node.arms.map(() => graph.block());
  const join = graph.block();
  graph.end({ t: "choose", to: blocks, what: "switch", at: node.start });
  const of = node.arms.map((arm, i) => {
    graph.continueAt(blocks[i]!);
    for (const test of arm.tests) lowerExpression(test, context);
    const value = lowerExpression(arm.value, context);
    graph.jump(join);
    return value;
  });
  graph.continueAt(join);
  return { k: "either", of };
}

function lowerCollection(node: Collection, context: FunctionContext): Value {
  const items: Value[] = [];
  const keys: (string | null)[] = [];
  for (const entry of node.entries) {
    const key = entry.key === null ? null : constantKey(entry.key);
    if (entry.key !== null && key === null) lowerExpression(entry.key, context);
    const value = lowerExpression(entry.value, context);
    const named = node.collectionKind === "object" || node.collectionKind === "struct" || key !== null;
    if ((value.k === "const" && !named && node.collectionKind !== "tuple") || items.length >= maxItems) continue;
    items.push(entry.spread ? { k: "unknown", of: [value] } : value);
    keys.push(key);
  }
  const value: CollectionValue = { k: "coll", kind: node.collectionKind, items, keys, size: node.entries.length, at: node.start };
  const type = typeFact(node.type, context);
  if (type === null) return value;
  return type.ref?.k === "ref" && type.ref.module !== null && node.collectionKind === "struct"
    ? { ...value, type, made: construction(node, value, type.ref, context) }
    : { ...value, type };
}

/** `http.Transport{…}` builds what a constructor would: a call of the type with the fields as named arguments. */
function construction(node: Collection, value: CollectionValue, callee: RefValue, context: FunctionContext): number {
  const args = value.items.map((item, i) => ({ value: item, name: value.keys[i] ?? "", spread: false }));
  const { graph } = context;
  graph.calls.push({
    callee,
    args,
    isNew: true,
    awaited: false,
    discarded: false,
    start: node.start,
    end: node.end,
    loop: graph.loop,
    types: [],
    guarded: context.guards > 0,
  });
  const call = graph.calls.length - 1;
  graph.event({ e: "call", call });
  return call;
}

/** The text of a key that is always the same: a literal, or the name of a constant (`CURLOPT_TIMEOUT`, `RequestOptions::TIMEOUT`). */
function constantKey(key: Expression): string | null {
  if (key.kind === "Literal") return String(key.value);
  if (key.kind === "Member" && key.isStatic) return key.property;
  return key.kind === "Name" && /^[A-Z][A-Z0-9_]+$/.test(key.name) ? key.name : null;
}

function lowerComprehension(node: Comprehension, context: FunctionContext): Value {
  const { graph } = context;
  let opened = 0;
  let items: Value[] = [];
  const done = graph.block();
  inScope(context, new Scope("block", context.scope, context.fn), () => {
    let exit = done;
    for (const clause of node.clauses) {
      const iterable = lowerExpression(clause.iterable, context);
      const loop = openLoop(context, { kind: "comprehension", iterable, targets: [], test: null, start: node.start, end: node.end, exits: false });
      opened++;
      const [head, body] = [graph.block(), graph.block()];
      graph.jump(head);
      graph.continueAt(head);
      graph.end({ t: "each", loop, body, done: exit, at: clause.start });
      graph.continueAt(body);
      updateLoop(context, loop, { targets: bindPattern(clause.target, { k: "elem", of: iterable, part: "value" }, "let", context) });
      exit = head;
      for (const condition of clause.conditions) {
        const next = graph.block();
        lowerCondition(condition, next, head, context);
        graph.continueAt(next);
      }
    }
    const elements = node.key === null ? [node.element] : [node.key, node.element];
    items = elements.map((element) => lowerExpression(element, context));
    graph.jump(exit);
  });
  for (; opened > 0; opened--) closeLoop(context);
  graph.continueAt(done);
  const kind = node.collectionKind === "generator" ? "list" : node.collectionKind;
  return { k: "coll", kind, items: items.slice(-1), keys: [null], size: 1, at: node.start };
}

function lowerChannelOp(operation: "send" | "receive", channelNode: Expression, valueNode: Expression | null, at: number, context: FunctionContext): Value {
  const channel = lowerExpression(channelNode, context);
  if (operation === "receive") {
    context.graph.event({ e: "receive", channel, at });
    return { k: "received", of: channel };
  }
  const value = valueNode === null ? unknownValue : lowerExpression(valueNode, context);
  context.graph.event({ e: "send", channel, value, at });
  return unknownValue;
}

function lowerJsx(node: JsxElement, context: FunctionContext): Value {
  const of: Value[] = node.tag === null || node.tag.kind === "Literal" ? [] : [lowerExpression(node.tag, context)];
  for (const attribute of node.attributes) if (attribute.value !== null) of.push(lowerExpression(attribute.value, context));
  for (const element of node.children) of.push(lowerExpression(element, context));
  return { k: "unknown", of: of.filter((value) => value.k !== "const"), element: true };
}
