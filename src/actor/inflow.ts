import { granting, WINDOW } from "./credit.ts";
import type { NodeId } from "./ids.ts";

/** What one node has sent to one actor and that actor has not begun to handle. */
export interface Source {
  readonly node: NodeId;
  /** Credits. */
  waiting: number;
  /** It asked for room, and there was none. */
  wanted: boolean;
}

/**
 * The receiving end of back-pressure: counts, for one actor, what waits in its mailbox of each sending node, and
 * grants room as messages are taken from it.
 */
export class Inflow {
  readonly #sources = new Map<NodeId, Source>();
  /** Messages that may wait in all. */
  readonly #capacity: number;
  readonly #grant: (source: Source, window: number) => void;

  /** @param grant tells a node that there is room */
  constructor(capacity: number, grant: (source: Source, window: number) => void) {
    this.#capacity = capacity;
    this.#grant = grant;
  }

  /** What each node may have on the way: an equal part where all together are bounded. */
  get window(): number {
    if (this.#capacity === Infinity) return WINDOW;
    const share = Math.floor(this.#capacity / this.#sources.size);
    return Math.max(1, Math.min(WINDOW, share));
  }

  /** What is known of `node`. */
  of(node: NodeId): Source {
    const known = this.#sources.get(node);
    if (known !== undefined) return known;
    const source: Source = { node, waiting: 0, wanted: false };
    this.#sources.set(node, source);
    return source;
  }

  /** A message of `source` left the mailbox. */
  left(source: Source, cost: number): void {
    source.waiting -= cost;
    if (source.wanted) this.#answer(source);
  }

  /** `node` asks for room: it is told when there is some. */
  poll(node: NodeId): void {
    const source = this.of(node);
    source.wanted = true;
    this.#answer(source);
  }

  #answer(source: Source): void {
    const { window } = this;
    if (!granting(source.waiting, window)) return;
    source.wanted = false;
    this.#grant(source, window);
  }

  /** The actor ended: gives the nodes that wait for room there. */
  close(): NodeId[] {
    const waiting = [...this.#sources.values()].filter(({ wanted }) => wanted);
    for (const source of waiting) source.wanted = false;
    return waiting.map(({ node }) => node);
  }

  /** `node` is gone, and sends nothing any more. */
  forget(node: NodeId): void {
    this.#sources.delete(node);
  }
}
