import type { ExitReason } from "./exit_reason.ts";
import { NOPROC } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import { nodeOf } from "./ids.ts";

/** A monitor that this node's actors (or those outside of actors) have set. */
interface Watching {
  readonly target: ActorId;
  readonly by: ActorId | undefined;
  readonly down: (reason: ExitReason) => void;
  /** When it was set, on the host's clock. */
  readonly since: number;
}

/** Who watches one of this node's actors: a monitor's number on the watcher's node. */
export interface Watcher {
  readonly id: number;
  readonly by: ActorId;
  /** It came when the actor had ended. */
  readonly late: boolean;
}

/** Both ends of the monitors of one node: what its actors watch, and who watches its actors. */
export class Monitors {
  readonly #watching = new Map<number, Watching>();
  readonly #watchers = new Map<ActorId, Watcher[]>();
  #last = 0;

  get size(): number {
    return this.#watching.size;
  }

  /** `down` is called once, unless {@linkcode forget} comes first. */
  watch(
    target: ActorId,
    by: ActorId | undefined,
    down: (reason: ExitReason) => void,
    since: number,
  ): number {
    const id = ++this.#last;
    this.#watching.set(id, { target, by, down, since });
    return id;
  }

  /** Says whom monitor `id` watches, where that was not known when it was set. */
  aim(id: number, target: ActorId): void {
    const watching = this.#watching.get(id);
    if (watching !== undefined) this.#watching.set(id, { ...watching, target });
  }

  targetOf(id: number): ActorId | undefined {
    return this.#watching.get(id)?.target;
  }

  forget(id: number): void {
    this.#watching.delete(id);
  }

  /** The target of monitor `id` ended. */
  fire(id: number, reason: ExitReason): void {
    const watching = this.#watching.get(id);
    if (watching === undefined) return;
    this.#watching.delete(id);
    watching.down(reason);
  }

  /** All actors of `node` ended; whoever watches since later than `goneSince` watches nobody. */
  fireNode(node: NodeId, reason: ExitReason, goneSince: number): void {
    for (const [id, { target, since }] of this.#watching) {
      if (nodeOf(target) === node) this.fire(id, since > goneSince ? NOPROC : reason);
    }
  }

  /** The monitors of an actor that ended; they are forgotten here, the targets are for the caller to tell. */
  takeOf(by: ActorId): { readonly id: number; readonly target: ActorId }[] {
    const taken: { readonly id: number; readonly target: ActorId }[] = [];
    for (const [id, watching] of this.#watching) {
      if (watching.by !== by) continue;
      this.#watching.delete(id);
      taken.push({ id, target: watching.target });
    }
    return taken;
  }

  addWatcher(target: ActorId, watcher: Watcher): void {
    const watchers = this.#watchers.get(target);
    if (watchers === undefined) this.#watchers.set(target, [watcher]);
    else watchers.push(watcher);
  }

  removeWatcher(target: ActorId, watcher: Omit<Watcher, "late">): void {
    const left = this.#watchers.get(target)?.filter((known) =>
      known.id !== watcher.id || known.by !== watcher.by
    );
    if (left === undefined) return;
    if (left.length > 0) this.#watchers.set(target, left);
    else this.#watchers.delete(target);
  }

  takeWatchers(target: ActorId): readonly Watcher[] {
    const watchers = this.#watchers.get(target) ?? [];
    this.#watchers.delete(target);
    return watchers;
  }

  /** Nobody on `node` can be told any more. */
  forgetWatchersOn(node: NodeId): void {
    for (const [target, watchers] of this.#watchers) {
      const left = watchers.filter((watcher) => nodeOf(watcher.by) !== node);
      if (left.length === 0) this.#watchers.delete(target);
      else if (left.length < watchers.length) this.#watchers.set(target, left);
    }
  }
}
