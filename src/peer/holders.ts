import type { ActorContext } from "../actor/mod.ts";
import type { DownloadOptions } from "../sharing/mod.ts";
import { sleep } from "../sharing/mod.ts";
import type { Directory } from "./directory.ts";
import { NotAHolderError } from "./errors.ts";
import type { TrackerFinder } from "./following.ts";
import type { MessageTrace } from "./message_trace.ts";
import type { PeerRef } from "./protocol.ts";

/** Milliseconds that a lost download waits for the tracker to name other holders. */
const LOOK_AGAIN = 500;
/** How often it looks before it gives up. */
const LOOKS = 10;

/** What a download asks of others. */
export type HolderPorts = Pick<
  DownloadOptions,
  "askManifest" | "askHave" | "fetch" | "moreHolders"
>;

/** How a peer asks the holders of files. */
export class Holders {
  readonly #ctx: ActorContext;
  readonly #self: string;
  readonly #directory: Directory;
  readonly #finder: TrackerFinder;
  readonly #trace: MessageTrace;

  constructor(
    ctx: ActorContext,
    self: string,
    directory: Directory,
    finder: TrackerFinder,
    trace: MessageTrace,
  ) {
    this.#trace = trace;
    this.#ctx = ctx;
    this.#self = self;
    this.#directory = directory;
    this.#finder = finder;
  }

  /** @throws NotAHolderError if it is down */
  ref(id: string): PeerRef {
    const ref = this.#directory.get(id);
    if (ref === undefined) throw new NotAHolderError(id, "anything any more: it is down", []);
    return ref;
  }

  isUp(id: string): boolean {
    return this.#directory.get(id) !== undefined;
  }

  /** @param only the one holder that may be asked; undefined for all that the tracker knows */
  ports(fileId: string, only: string | undefined): HolderPorts {
    return {
      askManifest: (from, signal) => this.ref(from).with({ signal }).ask.manifest(fileId),
      askHave: (from, signal) => this.ref(from).with({ signal }).ask.have(fileId),
      fetch: async (from, index, buffer, signal) => {
        const peer = this.ref(from).with({ signal, transfer: [buffer], timeout: Infinity });
        return (await this.#trace.tag(peer, from, "chunk").ask.chunk(fileId, index, buffer)).buffer;
      },
      ...(only === undefined && { moreHolders: (signal) => this.#more(fileId, signal) }),
    };
  }

  /** Those who have it, or a part of it, as the present tracker knows; nobody while there is none. Never rejects. */
  async others(fileId: string): Promise<string[]> {
    const tracker = this.#finder.now;
    if (tracker === undefined) return [];
    try {
      const holders = "desk" in tracker
        ? tracker.desk.holders(fileId)
        : await tracker.ref.ask.holders(tracker.epoch, fileId);
      return holders.filter((id) => id !== this.#self && this.isUp(id));
    } catch {
      return [];
    }
  }

  /** Everybody who had it is gone: perhaps the tracker knows others by now, or somebody came back. */
  async #more(fileId: string, signal: AbortSignal): Promise<string[]> {
    for (let look = 0; look < LOOKS && !signal.aborted; look++) {
      const holders = await this.#finder.ask(
        "more holders",
        async (tracker) =>
          "desk" in tracker
            ? tracker.desk.holders(fileId)
            : await tracker.ref.ask.holders(tracker.epoch, fileId),
      );
      const usable = holders.filter((id) => id !== this.#self && this.isUp(id));
      if (usable.length > 0) return usable;
      await sleep(this.#ctx.clock, LOOK_AGAIN, signal);
    }
    return [];
  }
}
