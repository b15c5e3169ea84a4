import type { Cell } from "./cell.ts";
import type { DemonitorEnvelope, DownEnvelope, MonitorEnvelope } from "./envelope.ts";
import type { ExitReason } from "./exit_reason.ts";
import { NOPROC } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { actorId, kernelId, nodeOf, NOWHERE } from "./ids.ts";
import type { Down, Monitor } from "./monitor.ts";
import { Monitors } from "./monitors.ts";
import type { NodeBase } from "./node_base.ts";
import { encodeReason } from "./reason_codec.ts";
import type { AnyRef } from "./ref.ts";

/** A monitor of an actor that is about to be spawned. */
export interface Vigil {
  /** Its number, for the node of the new actor. */
  readonly monitor: number;
  /** Settles when the actor has ended; never rejects. */
  readonly ended: Promise<ExitReason>;
  /** It lives, as `id`. */
  born(id: ActorId): void;
  /** It was not born. */
  giveUp(): void;
}

/** Who of a node watches whom, and who watches its actors (reference `actors.md` §3.11). */
export class Monitoring {
  readonly #base: NodeBase;
  readonly #monitors = new Monitors();

  constructor(base: NodeBase) {
    this.#base = base;
  }

  // ------------------------------------------------------------ watching

  /** Settles with the reason of `target`'s end. */
  down(target: ActorId): Promise<ExitReason> {
    return new Promise((resolve) => void this.#set(undefined, target, resolve));
  }

  /** `on` is called in `cell`'s turn. */
  monitor(cell: Cell, ref: AnyRef, on: (down: Down) => void | Promise<void>): Monitor {
    let live = true;
    const id = this.#set(cell.id, ref.id, (reason) => {
      cell.post(() => live ? on({ ref, reason }) : undefined);
    });
    return {
      ref,
      [Symbol.dispose]: () => {
        if (!live) return;
        live = false;
        this.#monitors.forget(id);
        this.#demonitor(ref.id, id, cell.id);
      },
    };
  }

  /** Watches an actor from before it is there. */
  vigil(by: ActorId): Vigil {
    let down!: (reason: ExitReason) => void;
    const ended = new Promise<ExitReason>((resolve) => (down = resolve));
    const monitor = this.#watch(by, actorId(NOWHERE, 0), down);
    return {
      monitor,
      ended,
      born: (id) => {
        this.#monitors.aim(monitor, id);
        // Its node may have ended while the news of its birth was on the way.
        const gone = this.#base.host.down(nodeOf(id));
        if (gone !== undefined) this.#monitors.fire(monitor, gone);
      },
      giveUp: () => this.#monitors.forget(monitor),
    };
  }

  #set(by: ActorId | undefined, target: ActorId, down: (reason: ExitReason) => void): number {
    const { id: node } = this.#base;
    const id = this.#watch(by, target, down);
    if (this.#base.endOf(target) !== undefined) {
      queueMicrotask(() => this.#monitors.fire(id, NOPROC));
      return id;
    }
    const watcher = by ?? kernelId(node);
    this.#base.post(nodeOf(target), { kind: "monitor", to: target, id, by: watcher });
    return id;
  }

  #watch(by: ActorId | undefined, target: ActorId, down: (reason: ExitReason) => void): number {
    return this.#monitors.watch(target, by, down, this.#base.host.clock.now());
  }

  #demonitor(to: ActorId, id: number, by: ActorId): void {
    this.#base.post(nodeOf(to), { kind: "demonitor", to, id, by });
  }

  // ------------------------------------------------------------ being watched

  /** `parent` watches `id`, an actor of this node, by its monitor of that number. */
  watchedBy(parent: ActorId, monitor: number, id: ActorId): void {
    this.#monitors.addWatcher(id, { id: monitor, by: parent, late: false });
  }

  receiveMonitor({ to, id, by }: MonitorEnvelope, from: NodeId): void {
    const cell = this.#base.cells.get(to);
    if (cell === undefined) return this.#base.post(from, { kind: "down", id, reason: NOPROC });
    // Of one that is being buried nobody hears before its names are free.
    this.#monitors.addWatcher(to, { id, by, late: cell.state === "dead" });
  }

  receiveDemonitor(envelope: DemonitorEnvelope): void {
    this.#monitors.removeWatcher(envelope.to, envelope);
  }

  /** Whose end the envelope tells. */
  targetOf({ id }: DownEnvelope): ActorId | undefined {
    return this.#monitors.targetOf(id);
  }

  receiveDown({ id }: DownEnvelope, reason: ExitReason): void {
    this.#monitors.fire(id, reason);
  }

  // ------------------------------------------------------------ deaths

  /** `by`, an actor of this node, ended: it watches nobody any more. */
  forgetOf(by: ActorId): void {
    for (const { id, target } of this.#monitors.takeOf(by)) {
      if (nodeOf(target) !== NOWHERE) this.#demonitor(target, id, by);
    }
  }

  /** `target`, an actor of this node, ended and has no names any more: tells all who watch it. */
  tellWatchers(target: ActorId, reason: ExitReason): void {
    for (const { id, by, late } of this.#monitors.takeWatchers(target)) {
      const encoded = encodeReason(late ? NOPROC : reason);
      this.#base.post(nodeOf(by), { kind: "down", id, ...encoded });
    }
  }

  /** All actors of `node` ended; whoever watches one since later than `goneSince` is told `noproc`. */
  nodeDown(node: NodeId, reason: ExitReason, goneSince: number): void {
    this.#monitors.forgetWatchersOn(node);
    this.#monitors.fireNode(node, reason, goneSince);
  }
}
