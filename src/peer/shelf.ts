import type { ActorContext } from "../actor/mod.ts";
import { Refusal } from "../actor/mod.ts";
import type { FileVersion, RefusedEntry } from "../sharing/mod.ts";
import { Holder, ManifestCache, scanFolder } from "../sharing/mod.ts";
import type { AnnouncedFile } from "../sharing/mod.ts";

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
  readonly #changed: () => void;
  /** Scans run one after the other: two at once would tell each other's findings apart wrongly. */
  #scanning: Promise<unknown> = Promise.resolve();

  /**
   * @param folders absolute; in the first one a name wins over the same name in later ones
   * @param changed is told when the list of files changes
   */
  constructor(ctx: ActorContext, folders: readonly string[], changed: () => void) {
    this.#ctx = ctx;
    this.#folders = folders;
    this.#changed = changed;
    this.holder = new Holder(ctx.disk, {
      onWithdrawn: ({ file }, why) => {
        ctx.emit("file.withdrawn", { name: file.name, why: why.message });
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
    const refused: RefusedEntry[] = [];
    const found = new Map<string, FileVersion>();
    for (const folder of this.#folders) {
      const scan = await scanFolder(this.#ctx, folder, { signal });
      refused.push(...scan.refused);
      for (const file of scan.files) if (!found.has(file.name)) found.set(file.name, file);
    }
    const before = new Map(this.files().map((file) => [file.name, file.fileId]));
    const added: string[] = [];
    for (const file of found.values()) {
      const fileId = await this.#share(file, refused, signal);
      if (fileId === undefined) found.delete(file.name);
      else if (before.get(file.name) !== fileId) added.push(file.name);
    }
    const removed = [...before.keys()].filter((name) => !found.has(name));
    for (const name of removed) this.holder.unshare(name);
    if (added.length + removed.length > 0) this.#changed();
    return { added, removed, refused };
  }

  /** Shares what was downloaded, beside a file of that name with other content if there is one. */
  async add(file: FileVersion): Promise<void> {
    const taken = this.holder.files().find((shared) => shared.file.name === file.name);
    const manifest = await this.#manifests.manifestOf(this.#ctx, file);
    if (taken !== undefined && taken.manifest.fileId !== manifest.fileId) {
      const named = { ...file, name: beside(file.name, manifest.fileId) };
      this.holder.share({ file: named, manifest });
    } else if (taken === undefined) this.holder.share({ file, manifest });
    this.#changed();
  }

  /** Gives the file's id; undefined if it was refused. */
  async #share(
    file: FileVersion,
    refused: RefusedEntry[],
    signal: AbortSignal | undefined,
  ): Promise<string | undefined> {
    try {
      const manifest = await this.#manifests.manifestOf(this.#ctx, file, { signal });
      this.holder.share({ file, manifest });
      return manifest.fileId;
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

/** `a/report.pdf` of a certain content, where that name is taken: `a/report (3fa91c02).pdf`. */
function beside(name: string, fileId: string): string {
  const slash = name.lastIndexOf("/") + 1;
  const dot = name.lastIndexOf(".");
  const end = dot > slash ? dot : name.length;
  return `${name.slice(0, end)} (${fileId.slice(0, 8)})${name.slice(end)}`;
}
