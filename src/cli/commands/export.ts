import { Option } from "commander";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { chromeTrace, csvLines } from "../../lab/export/mod.ts";
import { diagramOf } from "../../lab/report/mod.ts";
import type { TraceLine } from "../../lab/run/mod.ts";
import { findRun, type RunFolder } from "../../lab/run_folder/mod.ts";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { someText } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { addRunArgument, runNamed } from "./run_argument.ts";

const FORMATS = ["csv", "ndjson", "json", "trace"] as const;

interface ExportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly seed?: string;
  readonly out?: string;
}

/** `troupe export`: a run for other programs. */
export const exportRun: CliCommand = {
  name: "export",
  group: "Results",
  summary: "print a run for other programs: spreadsheets, scripts, trace viewers",
  examples: [
    ["troupe export latest --format csv", "a row per failover"],
    ["troupe export latest --format trace -o run.json", "for chrome://tracing and Perfetto"],
  ],
  completes: ["run"],
  configure(command) {
    addRunArgument(command)
      .addOption(
        new Option(
          "--format <name>",
          "csv: failovers; json: results; ndjson: the trace; trace: Chrome trace events",
        ).choices(FORMATS).default("csv"),
      )
      .option("--seed <seed>", "whose trace; the first that is kept unless given", someText)
      .option("-o, --out <file>", "where it goes; stdout unless given", someText);
  },
  run: (options, context) => runExport(options as unknown as ExportOptions, context),
};

async function runExport(options: ExportOptions, context: CommandContext): Promise<number> {
  const { io, args, json } = context;
  const folder = await findRun(io.cwd, runNamed(args));
  const text = await textOf(folder, options);
  if (options.out === undefined) io.stdout.write(text);
  else {
    const path = resolve(io.cwd, options.out);
    await writeFile(path, text);
    io.stdout.write(json ? jsonLine({ file: path, bytes: text.length }) : `${path}\n`);
  }
  return EXIT.ok;
}

async function textOf(folder: RunFolder, { format, seed }: ExportOptions): Promise<string> {
  switch (format) {
    case "csv":
      return `${csvLines(await folder.results()).join("\n")}\n`;
    case "json": {
      const [schedule, verdict, summary, results] = await Promise.all([
        folder.schedule(),
        folder.verdict(),
        folder.summary(),
        folder.results(),
      ]);
      return jsonLine({ schedule, verdict, summary, results });
    }
    case "ndjson":
      return (await traceOf(folder, seed)).lines.map((line) => `${JSON.stringify(line)}\n`).join(
        "",
      );
    case "trace": {
      const { seed: of, lines } = await traceOf(folder, seed);
      const result = (await folder.results()).find((one) => one.seed === of);
      if (result === undefined) throw new UsageError(`${folder.id} has no result of seed ${of}`);
      return `${JSON.stringify(chromeTrace(diagramOf({ why: "export", result, lines })))}\n`;
    }
  }
}

/** @throws UsageError if no such trace is kept */
async function traceOf(
  folder: RunFolder,
  wanted: string | undefined,
): Promise<{ readonly seed: string; readonly lines: readonly TraceLine[] }> {
  const traced = await folder.traced();
  const seed = wanted ?? traced[0];
  if (seed === undefined || !traced.includes(seed)) {
    const kept = traced.length === 0 ? "none" : traced.join(", ");
    throw new UsageError(
      `${folder.id} keeps no trace${seed === undefined ? "" : ` of seed ${seed}`}; kept: ${kept}`,
      { hint: `troupe replay ${folder.id}${seed === undefined ? "" : ` --seed ${seed}`} --json` },
    );
  }
  const lines: TraceLine[] = [];
  for await (const line of folder.events(seed)) lines.push(line);
  return { seed, lines };
}
