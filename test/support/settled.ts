/**
 * Fails a test file that leaves a rejection or an exception behind after its last test. Node's runner does so by
 * itself; `deno test` passes, so it preloads this module (see the `test` task in deno.json) and no test imports it.
 *
 * @module
 */
import process from "node:process";
import { isMainThread } from "node:worker_threads";

/** How long after its last test a file may still betray itself; Node waits until nothing is left to do. */
const graceMs = 30;

interface DenoTestHooks {
  readonly test: { afterAll(fn: () => Promise<void>): void };
}

const deno = (globalThis as { Deno?: DenoTestHooks }).Deno;

if (deno !== undefined && isMainThread) {
  const strays: unknown[] = [];
  process.on("unhandledRejection", (reason) => void strays.push(reason));
  process.on("uncaughtException", (error) => void strays.push(error));

  // An `after` of node:test does not do: Deno drops what it throws.
  deno.test.afterAll(async () => {
    await new Promise((resolve) => setTimeout(resolve, graceMs));
    if (strays.length > 0) {
      throw new AggregateError(strays, `${strays.length} stray error(s) in this file: ${strays}`);
    }
  });
}
