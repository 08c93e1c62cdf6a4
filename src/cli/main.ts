import { createProgram } from "./program.ts";
import { exitCodes } from "./exit-codes.ts";
import { UsageError } from "../project/usage-error.ts";

// A reader that closes the pipe early (`| head`) has what it wanted.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(process.exitCode ?? exitCodes.clean);
  throw error;
});
process.on("SIGINT", () => process.exit(exitCodes.interrupted));

try {
  await createProgram().parseAsync();
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof UsageError) {
    for (const line of error.message.split("\n")) process.stderr.write(`leakhound: ${line}\n`);
    return exitCodes.usage;
  }
  // Commander has said what was wrong already; asking for help or the version is no mistake.
  if (error instanceof Error && "exitCode" in error) return error.exitCode === 0 ? exitCodes.clean : exitCodes.usage;
  process.stderr.write(`leakhound: internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.internal;
}
