import type { ts } from "ts-morph";
import type { Call, Expression, Member, Name, Unknown } from "../../ast/nodes.ts";
import { lowerClassExpression } from "./classes.ts";
import {
  type Compiler,
  type Context,
  type LowerExpression,
  type LowerLink,
  MAX_DEPTH,
  type Table,
  literal,
  optionalExpression,
  spanOf,
  startOf,
  unknown,
} from "./context.ts";
import { lowerLambda } from "./functions.ts";
import { lowerJsxElement, lowerJsxExpression, lowerJsxFragment, lowerJsxSelfClosing } from "./jsx.ts";
import { lowerBigInt, lowerNumber, lowerRegex, lowerString, lowerTaggedTemplate, lowerTemplate } from "./literals.ts";
import { lowerIdentifier, nameOf } from "./names.ts";
import { argumentsOf, lowerArray, lowerObject } from "./objects.ts";
import { lowerBinary, lowerIncrement, lowerKeywordOperator, lowerPrefix } from "./operators.ts";
import { typeOf, typesOf } from "./types.ts";

/** How each kind of expression is lowered. */
export function expressionTable(ts: Compiler): Table<LowerExpression> {
  const K = ts.SyntaxKind;
  const table: Record<number, LowerExpression> = {
    ...operatorRows(ts),
    [K.Identifier]: lowerIdentifier,
    [K.PrivateIdentifier]: lowerIdentifier,
    [K.QualifiedName]: lowerQualifiedName,
    [K.ThisKeyword]: (n, c) => ({ kind: "This", start: startOf(n, c), end: n.end }),
    [K.SuperKeyword]: (n, c) => ({ kind: "Super", start: startOf(n, c), end: n.end }),
    [K.ImportKeyword]: (n, c) => nameOf(n, "import", c),
    [K.NullKeyword]: (n, c) => literal(n, "null", null, c),
    [K.TrueKeyword]: (n, c) => literal(n, "boolean", true, c),
    [K.FalseKeyword]: (n, c) => literal(n, "boolean", false, c),
    [K.OmittedExpression]: (n, c) => literal(n, "null", null, c),
    [K.NumericLiteral]: lowerNumber,
    [K.BigIntLiteral]: lowerBigInt,
    [K.StringLiteral]: lowerString,
    [K.NoSubstitutionTemplateLiteral]: lowerString,
    [K.RegularExpressionLiteral]: lowerRegex,
    [K.TemplateExpression]: lowerTemplate,
    [K.ArrayLiteralExpression]: lowerArray,
    [K.ObjectLiteralExpression]: lowerObject,
    [K.ParenthesizedExpression]: (n: ts.ParenthesizedExpression, c) => c.expression(n.expression),
    [K.FunctionExpression]: lowerLambda,
    [K.ArrowFunction]: lowerLambda,
    [K.ClassExpression]: lowerClassExpression,
    [K.NewExpression]: lowerNew,
    [K.MetaProperty]: lowerMetaProperty,
    [K.JsxElement]: lowerJsxElement,
    [K.JsxSelfClosingElement]: lowerJsxSelfClosing,
    [K.JsxFragment]: lowerJsxFragment,
    [K.JsxExpression]: lowerJsxExpression,
  };
  for (const kind of Object.keys(linkTable(ts))) table[Number(kind)] = lowerLinks;
  return table;
}

function operatorRows({ SyntaxKind: K }: Compiler): Table<LowerExpression> {
  return {
    [K.BinaryExpression]: lowerBinary,
    [K.PrefixUnaryExpression]: lowerPrefix,
    [K.PostfixUnaryExpression]: lowerIncrement,
    [K.TypeOfExpression]: lowerKeywordOperator,
    [K.VoidExpression]: lowerKeywordOperator,
    [K.DeleteExpression]: lowerKeywordOperator,
    [K.AwaitExpression]: (n: ts.AwaitExpression, c) => ({ kind: "Await", value: c.expression(n.expression), ...spanOf(n, c) }),
    [K.YieldExpression]: (n: ts.YieldExpression, c) => ({
      kind: "Yield",
      value: optionalExpression(n.expression, c),
      delegate: n.asteriskToken !== undefined,
      ...spanOf(n, c),
    }),
    [K.ConditionalExpression]: lowerConditional,
    [K.SpreadElement]: (n: ts.SpreadElement, c) => ({ kind: "Spread", value: c.expression(n.expression), ...spanOf(n, c) }),
    [K.TypeAssertionExpression]: (n: ts.TypeAssertion, c) => ({
      kind: "Cast",
      value: c.expression(n.expression),
      type: typeOf(n.type, c),
      isAssertion: false,
      ...spanOf(n, c),
    }),
  };
}

