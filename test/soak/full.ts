/**
 * `npm run test:soak` (on Deno `npm run test:soak:deno`): the whole soak, with what it left. Exit code 1 if that is too much.
 *
 * Both scripts make the young generation of all heaps small. Otherwise those of the threads that live on, first of all the
 * registry's, grow to their usual 16 MiB as they work, and nobody can make another thread collect: that is garbage, not kept.
 */
import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { moduleUrl, RUNTIME, RUNTIME_VERSION } from "../../src/actor.ts";
import type { Memory } from "./census.ts";
import { FULL } from "./plan.ts";
import { soak } from "./soak.ts";

/** MiB, here and in the process of bare workers. */
const YOUNG = "--max-semi-space-size=1";

/** By how much memory may have grown. */
const GROWTH = 1.2;

/** Bytes: by so much two runs of the same differ. */
const NOISE = 16 * 2 ** 20;

const complaints: string[] = [];
const { cycles, killedMidCall, asks, seconds, census, memory } = await soak(FULL, (done) => {
  if (done % 100 === 0) console.error(`${done} cycles`);
});
const issued = cycles * FULL.asksPerCycle;
console.log(`${RUNTIME} ${RUNTIME_VERSION}, seed ${FULL.seed}: ${seconds.toFixed(1)} s`);
console.log(`${cycles} deaths and restarts, ${FULL.threadCycles} of them of threads`);
console.log(
  `${issued} asks: ${asks.answered} answered, ${asks.lost} lost with their target; ${killedMidCall} targets killed mid-call`,
);
console.log("at rest, before and after:", JSON.stringify(census[0]));
if (asks.wrong.length > 0) complaints.push(`${asks.wrong.length} asks failed: ${asks.wrong[0]}`);
if (asks.answered + asks.lost !== issued) complaints.push("asks were forgotten");

for (const part of ["rss", "mainHeap", "askerHeap"] as const) compare(part);
await compareWithBareLoop();
if (complaints.length > 0) console.error(`✖ ${complaints.join("\n✖ ")}`);
else console.log("✔ nothing was kept");
process.exitCode = complaints.length === 0 ? 0 : 1;

function compare(part: keyof Memory): void {
  const [before = 0, after = Infinity] = memory.map((memory) => memory?.[part]);
  const ratio = after / before;
  console.log(`${part}: ${mib(before)} -> ${mib(after)} (${ratio.toFixed(2)})`);
  if (ratio > GROWTH) complaints.push(`${part} grew to ${ratio.toFixed(2)} of what it was`);
}

/** As many bare workers, started and terminated in a process of their own: more than they keep, actors must not keep. */
async function compareWithBareLoop(): Promise<void> {
  const script = fileURLToPath(moduleUrl("./fixtures/bare_loop.ts", import.meta.url));
  const args = [script, String(FULL.warmUp), String(FULL.threadCycles)];
  const run = RUNTIME === "deno" ? ["run", "-A", "--no-check", `--v8-flags=${YOUNG}`] : [YOUNG];
  const { stdout } = await promisify(execFile)(process.execPath, [...run, ...args]);
  const [before, after] = JSON.parse(stdout) as [number, number];
  const [first, last] = memory.map((memory) => memory?.rss ?? Infinity) as [number, number];
  const [mine, bare] = [last - first, after - before];
  console.log(
    `rss of bare workers: ${mib(before)} -> ${mib(after)} (${(after / before).toFixed(2)})`,
  );
  // Some of what is kept differs from run to run.
  if (mine <= bare + NOISE) return;
  complaints.push(`actors keep ${mib(mine)}, as many bare workers ${mib(bare)}`);
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
