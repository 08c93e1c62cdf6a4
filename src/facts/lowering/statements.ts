import type { Block, Call, Expression, Scoped, Select, Statement, Switch } from "../../ast/nodes.ts";
import { assertNever } from "../../ast/assert-never.ts";
import type { Value } from "../../flow/values.ts";
import { Scope } from "../../semantics/scope.ts";
import { assign, assignValue, bindPattern, declareOnly } from "./assignments.ts";
import { lowerClass } from "./classes.ts";
import { lowerCondition } from "./conditions.ts";
import { type Entered, type FunctionContext, inScope } from "./context.ts";
import { leaveScope, lowerJump, lowerReturn, lowerThrow, lowerTry } from "./exits.ts";
import { lowerExportNames } from "./exports.ts";
import { lowerCallSite, lowerExpression } from "./expressions.ts";
import { lowerFunction } from "./functions.ts";
import { declareImport, hoist } from "./hoisting.ts";
import { lowerLoop } from "./loops.ts";
import { reservedClass, reservedFunction } from "./reservations.ts";

/** Adds a block in a scope of its own where the language has block scopes. */
export function lowerBlock(node: Block, context: FunctionContext): void {
  if (!context.profile.blockScopes) {
    lowerStatements(node.body, context);
    return;
  }
  inScope(context, new Scope("block", context.scope, context.fn), () => {
    hoist(node.body, context);
    lowerStatements(node.body, context);
  });
}

export function lowerStatements(body: readonly Statement[], context: FunctionContext): void {
  for (const statement of body) lowerStatement(statement, context);
}

function lowerStatement(node: Statement, context: FunctionContext): void {
  const { graph } = context;
  switch (node.kind) {
    case "Import":
      declareImport(node, context);
      return;
    case "Export":
      lowerExport(node, context);
      return;
    case "Namespace":
      lowerNamespace(node.name, node.body, context);
      return;
    case "Class":
      lowerClass(node, context, reservedClass(node, context));
      return;
    case "FunctionDecl":
      lowerFunction(node.fn, context, { cls: -1, reserved: reservedFunction(node.fn, context) });
      return;
    case "Block":
      lowerBlock(node, context);
      return;
    case "ExprStmt":
      lowerDiscarded(node.expression, context);
      return;
    case "Assign": {
      const info = { declares: node.declares, type: node.type, at: node.start };
      if (node.value === null) declareOnly(node.target, info, context);
      else assign(node.target, node.operator, node.value, info, context);
      return;
    }
    case "ScopeDecl":
      return;
    case "If":
      lowerIf(node.test, node.consequent, node.alternate, context);
      return;
    case "Loop":
      lowerLoop(node, context);
      return;
    case "Switch":
      lowerSwitch(node, context);
      return;
    case "Select":
      lowerSelect(node, context);
      return;
    case "Try":
      lowerTry(node, context);
      return;
    case "Scoped":
      lowerScoped(node, context);
      return;
    case "Defer":
      lowerLater("defer", node.call, context);
      return;
    case "Spawn":
      lowerLater("spawn", node.call, context);
      return;
    case "Return":
      lowerReturn(node, context);
      return;
    case "Throw":
      lowerThrow(node.value === null ? null : lowerExpression(node.value, context), node.start, context);
      return;
    case "Break":
    case "Continue":
      lowerJump(node, context);
      return;
    case "Goto":
      graph.jump(labelled(node.label, context));
      return;
    case "Labeled":
      lowerLabeled(node.label, node.body, context);
      return;
    case "Delete":
      for (const target of node.targets) graph.event({ e: "delete", target: lowerExpression(target, context), at: node.start });
      return;
    case "Assert": {
      const [yes, no] = [graph.block(), graph.block()];
      lowerCondition(node.test, yes, no, context);
      // Nobody plans for an assertion that does not hold.
      graph.continueAt(no);
      graph.end({ t: "stop" });
      graph.continueAt(yes);
      return;
    }
    case "Unknown":
      lowerExpression(node, context);
      return;
    default:
      assertNever(node);
  }
}

