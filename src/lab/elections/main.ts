/**
 * Random elections by the thousand: `node dist/src/lab/elections/main.js --seeds 200000 --jobs 2 [--from 1]`. Prints a line of sums,
 * and every seed that broke something; `--from SEED --seeds 1` runs that one again. Exit code 1 if one did, 2 for wrong usage.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { violationLines } from "../invariants/mod.ts";
import { Campaign, type CampaignReport } from "./campaign.ts";
import { runChaos } from "./chaos.ts";

/** Room for what steps leave behind: a run's is gone before it is full, so that little of it is ever copied. */
const YOUNG_MB = 64;

interface Share {
  readonly from: number;
  readonly below: number;
  readonly every: number;
}

if (isMainThread) process.exitCode = await main();
else parentPort?.postMessage(runShare(workerData as Share));

function runShare({ from, below, every }: Share): CampaignReport {
  const campaign = new Campaign();
  for (let seed = from; seed < below; seed += every) campaign.run(seed);
  return campaign.report;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "20000" },
      from: { type: "string", default: "1" },
      jobs: { type: "string", default: "2" },
    },
  });
  const [seeds, from, jobs] = [Number(values.seeds), Number(values.from), Number(values.jobs)];
  if (![seeds, from, jobs].every((value) => Number.isInteger(value) && value > 0)) {
    console.error("--seeds, --from and --jobs must be whole numbers above 0");
    return 2;
  }
  const began = performance.now();
  const campaign = new Campaign();
  const shares = Array.from(
    { length: Math.min(jobs, seeds) },
    (_, job) => ({ from: from + job, below: from + seeds, every: Math.min(jobs, seeds) }),
  );
  for (const report of await Promise.all(shares.map(inThread))) campaign.add(report);
  const { failures, events, ms, slowest, seen } = campaign.report;
  const seconds = (performance.now() - began) / 1000;
  console.log(
    `${seeds} seeds from ${from}: ${
      failures.length === 0 ? "0" : `at least ${failures.length}`
    } broken; ` +
      `${events} events in ${seconds.toFixed(1)} s (${(events / seconds / 1e6).toFixed(2)} M/s), ` +
      `${(ms / 1000 / seconds).toFixed(0)} x real time; slowest recovery ${slowest.toFixed(0)} ms`,
  );
  console.log([...seen].map(([kind, count]) => `${kind} ${count}`).join(", "));
  for (const { seed, invariant, message } of failures) {
    console.log(`seed ${seed}: ${invariant}: ${message}`);
  }
  const [first] = failures;
  if (first === undefined) return 0;
  for (const violation of runChaos(first.seed).violations.slice(0, 1)) {
    console.log(violationLines(violation).join("\n"));
  }
  return 1;
}

function inThread(share: Share): Promise<CampaignReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), {
      workerData: share,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", () => reject(new Error("A job ended without a result")));
  });
}
