import type { ActorContext } from "../actor/mod.ts";
import { Refusal } from "../actor/mod.ts";
import type {
  FileVersion,
  Known,
  Manifest,
  ManifestStore,
  Part,
  RefusedEntry,
  SavedFile,
} from "../sharing/mod.ts";
import { Holder, ManifestCache, scanFolder } from "../sharing/mod.ts";
import type { AnnouncedFile } from "../sharing/mod.ts";

/** How far the hashing of a folder is. */
export interface HashingProgress {
  readonly name: string;
  /** Bytes of this file. */
  readonly done: number;
  readonly size: number;
  /** The how manieth file it is, of how many. */
  readonly file: number;
  readonly files: number;
}

/** Milliseconds between two tellings of files that come in great numbers. */
const TELL_MS = 500;

/** What a scan changed. */
export interface ShelfChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly refused: readonly RefusedEntry[];
}

/** What a peer shares: its shared folder and what it has downloaded. */
export class Shelf implements AsyncDisposable {
  readonly holder: Holder;
  readonly #ctx: ActorContext;
  readonly #folders: readonly string[];
  readonly #manifests = new ManifestCache();
  readonly #store: ManifestStore;
  readonly #hashing: (progress: HashingProgress) => void;
  #loaded = false;
  /** What is being downloaded, by file id; `told`: bytes that the tracker knows of. */
  readonly #parts = new Map<
    string,
    { readonly name: string; readonly size: number; readonly part: Part; told: number }
  >();
  #toldAt = -Infinity;
  #progressAt = -Infinity;
  readonly #changed: () => void;
  /** Scans run one after the other: two at once would tell each other's findings apart wrongly. */
  #scanning: Promise<unknown> = Promise.resolve();

  /**
   * @param folders absolute; in the first one a name wins over the same name in later ones
   * @param store where manifests survive a restart
   * @param changed is told when the list of files changes
   * @param hashing is told now and then while files are hashed
   * @param withdrawn is told of a file that is no longer what was shared
   */
  constructor(
    ctx: ActorContext,
    folders: readonly string[],
    store: ManifestStore,
    changed: () => void,
    withdrawn: (name: string, why: string) => void,
    hashing: (progress: HashingProgress) => void = () => {},
  ) {
    this.#store = store;
    this.#hashing = hashing;
    this.#ctx = ctx;
    this.#folders = folders;
    this.#changed = changed;
    this.holder = new Holder(ctx.disk, {
      onWithdrawn: ({ file }, why) => {
        withdrawn(file.name, why.message);
        changed();
      },
    });
  }

  files(): AnnouncedFile[] {
    return this.holder.files().map(({ file, manifest }) => ({
      name: file.name,
      size: file.size,
      fileId: manifest.fileId,
    }));
  }

  /** What is told to the tracker: the files, and those that are still being downloaded. */
  announced(): AnnouncedFile[] {
    const parts = [...this.#parts].filter(([fileId, { name, told }]) =>
      told > 0 && !this.holder.has(fileId) && this.holder.named(name) === undefined
    );
    if (parts.length === 0) return this.files();
    // Two downloads may be of one name.
    const names = new Map(parts.map(([fileId, { name, size, told }]) => [
      name,
      { name, size, fileId, have: told },
    ]));
    return [...this.files(), ...names.values()];
  }

  /** Where a file of that id lies; undefined if it is not shared here. */
  find(fileId: string): string | undefined {
    return this.holder.find(fileId)?.file.path;
  }

  /** Serves what is here of a file that is being downloaded; undefined: no more. */
  sharePart({ fileId, name, size }: AnnouncedFile, part: Part | undefined): void {
    const known = this.#parts.delete(fileId);
    this.holder.sharePart(fileId, part);
    if (part !== undefined) {
      this.#parts.set(fileId, { name, size, part, told: 0 });
      this.partGrew(fileId);
    } else if (known) this.#changed();
  }

  /** Tells of it in eighths: every chunk would be too much for the tracker. */
  partGrew(fileId: string): void {
    const known = this.#parts.get(fileId);
    if (known === undefined) return;
    const { size, part } = known;
    const have = Math.min(size, part.count * part.manifest.chunkSize);
    const eighth = Math.floor(have / size * 8);
    if (have === 0 || known.told > 0 && eighth === Math.floor(known.told / size * 8)) return;
    known.told = have;
    this.#changed();
  }

  /** Waits for a scan that is under way. */
  async settled(): Promise<void> {
    await this.#scanning.catch(() => {});
  }

