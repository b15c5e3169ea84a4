import type { ActorContext, ActorRef, Monitor } from "../actor/mod.ts";
import type { Announcement, Applied, CatalogueEntry } from "../sharing/mod.ts";
import { BadMessageError, Catalogue, readAnnouncement, search } from "../sharing/mod.ts";
import { NotTrackerError } from "./errors.ts";
import type { FindAnswer, Found, PageAnswer, PeerProtocol } from "./protocol.ts";

/** The tracker's part of a peer: it is there only while the peer is tracker, for one epoch. */
export class CatalogueDesk implements Disposable {
  readonly epoch: number;
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #catalogue = new Catalogue();
  readonly #watched = new Map<string, Monitor>();
  readonly #living: () => string[];
  #complete = false;

  /** @param living the peers that are up, this one among them */
  constructor(ctx: ActorContext, peer: string, epoch: number, living: () => string[]) {
    this.#living = living;
    this.#ctx = ctx;
    this.#peer = peer;
    this.epoch = epoch;
  }

  /** @throws NotTrackerError if the question is for another epoch's tracker */
  check(epoch: number): void {
    if (epoch !== this.epoch) throw new NotTrackerError(this.#peer, epoch, this.epoch);
  }

  /**
   * Takes what `from` announces. Its death takes its files out again.
   *
   * @throws BadMessageError, TooManyError; nothing is changed then
   */
  announce(from: string, ref: ActorRef<PeerProtocol>, message: unknown): Applied {
    const announcement = readAnnouncement(message, from);
    const applied = this.#catalogue.apply(announcement);
    if (applied.kind === "applied") this.#watch(from, ref, announcement);
    return applied;
  }

  /** The tracker's own files need no message. */
  own(announcement: Announcement): Applied {
    return this.#catalogue.apply(announcement);
  }

  #watch(from: string, ref: ActorRef<PeerProtocol>, { incarnation }: Announcement): void {
    if (this.#watched.get(from)?.ref.id === ref.id) return;
    this.#watched.get(from)?.[Symbol.dispose]();
    this.#watched.set(
      from,
      this.#ctx.monitor(ref, () => {
        this.#watched.delete(from);
        if (!this.#catalogue.removePeer(from, incarnation)) return;
        this.#ctx.emit("catalogue.removed", { peer: this.#peer, epoch: this.epoch, gone: from });
      }),
    );
  }

  /** Whether all living peers have told all they have. */
  get #isComplete(): boolean {
    return this.#catalogue.completeness(this.#living()).missing.length === 0;
  }

  /** Tells once that it is complete. */
  noteComplete(): void {
    if (this.#complete || !this.#isComplete) return;
    this.#complete = true;
    const files = this.#catalogue.size;
    this.#ctx.emit("catalogue.complete", { peer: this.#peer, epoch: this.epoch, files });
  }

  get names(): number {
    return this.#catalogue.size;
  }

  get announced(): string[] {
    return this.#catalogue.peers().filter(({ complete }) => complete).map(({ peerId }) => peerId);
  }

  find(query: unknown): FindAnswer {
    const { by, entries } = search(this.#catalogue, query);
    return { by, found: flatten(entries), complete: this.#isComplete };
  }

  /** A page of the catalogue, by name; only names that begin with `prefix`. */
  page(after: string, prefix?: string): PageAnswer {
    const { entries, more } = this.#catalogue.list(
      textOf(after, "after"),
      undefined,
      textOf(prefix ?? "", "prefix"),
    );
    const last = entries.at(-1)?.name ?? after;
    return { found: flatten(entries), more, last, complete: this.#isComplete };
  }

  holders(fileId: string): string[] {
    return this.#catalogue.holders(fileId);
  }

  [Symbol.dispose](): void {
    for (const monitor of this.#watched.values()) monitor[Symbol.dispose]();
    this.#watched.clear();
  }
}

function textOf(value: unknown, where: string): string {
  if (typeof value === "string") return value;
  throw new BadMessageError(where, value, "a text");
}

function flatten(entries: readonly CatalogueEntry[]): Found[] {
  return entries.flatMap(({ name, versions }) =>
    versions.map(({ fileId, size, holders, partial }) => ({
      name,
      size,
      fileId,
      holders,
      ...(partial !== undefined && { partial }),
    }))
  );
}
