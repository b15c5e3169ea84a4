import type { ActorRef, ActorSystem, Placement, SupervisorProtocol } from "../src/actor.ts";
import { child, createSystem, fromModule, moduleUrl, supervisor } from "../src/actor.ts";
import { bareWorker } from "./bare_worker.ts";
import type echoActor from "./fixtures/echo.ts";
import type { EchoProtocol } from "./fixtures/echo.ts";
import { compare, rounds } from "./rounds.ts";
import type { Row, Section } from "./section.ts";

const ROUNDS = 10;
const POOL = "restarts";

/** From an actor's crash until its successor, started by its supervisor, has answered a question that was put by name. */
export const restarts: Section = {
  name: "restarts",
  title: "from a crash to the successor's first answer",
  async run() {
    await using system = await createSystem({ threads: { [POOL]: { size: 1 } } });
    const team = await system.spawn(supervisor({ intensity: 1_000_000 }, []), undefined);
    const inThread = await startEcho(team, "in-thread", "thread");
    const inPool = await startEcho(team, "in-pool", { pool: POOL });
    const threads = await rounds(ROUNDS, {
      actor: () => restart(system, inThread),
      same: replaceWorker,
    });
    const pooled = await rounds(ROUNDS, {
      actor: () => restart(system, inPool),
      ask: () => timed(() => system.registry.via<EchoProtocol>(inPool).ask.say(1)),
    });
    const rows: Row[] = [
      {
        name: "in a thread of its own",
        unit: "ms",
        ...compare(threads, "actor", "same", "worker that exits, replaced"),
      },
      {
        name: "in a pool's thread",
        unit: "ms",
        ...compare(pooled, "actor", "ask", "one ask by name"),
      },
    ];
    return {
      rows,
      notes: [
        "Replaced: a bare worker with the same modules is told to exit; on its exit the next one is started and posts one message.",
      ],
    };
  },
};

async function startEcho(
  team: ActorRef<SupervisorProtocol>,
  name: string,
  placement: Placement,
): Promise<string> {
  const start = fromModule<typeof echoActor>(moduleUrl("./fixtures/echo.ts", import.meta.url));
  await team.ask.startChild(child({ id: name, start, name, placement, restart: "permanent" }));
  return name;
}

/** Milliseconds. */
async function restart(system: ActorSystem, name: string): Promise<number> {
  const before = await system.registry.waitFor<EchoProtocol>(name);
  return await timed(async () => {
    const down = system.down(before);
    before.tell.crash();
    await down;
    // Its name was free before its end was told: whoever has it now is the successor.
    await (await system.registry.waitFor<EchoProtocol>(name)).ask.say(1);
  });
}

/** Milliseconds. */
async function replaceWorker(): Promise<number> {
  const before = await bareWorker("same_modules.ts");
  let after = before;
  const ms = await timed(async () => {
    const exit = new Promise((resolve) => before.once("exit", resolve));
    before.postMessage("exit");
    await exit;
    after = await bareWorker("same_modules.ts");
  });
  await after.terminate();
  return ms;
}

/** Milliseconds. */
async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}
