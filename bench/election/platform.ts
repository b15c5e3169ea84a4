import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { bareWorker } from "../bare_worker.ts";
import { median } from "../statistics.ts";
import { tempFolder } from "../temp_folder.ts";

/** What nobody can do without: milliseconds, medians. */
export interface Platform {
  /** A message's way to a thread that sleeps: half of a bare round trip. */
  readonly oneWay: number;
  /** A small durable write in a thread that slept. */
  readonly write: number;
}

const ROUNDS = 60;
/** Milliseconds that both threads sleep before each round, as peers do between heartbeats. */
const SLEEP = 20;

/** Measures bare threads on this machine's disk, nothing of troupe's among it. */
export async function measurePlatform(): Promise<Platform> {
  await using folder = await tempFolder();
  const worker = await bareWorker("waiter.ts");
  const ask = async (folder?: string): Promise<number> => {
    worker.postMessage(folder);
    const [milliseconds] = await once(worker, "message");
    return milliseconds as number;
  };
  const ways: number[] = [];
  const writes: number[] = [];
  while (ways.length < ROUNDS) {
    await setTimeout(SLEEP);
    const begun = performance.now();
    await ask();
    ways.push((performance.now() - begun) / 2);
    await setTimeout(SLEEP);
    writes.push(await ask(folder.path));
  }
  await worker.terminate();
  return { oneWay: median(ways), write: median(writes) };
}
