import type { ActorDefinition, Disk, Protocol, SystemEvent } from "../actor/mod.ts";
import { fromModule, InvalidOptionError } from "../actor/mod.ts";
import type { peer as peerActor } from "../peer/mod.ts";
import type { ActorSystem } from "../runtime/mod.ts";
import { createSystem, moduleUrl, threadDisk } from "../runtime/mod.ts";
import type { ClusterOptions, CrashKind } from "./api.ts";
import type { PeerFolders } from "./folders.ts";
import { RunFolders } from "./folders.ts";
import { lockFolder } from "./folder_lock.ts";
import { LogFiles } from "./log_files.ts";
import { RealSurroundings } from "./real_surroundings.ts";
import { peerIds } from "./targets.ts";
import type { Opening, Premises, Victim } from "./premises.ts";

/** Threads, and folders of the file system. */
export class RealPremises implements Premises {
  readonly root: string;
  readonly peer: ActorDefinition<never, Protocol>;
  readonly #folders: RunFolders;
  readonly #logs: LogFiles;
  readonly #furnished = new Set<string>();
  readonly surroundings: RealSurroundings;
  readonly watches: boolean = true;
  #lock: Disposable | undefined;
  #system: ActorSystem | undefined;

  constructor(options: ClusterOptions) {
    this.surroundings = new RealSurroundings(peerIds(options));
    const now = new Date();
    this.#folders = new RunFolders(options, now);
    this.#logs = new LogFiles(now.getTime());
    this.root = this.#folders.root;
    this.peer = fromModule<typeof peerActor>(
      moduleUrl("../../workers/peer.ts", import.meta.url),
    );
  }

  claim(): void {
    this.#lock = lockFolder(this.root);
  }

  async open({ root, seed, onEvent }: Opening): Promise<ActorSystem> {
    const { board: faults } = this.surroundings;
    this.#system = await createSystem({
      root,
      ...(seed !== undefined && { seed }),
      onEvent,
      faults,
    });
    return this.#system;
  }

  paths(peer: string): PeerFolders {
    return this.#folders.paths(peer);
  }

  furnish(peer: string): Disk {
    const { log } = this.#folders.of(peer);
    if (!this.#furnished.has(peer)) this.#logs.open(peer, log);
    this.#furnished.add(peer);
    return threadDisk();
  }

  log(peer: string, event: SystemEvent): void {
    this.#logs.write(peer, event);
  }

  after(ms: number, fn: () => void): Disposable {
    const timer = setTimeout(fn, ms);
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  }

  at(time: number, fn: () => void): Disposable {
    return this.after(Math.max(0, time - (this.#system?.now() ?? 0)), fn);
  }

  wait<T>(_what: string, work: Promise<T>): Promise<T> {
    return work;
  }

  strike(victim: Victim, how: CrashKind): (() => void) | undefined {
    switch (how) {
      case "terminate":
        this.#system?.terminate(victim.node);
        return undefined;
      case "throw":
      case "exit":
      case "memory":
        victim.tell(how);
        return undefined;
      case "hang": {
        // A blocked peer looks at it, to be let go: Deno never stops a thread that does not yield.
        const flag = new Int32Array(new SharedArrayBuffer(4));
        victim.tell("hang", flag.buffer as SharedArrayBuffer);
        return () => {
          Atomics.store(flag, 0, 1);
          Atomics.notify(flag, 0);
        };
      }
      default:
        throw new InvalidOptionError("how", how, "terminate, throw, hang, exit or memory");
    }
  }

  close(): void {
    this.#logs.close();
    this.#lock?.[Symbol.dispose]();
  }
}
