import { Option } from "commander";
import { EXIT } from "../exit_codes.ts";
import { mark } from "../lab/summary_lines.ts";
import { wholeNumber } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import { formatTable } from "../text/table.ts";
import type { CliCommand } from "./command.ts";

interface RunsOptions {
  readonly number: number;
  readonly verdict?: string;
  readonly name?: string;
}

/** `troupe runs`: what was run here. */
export const runs: CliCommand = {
  name: "runs",
  group: "Results",
  summary: "list the runs that are kept here, the newest first",
  examples: [
    ["troupe runs", "the last twenty"],
    ["troupe runs --verdict fail --json", "those that failed, for a program"],
  ],
  configure(command) {
    command
      .option("-n, --number <n>", "at most so many", wholeNumber(1, 1e6), 20)
      .addOption(
        new Option("--verdict <word>", "only these").choices(["pass", "fail", "inconclusive"]),
      )
      .option("--name <text>", "only those with this in their name");
  },
  async run(options, { io, json, out }) {
    const { number, verdict: wanted, name } = options as unknown as RunsOptions;
    const { listRuns } = await import("../../lab/run_folder/mod.ts");
    const rows: string[][] = [];
    for (const folder of await listRuns(io.cwd)) {
      if (rows.length >= number) break;
      const verdict = await folder.verdict();
      const schedule = await folder.schedule();
      if (wanted !== undefined && verdict?.verdict !== wanted) continue;
      if (name !== undefined && !schedule.name.includes(name)) continue;
      if (json) {
        io.stdout.write(
          jsonLine({ id: folder.id, path: folder.path, name: schedule.name, ...verdict }),
        );
      }
      rows.push([
        folder.id,
        verdict === undefined ? "cut short" : mark(verdict.verdict, out).trim(),
        verdict?.mode ?? "",
        String(verdict?.seeds.length ?? ""),
        schedule.name,
      ]);
    }
    if (!json) {
      const heads = [
        "run",
        "verdict",
        "mode",
        { title: "runs", align: "right" as const },
        "scenario",
      ];
      if (rows.length > 0) io.stdout.write(`${formatTable(heads, rows)}\n`);
      else io.stderr.write("No such run is kept here; troupe run keeps some.\n");
    }
    return EXIT.ok;
  },
};
