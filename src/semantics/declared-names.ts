import type { Block, Expression, Statement } from "../ast/nodes.ts";

/** Calls `found` for every name that an assignment target or pattern binds. */
export function namesOfPattern(pattern: Expression, found: (name: string, at: number) => void): void {
  switch (pattern.kind) {
    case "Name":
      found(pattern.name, pattern.start);
      return;
    case "Collection":
      for (const entry of pattern.entries) namesOfPattern(entry.value, found);
      return;
    case "DefaultPattern":
      namesOfPattern(pattern.target, found);
      return;
    case "Spread":
      namesOfPattern(pattern.value, found);
      return;
    default:
      return;
  }
}

/** Visits the statements of a function body, blocks and branches included, but not what nested functions and classes hold. */
export function forEachStatement(body: readonly Statement[], visit: (statement: Statement) => void): void {
  const pending: (readonly Statement[])[] = [body];
  while (pending.length > 0) {
    for (const statement of pending.pop()!) {
      visit(statement);
      for (const block of blocksOf(statement)) pending.push(block);
    }
  }
}

const bodies = (...blocks: readonly (Block | null)[]): (readonly Statement[])[] => blocks.flatMap((block) => (block === null ? [] : [block.body]));

/** @returns the statement lists directly inside a statement */
export function blocksOf(statement: Statement): (readonly Statement[])[] {
  switch (statement.kind) {
    case "Block":
      return [statement.body];
    case "If":
      return bodies(statement.consequent, statement.alternate);
    case "Loop":
      return [statement.init, statement.update, ...bodies(statement.body, statement.alternate)];
    case "Switch":
      return statement.cases.map((one) => one.body.body);
    case "Select":
      return statement.cases.flatMap((one) => [one.communication === null ? [] : [one.communication], one.body.body]);
    case "Try":
      return [...bodies(statement.body, statement.alternate, statement.finalizer), ...statement.handlers.map((handler) => handler.body.body)];
    case "Scoped":
    case "Labeled":
      return [statement.body.body];
    case "Namespace":
      return [statement.body];
    case "Export":
      return statement.declaration === null ? [] : [[statement.declaration]];
    default:
      return [];
  }
}
