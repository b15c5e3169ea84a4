import type { ActorContext } from "../actor/mod.ts";
import type { Download, DownloadProgress, DownloadResult, SharedFile } from "../sharing/mod.ts";
import { download, RateLimit, Slots } from "../sharing/mod.ts";
import type { PeerArgs } from "./args.ts";
import type { Directory } from "./directory.ts";
import { AmbiguousError, NotAHolderError, NotFoundError } from "./errors.ts";
import { downloadFolder } from "./folder_download.ts";
import type { TrackerAt, TrackerFinder } from "./following.ts";
import type { MessageTrace } from "./message_trace.ts";
import { Holders } from "./holders.ts";
import type { TransferLimits } from "./limits.ts";
import { DEFAULT_DOWNLOADS } from "./limits.ts";
import type { DownloadRequest, FolderRequest, Found } from "./protocol.ts";
import type { Downloaded, FolderDownloaded, TransferStatus } from "./reports.ts";
import type { Shelf } from "./shelf.ts";

interface Transfer {
  readonly found: Found;
  readonly controller: AbortController;
  readonly signal: AbortSignal;
  /** Undefined while it waits for its turn. */
  run: Download | undefined;
  readonly result: Promise<Downloaded>;
}

/** Milliseconds between two looks for holders that have come by a part meanwhile. */
const LOOK_AROUND = 500;

type Emit = (kind: string, data: Readonly<Record<string, unknown>>) => void;

/** The downloads of a peer: finds holders through the tracker, fetches from them directly, shares what is complete. */
export class Transfers {
  readonly #ctx: ActorContext;
  readonly #args: PeerArgs;
  readonly #finder: TrackerFinder;
  readonly #shelf: Shelf;
  readonly #emit: Emit;
  readonly #holders: Holders;
  readonly #slots: Slots;
  readonly #limit: RateLimit;
  /** One folder at a time: the small files of two would be in each other's way. */
  readonly #folders = new Slots(1);
  readonly #transfers = new Map<string, Transfer>();
  readonly #folderStops = new Map<string, AbortController>();

  constructor(
    ctx: ActorContext,
    args: PeerArgs,
    directory: Directory,
    finder: TrackerFinder,
    shelf: Shelf,
    emit: Emit,
    trace: MessageTrace,
  ) {
    this.#ctx = ctx;
    this.#args = args;
    this.#finder = finder;
    this.#shelf = shelf;
    this.#emit = emit;
    this.#holders = new Holders(ctx, args.id, directory, finder, trace);
    this.#slots = new Slots(args.limits?.downloads ?? DEFAULT_DOWNLOADS);
    this.#limit = new RateLimit(ctx.clock, args.limits?.downBytesPerSecond);
  }

