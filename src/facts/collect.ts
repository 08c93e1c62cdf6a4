import type { Module } from "../ast/nodes.ts";
import { namesOfPattern } from "../semantics/declared-names.ts";
import { profileOf } from "../semantics/language-profile.ts";
import { Scope } from "../semantics/scope.ts";
import type { FileFacts } from "./file-facts.ts";
import { lineOf, lineStartsOf } from "./lines.ts";
import { type FunctionContext, functionContext } from "./lowering/context.ts";
import { hoist, hoistFunction } from "./lowering/hoisting.ts";
import { valueOfBinding } from "./lowering/names.ts";
import { reservedClass, reservedFunction } from "./lowering/reservations.ts";
import { lowerStatements } from "./lowering/statements.ts";
import { UnitBuilder } from "./lowering/unit-builder.ts";
import { suppressionsOf } from "./suppressions.ts";

/**
 * Turns one file's tree into the facts that the program phase works on.
 * @param file path relative to the project's root, and the text the tree was made from
 */
export function collectFacts(module: Module, file: { readonly path: string; readonly text: string }): FileFacts {
  const lineStarts = lineStartsOf(file.text);
  const unit = new UnitBuilder();
  unit.packageName = module.packageName;
  const main = unit.reserveFunction("", "", "module", -1);
  const profile = profileOf(module.language);
  const context = functionContext({
    unit,
    profile,
    fn: main,
    cls: -1,
    language: module.language,
    scope: new Scope("module", null, main),
    namespace: "",
    typeParams: new Set(),
  });
  declareTopLevel(module, context);
  lowerStatements(module.body, context);
  context.graph.end({ t: "return", value: null, at: module.end, implicit: true });
  Object.assign(unit.functions[main]!, { start: module.start, end: module.end, hasBody: true, graph: JSON.stringify(context.graph.finish()) });
  if (module.language !== "javascript" && module.language !== "typescript") exportTopLevel(context);
  return {
    path: file.path,
    language: module.language,
    lines: lineStarts.length,
    suppressions: suppressionsOf(module.comments, file.text, lineStarts),
    syntaxErrors: module.syntaxErrors.map((span) => lineOf(span.start, lineStarts)),
    unknown: unit.unknown,
    unit: unit.build(lineStarts),
  };
}

/** Everything at the top of a file can be referred to from anywhere in it. */
function declareTopLevel(module: Module, context: FunctionContext): void {
  hoistFunction(module.body, context);
  hoist(module.body, context);
  if (!context.profile.packageScope && !context.profile.separateVariables) return;
  const declare = (body: Module["body"], namespace: string): void => {
    context.namespace = namespace;
    for (const statement of body) {
      if (statement.kind === "Namespace") declare(statement.body, statement.name);
      else if (statement.kind === "Class") reservedClass(statement, context);
      else if (statement.kind === "FunctionDecl" && statement.fn.receiver === null) reservedFunction(statement.fn, context);
      else if (statement.kind === "Assign" && context.profile.packageScope) {
        namesOfPattern(statement.target, (name, at) => {
          if (name !== "_") context.scope.bind(name, { binds: "variable", id: context.unit.variable(name, context.fn, at) });
        });
      }
    }
  };
  declare(module.body, "");
  context.namespace = "";
}

/** Python, Go and PHP files export whatever is bound at their top; Go and PHP imports stay private. */
function exportTopLevel(context: FunctionContext): void {
  for (const [name, binding] of context.scope.moduleScope().entries()) {
    if (binding.binds === "import" && context.profile.packageScope) continue;
    if (binding.binds === "import" && context.profile.separateVariables) continue;
    context.unit.exports.push({
      name: binding.binds === "import" && binding.member === "*" ? "*" : name,
      value: valueOfBinding(binding, context),
      isModule: false,
    });
  }
}
