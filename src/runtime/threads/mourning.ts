import type { ActorRef, ExitReason, NodeId } from "../../actor/mod.ts";
import type { RegistryClient } from "../../registry/mod.ts";
import type { MainHost, OwnedThread } from "./ground.ts";
import type { RegistryKeeper } from "./registry_keeper.ts";
import type { KernelProtocol } from "./wire.ts";

/** What {@linkcode Mourning} needs of its switchboard. */
export interface Bereaved {
  readonly host: MainHost;
  readonly keeper: RegistryKeeper;
  /** The main thread's names. */
  readonly names: Pick<RegistryClient, "nodeDown">;
  /** The threads that live. */
  nodes(): Iterable<NodeId>;
  kernel(node: NodeId): ActorRef<KernelProtocol>;
  /** Everybody was told. */
  told(node: NodeId, reason: ExitReason): void;
}

/** Announces the deaths of threads: first their last messages come in, then their names are free, then everybody is told. */
export class Mourning {
  readonly #system: Bereaved;
  /** Deaths that not everybody has been told of yet. */
  readonly #mourned = new Map<NodeId, Promise<void>>();

  constructor(system: Bereaved) {
    this.#system = system;
  }

  /** @param cause what its runtime said, where it ended by itself */
  begin(thread: OwnedThread, cause: Error | undefined): void {
    const { node } = thread;
    this.#mourned.set(node, this.#tell(thread, cause).finally(() => this.#mourned.delete(node)));
  }

  /** Settles when everybody has been told of the death of `node`. */
  async over(node: NodeId): Promise<void> {
    await this.#mourned.get(node);
  }

  /** Settles when everybody has been told of all deaths so far. */
  async allOver(): Promise<void> {
    await Promise.all(this.#mourned.values());
  }

  async #tell(thread: OwnedThread, cause: Error | undefined): Promise<void> {
    const { node } = thread;
    const { host, keeper, names } = this.#system;
    // Its own words may still be in the port when its exit is known.
    const provisional: ExitReason = { kind: "nodedown", node };
    await host.awaitLast(node, thread.reason ?? provisional);
    const reason = reasonOf(thread, cause);
    await keeper.freeNames(node, reason);
    names.nodeDown(node, reason);
    const { goneSince } = thread;
    host.finishDown(node, reason, goneSince);
    for (const other of this.#system.nodes()) {
      this.#system.kernel(other).tell.nodeDown(node, reason, goneSince);
    }
    this.#system.told(node, reason);
  }
}

function reasonOf(thread: OwnedThread, cause: Error | undefined): ExitReason {
  if (thread.reason !== undefined) return thread.reason;
  const error = thread.crash ?? cause;
  if (error !== undefined && thread.exclusive && thread.crash !== undefined) {
    return { kind: "error", error };
  }
  return { kind: "nodedown", node: thread.node, ...(error && { cause: error }) };
}