  /** Scans the folders again. Rejects if one of them cannot be read; what is shared stays as it was then. */
  scan(signal?: AbortSignal): Promise<ShelfChange> {
    const scan = this.settled().then(() => this.#scan(signal));
    this.#scanning = scan;
    return scan;
  }

  async #scan(signal: AbortSignal | undefined): Promise<ShelfChange> {
    await this.#load();
    const refused: RefusedEntry[] = [];
    const files: FileVersion[] = [];
    for (const folder of this.#folders) {
      const scan = await scanFolder(this.#ctx, folder, { signal });
      refused.push(...scan.refused);
      files.push(...scan.files);
    }
    const before = new Map(this.files().map((file) => [file.name, file.fileId]));
    const after = new Map<string, string>();
    const settled: Known[] = [];
    for (const [i, file] of files.entries()) {
      const began = this.#ctx.clock.wall();
      const manifest = await this.#manifestOf(file, refused, signal, (done) => {
        this.#progress({
          name: file.name,
          done,
          size: file.size,
          file: i + 1,
          files: files.length,
        });
      });
      if (manifest === undefined) continue;
      this.#share(file, manifest, after);
      if (isSettled(file, began)) settled.push({ file, manifest });
      // A large folder is found piece by piece.
      if (this.#ctx.clock.now() - this.#toldAt >= TELL_MS) this.told();
    }
    await this.#save(settled);
    const added = [...after].filter(([name, id]) => before.get(name) !== id).map(([name]) => name);
    const removed = [...before.keys()].filter((name) => !after.has(name));
    for (const name of removed) this.holder.unshare(name);
    if (added.length + removed.length > 0) this.#changed();
    return { added, removed, refused };
  }

  /** What an earlier life of this peer has hashed. */
  async #load(): Promise<void> {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const { file, manifest } of await this.#store.load()) this.#manifests.set(file, manifest);
  }

  /** A store that cannot be written costs time after a restart, nothing else. */
  async #save(known: readonly Known[]): Promise<void> {
    await this.#store.save(known).catch(passRefusal);
  }

  #progress(progress: HashingProgress): void {
    const now = this.#ctx.clock.now();
    if (now - this.#progressAt < TELL_MS) return;
    this.#progressAt = now;
    this.#hashing(progress);
  }

  /** Shares `file` under its name, or beside another content of that name in `taken`. */
  #share(file: FileVersion, manifest: Manifest, taken: Map<string, string>): void {
    const { fileId } = manifest;
    if (taken.get(file.name) === fileId) return;
    const name = taken.has(file.name) ? beside(file.name, fileId) : file.name;
    taken.set(name, fileId);
    this.holder.share({ file: { ...file, name }, manifest });
  }

  /** Shares what was downloaded, beside a file of that name with other content if there is one. */
  async add(path: string, name: string, manifest: Manifest): Promise<void> {
    const stat = await this.#ctx.disk.stat(path);
    if (stat === undefined) return;
    const file: FileVersion = { name, path, size: stat.size, mtime: stat.mtime, inode: stat.inode };
    this.#manifests.set(file, manifest);
    const taken = new Map(this.files().map((shared) => [shared.name, shared.fileId]));
    this.#share(file, manifest, taken);
    this.#changed();
    await this.#store.add({ file, manifest }).catch(passRefusal);
  }

  /** Shares the file of that name no longer, and tells. */
  withdraw(name: string): void {
    if (this.holder.unshare(name)) this.#changed();
  }

  /** Shares many files that were downloaded; tells of them now and then, and of the last ones at {@linkcode told}. */
  addMany(saved: readonly SavedFile[]): void {
    for (const { file, manifest } of saved) {
      this.#manifests.set(file, manifest);
      const other = this.holder.named(file.name);
      if (other?.manifest.fileId === manifest.fileId) continue;
      const name = other === undefined ? file.name : beside(file.name, manifest.fileId);
      this.holder.share({ file: { ...file, name }, manifest });
    }
    if (this.#ctx.clock.now() - this.#toldAt >= TELL_MS) this.told();
  }

  /** The list of files changed. */
  told(): void {
    this.#toldAt = this.#ctx.clock.now();
    this.#changed();
  }

  /** Undefined if the file was refused. */
  async #manifestOf(
    file: FileVersion,
    refused: RefusedEntry[],
    signal: AbortSignal | undefined,
    onProgress: (done: number) => void,
  ): Promise<Manifest | undefined> {
    try {
      return await this.#manifests.manifestOf(this.#ctx, file, { signal, onProgress });
    } catch (error) {
      // It changed, vanished or cannot be read: the other files are shared all the same.
      if (!(error instanceof Refusal)) throw error;
      refused.push({ name: file.name, why: error.message });
      return undefined;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.holder[Symbol.asyncDispose]();
  }
}

/**
 * Whether a later change of `file` would show in its time: one that was written just before it was hashed may be written
 * once more within the same tick of the disk's clock, which is 2 s on some.
 */
function isSettled({ mtime }: FileVersion, hashedAt: number): boolean {
  return hashedAt - mtime > (mtime % 1_000 === 0 ? 2_000 : 50);
}

function passRefusal(error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
}

/** `a/report.pdf` of a certain content, where that name is taken: `a/report (3fa91c02).pdf`. */
function beside(name: string, fileId: string): string {
  const slash = name.lastIndexOf("/") + 1;
  const dot = name.lastIndexOf(".");
  const end = dot > slash ? dot : name.length;
  return `${name.slice(0, end)} (${fileId.slice(0, 8)})${name.slice(end)}`;
}
