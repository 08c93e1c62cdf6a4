import { describe, expect, test } from "vitest";
import { formats, isFormat, reportFormat } from "../../src/report/reports.ts";
import { langs } from "../../src/report/wording.ts";
import { at, clean, finding, plain, sample } from "./sample.ts";

describe.each(formats)("the %s report", (format) => {
  test("is the same for the same result, and leaves the result as it was", async () => {
    const report = await reportFormat(format).load();
    const before = structuredClone(sample);
    expect(report(sample, plain)).toBe(report(structuredClone(sample), { ...plain }));
    expect(sample).toEqual(before);
  });

  test.each([...langs, undefined])("ends in a line break and names each finding (%s)", async (lang) => {
    const report = await reportFormat(format).load();
    const text = report(sample, { ...plain, lang });
    expect(text).toMatch(/[^\n]\n$/);
    for (const one of sample.findings) expect(text).toContain(one.rule);
    expect(report(clean, { ...plain, lang })).toMatch(/[^\n]\n$/);
  });

  test("names no place of the machine", async () => {
    const report = await reportFormat(format).load();
    expect(report(sample, plain)).not.toContain(process.cwd());
  });

  test("takes ten thousand findings", async () => {
    const report = await reportFormat(format).load();
    const many = Array.from({ length: 10_000 }, (_, index) => finding({ location: at(`src/f${index % 100}.py`, index + 1, 1) }));
    expect(report({ ...sample, findings: many }, plain).length).toBeGreaterThan(1000);
  });
});

test("formats are known by their names only", () => {
  expect(isFormat("sarif")).toBe(true);
  expect(isFormat("toString")).toBe(false);
  expect(reportFormat("markdown").extension).toBe(".md");
});
