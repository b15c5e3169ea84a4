import type { ActorRef, ActorSystem } from "../src/actor.ts";
import { createSystem, fromModule, moduleUrl } from "../src/actor.ts";
import { bareWorker } from "./bare_worker.ts";
import type echoActor from "./fixtures/echo.ts";
import type { EchoProtocol } from "./fixtures/echo.ts";
import { compare, rounds } from "./rounds.ts";
import type { Row, Section } from "./section.ts";

const ROUNDS = 6;
const AT_ONCE = 10;

/** How soon an actor in a thread of its own is there, against a bare worker. */
export const threads: Section = {
  name: "threads",
  title: "an actor in a thread of its own, from spawn to ready",
  async run() {
    return {
      rows: await startTimes(),
      notes: [
        "Same modules: a worker that loads what the actor's thread loads, and posts one message. Empty: a worker that only posts.",
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
