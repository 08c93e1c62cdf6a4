/** Marks a switch over a union as exhaustive: a kind that is added later is a type error at every switch that forgot it. */
export function assertNever(value: never): never {
  throw new Error(`unexpected ${JSON.stringify(value)}`);
}
