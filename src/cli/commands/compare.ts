import { InvalidArgumentError } from "commander";
import { findRun } from "../../lab/run_folder/mod.ts";
import { compare as compared, type Comparison, METRICS } from "../../lab/statistics/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { someText } from "../parse_options.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import { formatTable } from "../text/table.ts";
import type { CliCommand, CommandContext } from "./command.ts";
import { RUN_WORDS } from "./run_argument.ts";

interface CompareOptions {
  readonly metric: string;
  readonly confidence: number;
}

/** `troupe compare`: two runs, and whether they differ. */
export const compare: CliCommand = {
  name: "compare",
  group: "Results",
  summary: "compare two runs, seed by seed where they have the same",
  examples: [
    ["troupe compare", "how long failovers took in the last run, and in the one before"],
    ["troupe compare 1128-10 1128-11 --metric messages", "something else"],
  ],
  completes: ["run"],
  configure(command) {
    command
      .argument("[a]", `${RUN_WORDS}; latest~1 unless given`)
      .argument("[b]", "the other one; latest unless given")
      .option("--metric <name>", METRICS.map(({ name }) => name).join(", "), someText, "failover")
      .option("--confidence <part>", "of the interval, above 0 and below 1", part, 0.95);
  },
  run: (options, context) => runCompare(options as unknown as CompareOptions, context),
};

async function runCompare(options: CompareOptions, context: CommandContext): Promise<number> {
  const { io, args, json } = context;
  const [a, b] = await Promise.all(
    [args[0] ?? "latest~1", args[1] ?? "latest"].map((name) => findRun(io.cwd, name)),
  );
  const comparison = compared(await a!.results(), await b!.results(), options);
  io.stdout.write(
    json
      ? jsonLine({ runs: { a: a!.id, b: b!.id }, ...comparison })
      : `${lines(comparison, a!.id, b!.id, context).join("\n")}\n`,
  );
  return EXIT.ok;
}

function lines(
  { metric, unit, confidence, a, b, paired, pairs, difference, ci, same, says }: Comparison,
  nameA: string,
  nameB: string,
  { out }: CommandContext,
): string[] {
  const text = (value: number): string => amount(value, unit);
  const right = (title: string): { title: string; align: "right" } => ({ title, align: "right" });
  const row = (letter: string, name: string, all: Comparison["a"]): string[] => [
    letter,
    name,
    String(all.n),
    text(all.mean),
    text(all.p50),
    text(all.p90),
    text(all.max),
  ];
  const heads = ["", metric, ...["n", "mean", "median", "p90", "max"].map(right)];
  const interval = ci === undefined
    ? ""
    : `   ${confidence * 100} % interval ${text(ci[0])} to ${text(ci[1])}`;
  return [
    ...formatTable(heads, [row("A", nameA, a), row("B", nameB, b)]).split("\n"),
    "",
    `B - A    ${text(difference)}${interval}`,
    paired
      ? `pairs    ${pairs} seeds that both have`
      : "pairs    none: they have no two seeds in common, which leaves more to chance",
    ...(same ? [out.yellow("The interval includes 0: there may be no difference.")] : []),
    says,
  ];
}

function amount(value: number, unit: string): string {
  if (unit !== "ms") return String(Math.round(value * 1_000) / 1_000);
  return Math.abs(value) < 100 ? `${value.toFixed(1)} ms` : signed(value);
}

function signed(ms: number): string {
  return `${ms < 0 ? "-" : ""}${formatDuration(Math.abs(ms))}`;
}

function part(text: string): number {
  const value = Number(text);
  if (value > 0 && value < 1) return value;
  throw new InvalidArgumentError("Expected a number above 0 and below 1, as 0.95.");
}
