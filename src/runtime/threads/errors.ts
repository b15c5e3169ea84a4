import type { ActorId, HeapLimits, NodeId } from "../../actor/mod.ts";
import { reviveError, TroupeError } from "../../actor/mod.ts";
import type { Suspicion } from "./liveness.ts";

/** The thread was ended because it did not come back to its event loop. The cause in the `nodedown` of its actors. */
export class UnresponsiveError extends TroupeError {
  readonly code = "unresponsive";
  readonly node: NodeId;
  /** Milliseconds without a sign of life. */
  readonly silentMs: number;
  /** How sure that made the watcher: one silence in 10^phi is no death. */
  readonly phi: number;
  /** What held the thread, where that is known. */
  readonly actor: ActorId | undefined;
  readonly method: string | undefined;

  constructor(node: NodeId, { silentMs, phi, current }: Suspicion) {
    const work = current === undefined
      ? ""
      : `, in "${current.method ?? "a method"}" of ${current.actor}`;
    super(`${node} gave no sign of life for ${Math.round(silentMs)} ms${work}`);
    this.node = node;
    this.silentMs = silentMs;
    this.phi = phi;
    this.actor = current?.actor;
    this.method = current?.method;
  }
}

/** The thread's heap reached its limit, and the runtime ended it. */
export class OutOfMemoryError extends TroupeError {
  readonly code = "out_of_memory";
  /** What `heap` of the spawn's options was; empty for a thread with the runtime's own limits. */
  readonly heap: HeapLimits;

  constructor(node: NodeId, heap: HeapLimits) {
    const limits = Object.entries(heap).map(([key, mb]) => `heap.${key} = ${mb} MiB`);
    const which = limits.length === 0 ? "the runtime's own limit" : limits.join(", ");
    super(`The heap of ${node} is full: it reached its limit (${which})`);
    this.heap = heap;
  }
}

/** Too many threads were ended and run on: no other is started before one of them is gone. */
export class TooManyZombiesError extends TroupeError {
  readonly code = "too_many_zombies";
  readonly nodes: readonly NodeId[];

  constructor(nodes: readonly NodeId[], limit: number) {
    super(
      `${nodes.length} threads were ended and run on (${nodes.join(", ")}), ` +
        `maxZombies is ${limit}: no other thread is started`,
    );
    this.nodes = nodes;
  }
}

reviveError(UnresponsiveError, OutOfMemoryError, TooManyZombiesError);
