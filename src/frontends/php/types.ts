import type { TypeNode, TypeShape } from "../../ast/types.ts";
import type { CstNode } from "../treesitter/cst.ts";
import { textOf } from "../treesitter/lowering.ts";
import { parts } from "../treesitter/margins.ts";
import type { Context } from "./context.ts";
import { relativeName } from "./names.ts";

/** @returns a TypeNode without fields */
export function typeNode(shape: TypeShape, name: string, args: readonly TypeNode[], start: number, end: number): TypeNode {
  return { shape, name, args, start, end };
}

/** @returns the union of the members; `null` among them makes the rest nullable */
export function unionOf(members: readonly TypeNode[], start: number, end: number): TypeNode {
  const rest = members.filter((m) => !isNull(m));
  if (rest.length === 0) return members[0] ?? typeNode("unknown", "", [], start, end);
  const inner = rest.length === 1 ? rest[0]! : typeNode("union", "", rest, start, end);
  if (rest.length === members.length || inner.shape === "nullable") return inner;
  return typeNode("nullable", "", [inner], start, end);
}

function isNull(type: TypeNode): boolean {
  return type.shape === "named" && type.name.length === 4 && type.name.toLowerCase() === "null";
}

/** @returns a declared type; intersections count as unions, since a value of one has the members of each */
export function lowerType(node: CstNode, context: Context, depth = 0): TypeNode {
  const { start, end } = node;
  if (depth > MAX_TYPE_DEPTH) return typeNode("unknown", "", [], start, end);
  switch (node.type) {
    case "optional_type": {
      const [inner] = parts(node);
      return inner === undefined ? typeNode("unknown", "", [], start, end) : typeNode("nullable", "", [lowerType(inner, context, depth + 1)], start, end);
    }
    case "union_type":
    case "disjunctive_normal_form_type":
    case "intersection_type":
      return unionOf(
        parts(node).map((part) => lowerType(part, context, depth + 1)),
        start,
        end,
      );
    case "primitive_type":
      return primitive(textOf(node, context), start, end);
    case "named_type": {
      const [name] = parts(node);
      return name === undefined ? typeNode("unknown", "", [], start, end) : namedType(name, context);
    }
    default:
      return namedType(node, context);
  }
}

const MAX_TYPE_DEPTH = 20;

function primitive(name: string, start: number, end: number): TypeNode {
  return name.toLowerCase() === "callable" ? typeNode("func", "", [], start, end) : typeNode("named", name, [], start, end);
}

/** @returns the type that a class name stands for, with its backslashes as written */
export function namedType(node: CstNode, context: Context): TypeNode {
  const name = node.type === "relative_name" ? relativeName(node, context) : textOf(node, context);
  return typeNode("named", name, [], node.start, node.end);
}

/** @returns the type in an optional node */
export function optionalType(node: CstNode | null, context: Context): TypeNode | null {
  return node === null ? null : lowerType(node, context);
}

/**
 * Chooses between what a declaration says in code and in its doc comment: the code is binding, but `array`, `iterable` and a class
 * without type arguments leave open what is inside, which the comment may say (`Order[]`, `Collection<int, Order>`).
 *
 * @returns the type that says more; null for neither
 */
export function declaredOrDocumented(declared: TypeNode | null, documented: TypeNode | null): TypeNode | null {
  if (declared === null || documented === null) return declared ?? documented;
  const [code, comment] = [bare(declared), bare(documented)];
  if (code.shape !== "named" || code.args.length > 0) return declared;
  const says = comment.shape === "named" ? comment.args.length > 0 : comment.shape === "list" || comment.shape === "map";
  return says || (VAGUE.has(code.name.toLowerCase()) && !(comment.shape === "named" && VAGUE.has(comment.name.toLowerCase()))) ? documented : declared;
}

const VAGUE: ReadonlySet<string> = new Set(["array", "iterable", "object", "mixed"]);

const bare = (type: TypeNode): TypeNode => (type.shape === "nullable" ? (type.args[0] ?? type) : type);
