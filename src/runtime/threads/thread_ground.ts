import { MessageChannel } from "node:worker_threads";
import type { NodeId } from "../../actor/mod.ts";
import { fromModule, keyedRandom } from "../../actor/mod.ts";
import type { registry } from "../../registry/mod.ts";
import { clockStart, threadClock } from "./clock.ts";
import type { Ending, Ground, MainHost, SystemBase, ThreadOptions } from "./ground.ts";
import { ThreadHost } from "./host.ts";
import { every, moduleUrl } from "./platform.ts";
import { spawnRequest } from "./spawn_request.ts";
import type { Switchboard } from "./switchboard.ts";
import { Thread } from "./thread.ts";

/** Real threads, for a system that begins now. */
export function threadBase(): SystemBase {
  const start = clockStart();
  return {
    registry: fromModule<typeof registry>(
      moduleUrl("../../../workers/registry.ts", import.meta.url),
    ),
    host: (seed, role) => new ThreadHost(threadClock(start), keyedRandom(`${seed}/main`), role),
    ground: (seed, host, { intervalMs }, switchboard) =>
      new ThreadGround(start, seed, intervalMs, host, switchboard),
    request: spawnRequest,
  };
}

class ThreadGround implements Ground {
  readonly #start: number;
  readonly #seed: string;
  readonly #beatMs: number;
  readonly #host: MainHost;
  readonly #switchboard: () => Switchboard;

  constructor(
    start: number,
    seed: string,
    beatMs: number,
    host: MainHost,
    switchboard: () => Switchboard,
  ) {
    this.#start = start;
    this.#seed = seed;
    this.#beatMs = beatMs;
    this.#host = host;
    this.#switchboard = switchboard;
  }

  start(options: ThreadOptions, ended: Ending): Thread {
    const { node } = options;
    const data = { start: this.#start, seed: `${this.#seed}/${node}`, beatMs: this.#beatMs };
    const thread = new Thread(data, options, ended);
    this.#host.link(node, thread.port);
    return thread;
  }

  connect(from: NodeId, to: NodeId): void {
    const { port1, port2 } = new MessageChannel();
    this.#hand(from, to, port1);
    this.#hand(to, from, port2);
  }

  #hand(node: NodeId, peer: NodeId, port: unknown): void {
    const transfer = [port] as unknown as ArrayBuffer[];
    this.#switchboard().kernel(node).with({ transfer }).tell.link(peer, port as never);
  }

  looking(ms: number, look: () => void): Disposable {
    return every(ms, look);
  }
}
