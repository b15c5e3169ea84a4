import { execFile } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";
import type { ActorRef, ActorSystem } from "../src/actor.ts";
import { createSystem, fromModule, moduleUrl, RUNTIME } from "../src/actor.ts";
import type echoActor from "./fixtures/echo.ts";
import type { EchoProtocol } from "./fixtures/echo.ts";
import { compare, rounds } from "./rounds.ts";
import type { Row, Section } from "./section.ts";

const ROUNDS = 6;
const AT_ONCE = 10;
const ALIVE: readonly number[] = [5, 50];

/** How soon an actor in a thread of its own is there, and what it takes, against a bare worker. */
export const threads: Section = {
  name: "threads",
  title: "an actor in a thread of its own, from spawn to ready",
  async run() {
    const rows = await startTimes();
    for (const count of ALIVE) rows.push(await memory(count));
    return {
      rows,
      notes: [
        "Same modules: a worker that loads what the actor's thread loads, and posts one message. Empty: a worker that only posts.",
        "Memory: what the process (RSS) grows by per thread, each case in a process of its own.",
      ],
    };
  },
};

async function startTimes(): Promise<Row[]> {
  await using system = await createSystem();
  const one = await rounds(ROUNDS, {
    actor: () => timed(1, () => spawnEcho(system), (ref) => system.kill(ref)),
    same: () => timed(1, () => bareWorker("same_modules.ts"), (worker) => worker.terminate()),
    empty: () => timed(1, () => bareWorker("empty.ts"), (worker) => worker.terminate()),
  });
  const many = await rounds(ROUNDS / 2, {
    actor: () => timed(AT_ONCE, () => spawnEcho(system), (ref) => system.kill(ref)),
    same: () => timed(AT_ONCE, () => bareWorker("same_modules.ts"), (worker) => worker.terminate()),
  });
  return [
    { name: "one by one", unit: "ms", ...compare(one, "actor", "same", "worker, same modules") },
    { name: "", unit: "ms", ...compare(one, "actor", "empty", "worker, empty") },
    {
      name: `${AT_ONCE} at once, each`,
      unit: "ms",
      ...compare(many, "actor", "same", "worker, same modules"),
    },
  ];
}

/** Milliseconds per thread to start `count` at once. */
async function timed<T>(
  count: number,
  start: () => Promise<T>,
  end: (started: T) => Promise<unknown>,
): Promise<number> {
  const begun = performance.now();
  const started = await Promise.all(Array.from({ length: count }, start));
  const each = (performance.now() - begun) / count;
  await Promise.all(started.map(end));
  return each;
}

function spawnEcho(system: ActorSystem): Promise<ActorRef<EchoProtocol>> {
  const module = fromModule<typeof echoActor>(moduleUrl("./fixtures/echo.ts", import.meta.url));
  return system.spawn(module, undefined, { placement: "thread" });
}

/** A worker that has sent its first message. */
function bareWorker(fixture: string): Promise<Worker> {
  const worker = new Worker(moduleUrl(`./fixtures/${fixture}`, import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once("message", () => resolve(worker));
    worker.once("error", reject);
  });
}

async function memory(count: number): Promise<Row> {
  const results = await rounds(1, {
    actor: () => memoryPerThread("actors", count),
    same: () => memoryPerThread("workers", count),
  }, 0);
  return {
    name: `memory per thread, ${count} alive`,
    unit: "B",
    ...compare(results, "actor", "same", "worker, same modules"),
  };
}

async function memoryPerThread(what: "actors" | "workers", count: number): Promise<number> {
  const script = fileURLToPath(moduleUrl("./fixtures/memory.ts", import.meta.url));
  const before = RUNTIME === "deno" ? ["run", "-A"] : [];
  const args = [...before, script, what, String(count)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
