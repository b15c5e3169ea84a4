import type { ActorId, ActorRef, Clock, ExitReason, NodeId } from "../../actor/mod.ts";
import { nodeOf } from "../../actor/mod.ts";
import type { Home } from "../../actor/refs.ts";
import { makeRef } from "../../actor/refs.ts";
import type { RegistryProtocol } from "../../registry/mod.ts";
import type { KernelProtocol } from "./wire.ts";

/** Milliseconds that a death waits for the registry to free names. */
const FREE_NAMES_TIMEOUT = 1_000;
/** Milliseconds that a new registry waits for a node to tell what it holds. */
const RECLAIM_TIMEOUT = 2_000;

/** What a {@linkcode RegistryKeeper} needs of its switchboard. */
export interface KeptSystem {
  readonly clock: Clock;
  readonly home: Home;
  /** All that live. */
  nodes(): readonly NodeId[];
  kernel(node: NodeId): ActorRef<KernelProtocol>;
}

/** Makes the registry known to all nodes, each new one to all and all to each new one, and has it free the names of the dead. */
export class RegistryKeeper {
  readonly #system: KeptSystem;
  #id: ActorId | undefined;

  constructor(system: KeptSystem) {
    this.#system = system;
  }

  /** Where the registry runs; undefined while there is none. */
  get node(): NodeId | undefined {
    return this.#id && nodeOf(this.#id);
  }

  /** A registry runs as `id`. Every node tells it what it holds; then it answers. */
  async announce(id: ActorId): Promise<void> {
    this.#id = id;
    await Promise.all(this.#system.nodes().map((node) => this.#introduce(node, id)));
    this.#registry(id).tell.open();
  }

  /** `node` has come. */
  came(node: NodeId): void {
    if (this.#id !== undefined) void this.#introduce(node, this.#id);
  }

  /** Names are free before anyone sees the death (OTP: `named_down`). */
  async freeNames(node: NodeId, reason: ExitReason): Promise<void> {
    const id = this.#id;
    if (id === undefined) return;
    if (nodeOf(id) === node) return void (this.#id = undefined);
    // Without a deadline of its own: a registry that is slow must still do it.
    const freed = this.#registry(id).with({ timeout: Infinity }).ask.nodeDown(node, reason)
      .catch(() => {});
    let timer: Disposable | undefined;
    const limit = new Promise<void>((resolve) => {
      timer = this.#system.clock.setTimeout(resolve, FREE_NAMES_TIMEOUT);
    });
    await Promise.race([freed, limit]);
    timer?.[Symbol.dispose]();
  }

  async #introduce(node: NodeId, id: ActorId): Promise<void> {
    const kernel = this.#system.kernel(node);
    await kernel.with({ timeout: RECLAIM_TIMEOUT }).ask.registryIs(id).catch(() => {
      // An ask that timed out was withdrawn; a thread that was busy must still hear of it.
      if (this.#id === id) kernel.tell.registryIs(id);
    });
  }

  #registry(id: ActorId): ActorRef<RegistryProtocol> {
    return makeRef<RegistryProtocol>(this.#system.home, id, undefined);
  }
}
