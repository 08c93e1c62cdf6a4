import type { Assign, ClassBase, ClassDecl, Expression, Field, FunctionNode, Statement } from "../../ast/nodes.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { child } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import { firstPart, parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { typeParamsOf } from "./functions.ts";
import { parseAnnotation, parseType } from "./types.ts";

/**
 * Lowers a `class`.
 *
 * @param outer the decorated definition around it, or the definition itself: the class's span
 */
export function lowerClass(node: CstNode, outer: CstNode, decorators: readonly Expression[], context: Context): ClassDecl {
  const nameNode = child(node, "name");
  const stray: Statement[] = [];
  const bases = basesOf(child(node, "superclasses"), stray, context);
  const members = membersOf(child(node, "body"), context);
  return {
    kind: "Class",
    classKind: "class",
    name: nameNode === null ? "" : textOf(nameNode, context),
    typeParams: typeParamsOf(child(node, "type_parameters"), context),
    bases,
    fields: members.fields,
    methods: members.methods,
    body: [...stray, ...members.body],
    decorators,
    nameStart: nameNode === null ? node.start : nameNode.start,
    start: outer.start,
    end: outer.end,
  };
}

/** The bases as types. What is computed (`namedtuple(…)`, keyword values with calls) also runs, as a statement of the class body. */
function basesOf(list: CstNode | null, stray: Statement[], context: Context): ClassBase[] {
  const bases: ClassBase[] = [];
  for (const part of list === null ? [] : parts(list)) {
    const value = part.type === "keyword_argument" ? child(part, "value") : part;
    if (part.type !== "keyword_argument") bases.push({ baseKind: "extends", type: parseType(context.text, part.start, part.end) });
    if (value === null || value.type === "identifier" || value.type === "attribute" || value.type === "subscript") continue;
    if (value.type !== "string" && value.type !== "true" && value.type !== "false") {
      stray.push({ kind: "ExprStmt", expression: context.expression(value), start: value.start, end: value.end });
    }
  }
  return bases;
}

interface Members {
  readonly fields: Field[];
  readonly methods: FunctionNode[];
  readonly body: Statement[];
}

function membersOf(block: CstNode | null, context: Context): Members {
  const members: Members = { fields: [], methods: [], body: [] };
  const inClass = context.inClass;
  context.inClass = true;
  for (const c of block === null ? [] : block.children) {
    if (!c.named) continue;
    const lowered: Statement[] = [];
    context.statement(c, lowered);
    for (const statement of lowered) addMember(statement, members, annotationNode(c), context);
  }
  context.inClass = inClass;
  return members;
}

/** The `type` of `name: type = value`, with its qualifiers still to be read. */
function annotationNode(statement: CstNode): CstNode | null {
  const assignment = firstPart(statement);
  return statement.type === "expression_statement" && assignment?.type === "assignment" ? child(assignment, "type") : null;
}

function addMember(statement: Statement, members: Members, annotation: CstNode | null, context: Context): void {
  if (statement.kind === "FunctionDecl") members.methods.push(statement.fn);
  else if (statement.kind === "Assign" && statement.operator === "=" && statement.target.kind === "Name") {
    members.fields.push(fieldOf(statement, statement.target.name, annotation, context));
  } else members.body.push(statement);
}

/** Annotated names are fields of the instances (dataclasses, models), others of the class. */
function fieldOf(assign: Assign, name: string, annotation: CstNode | null, context: Context): Field {
  const parsed = annotation === null ? null : parseAnnotation(context.text, annotation.start, annotation.end);
  return {
    name,
    type: assign.type,
    value: assign.value,
    isStatic: parsed?.isClassVar ?? true,
    isConst: parsed?.isFinal ?? false,
    decorators: [],
    start: assign.start,
    end: assign.end,
  };
}
