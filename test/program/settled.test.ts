import { expect, test } from "vitest";
import type { Value } from "../../src/flow/values.ts";
import { settled } from "../../src/program/arguments.ts";
import type { Fn } from "../../src/program/entities.ts";

const rows: Value = { k: "var", id: 0 };

/** A function whose only variable has only one value. */
function withOnly(value: Value): Fn {
  const variable = { definitions: [{ fn: 0, value, at: 0 }], isParameter: false };
  return { id: 0, file: { variable: () => variable } } as unknown as Fn;
}

const cast = (of: Value): Value => ({ k: "cast", of, type: { ref: null, shape: "plain", args: [] } }) as unknown as Value;

test("a variable is what its only value is, through casts", () => {
  expect(settled(rows, withOnly(cast({ k: "const", v: 3 })))).toEqual({ k: "const", v: 3 });
});

test("a variable whose only value is a cast of itself comes to an end", () => {
  expect(settled(rows, withOnly(cast(rows))).k).toBe("cast");
});