function lowerExport(node: Extract<Statement, { kind: "Export" }>, context: FunctionContext): void {
  const { declaration } = node;
  if (declaration?.kind === "ExprStmt") {
    const value = lowerExpression(declaration.expression, context);
    context.unit.exports.push({ name: "default", value, isModule: false });
    return;
  }
  const declared: string[] = [];
  if (declaration !== null) {
    lowerStatement(declaration, context);
    if (declaration.kind === "FunctionDecl") declared.push(declaration.fn.name);
    else if (declaration.kind === "Class" || declaration.kind === "Namespace") declared.push(declaration.name);
    else collectNames(declaration, declared);
  }
  lowerExportNames(node, declared, context);
}

function collectNames(declaration: Statement, names: string[]): void {
  if (declaration.kind === "Block") for (const one of declaration.body) collectNames(one, names);
  else if (declaration.kind === "Assign") collectTargets(declaration.target, names);
}

function collectTargets(target: Expression, names: string[]): void {
  if (target.kind === "Name") names.push(target.name);
  else if (target.kind === "Collection") for (const entry of target.entries) collectTargets(entry.value, names);
  else if (target.kind === "DefaultPattern") collectTargets(target.target, names);
}

function lowerNamespace(name: string, body: readonly Statement[], context: FunctionContext): void {
  const outer = context.namespace;
  if (context.profile.separateVariables) {
    context.namespace = name;
    if (context.unit.packageName === "") context.unit.packageName = name;
    lowerStatements(body, context);
  } else
    inScope(context, new Scope("block", context.scope, context.fn), () => {
      hoist(body, context);
      lowerStatements(body, context);
    });
  context.namespace = outer;
}

/** An expression whose value nobody takes. */
function lowerDiscarded(node: Expression, context: FunctionContext): void {
  const value = lowerExpression(node, context);
  if (value.k === "call") context.graph.calls[value.id] = { ...context.graph.calls[value.id]!, discarded: true };
}

function lowerIf(test: Expression, consequent: Block, alternate: Block | null, context: FunctionContext): void {
  const { graph } = context;
  const [yes, after] = [graph.block(), graph.block()];
  const no = alternate === null ? after : graph.block();
  lowerCondition(test, yes, no, context);
  graph.continueAt(yes);
  lowerBlock(consequent, context);
  graph.jump(after);
  if (alternate !== null) {
    graph.continueAt(no);
    lowerBlock(alternate, context);
    graph.jump(after);
  }
  graph.continueAt(after);
}

function lowerSwitch(node: Switch, context: FunctionContext): void {
  const { graph } = context;
  const subject: Value | null = node.subject === null ? null : lowerExpression(node.subject, context);
  const after = graph.block();
  const bodies = node.cases.map(() => graph.block());
  const hasDefault = node.cases.some((one) => one.tests.length === 0 && one.guard === null);
  const otherwise = hasDefault ? [] : [after];
  if (node.subject === null) lowerGuards(node, bodies, after, context);
  else {
    for (const one of node.cases) for (const test of one.tests) if (!node.isTypeSwitch) lowerExpression(test, context);
    graph.end({ t: "choose", to: [...bodies, ...otherwise], what: "switch", at: node.start });
  }
  context.frames.push({ frame: "breakable", label: node.label, breakTo: after, continueTo: null, loop: -1 });
  for (const [i, one] of node.cases.entries()) {
    graph.continueAt(bodies[i]!);
    inScope(context, context.profile.blockScopes ? new Scope("block", context.scope, context.fn) : context.scope, () => {
      if (node.typeBinding !== "")
        bindPattern(
          { kind: "Name", name: node.typeBinding, isVariable: false, start: one.start, end: one.start },
          caseValue(node, one, subject, context),
          "short",
          context,
        );
      for (const bind of one.binds) bindPattern(bind, { k: "unknown", of: subject === null ? [] : [subject] }, null, context);
      if (one.guard !== null) lowerGuard(one.guard, [...bodies.slice(i + 1), ...otherwise], node.start, context);
      lowerBlock(one.body, context);
    });
    graph.jump(one.fallsThrough ? (bodies[i + 1] ?? after) : after);
  }
  context.frames.pop();
  graph.continueAt(after);
}

/** Goes on when the guard of a case holds, and else to one of the ways after it. */
function lowerGuard(guard: Expression, others: readonly number[], at: number, context: FunctionContext): void {
  const { graph } = context;
  const [holds, fails] = [graph.block(), graph.block()];
  lowerCondition(guard, holds, fails, context);
  graph.continueAt(fails);
  graph.end({ t: "choose", to: others, what: "switch", at });
  graph.continueAt(holds);
}