/** How each kind of link is put behind the expression on its left, which was lowered before. */
export function linkTable({ SyntaxKind: K }: Compiler): Table<LowerLink> {
  return {
    [K.PropertyAccessExpression]: lowerMember,
    [K.ElementAccessExpression]: (n: ts.ElementAccessExpression, object, c) => ({
      kind: "Index",
      object,
      index: c.expression(n.argumentExpression),
      optional: n.questionDotToken !== undefined,
      start: startOf(n, c),
      end: n.end,
    }),
    [K.CallExpression]: lowerCall,
    [K.TaggedTemplateExpression]: lowerTaggedTemplate,
    [K.NonNullExpression]: (n, value, c) => ({ kind: "Cast", value, type: null, isAssertion: false, start: startOf(n, c), end: n.end }),
    [K.AsExpression]: lowerCast,
    [K.SatisfiesExpression]: lowerCast,
    // `f<T>` without a call: its types are gone at run time.
    [K.ExpressionWithTypeArguments]: (_, value) => value,
  };
}

type Link =
  | ts.PropertyAccessExpression
  | ts.ElementAccessExpression
  | ts.CallExpression
  | ts.TaggedTemplateExpression
  | ts.NonNullExpression
  | ts.AsExpression
  | ts.SatisfiesExpression
  | ts.ExpressionWithTypeArguments;

/** `a.b().c`: goes to the left end of the chain first, then puts the links behind each other, without recursion. */
function lowerLinks(node: Link, context: Context): Expression {
  const { links } = context.tables;
  const { depth } = context;
  const chain: Link[] = [];
  let left: ts.Node = node;
  while (links[left.kind] !== undefined && context.depth < MAX_DEPTH) {
    const link = left as Link;
    chain.push(link);
    left = "tag" in link ? link.tag : link.expression;
    context.depth++;
  }
  let result = context.expression(left);
  for (let i = chain.length - 1; i >= 0; i--) {
    context.depth--;
    result = links[chain[i]!.kind]!(chain[i]!, result, context);
  }
  context.depth = depth;
  return result;
}

function lowerMember(node: ts.PropertyAccessExpression, object: Expression, context: Context): Member {
  return {
    kind: "Member",
    object,
    property: node.name.text,
    optional: node.questionDotToken !== undefined,
    isStatic: false,
    propertyStart: startOf(node.name, context),
    start: startOf(node, context),
    end: node.end,
  };
}

/** `A.B` in `import a = A.B`. */
function lowerQualifiedName(node: ts.QualifiedName, context: Context): Member {
  const object = context.expression(node.left);
  const propertyStart = startOf(node.right, context);
  return { kind: "Member", object, property: node.right.text, optional: false, isStatic: false, propertyStart, ...spanOf(node, context) };
}

function lowerCall(node: ts.CallExpression, callee: Expression, context: Context): Call {
  return {
    kind: "Call",
    callee,
    args: argumentsOf(node.arguments, context),
    isNew: false,
    optional: node.questionDotToken !== undefined,
    typeArgs: typesOf(node.typeArguments, context),
    start: startOf(node, context),
    end: node.end,
  };
}

function lowerNew(node: ts.NewExpression, context: Context): Call {
  return {
    kind: "Call",
    callee: context.expression(node.expression),
    args: argumentsOf(node.arguments, context),
    isNew: true,
    optional: false,
    typeArgs: typesOf(node.typeArguments, context),
    start: startOf(node, context),
    end: node.end,
  };
}

function lowerCast(node: ts.AsExpression | ts.SatisfiesExpression, value: Expression, context: Context): Expression {
  // `as const` names no other type.
  const isConst = context.ts.isConstTypeReference(node.type);
  return { kind: "Cast", value, type: isConst ? null : typeOf(node.type, context), isAssertion: false, start: startOf(node, context), end: node.end };
}

function lowerConditional(node: ts.ConditionalExpression, context: Context): Expression {
  return {
    kind: "Conditional",
    test: context.expression(node.condition),
    consequent: context.expression(node.whenTrue),
    alternate: context.expression(node.whenFalse),
    start: startOf(node, context),
    end: node.end,
  };
}

/** `import.meta` and `new.target` are members of names that are keywords. */
function lowerMetaProperty(node: ts.MetaProperty, context: Context): Member {
  const start = startOf(node, context);
  const keyword = node.keywordToken === context.ts.SyntaxKind.ImportKeyword ? "import" : "new";
  const object: Name = { kind: "Name", name: keyword, isVariable: false, start, end: start + keyword.length };
  const propertyStart = startOf(node.name, context);
  return { kind: "Member", object, property: node.name.text, optional: false, isStatic: false, propertyStart, start, end: node.end };
}

/** @returns an Unknown with whatever expressions are directly below the node, lowered */
export function lowerUnknown(node: ts.Node, context: Context): Unknown {
  const children: Expression[] = [];
  context.ts.forEachChild(node, (child) => {
    if (context.tables.expressions[child.kind] !== undefined) children.push(context.expression(child));
  });
  return unknown(node, context, children);
}
