import type { Command } from "commander";
import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeRandomFile } from "../random_file.ts";
import { EXIT } from "../exit_codes.ts";
import { wholeNumber } from "../parse_options.ts";
import { formatBytes } from "../text/bytes.ts";
import { formatDuration } from "../text/duration.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand, CommandContext } from "./command.ts";

/** `troupe bench`: what this machine does, against what it could. */
export const bench: CliCommand = {
  name: "bench",
  group: "Check",
  summary: "measure this machine: start, failover, a download against a plain copy",
  examples: [
    ["troupe bench", "half a minute; ratios are what can be compared between machines"],
    ["troupe bench --rounds 9 --json", "every sample, for a program"],
  ],
  configure(command: Command): void {
    command
      .option("--rounds <n>", "how often each is measured", wholeNumber(1, 99), 5)
      .option("--size <MiB>", "of the file that is downloaded", wholeNumber(1, 4096), 64);
  },
  async run(options, context) {
    const { rounds, size } = options as { readonly rounds: number; readonly size: number };
    const dir = await mkdtemp(join(tmpdir(), "troupe-bench-"));
    try {
      const figures = await measure(dir, rounds, size * 1024 * 1024, context);
      context.io.stdout.write(
        context.json
          ? jsonLine({ runtime: context.io.runtime, ...figures })
          : `${textOf(figures)}\n`,
      );
      return EXIT.ok;
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

/** Milliseconds, a sample per round. */
interface Figures {
  readonly bytes: number;
  readonly startMs: number;
  readonly failoverMs: readonly number[];
  readonly downloadMs: readonly number[];
  /** The same bytes copied by the system, which neither hashes nor sends them. */
  readonly copyMs: readonly number[];
}

async function measure(
  dir: string,
  rounds: number,
  bytes: number,
  { io, signal, quiet }: CommandContext,
): Promise<Figures> {
  const note = (text: string): void => {
    if (!quiet) io.stderr.write(`${text}\n`);
  };
  const shared = join(dir, "shared");
  await mkdir(join(shared, "peer-1"), { recursive: true });
  for (let round = 0; round < rounds; round++) {
    await writeRandomFile(join(shared, "peer-1", `file-${round}`), bytes);
  }
  note(`starting five peers`);
  const began = performance.now();
  await using cluster = await io.createCluster({ peers: 5, shared, folder: join(dir, "run") });
  let { epoch } = await cluster.tracker({ signal });
  const startMs = performance.now() - began;
  const [copyMs, downloadMs, failoverMs]: number[][] = [[], [], []];
  note(`downloading ${rounds} times ${formatBytes(bytes)}`);
  for (let round = 0; round < rounds; round++) {
    const from = performance.now();
    await copyFile(join(shared, "peer-1", `file-${round}`), join(dir, "copy"));
    copyMs?.push(performance.now() - from);
    const done = await cluster.peer(2).download(`file-${round}`, { holder: "peer-1", signal });
    downloadMs?.push(done.ms);
  }
  note(`crashing ${rounds} trackers`);
  for (let round = 0; round < rounds; round++) {
    const from = performance.now();
    const crashed = await cluster.crash("tracker");
    ({ epoch } = await cluster.tracker({ above: epoch, signal }));
    failoverMs?.push(performance.now() - from);
    await cluster.restart(crashed);
    ({ epoch } = await cluster.tracker({ signal }));
  }
  return {
    bytes,
    startMs,
    failoverMs: failoverMs ?? [],
    downloadMs: downloadMs ?? [],
    copyMs: copyMs ?? [],
  };
}

function textOf({ bytes, startMs, failoverMs, downloadMs, copyMs }: Figures): string {
  const [download, copy] = [median(downloadMs), median(copyMs)];
  const rate = (ms: number): string => `${formatBytes(bytes / (ms / 1_000))}/s`;
  return [
    `start of five peers   ${formatDuration(startMs)}, the first tracker included`,
    `failover              median ${
      formatDuration(median(failoverMs))
    } of ${failoverMs.length}, all agree`,
    `download              median ${rate(download)}, verified; a plain copy ${rate(copy)}; ratio ${
      (copy / download).toFixed(2)
    }`,
  ].join("\n");
}

function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return (low + high) / 2;
}
