import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Command } from "commander";
import { writeReport } from "../../lab/report/mod.ts";
import { findRun } from "../../lab/run_folder/mod.ts";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import { VERSION } from "../version.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { RUN_WORDS } from "./run_argument.ts";

/** `troupe report`: one HTML file to look at. */
export const report: CliCommand = {
  name: "report",
  group: "Results",
  summary: "make the report of a run, one HTML file",
  examples: [
    ["troupe report", "of the newest run, in its folder"],
    ["troupe report 1128-1050 --out crash.html --title 'A crash'", "of another, elsewhere"],
  ],
  completes: ["run"],
  configure(command: Command): void {
    command
      .argument("[run...]", `each ${RUN_WORDS}; latest unless given`, ["latest"])
      .option("-o, --out <file>", "where it goes; of one run only")
      .option("--title <text>", "what it is headed with; the scenario's name unless given");
  },
  run: runReport,
};

interface ReportOptions {
  readonly out?: string;
  readonly title?: string;
}

async function runReport(
  { out, title }: ReportOptions,
  { io, json, args }: CommandContext,
): Promise<number> {
  const which = args.length === 0 ? ["latest"] : args;
  if (out !== undefined && which.length > 1) {
    throw new UsageError(`--out ${out} is one file, and there are ${which.length} runs`);
  }
  for (const name of which) {
    const path = await writeReport(await findRun(io.cwd, name), {
      ...(out !== undefined && { path: resolve(io.cwd, out) }),
      ...(title !== undefined && { title }),
      facts: { "made with": `troupe ${VERSION}, ${io.runtime}` },
    });
    const { size } = await stat(path);
    io.stdout.write(json ? jsonLine({ report: path, bytes: size }) : `${path}\n`);
  }
  return EXIT.ok;
}
