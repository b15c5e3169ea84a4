import type { ActorContext } from "../actor/mod.ts";
import { ActorError, Refusal } from "../actor/mod.ts";
import type { AnnouncedFile, Announcement, Applied } from "../sharing/mod.ts";
import { announcementsOf } from "../sharing/mod.ts";
import type { TrackerAt } from "./following.ts";
import type { PeerProtocol, PeerRef } from "./protocol.ts";

/** Milliseconds before a failed announcement is tried again. */
const RETRY = 100;

/** What a peer shares, and whether that is all: not before its folders were scanned for the first time. */
export interface Shared {
  readonly files: AnnouncedFile[];
  readonly all: boolean;
}

/** Keeps the tracker's catalogue true to what this peer shares: all of it to a new tracker, changes to one that knows. */
export class Announcer {
  readonly #ctx: ActorContext;
  readonly #peer: string;
  readonly #incarnation: number;
  readonly #files: () => Shared;
  readonly #tracker: () => TrackerAt | undefined;
  readonly #tag: (ref: PeerRef, to: string) => PeerRef;
  /** What the tracker knows, and which tracker that is. */
  #known:
    | { readonly tracker: string; readonly files: readonly AnnouncedFile[]; readonly all: boolean }
    | undefined;
  #version = 0;
  #busy = false;
  #again = false;

  constructor(
    ctx: ActorContext,
    peer: string,
    incarnation: number,
    files: () => Shared,
    tracker: () => TrackerAt | undefined,
    tag: (ref: PeerRef, to: string) => PeerRef,
  ) {
    this.#ctx = ctx;
    this.#peer = peer;
    this.#incarnation = incarnation;
    this.#files = files;
    this.#tracker = tracker;
    this.#tag = tag;
  }

  /** The files or the tracker changed: announces what is new. Never rejects; a failure is tried again. */
  async update(): Promise<void> {
    this.#again = true;
    if (this.#busy) return;
    this.#busy = true;
    while (this.#again && !this.#ctx.signal.aborted) {
      this.#again = false;
      const tracker = this.#tracker();
      if (tracker !== undefined) await this.#announce(tracker);
    }
    this.#busy = false;
  }

  async #announce(at: TrackerAt): Promise<void> {
    const tracker = "desk" in at ? `self/${at.epoch}` : `${at.ref.id}/${at.epoch}`;
    const known = this.#known?.tracker === tracker ? this.#known : undefined;
    const { files, all } = this.#files();
    const head = { peerId: this.#peer, incarnation: this.#incarnation, version: this.#version + 1 };
    const pages = withEnd(announcementsOf(head, known?.files, files), head, known?.all, all);
    this.#known = undefined;
    for (const page of pages) {
      const applied = await this.#send(at, page);
      if (applied === undefined) return this.#later();
      this.#version = page.version;
      if (applied.kind === "gap") {
        // The tracker missed something: from the beginning.
        this.#again = true;
        return;
      }
    }
    this.#known = { tracker, files, all };
  }

  /** Undefined if it did not arrive. */
  async #send(at: TrackerAt, page: Announcement): Promise<Applied | undefined> {
    if ("desk" in at) return at.desk.own(page);
    const self = this.#ctx.selfAs<PeerProtocol>();
    try {
      return await this.#tag(at.ref, at.id).ask.announce(at.epoch, this.#peer, self, page as never);
    } catch (error) {
      if (error instanceof ActorError || error instanceof Refusal) {
        if (!this.#ctx.signal.aborted) {
          this.#ctx.emit("announce.failed", { peer: this.#peer, error });
        }
        return undefined;
      }
      throw error;
    }
  }

  #later(): void {
    if (this.#ctx.signal.aborted) return;
    this.#ctx.after(RETRY, () => void this.update());
  }
}

/** `pages` with what says whether they are all; an empty page where nothing else would say so. */
function withEnd(
  pages: readonly Announcement[],
  head: { readonly peerId: string; readonly incarnation: number; readonly version: number },
  allBefore: boolean | undefined,
  all: boolean,
): Announcement[] {
  const last = pages.at(-1);
  if (last !== undefined) return [...pages.slice(0, -1), { ...last, more: !all }];
  return allBefore === all ? [] : [{ ...head, add: [], remove: [], more: !all }];
}
