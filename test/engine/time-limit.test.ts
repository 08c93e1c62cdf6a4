import { expect, test } from "vitest";
import { TimeLimitExceeded, withTimeLimit } from "../../src/engine/time-limit.ts";

test("an endless loop on this thread is ended", () => {
  expect(() =>
    withTimeLimit(50, () => {
      for (;;);
    }),
  ).toThrow(TimeLimitExceeded);
});

test("results and errors pass through", () => {
  expect(withTimeLimit(1000, () => 42)).toBe(42);
  expect(() =>
    withTimeLimit(1000, () => {
      throw new RangeError("too deep");
    }),
  ).toThrow(RangeError);
});