  list(): TransferStatus[] {
    return [...this.#transfers].map(([id, { found, run }]) => status(id, found, run?.progress()));
  }

  /** Changes the limits, also for what is under way; what is not told stays. */
  set({ downloads, downBytesPerSecond }: TransferLimits): void {
    if (downloads !== undefined) this.#slots.limit = downloads;
    if (downBytesPerSecond !== undefined) this.#limit.bytesPerSecond = downBytesPerSecond;
  }

  /** Stops a download; what is verified is kept. Gives whether there was one of that id. */
  cancel(id: string): boolean {
    const controller = this.#transfers.get(id)?.controller ?? this.#folderStops.get(id);
    controller?.abort(new Error("it was cancelled"));
    return controller !== undefined;
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
    const stop = this.#stop(controller, signal);
    const transfer: Transfer = {
      found,
      controller,
      signal: stop,
      run: undefined,
      result: this.#run(request, found, stop, (run) => void (transfer.run = run)),
    };
    this.#transfers.set(request.transfer, transfer);
    return await transfer.result;
  }

  /**
   * Downloads all files below a folder, and shares them.
   *
   * @throws NotFoundError, NoTrackerError, DownloadDiskError
   */
  async folder(request: FolderRequest, signal?: AbortSignal): Promise<FolderDownloaded> {
    const controller = new AbortController();
    const stop = this.#stop(controller, signal);
    this.#folderStops.set(request.transfer, controller);
    try {
      using _turn = await this.#folders.take(request.priority ?? 0, stop);
      const found = await this.#below(request.folder);
      const ports = {
        ctx: this.#ctx,
        args: this.#args,
        holders: this.#holders,
        shelf: this.#shelf,
        one: (one: DownloadRequest, given: AbortSignal) => this.download(one, given),
        onProgress: (told: TransferStatus) => this.#emit("download.progress", { ...told }),
      };
      return await downloadFolder(ports, request, found, stop);
    } finally {
      this.#folderStops.delete(request.transfer);
    }
  }

  /**
   * Gets what is damaged of a file that lies here from others, and shares it again.
   *
   * @throws NoHolderError, IncompleteError, and what else a download may end with
   */
  async repair({ file, manifest }: SharedFile, signal: AbortSignal): Promise<void> {
    const { clock, disk, hashing, random } = this.#ctx;
    const { fileId } = manifest;
    using _slot = await this.#slots.take(0, signal);
    const slash = file.path.lastIndexOf("/");
    const run = download({
      clock,
      disk,
      hashing,
      random: random.stream(`repair ${fileId}`),
      fileId,
      name: file.path.slice(slash + 1),
      folder: file.path.slice(0, slash),
      repair: true,
      manifest,
      holders: [],
      signal: AbortSignal.any([signal, this.#ctx.signal]),
      ...this.#holders.ports(fileId, undefined),
      throttle: (bytes, given) => this.#limit.take(bytes, given),
    });
    const { path } = await run.done;
    await this.#shelf.add(path, file.name, manifest);
  }

  #stop(controller: AbortController, signal: AbortSignal | undefined): AbortSignal {
    return AbortSignal.any([controller.signal, this.#ctx.signal, ...(signal ? [signal] : [])]);
  }

  /** Two that write one unfinished file would be in each other's way. */
  #running(fileId: string): Transfer | undefined {
    return [...this.#transfers.values()].find((other) => other.found.fileId === fileId);
  }

  async #run(
    request: DownloadRequest,
    found: Found,
    signal: AbortSignal,
    started: (run: Download) => void,
  ): Promise<Downloaded> {
    const began = this.#ctx.clock.now();
    try {
      using _slot = await this.#slots.take(request.priority ?? 0, signal);
      const run = this.#start(request, found, signal);
      started(run);
      using _looking = this.#lookAround(request, found, run);
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

  /** While it runs, others may come by a part of it. */
  #lookAround({ holder }: DownloadRequest, { fileId }: Found, run: Download): Disposable {
    const { clock } = this.#ctx;
    let timer: Disposable | undefined;
    const look = async (): Promise<void> => {
      for (const other of await this.#holders.others(fileId)) run.addHolder(other);
      if (timer !== undefined) timer = clock.setTimeout(() => void look(), LOOK_AROUND);
    };
    if (holder === undefined) timer = clock.setTimeout(() => void look(), LOOK_AROUND);
    return {
      [Symbol.dispose]: () => {
        timer?.[Symbol.dispose]();
        timer = undefined;
      },
    };
  }

  #start(request: DownloadRequest, found: Found, signal: AbortSignal): Download {
    const { transfer, holder } = request;
    const { clock, disk, hashing, random } = this.#ctx;
    const { fileId, holders, partial = {} } = found;
    const name = request.name ?? found.name;
    const all = [...holders, ...Object.keys(partial)].filter((id) => id !== this.#args.id);
    return download({
      clock,
      disk,
      hashing,
      random: random.stream(`download ${fileId}`),
      fileId,
      name,
      folder: this.#args.downloads,
      holders: holder === undefined ? all : [holder],
      signal,
      ...this.#holders.ports(fileId, holder),
      throttle: (bytes, given) => this.#limit.take(bytes, given),
      onPart: (part) => this.#shelf.sharePart(found, part),
      onProgress: (progress) => {
        this.#shelf.partGrew(fileId);
        this.#emit("download.progress", { ...status(transfer, found, progress) });
      },
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

  /** Everything whose name begins with the folder's; everything at all for an empty name. */
  async #below(folder: string): Promise<Found[]> {
    const prefix = folder === "" ? "" : `${folder.replace(/\/+$/, "")}/`;
    const pages = async (tracker: TrackerAt): Promise<{ found: Found[]; complete: boolean }> => {
      const found: Found[] = [];
      for (let after = "";;) {
        const page = "desk" in tracker
          ? tracker.desk.page(after, prefix)
          : await tracker.ref.ask.page(tracker.epoch, after, prefix);
        found.push(...page.found);
        after = page.last;
        if (!page.more) return { found, complete: page.complete };
      }
    };
    const { found } = await this.#finder.ask(`get ${folder}/`, pages, ({ complete }) => complete);
    return found;
  }

  /** The one version that is meant, with its holders. */
  async #choose({ file, holder }: DownloadRequest): Promise<Found> {
    const { by, found } = await this.#finder.find(file);
    if (by !== "name" && by !== "id") throw new NotFoundError(file);
    const having = holder === undefined
      ? found
      : found.filter(({ holders, partial = {} }) =>
        [...holders, ...Object.keys(partial)].includes(holder)
      );
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

function status(
  id: string,
  { name, fileId, size }: Found,
  progress: DownloadProgress | undefined,
): TransferStatus {
  const { done = 0, rate = 0, secondsLeft, holders = [] } = progress ?? {};
  const asked = holders.map(({ holder }) => holder);
  return { id, name, fileId, size, done, rate, secondsLeft, holders: asked, sources: holders };
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
  return { name, path, size, fileId, from: {}, ms: 0, already: true, resumed: 0 };
}

function downloaded(found: Found, result: DownloadResult, ms: number): Downloaded {
  return {
    name: result.name,
    path: result.path,
    size: found.size,
    fileId: found.fileId,
    from: Object.fromEntries(result.from),
    resumed: result.resumed,
    ms,
    already: result.kind === "existed",
  };
}
