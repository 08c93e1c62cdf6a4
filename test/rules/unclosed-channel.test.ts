import { expect, test } from "vitest";
import { analyzeCase } from "../fixture-runner/analyze-case.ts";

/** The fixes of the channels that somebody waits on, in the order of the findings. */
async function fixesOf(code: string): Promise<readonly (string | undefined)[]> {
  const { outcomes } = await analyzeCase({ name: "advice", sources: new Map([["advice.go", `package advice\n\n${code}`]]), manifests: [] });
  return outcomes.flatMap(({ rule, outcome }) => (rule === "unclosed-channel" && outcome.outcome === "finding" ? [outcome.fix] : []));
}

const ranged = "go func() {\n\t\tfor v := range c {\n\t\t\tprintln(v)\n\t\t}\n\t}()";

test("the only sender may close: the rule's own fix", async () => {
  expect(await fixesOf(`func f(values []int) {\n\tc := make(chan int)\n\t${ranged}\n\tfor _, v := range values {\n\t\tc <- v\n\t}\n}`)).toEqual([undefined]);
});

test("of several goroutines that send none may close", async () => {
  const [fix, ...others] = await fixesOf(
    `func f(values []int) {\n\tc := make(chan int)\n\t${ranged}\n\tfor _, v := range values {\n\t\tgo func(v int) { c <- v }(v)\n\t}\n}`,
  );
  expect(others).toEqual([]);
  expect(fix).toContain("none of them may close it");
  expect(fix).toContain("wg.Wait(); close(c");
});

test("a field that any caller sends to is not to be closed", async () => {
  const [fix, ...others] = await fixesOf(
    "type worker struct{ jobs chan int }\n\nfunc start() *worker {\n\tw := &worker{jobs: make(chan int, 8)}\n\tgo func() {\n\t\tfor v := range w.jobs {\n\t\t\tprintln(v)\n\t\t}\n\t}()\n\treturn w\n}\n\nfunc (w *worker) add(v int) { w.jobs <- v }",
  );
  expect(others).toEqual([]);
  expect(fix).toContain("do not close it");
});
