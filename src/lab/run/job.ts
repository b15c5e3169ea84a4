/**
 * A worker thread that runs a share of the seeds, and posts every result.
 *
 * @module
 */
import { parentPort, workerData } from "node:worker_threads";
import type { JobWork } from "./run_many.ts";
import { runSchedule } from "./run_schedule.ts";

const { schedule, seeds } = workerData as JobWork;
for (const seed of seeds) {
  parentPort?.postMessage(await runSchedule(schedule, { seed, mode: "sim" }));
}
