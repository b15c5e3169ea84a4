import { MessageChannel } from "node:worker_threads";
import type { NodeId } from "../../actor/mod.ts";
import { fromModule, keyedRandom } from "../../actor/mod.ts";
import type { registry } from "../../registry/mod.ts";
import { clockStart, threadClock } from "./clock.ts";
import type { FaultBoard } from "./fault_board.ts";
import type { Ending, Ground, MainHost, SystemBase, ThreadOptions } from "./ground.ts";
import { ThreadHost } from "./host.ts";
import { every, moduleUrl } from "./platform.ts";
import { spawnRequest } from "./spawn_request.ts";
import type { Switchboard } from "./switchboard.ts";
import { Thread } from "./thread.ts";

/** Real threads, for a system that begins now; `faults` is what is wrong with them. */
export function threadBase(faults?: FaultBoard): SystemBase {
  const start = clockStart();
  return {
    registry: fromModule<typeof registry>(
      moduleUrl("../../../workers/registry.ts", import.meta.url),
    ),
    host: (seed, role) => new ThreadHost(threadClock(start), keyedRandom(`${seed}/main`), role),
    ground: (seed, host, { intervalMs }, switchboard) =>
      new ThreadGround(start, seed, intervalMs, host, switchboard, faults),
    request: spawnRequest,
  };
}

class ThreadGround implements Ground {
  readonly #start: number;
  readonly #seed: string;
  readonly #beatMs: number;
  readonly #host: MainHost;
  readonly #switchboard: () => Switchboard;
  readonly #faults: FaultBoard | undefined;
  /** Where the threads are, of those that faults concern. */
  readonly #places = new Map<NodeId, string>();

  constructor(
    start: number,
    seed: string,
    beatMs: number,
    host: MainHost,
    switchboard: () => Switchboard,
    faults: FaultBoard | undefined,
  ) {
    this.#start = start;
    this.#seed = seed;
    this.#beatMs = beatMs;
    this.#host = host;
    this.#switchboard = switchboard;
    this.#faults = faults;
    faults?.attach((place) => this.#disturbed(place));
  }

  start(options: ThreadOptions, ended: Ending): Thread {
    const { node, purpose } = options;
    const faults = this.#faults?.view(purpose);
    const data = {
      start: this.#start,
      seed: `${this.#seed}/${node}`,
      beatMs: this.#beatMs,
      ...(faults && { faults }),
    };
    const thread = new Thread(data, options, (cause) => {
      this.#places.delete(node);
      ended(cause);
    });
    if (faults !== undefined) this.#places.set(node, purpose);
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
    const purpose = this.#places.get(peer);
    const place = purpose === undefined ? undefined : this.#faults?.view(purpose)?.place;
    this.#switchboard().kernel(node).with({ transfer }).tell.link(peer, port as never, place);
  }

  #disturbed(place: string): void {
    for (const [node, purpose] of this.#places) {
      if (purpose === place) this.#switchboard().kernel(node).tell.disturbed();
    }
  }

  looking(ms: number, look: () => void): Disposable {
    return every(ms, look);
  }
}
