import { Worker } from "node:worker_threads";
import { moduleUrl } from "../src/actor.ts";

/** A worker of a module in `fixtures` that has sent its first message. */
export function bareWorker(fixture: string): Promise<Worker> {
  const worker = new Worker(moduleUrl(`./fixtures/${fixture}`, import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve(worker));
    worker.once("error", reject);
  });
}
