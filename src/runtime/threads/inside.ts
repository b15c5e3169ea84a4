import process from "node:process";
import { workerData } from "node:worker_threads";
import type { ActorId, ExitReason, NodeId, Protocol } from "../../actor/mod.ts";
import { kernelId, keyedRandom, toError } from "../../actor/mod.ts";
import type { RemoteSpawn } from "../../actor/host.ts";
import { ActorNode } from "../../actor/node.ts";
import { makeRef } from "../../actor/refs.ts";
import { RegistryClient } from "../../registry/mod.ts";
import { nameLost } from "../../registry/name_lost.ts";
import { threadClock } from "./clock.ts";
import { EventOutbox } from "./event_outbox.ts";
import { ThreadHost } from "./host.ts";
import { kernelMethods } from "./kernel.ts";
import { OutOfMemoryError } from "./errors.ts";
import { every, heapWatch } from "./platform.ts";
import { PlaceFaults } from "./place_faults.ts";
import { PulseWriter } from "./pulse.ts";
import { spawnRequest } from "./spawn_request.ts";
import type { MainKernelProtocol, ThreadData } from "./wire.ts";

const MAIN = "main" as NodeId;

/** Makes this thread a node of the system that started it. The whole of a thread's entry module. */
export function runThread(): void {
  const data = workerData as ThreadData;
  const { node: id, port, start, seed, pulse: memory, beatMs, heap } = data;
  const clock = threadClock(start);
  const pulse = new PulseWriter(memory);
  const look = heapWatch();
  const beat = (): void => {
    const { used, exhausted } = look();
    pulse.beat(performance.now(), used);
    if (exhausted) crash(new OutOfMemoryError(id, heap));
  };
  const host: ThreadHost = new ThreadHost(clock, keyedRandom(seed), {
    connect: (to) => main.tell.connect(id, to),
    pulse,
    ...(data.faults && { faults: new PlaceFaults(data.faults) }),
    spawn: async (request: RemoteSpawn) => await main.ask.spawnElsewhere(spawnRequest(request)),
    kill: (actor) => main.tell.kill(actor),
    emit: (event) => events.add(event),
    sending(to) {
      if (to === MAIN) events.flush();
    },
    // Later, so that what the actor sent last goes out before the thread is ended.
    ended(actor: ActorId, reason: ExitReason) {
      const at = clock.now();
      void host.linked().then(() => setImmediate(() => main.tell.ended(actor, reason, at)));
    },
  });
  const names: RegistryClient = new RegistryClient({
    node: id,
    clock,
    get home() {
      return node.outside;
    },
    announce: async (actor) => await main.ask.announce(actor),
    lost: (record) => nameLost(node, record),
  });
  const node: ActorNode = new ActorNode(id, host, names);
  // Outlives slow starts elsewhere: the actor's own start timeout decides.
  const main = makeRef<MainKernelProtocol>(node.outside, kernelId(MAIN), "main")
    .with({ timeout: Infinity });
  const events = new EventOutbox(clock, (batch) => main.tell.events(batch));
  host.attach(node);
  host.link(MAIN, port);
  node.installKernel(kernelMethods(node, host, names) as unknown as Protocol);

  // An error that no call can be blamed for is the thread's: it ends, and says why.
  const crash = (error: unknown): void => {
    try {
      main.tell.crashed(id, toError(error));
      node.hurry();
      host.flush();
    } finally {
      process.exit(1);
    }
  };
  beat();
  every(beatMs, beat);
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  main.tell.ready(id);
}
