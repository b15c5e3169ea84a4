import type { Cell } from "./cell.ts";
import type { ExitReason } from "./exit_reason.ts";
import { NOPROC } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf } from "./ids.ts";
import type { NodeBase } from "./node_base.ts";
import { encodeReason } from "./reason_codec.ts";
import { makeRef } from "./refs.ts";

/** Who of a node's actors ends with whom (reference `actors.md` §3.11). */
export class Linking {
  readonly #base: NodeBase;

  constructor(base: NodeBase) {
    this.#base = base;
  }

  /** `cell` and `to` end together from now on. */
  link(cell: Cell, to: ActorId): void {
    cell.links.set(to, this.#base.host.clock.now());
    if (this.#base.endOf(to) !== undefined) return this.exit(cell.id, to, NOPROC);
    this.#base.post(nodeOf(to), { kind: "link", to, by: cell.id });
  }

  unlink(cell: Cell, to: ActorId): void {
    cell.links.delete(to);
    this.#base.post(nodeOf(to), { kind: "unlink", to, by: cell.id });
  }

  receiveLink(to: ActorId, by: ActorId): void {
    const cell = this.#base.cells.get(to);
    if (cell === undefined) this.#sendExit(by, to, NOPROC);
    // Nobody hears of an end before names are free.
    else if (cell.state === "dead") void cell.ended.then(() => this.#sendExit(by, to, NOPROC));
    else cell.links.set(by, this.#base.host.clock.now());
    if (this.#base.host.down(nodeOf(by)) !== undefined) this.exit(to, by, NOPROC);
  }

  receiveUnlink(to: ActorId, by: ActorId): void {
    this.#base.cells.get(to)?.links.delete(by);
  }

  /** `by`, which `to` is linked with, ended (OTP: exit signal, U8 and T15). */
  exit(to: ActorId, by: ActorId, reason: ExitReason): void {
    const cell = this.#base.cells.get(to);
    if (cell === undefined || !cell.links.delete(by)) return;
    const { trap } = cell;
    // Its parent's end is also that of an actor which traps exits (OTP: T14), whatever the reason.
    if (trap !== undefined && by !== cell.parent) {
      const ref = makeRef(cell.home, by, undefined);
      return cell.post(() => trap({ ref, reason }));
    }
    if (trap !== undefined || reason.kind !== "normal") cell.requestEnd(reason);
  }

  /** `cell` ended. */
  tellLinked(cell: Cell, reason: ExitReason): void {
    for (const linked of cell.links.keys()) this.#sendExit(linked, cell.id, reason);
  }

  /** All actors of `node` ended; whoever is linked with one since later than `goneSince` is told `noproc`. */
  nodeDown(node: NodeId, reason: ExitReason, goneSince: number): void {
    for (const cell of this.#base.cells.values()) {
      for (const [linked, since] of cell.links) {
        if (nodeOf(linked) !== node) continue;
        this.exit(cell.id, linked, since > goneSince ? NOPROC : reason);
      }
    }
  }

  #sendExit(to: ActorId, by: ActorId, reason: ExitReason): void {
    this.#base.post(nodeOf(to), { kind: "exit", to, by, ...encodeReason(reason) });
  }
}
