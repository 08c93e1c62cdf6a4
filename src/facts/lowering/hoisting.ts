import type { Expression, Import, ImportBinding, Statement } from "../../ast/nodes.ts";
import { forEachStatement, namesOfPattern } from "../../semantics/declared-names.ts";
import type { FunctionContext } from "./context.ts";
import { importKey } from "./names.ts";
import { reservedClass, reservedFunction } from "./reservations.ts";

/** Binds what a block declares before its code is lowered, where the language lets code refer to what stands further down. */
export function hoist(body: readonly Statement[], context: FunctionContext): void {
  if (!context.profile.hoistsBlocks) return;
  for (const statement of body) hoistStatement(statement, context);
}

function hoistStatement(statement: Statement, context: FunctionContext): void {
  switch (statement.kind) {
    case "FunctionDecl":
      reservedFunction(statement.fn, context);
      return;
    case "Class":
      reservedClass(statement, context);
      return;
    case "Import":
      declareImport(statement, context);
      return;
    case "Export":
      if (statement.declaration !== null) hoistStatement(statement.declaration, context);
      return;
    case "Block":
      // A declaration of several names is a block of assignments when it is exported.
      return;
    case "Assign":
      if (statement.declares === "let" || statement.declares === "const") declareTarget(statement.target, statement.declares === "const", context);
      return;
    case "Scoped":
      for (const item of statement.items) if (item.target !== null && !context.profile.assignmentDeclares) declareTarget(item.target, true, context);
      return;
    default:
      return;
  }
}

function declareTarget(target: Expression, isConst: boolean, context: FunctionContext): void {
  namesOfPattern(target, (name, at) => {
    if (context.scope.own(name) !== null) return;
    context.scope.bind(name, { binds: "variable", id: context.unit.variable(name, context.fn, at, { isConst }) });
  });
}

/** Declares, before a function's body is lowered, the names that belong to the whole function. */
export function hoistFunction(body: readonly Statement[], context: FunctionContext): void {
  if (context.profile.separateVariables) {
    bindGlobals(body, context);
    return;
  }
  if (!context.profile.hoistsBlocks) return;
  bindGlobals(body, context);
  forEachStatement(body, (statement) => {
    if (context.profile.assignmentDeclares) hoistPython(statement, context);
    else if (statement.kind === "Assign" && statement.declares === "var") declareVar(statement.target, context);
    else if (statement.kind === "Loop" && statement.declares === "var" && statement.target !== null) declareVar(statement.target, context);
  });
}

function declareVar(target: Expression, context: FunctionContext): void {
  namesOfPattern(target, (name, at) => {
    if (context.scope.own(name) === null) context.scope.bind(name, { binds: "variable", id: context.unit.variable(name, context.fn, at) });
  });
}

/** Python: whatever a function assigns anywhere is its own. https://docs.python.org/3/reference/executionmodel.html#binding-of-names */
function hoistPython(statement: Statement, context: FunctionContext): void {
  if (statement.kind === "Assign") declareVar(statement.target, context);
  else if (statement.kind === "Loop" && statement.target !== null) declareVar(statement.target, context);
  else if (statement.kind === "Scoped") for (const item of statement.items) item.target !== null && declareVar(item.target, context);
  else if (statement.kind === "Try") for (const handler of statement.handlers) handler.binding !== null && declareVar(handler.binding, context);
  else if (statement.kind === "FunctionDecl" || statement.kind === "Class") hoistStatement(statement, context);
}

/** `global x` / `nonlocal x`: the names mean the outer variables in all of the function. */
function bindGlobals(body: readonly Statement[], context: FunctionContext): void {
  forEachStatement(body, (statement) => {
    if (statement.kind !== "ScopeDecl") return;
    const module = context.scope.moduleScope();
    for (const name of statement.names) {
      const key = context.profile.separateVariables ? `$${name}` : name;
      const outer = statement.scope === "global" ? module.own(key) : (context.scope.parent?.lookup(key) ?? null);
      const id = context.unit.variables.length;
      if (outer === null) module.bind(key, { binds: "variable", id: context.unit.variable(name, 0, statement.start) });
      context.scope.bind(key, outer ?? { binds: "variable", id });
    }
  });
}

/** Binds the names an import statement brings. */
export function declareImport(node: Import, context: FunctionContext): void {
  const scope = context.profile.separateVariables ? context.scope.moduleScope() : context.scope;
  let isNew = node.bindings.length === 0;
  for (const binding of node.bindings) {
    const key = binding.phpKind === undefined ? binding.local : importKey(binding.local, binding.phpKind !== "class");
    const found = scope.own(key);
    if (found?.binds === "import" && !context.profile.assignmentDeclares) continue;
    isNew = true;
    scope.bind(key, { binds: "import", ...importTarget(node, binding) });
  }
  if (isNew) context.unit.imports.push({ module: node.module, typeOnly: node.typeOnly, at: node.start });
}

function importTarget(node: Import, binding: ImportBinding): { readonly module: string; readonly member: string } {
  if (binding.phpKind !== undefined) return { module: node.module === "" ? binding.imported : `${node.module}\\${binding.imported}`, member: "" };
  switch (binding.bindingKind) {
    case "module":
      return { module: binding.imported === "" ? node.module : binding.imported, member: "" };
    case "member":
      return { module: node.module, member: binding.imported };
    case "default":
      return { module: node.module, member: "default" };
    case "all":
      return { module: node.module, member: "*" };
  }
}
