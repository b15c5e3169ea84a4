import type { ActorContext } from "../actor/mod.ts";
import type { Download, DownloadProgress, DownloadResult } from "../sharing/mod.ts";
import { download } from "../sharing/mod.ts";
import type { PeerArgs } from "./args.ts";
import type { Directory } from "./directory.ts";
import { AmbiguousError, NotAHolderError, NotFoundError } from "./errors.ts";
import type { TrackerFinder } from "./following.ts";
import type { DownloadRequest, Found, PeerRef } from "./protocol.ts";
import type { Downloaded, TransferStatus } from "./reports.ts";
import type { Shelf } from "./shelf.ts";

/** Milliseconds that a lost download waits for the tracker to name other holders. */
const LOOK_AGAIN = 500;
/** How often it looks before it gives up. */
const LOOKS = 10;

interface Transfer {
  readonly found: Found;
  readonly controller: AbortController;
  readonly signal: AbortSignal;
  readonly run: Download;
  readonly result: Promise<Downloaded>;
}

type Emit = (kind: string, data: Readonly<Record<string, unknown>>) => void;

/** The downloads of a peer: finds holders through the tracker, fetches from them directly, shares what is complete. */
export class Transfers {
  readonly #ctx: ActorContext;
  readonly #args: PeerArgs;
  readonly #directory: Directory;
  readonly #finder: TrackerFinder;
  readonly #shelf: Shelf;
  readonly #emit: Emit;
  readonly #transfers = new Map<string, Transfer>();

  constructor(
    ctx: ActorContext,
    args: PeerArgs,
    directory: Directory,
    finder: TrackerFinder,
    shelf: Shelf,
    emit: Emit,
  ) {
    this.#ctx = ctx;
    this.#args = args;
    this.#directory = directory;
    this.#finder = finder;
    this.#shelf = shelf;
    this.#emit = emit;
  }

  list(): TransferStatus[] {
    return [...this.#transfers].map(([id, { found, run }]) => status(id, found, run.progress()));
  }

  /** Stops a download; what is verified is kept. Gives whether there was one of that id. */
  cancel(id: string): boolean {
    const transfer = this.#transfers.get(id);
    transfer?.controller.abort(new Error("it was cancelled"));
    return transfer !== undefined;
  }

  /**
   * Downloads a file and shares it.
   *
   * @throws NotFoundError, AmbiguousError, NotAHolderError, NoTrackerError, and what a download may end with
   */
  async download(request: DownloadRequest, signal?: AbortSignal): Promise<Downloaded> {
    const found = await this.#choose(request);
    const own = this.#shelf.find(found.fileId);
    if (own !== undefined) return alreadyThere(found, own);
    for (let same; (same = this.#running(found.fileId)) !== undefined;) {
      const done = await unlessStopped(same);
      if (done !== undefined) return done;
    }
    const controller = new AbortController();
    const signals = [controller.signal, this.#ctx.signal, ...(signal ? [signal] : [])];
    const stop = AbortSignal.any(signals);
    const run = this.#start(request, found, stop);
    const result = this.#finish(request, found, run);
    this.#transfers.set(request.transfer, { found, controller, signal: stop, run, result });
    return await result;
  }

  /** Two that write one unfinished file would be in each other's way. */
  #running(fileId: string): Transfer | undefined {
    return [...this.#transfers.values()].find((other) => other.found.fileId === fileId);
  }

  async #finish(request: DownloadRequest, found: Found, run: Download): Promise<Downloaded> {
    const began = this.#ctx.clock.now();
    try {
      const result = await run.done;
      await this.#shelf.add(result.path, result.name, result.manifest);
      const done = downloaded(found, result, this.#ctx.clock.now() - began);
      this.#emit("download.done", { id: request.transfer, ...done });
      return done;
    } catch (error) {
      const { name, fileId } = found;
      this.#emit("download.failed", { id: request.transfer, name, fileId, error });
      throw error;
    } finally {
      this.#transfers.delete(request.transfer);
    }
  }

  #start(request: DownloadRequest, found: Found, signal: AbortSignal): Download {
    const { transfer, holder } = request;
    const { clock, disk, hashing, random } = this.#ctx;
    const { fileId, name, holders } = found;
    return download({
      clock,
      disk,
      hashing,
      random: random.stream(`download ${fileId}`),
      fileId,
      name,
      folder: this.#args.downloads,
      holders: holder === undefined ? holders.filter((id) => id !== this.#args.id) : [holder],
      signal,
      askManifest: (from, given) => this.#peer(from).with({ signal: given }).ask.manifest(fileId),
      fetch: async (from, index, buffer, given) => {
        const peer = this.#peer(from).with({
          signal: given,
          transfer: [buffer],
          timeout: Infinity,
        });
        return (await peer.ask.chunk(fileId, index, buffer)).buffer;
      },
      ...(holder === undefined && { moreHolders: (given) => this.#moreHolders(fileId, given) }),
      onProgress: (progress) =>
        this.#emit("download.progress", { ...status(transfer, found, progress) }),
      onHolderLost: (from, why, banned) =>
        this.#emit("download.holder_lost", {
          id: transfer,
          name,
          holder: from,
          why: String(why),
          banned,
        }),
    });
  }

  #peer(id: string): PeerRef {
    const ref = this.#directory.get(id);
    if (ref === undefined) throw new NotAHolderError(id, "anything any more: it is down", []);
    return ref;
  }

