import type { Cell } from "./cell.ts";
import type { ExitReason } from "./exit_reason.ts";
import { KILLED, SHUTDOWN } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf } from "./ids.ts";
import type { Linking } from "./linking.ts";
import type { MessagesOut } from "./messages_out.ts";
import type { Monitoring } from "./monitoring.ts";
import type { NodeBase } from "./node_base.ts";
import { DEFAULT_ASK_TIMEOUT } from "./options.ts";
import type { Held } from "./outflow.ts";
import { encodeOwnReason, encodeReason } from "./reason_codec.ts";

/** How actors end, and what becomes of all that waits for those who have ended. */
export class Deaths {
  readonly #base: NodeBase;
  readonly #out: MessagesOut;
  readonly #monitoring: Monitoring;
  readonly #linking: Linking;

  constructor(base: NodeBase, out: MessagesOut, monitoring: Monitoring, linking: Linking) {
    this.#base = base;
    this.#out = out;
    this.#monitoring = monitoring;
    this.#linking = linking;
  }

  // ------------------------------------------------------------ bringing about

  /** Asks `id` to stop; after `timeout` ms it is killed. Gives how it ended. */
  async stop(
    id: ActorId,
    options: { readonly reason?: ExitReason; readonly timeout?: number } = {},
  ): Promise<ExitReason> {
    const { reason = SHUTDOWN, timeout = DEFAULT_ASK_TIMEOUT } = options;
    const encoded = encodeOwnReason(reason);
    const ended = this.#monitoring.down(id);
    this.#base.post(nodeOf(id), { kind: "stop", to: id, ...encoded });
    if (timeout === Infinity) return await ended;
    const timer = this.#base.host.clock.setTimeout(() => void this.kill(id), timeout);
    try {
      return await ended;
    } finally {
      timer[Symbol.dispose]();
    }
  }

  /** Ends `id` without its consent. Gives how it ended. */
  kill(id: ActorId): Promise<ExitReason> {
    const { id: here, cells, host } = this.#base;
    const ended = this.#monitoring.down(id);
    if (nodeOf(id) === here) cells.get(id)?.kill(KILLED);
    else host.kill(id);
    return ended;
  }

  // ------------------------------------------------------------ an actor of this node

  /** What is to be done when `cell` has ended: what it sent, names, then monitors and links, then the host. */
  async bury(cell: Cell, reason: ExitReason): Promise<void> {
    const { names, cells, host } = this.#base;
    this.#out.asks.abandon(cell.id);
    this.#out.outflow.hurry(cell.id);
    this.#monitoring.forgetOf(cell.id);
    if (names.holds(cell.id)) await names.release(cell.id);
    cells.delete(cell.id);
    this.#monitoring.tellWatchers(cell.id, reason);
    this.#linking.tellLinked(cell, reason);
    this.#base.event("actor.exited", cell, { reason });
    host.ended(cell.id, reason);
  }

  /** Tells `nodes`, which wait for room at `id`, that it ended. */
  turnAway(id: ActorId, nodes: readonly NodeId[], reason: ExitReason): void {
    for (const node of nodes) {
      this.#base.post(node, { kind: "gone", of: id, ...encodeReason(reason) });
    }
  }

  // ------------------------------------------------------------ others

  /** `id` ended, which is known although nobody here may have watched it. */
  heardOf(id: ActorId, reason: ExitReason): void {
    this.#base.obituaries.set(id, reason);
    this.#giveBack(this.#out.outflow.close(id), reason);
  }

  /** No reply from `node` can come any more; its actors' watchers are told by {@linkcode nodeDown}. */
  lostNode(node: NodeId, reason: ExitReason): void {
    this.#giveBack(this.#out.outflow.closeNode(node), reason);
    this.#out.asks.failNode(node, reason);
  }

  /**
   * All actors of `node` ended with it.
   *
   * @param goneSince when its actors had ended by themselves, where they had: who watches since later is told `noproc`
   */
  nodeDown(node: NodeId, reason: ExitReason, goneSince: number = Infinity): void {
    this.lostNode(node, reason);
    this.#monitoring.nodeDown(node, reason, goneSince);
    for (const cell of this.#base.cells.values()) cell.inbox.forget(node);
    this.#linking.nodeDown(node, reason, goneSince);
  }

  /** What waited for room at somebody who is gone was not sent. */
  #giveBack(held: readonly Held[], reason: ExitReason): void {
    for (const { ask, envelope } of held) {
      if (ask !== undefined) this.#out.asks.fail(ask, reason, "no");
      else if (envelope !== undefined) {
        this.#base.deadLetter(envelope.to, envelope.method, "noproc");
      }
    }
  }
}