/** What a type switch's name holds in a case: the subject, with the case's type where there is one. */
function caseValue(node: Switch, one: Switch["cases"][number], subject: Value | null, context: FunctionContext): Value {
  const of: Value = subject ?? { k: "unknown", of: [] };
  const test = one.tests.length === 1 ? one.tests[0] : undefined;
  if (!node.isTypeSwitch || test === undefined) return of;
  const type = lowerExpression(test, context);
  return type.k === "cast" ? { ...type, of } : of;
}

/** A switch without subject is a chain of conditions. */
function lowerGuards(node: Switch, bodies: readonly number[], after: number, context: FunctionContext): void {
  const { graph } = context;
  let otherwise = after;
  for (const [i, one] of node.cases.entries()) {
    if (one.tests.length === 0) otherwise = bodies[i]!;
    for (const test of one.tests) {
      const next = graph.block();
      lowerCondition(test, bodies[i]!, next, context);
      graph.continueAt(next);
    }
  }
  graph.jump(otherwise);
}

function lowerSelect(node: Select, context: FunctionContext): void {
  const { graph } = context;
  const after = graph.block();
  const bodies = node.cases.map(() => graph.block());
  const otherwise = bodies[node.cases.findIndex((one) => one.communication === null)];
  graph.end({ t: "choose", to: bodies, what: "select", at: node.start, ...(otherwise === undefined ? {} : { otherwise }) });
  context.frames.push({ frame: "breakable", label: node.label, breakTo: after, continueTo: null, loop: -1 });
  for (const [i, one] of node.cases.entries()) {
    graph.continueAt(bodies[i]!);
    inScope(context, new Scope("block", context.scope, context.fn), () => {
      if (one.communication !== null) lowerStatement(one.communication, context);
      lowerBlock(one.body, context);
    });
    graph.jump(after);
  }
  context.frames.pop();
  graph.continueAt(after);
}

/** Python `with`, TS `using`: the values are released on every way out of the body. */
function lowerScoped(node: Scoped, context: FunctionContext): void {
  const { graph } = context;
  const lower = (): void => {
    const entered: Entered[] = [];
    const { handler } = graph;
    for (const item of node.items) {
      const value = lowerExpression(item.value, context);
      graph.event({ e: "enter", value, at: item.start });
      entered.push({ value, at: item.start });
      if (item.target !== null)
        assignValue(
          item.target,
          context.profile.assignmentDeclares ? { k: "entered", of: value } : value,
          { declares: context.profile.assignmentDeclares ? null : "const", type: null, at: item.start },
          context,
        );
    }
    context.frames.push({ frame: "scope", entered, handler });
    lowerBlock(node.body, context);
    context.frames.pop();
    leaveScope(entered, context);
  };
  if (context.profile.blockScopes) inScope(context, new Scope("block", context.scope, context.fn), lower);
  else lower();
}

/** `defer f(x)`, `go f(x)`: callee and arguments are evaluated now, the call runs later. */
function lowerLater(e: "defer" | "spawn", node: Expression, context: FunctionContext): void {
  const call: Call =
    node.kind === "Call" ? node : { kind: "Call", callee: node, args: [], isNew: false, optional: false, typeArgs: [], start: node.start, end: node.end };
  context.graph.event({ e, call: lowerCallSite(call, context) });
}

/** The block that a label stands for; one that comes later leads on to its place when that is reached. */
function labelled(label: string, { graph, labels }: FunctionContext): number {
  const known = labels.get(label);
  if (known !== undefined) return known;
  const block = graph.block();
  labels.set(label, block);
  return block;
}

/** Begins a block at a label, under the handler and in the loop of its own place. */
function placeLabel(label: string, context: FunctionContext): void {
  const { graph, labels } = context;
  const early = labels.get(label);
  const here = graph.block();
  labels.set(label, here);
  graph.jump(here);
  if (early !== undefined) {
    graph.continueAt(early);
    graph.jump(here);
  }
  graph.continueAt(here);
}

function lowerLabeled(label: string, body: Block, context: FunctionContext): void {
  const { graph } = context;
  placeLabel(label, context);
  const after = graph.block();
  context.frames.push({ frame: "breakable", label, breakTo: after, continueTo: null, loop: -1 });
  lowerBlock(body, context);
  context.frames.pop();
  graph.jump(after);
  graph.continueAt(after);
}