  /** Everybody who had it is gone: perhaps the tracker knows others by now, or somebody came back. */
  async #moreHolders(fileId: string, signal: AbortSignal): Promise<string[]> {
    for (let look = 0; look < LOOKS && !signal.aborted; look++) {
      const holders = await this.#finder.ask(
        "more holders",
        async (tracker) =>
          "desk" in tracker
            ? tracker.desk.holders(fileId)
            : await tracker.ref.ask.holders(tracker.epoch, fileId),
      );
      const usable = holders.filter((id) => this.#directory.get(id) !== undefined);
      if (usable.length > 0) return usable;
      await new Promise<void>((resolve) => this.#ctx.clock.setTimeout(resolve, LOOK_AGAIN));
    }
    return [];
  }

  /** The one version that is meant, with its holders. */
  async #choose({ file, holder }: DownloadRequest): Promise<Found> {
    const { by, found } = await this.#finder.find(file);
    if (by !== "name" && by !== "id") throw new NotFoundError(file);
    const having = holder === undefined
      ? found
      : found.filter(({ holders }) => holders.includes(holder));
    const [first] = having;
    if (first === undefined) {
      const others = [...new Set(found.flatMap(({ holders }) => holders))].sort();
      throw holder === undefined
        ? new NotFoundError(file)
        : new NotAHolderError(holder, file, others);
    }
    const ids = [...new Set(having.map(({ fileId }) => fileId))];
    if (ids.length > 1) throw new AmbiguousError(file, ids);
    return first;
  }
}

function status(id: string, found: Found, progress: DownloadProgress): TransferStatus {
  const { name, fileId, size } = found;
  const { done, rate, holders } = progress;
  return { id, name, fileId, size, done, rate, holders: holders.map(({ holder }) => holder) };
}

/** What a download of somebody else gives; undefined if it was stopped by whoever asked for it. */
async function unlessStopped({ result, signal }: Transfer): Promise<Downloaded | undefined> {
  try {
    return await result;
  } catch (error) {
    if (!signal.aborted) throw error;
    return undefined;
  }
}

/** Nothing need be fetched: this peer shares it itself. */
function alreadyThere({ name, size, fileId }: Found, path: string): Downloaded {
  return { name, path, size, fileId, from: {}, ms: 0, already: true };
}

function downloaded(found: Found, result: DownloadResult, ms: number): Downloaded {
  return {
    name: result.name,
    path: result.path,
    size: found.size,
    fileId: found.fileId,
    from: Object.fromEntries(result.from),
    ms,
    already: result.kind === "existed",
  };
}
