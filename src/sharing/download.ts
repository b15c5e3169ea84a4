import { DiskError, InvalidOptionError } from "../actor/mod.ts";
import { Bell } from "./bell.ts";
import { chunkLength } from "./chunk_size.ts";
import type {
  Download,
  DownloadOptions,
  DownloadProgress,
  DownloadResult,
} from "./download_options.ts";
import {
  DownloadAbortedError,
  DownloadDiskError,
  NoHolderError,
  NoSpaceError,
  StalledError,
} from "./errors.ts";
import { fetchChunks } from "./fetch_chunks.ts";
import { PRIVATE_FOLDER } from "./limits.ts";
import type { Manifest } from "./manifest.ts";
import { readManifest } from "./manifest.ts";
import type { Member } from "./member.ts";
import { PartFile } from "./part_file.ts";
import { Rate } from "./rate.ts";
import { isAbsolute, joinName, safeName } from "./safe_name.ts";
import { seedPart } from "./seed_part.ts";
import { Swarm } from "./swarm.ts";
import type { Target } from "./target.ts";
import { findTarget, folderOf, makeFolders } from "./target.ts";
import { validFileId } from "./validate.ts";
import { within } from "./within.ts";

/** Others may take the name that was free a moment ago; not for ever. */
const RENAME_ATTEMPTS = 10;

/**
 * Downloads a file from several holders at once. Every chunk is verified before it is written to an unfinished file;
 * that gets its final name only when it is complete and on the disk. Whatever ends a download before, the next one of the
 * same file id into the same folder goes on from the verified chunks.
 *
 * @example
 * ```ts
 * const { done } = download({
 *   ...ctx, fileId, name: "song.flac", folder: "/home/ada/downloads/peer-1", holders: ["peer-2", "peer-3"],
 *   askManifest: (holder) => refs.get(holder)!.ask.manifest(fileId),
 *   fetch: (holder, index, buffer, signal) => askForChunk(refs.get(holder)!, fileId, index, buffer, signal),
 * });
 * const { path } = await done;
 * ```
 */
export function download(options: DownloadOptions): Download {
  const run = new DownloadRun(options);
  return {
    done: run.run(),
    addHolder: (holder) => void run.swarm.add(holder),
    progress: () => run.progress(),
  };
}

class DownloadRun {
  readonly swarm: Swarm;
  readonly #options: DownloadOptions;
  readonly #bell = new Bell();
  readonly #signal: AbortSignal;
  readonly #rate: Rate;
  #manifest: Manifest | undefined;
  #resumed = 0;
  #fetched = 0;

  constructor(options: DownloadOptions) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.#rate = new Rate(options.clock);
    this.swarm = new Swarm(options, () => this.#bell.ring());
  }

