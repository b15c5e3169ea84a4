import { parentPort } from "node:worker_threads";

/** Does the tasks of a `JobPool`, in one of its threads. */
export function serveJobs<T, A>(work: (task: T) => A | Promise<A>): void {
  parentPort?.on("message", async (task: T) => {
    try {
      parentPort?.postMessage({ answer: await work(task) });
    } catch (error) {
      parentPort?.postMessage({ error });
    }
  });
}
