import { Command } from "commander";
import { addAnalysisOptions, addReportOptions, type ScanOptions } from "./options.ts";
import { version } from "./version.ts";

/** The command line. What a command needs is loaded when it runs, so that `--help` and `--version` answer at once. */
export function createProgram(): Command {
  const program = new Command("leakhound")
    .description("Finds leaks and bottlenecks in PHP, JavaScript/TypeScript, Python and Go.")
    .version(version)
    .exitOverride()
    .showHelpAfterError("(leakhound --help lists commands and options)")
    .addHelpText("after", "\nExit codes: 0 nothing at or above --fail-on, 1 findings, 2 bad usage or configuration, 3 internal failure.");
  addScanCommands(program);
  addRuleCommands(program);
  addFactCommands(program);
  return program;
}

function addScanCommands(program: Command): void {
  const scan = program
    .command("scan", { isDefault: true })
    .description("audit files and folders (the default command)")
    .argument("[paths...]", "files and folders; the current folder by default");
  addReportOptions(addAnalysisOptions(scan)).action(async (paths: string[], options: ScanOptions) => {
    const { runScan } = await import("./scan-command.ts");
    process.exitCode = await runScan(paths, options);
  });
  const baseline = program.command("baseline").description("accept today's findings: write them into a baseline file").argument("[paths...]");
  addAnalysisOptions(baseline)
    .option("--output <file>", "the baseline file", "leakhound-baseline.json")
    .action(async (paths: string[], options: ScanOptions & { output: string }) => {
      const { runBaseline } = await import("./baseline-command.ts");
      await runBaseline(paths, options);
    });
}

const whyCommands = [
  ["why", false, "the findings at a line, with their proof"],
  ["why-not", true, "what was examined at a line, and why nothing is reported there"],
] as const;

function addRuleCommands(program: Command): void {
  program
    .command("rules")
    .description("list the rules")
    .action(async () => {
      const { printRules } = await import("./rules-command.ts");
      await printRules();
    });
  program
    .command("explain")
    .description("why a rule matters, how to fix what it finds, and when it is silent")
    .argument("<rule>")
    .action(async (rule: string) => {
      const { explainRule } = await import("./rules-command.ts");
      await explainRule(rule);
    });
  for (const [name, negative, text] of whyCommands) {
    addAnalysisOptions(program.command(name).description(text).argument("<place>", "FILE:LINE")).action(async (place: string, options: ScanOptions) => {
      const { runWhy } = await import("./why-command.ts");
      await runWhy(place, negative, options);
    });
  }
  program
    .command("init")
    .description("write a leakhound.yml to start from")
    .action(async () => {
      const { writeConfig } = await import("./init-command.ts");
      await writeConfig();
    });
}

function addFactCommands(program: Command): void {
  const facts = program.command("facts").description("phase 1 only: write the facts of a folder, to be linked later or elsewhere").argument("<path>");
  addAnalysisOptions(facts)
    .requiredOption("--output <file>", "the facts file")
    .action(async (path: string, options: ScanOptions & { output: string }) => {
      const { writeFacts } = await import("./facts-command.ts");
      await writeFacts(path, options);
    });
  const link = program.command("link").description("phase 2 only: link facts files and report").argument("<files...>");
  addReportOptions(addAnalysisOptions(link)).action(async (files: string[], options: ScanOptions) => {
    const { linkFacts } = await import("./facts-command.ts");
    process.exitCode = await linkFacts(files, options);
  });
  program
    .command("debug")
    .description("print what the analyzer sees: ast (s-expressions), cfg (Mermaid) or facts (JSON)")
    .argument("<view>", "ast, cfg or facts")
    .argument("<file>")
    .action(async (view: string, file: string) => {
      const { runDebug } = await import("./debug-command.ts");
      await runDebug(view, file);
    });
}
