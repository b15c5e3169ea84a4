import { relative } from "node:path";
import { EXIT } from "../exit_codes.ts";
import { summaryLines } from "../lab/summary_lines.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";
import { addRunArgument, runNamed } from "./run_argument.ts";

/** `troupe show`: a summary again. */
export const show: CliCommand = {
  name: "show",
  group: "Results",
  summary: "print the summary of a run again",
  examples: [
    ["troupe show", "the newest run"],
    ["troupe show latest~1 --json", "the one before, for a program"],
  ],
  completes: ["run"],
  configure(command) {
    addRunArgument(command);
  },
  async run(_options, { io, args, json, out }) {
    const { findRun } = await import("../../lab/run_folder/mod.ts");
    const run = await findRun(io.cwd, runNamed(args));
    const [schedule, verdict, summary] = [
      await run.schedule(),
      await run.verdict(),
      await run.summary(),
    ];
    if (verdict === undefined) {
      io.stdout.write(json ? jsonLine({ id: run.id, schedule }) : `${run.id} was cut short\n`);
      return EXIT.inconclusive;
    }
    const folder = relative(io.cwd, run.path) || ".";
    io.stdout.write(
      json
        ? jsonLine({ ...verdict, folder, summary })
        : `${summaryLines({ schedule, verdict, summary, folder }, out).join("\n")}\n`,
    );
    return EXIT.ok;
  },
};
