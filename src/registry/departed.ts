import type { ActorId, NodeId } from "../actor/mod.ts";
import { nodeOf } from "../actor/mod.ts";

/** How many dead threads are remembered; what an older one sent has long arrived. */
const REMEMBERED = 10_000;

/**
 * The dead that something may still be claimed for: words of a thread reach the registry on another way than the news
 * of its death, and claims wait until the registry is open, ends do not.
 */
export class Departed {
  readonly #nodes = new Set<NodeId>();
  readonly #actors = new Set<ActorId>();

  has(id: ActorId): boolean {
    return this.#actors.has(id) || this.#nodes.has(nodeOf(id));
  }

  addNode(node: NodeId): void {
    this.#nodes.add(node);
    if (this.#nodes.size <= REMEMBERED) return;
    for (const oldest of this.#nodes) {
      this.#nodes.delete(oldest);
      break;
    }
  }

  addActor(id: ActorId): void {
    this.#actors.add(id);
  }

  /** No claim waits any more: an actor's claims come before its end. */
  forgetActors(): void {
    this.#actors.clear();
  }
}
