import { type Command, InvalidArgumentError, Option } from "commander";
import { MODEL_INVARIANTS, storyLines, Verification } from "../../lab/model/mod.ts";
import type { VerifyOptions, VerifyReport } from "../../lab/model/mod.ts";
import { EXIT } from "../exit_codes.ts";
import { heartbeat } from "../heartbeat.ts";
import { columnsOf, isLive } from "../io.ts";
import { LiveRegion } from "../live_region.ts";
import { wholeNumber } from "../parse_options.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** States looked at between two looks at the clock and at Ctrl-C. */
const PORTION = 500;

/** `troupe verify`: all that an election can do within bounds. */
export const verify: CliCommand = {
  name: "verify",
  group: "Check",
  summary: "check an election exhaustively, within bounds",
  examples: [
    ["troupe verify --peers 3 --epochs 3 --restarts 1", "every run of three peers up to epoch 3"],
    ["troupe verify --protocol seed-literal", "how the seed's voting elects two trackers"],
    ["troupe verify --wipes 1 --json", "with one disk lost; the result as JSON"],
  ],
  configure(command: Command): void {
    command
      .option("-n, --peers <n>", "how many peers vote", wholeNumber(1, 7), 3)
      .option("--epochs <n>", "no run goes above this epoch", wholeNumber(1, 9), 2)
      .option("--restarts <n>", "crashes with a restart in one run", wholeNumber(0, 255), 0)
      .option("--wipes <n>", "disks lost in one run", wholeNumber(0, 255), 0)
      .option("--disk-faults <n>", "writes that fail in one run", wholeNumber(0, 255), 0)
      .option(
        "--writes <n>",
        "writes of a peer under way at once that are kept apart",
        wholeNumber(1, 9),
        1,
      )
      .addOption(
        new Option("--protocol <name>", "whose voting").choices(["troupe", "seed-literal"])
          .default("troupe"),
      )
      .option(
        "--invariants <ids>",
        `those that count, as I1,I3; all of ${
          MODEL_INVARIANTS.join(", ")
        } unless given, I1 for seed-literal`,
        invariantList,
      )
      .option("--max-states <n>", "stop after so many states", wholeNumber(1, 2 ** 31));
  },
  run: runVerify,
};

interface CliOptions extends VerifyOptions {
  readonly maxStates?: number;
}

async function runVerify(
  parsed: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<number> {
  const { maxStates = Infinity, ...options } = parsed as CliOptions;
  const { io, signal, json } = context;
  const verification = new Verification(options);
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  using region = new LiveRegion({
    out: io.stderr,
    live: isLive(io.stderr, io.env) && !context.quiet,
    columns: () => columnsOf(io.stderr, io.env),
  });
  const progress = (): string => {
    const { states, left, locals } = verification.progress;
    return `  ${progressText(states, left, locals)}, ${seconds().toFixed(0)} s`;
  };
  using _alive = heartbeat(context, progress);
  while (!verification.ended && !signal.aborted && verification.progress.states < maxStates) {
    verification.advance(PORTION);
    region.set("verify", progress());
    await new Promise((resolve) => setImmediate(resolve));
  }
  region.remove("verify");
  const { report } = verification;
  io.stdout.write(
    json
      ? jsonLine({ ...report, seconds: Number(seconds().toFixed(3)) })
      : `${resultLines(report, seconds(), verification).join("\n")}\n`,
  );
  if (report.verdict === "holds") return EXIT.ok;
  return report.verdict === "violated" ? EXIT.failed : EXIT.inconclusive;
}

function progressText(states: number, left: number, locals: number): string {
  return states === 0
    ? `${count(locals)} states of single peers`
    : `${count(states)} states, ${count(left)} of them to be looked at`;
}

function resultLines(
  report: VerifyReport,
  seconds: number,
  { options }: Verification,
): string[] {
  const { verdict, states, steps, depth, locals, messages, seen, violation } = report;
  const { protocol, peers, epochs, restarts, wipes, diskFaults } = options;
  const bounds = `${protocol}: ${peers} peers, epochs up to ${epochs}, ${restarts} restarts, ` +
    `${wipes} wipes, ${diskFaults} disk faults`;
  const size = `${count(states)} states, ${count(steps)} steps, depth ${depth}, ` +
    `${count(messages)} messages, ${
      locals.map(([all, classes]) => `${all}/${classes}`).join(" ")
    } ` +
    `states per peer, ${seconds.toFixed(1)} s`;
  const lines = [bounds, size];
  if (violation !== undefined) {
    const { invariant, message, story } = violation;
    lines.push(`VIOLATED ${invariant}: ${message}`, "", ...storyLines(story));
  } else if (verdict === "holds") {
    const checked = options.invariants ?? MODEL_INVARIANTS;
    lines.push(
      `holds in every run: ${checked.join(", ")}`,
      `happens in some run: ${seen.join(", ")}`,
    );
  } else {
    lines.push(
      `UNFINISHED: ${count(report.left)} states were not looked at; no violation in the others`,
    );
  }
  return lines;
}

function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, " ");
}

function invariantList(text: string): string[] {
  const ids = text.split(",").map((id) => id.trim());
  const unknown = ids.find((id) => !MODEL_INVARIANTS.includes(id));
  if (unknown === undefined) return ids;
  throw new InvalidArgumentError(`Expected some of ${MODEL_INVARIANTS.join(",")}.`);
}