  async run(): Promise<DownloadResult> {
    const { name } = this.#options;
    const wake = (): void => this.#bell.ring();
    this.#signal.addEventListener("abort", wake);
    try {
      return await this.#download();
    } catch (error) {
      if (this.#signal.aborted) throw new DownloadAbortedError(name, this.#signal.reason);
      if (!(error instanceof DiskError)) throw error;
      throw new DownloadDiskError(name, error.code, error.message, { cause: error });
    } finally {
      this.#signal.removeEventListener("abort", wake);
      this.swarm.end(new Error("the download is over"));
    }
  }

  progress(): DownloadProgress {
    const done = this.#resumed + this.#fetched;
    const total = this.#manifest?.size;
    const rate = this.#rate.value;
    const secondsLeft = total === undefined || rate === 0 ? undefined : (total - done) / rate;
    return { done, total, rate, secondsLeft, holders: this.swarm.progress() };
  }

  async #download(): Promise<DownloadResult> {
    const { disk, name, fileId, folder } = this.#options;
    safeName(name);
    validFileId(fileId);
    checkOptions(this.#options);
    this.#signal.throwIfAborted();
    await disk.makeDirectory(folder);
    const root = await disk.realPath(folder);
    const manifest = this.#options.manifest ?? await this.#askManifest();
    this.#manifest = manifest;
    const finished = new Set<string>();
    const target = this.#options.repair === true
      ? await this.#seeded(root, manifest)
      : await findTarget(this.#options, root, name, manifest, finished, this.#signal);
    if (target.there) return await this.#existed(root, target, manifest);
    const part = await PartFile.open(this.#options, root, manifest, finished, this.#signal);
    try {
      await this.#fillServed(part, root);
      return await this.#finish(part, root, target);
    } finally {
      // After a finish there is nothing left to keep.
      await part.keep();
    }
  }

  /** From one holder after the other, until one can be believed. */
  async #askManifest(): Promise<Manifest> {
    const { swarm } = this;
    for (;;) {
      this.#signal.throwIfAborted();
      const member = swarm.idle();
      if (member !== undefined) {
        swarm.inVain = false;
        const manifest = await this.#manifestOf(member);
        if (manifest !== undefined) return manifest;
      } else if (swarm.seek(this.#signal)) await this.#bell.wait();
      else {
        throw new NoHolderError(this.#options.name, swarm.seen.size, { cause: swarm.lastLoss });
      }
    }
  }

  async #manifestOf(member: Member): Promise<Manifest | undefined> {
    const { clock, hashing, fileId, limits, askManifest } = this.#options;
    const ms = this.swarm.firstMs;
    const late = (): Error => new StalledError(member.id, "manifest", ms);
    const ask = (signal: AbortSignal): Promise<unknown> => askManifest(member.id, signal);
    try {
      const answer = await within(
        clock,
        ms,
        AbortSignal.any([member.signal, this.#signal]),
        late,
        ask,
      );
      return readManifest(answer, fileId, hashing, limits);
    } catch (error) {
      if (!this.#signal.aborted) this.swarm.failed(member, undefined, error);
      return undefined;
    }
  }

  /** The damaged file, copied to where the rest of it will come. */
  async #seeded(root: string, manifest: Manifest): Promise<Target> {
    const { disk, name } = this.#options;
    const path = joinName(root, name);
    await disk.makeDirectory(`${root}/${PRIVATE_FOLDER}`);
    await PartFile.discard(this.#options, root, manifest.fileId);
    const part = PartFile.pathOf(root, manifest.fileId);
    await seedPart(disk, path, part, manifest.size, this.#signal);
    return { name, path, there: false };
  }

  async #existed(root: string, target: Target, manifest: Manifest): Promise<DownloadResult> {
    await PartFile.discard(this.#options, root, manifest.fileId);
    return this.#result("existed", target, manifest);
  }

  /** What is here of the file can be served while the rest comes. */
  async #fillServed(part: PartFile, root: string): Promise<void> {
    try {
      this.#options.onPart?.(part);
      await this.#fill(part, root);
    } finally {
      this.#options.onPart?.(undefined);
    }
  }

  async #fill(part: PartFile, root: string): Promise<void> {
    const { size, chunkSize } = part.manifest;
    let needed = 0;
    for (const index of part.missing()) needed += chunkLength(size, chunkSize, index);
    this.#resumed = size - needed;
    await this.#checkRoom(root, needed);
    const tick = (): void => this.#options.onProgress?.(this.progress());
    await fetchChunks({
      options: this.#options,
      swarm: this.swarm,
      part,
      signal: this.#signal,
      bell: this.#bell,
      onChunk: (bytes) => {
        this.#fetched += bytes;
        this.#rate.add(bytes);
      },
      onTick: tick,
    });
    tick();
  }

  async #checkRoom(root: string, needed: number): Promise<void> {
    const { disk, name } = this.#options;
    let free: number;
    try {
      free = await disk.freeSpace(root);
    } catch (error) {
      // Some network disks do not say; the writes will.
      if (error instanceof DiskError && ["ENOSYS", "ENOTSUP"].includes(error.code)) return;
      throw error;
    }
    if (free < needed) throw new NoSpaceError(name, needed, free);
  }

  async #finish(part: PartFile, root: string, target: Target): Promise<DownloadResult> {
    const { disk, name } = this.#options;
    const { manifest } = part;
    await part.finish();
    if (this.#options.repair === true) {
      await disk.rename(part.path, target.path);
      return await this.#named(part, root, target);
    }
    let free = target;
    for (let attempt = 1;; attempt++) {
      await makeFolders(disk, root, free.name);
      try {
        await disk.renameNew(part.path, free.path);
        break;
      } catch (error) {
        const taken = error instanceof DiskError && error.code === "EEXIST";
        if (!taken || attempt === RENAME_ATTEMPTS) throw error;
      }
      free = await findTarget(this.#options, root, name, manifest, new Set(), this.#signal);
      if (free.there) return await this.#existed(root, free, manifest);
    }
    return await this.#named(part, root, free);
  }

  /** The file has its name: that shall survive a crash as well. */
  async #named(part: PartFile, root: string, target: Target): Promise<DownloadResult> {
    await this.#options.disk.syncDirectory(folderOf(root, target.name));
    await part.removeJournal();
    return this.#result("downloaded", target, part.manifest);
  }

  #result(kind: DownloadResult["kind"], target: Target, manifest: Manifest): DownloadResult {
    const { name, path } = target;
    return {
      kind,
      name,
      path,
      manifest,
      fetched: this.#fetched,
      resumed: this.#resumed,
      from: new Map(this.swarm.from),
    };
  }
}

function checkOptions({ folder, window = 1, bufferBytes = 1 }: DownloadOptions): void {
  if (!isAbsolute(folder)) throw new InvalidOptionError("folder", folder, "an absolute path");
  if (!Number.isSafeInteger(window) || window < 1) {
    throw new InvalidOptionError("window", window, "a whole number of 1 or more");
  }
  if (!(bufferBytes > 0)) {
    throw new InvalidOptionError("bufferBytes", bufferBytes, "a number above 0");
  }
}
