import type { DiskFile, FileStat } from "../actor/mod.ts";
import type { HashingPorts } from "./build_manifest.ts";
import { chunkCount, chunkLength } from "./chunk_size.ts";
import { ExistsError } from "./errors.ts";
import { PRIVATE_FOLDER } from "./limits.ts";
import type { JournalContent } from "./journal.ts";
import { Journal, readJournal } from "./journal.ts";
import type { Manifest } from "./manifest.ts";
import { isChunk } from "./manifest.ts";
import { BYTES_PER_TURN, pause } from "./pause.ts";

/**
 * An unfinished file: `.troupe/<file id>.part` in the download folder, so that no name of a stranger takes part in it,
 * and `<file id>.journal` beside it. One download of an id may run per folder.
 */
export class PartFile {
  readonly manifest: Manifest;
  /** Where it lies. */
  readonly path: string;
  readonly #ports: HashingPorts;
  readonly #journalPath: string;
  readonly #have: Uint8Array;
  #file: DiskFile | undefined;
  #journal: Journal | undefined;
  /** Verified and written, but not in the journal yet. */
  #pending: number[] = [];
  #pendingBytes = 0;
  #unsynced = 0;
  /** Appends to the journal, one after the other. */
  #noting: Promise<void> = Promise.resolve();
  /** After a failed sync nobody knows what is on the disk, whatever the next one says. */
  #syncFailed = false;

  private constructor(ports: HashingPorts, folder: string, manifest: Manifest) {
    this.#ports = ports;
    this.manifest = manifest;
    this.path = `${folder}/${manifest.fileId}.part`;
    this.#journalPath = `${folder}/${manifest.fileId}.journal`;
    this.#have = new Uint8Array(chunkCount(manifest.size, manifest.chunkSize));
  }

  /**
   * Opens what an earlier attempt left, or makes it. Chunks that the journal names are trusted if it was closed and the
   * file is as it was then; else they are hashed again.
   *
   * @param root the download folder, absolute and without links
   * @param finished inodes of finished files: a crash may have left the unfinished name to one of them
   * @throws ExistsError if something else has the place of our folder
   */
  static async open(
    ports: HashingPorts,
    root: string,
    manifest: Manifest,
    finished: ReadonlySet<string>,
    signal: AbortSignal,
  ): Promise<PartFile> {
    const folder = privateFolder(root);
    await ports.disk.makeDirectory(folder);
    if ((await ports.disk.stat(folder))?.kind !== "directory") {
      throw new ExistsError(PRIVATE_FOLDER, "its place is taken by something that is no folder");
    }
    const part = new PartFile(ports, folder, manifest);
    try {
      if (!await part.#resume(finished, signal)) await part.#begin();
    } catch (error) {
      await part.#close();
      throw error;
    }
    return part;
  }

  /** Where the unfinished file of `fileId` lies. */
  static pathOf(root: string, fileId: string): string {
    return `${privateFolder(root)}/${fileId}.part`;
  }

  /** Removes what an earlier attempt for `fileId` left. */
  static async discard(ports: HashingPorts, root: string, fileId: string): Promise<void> {
    await ports.disk.remove(`${privateFolder(root)}/${fileId}.part`);
    await ports.disk.remove(`${privateFolder(root)}/${fileId}.journal`);
  }

  /** Whether chunk `index` is verified and written. */
  has(index: number): boolean {
    return this.#have[index] === 1;
  }

  /** Indexes of the chunks that are not here, ascending. */
  missing(): number[] {
    const missing: number[] = [];
    this.#have.forEach((have, index) => {
      if (have === 0) missing.push(index);
    });
    return missing;
  }

  /** How many chunks are here. */
  get count(): number {
    let count = 0;
    for (const have of this.#have) count += have;
    return count;
  }

  /** Bytes that would have to be fetched again after a crash of this process. */
  get unnoted(): number {
    return this.#pendingBytes;
  }

  /** Bytes that would have to be fetched again after a crash of the machine. */
  get unsynced(): number {
    return this.#unsynced;
  }

  /** Reads chunk `index`, which is here, into `into`; gives the bytes read. */
  async read(index: number, into: Uint8Array): Promise<number> {
    if (this.#file === undefined) return 0;
    return await this.#file.read(into, index * this.manifest.chunkSize);
  }

  /** Writes chunk `index`, which the caller has verified. */
  async write(index: number, bytes: Uint8Array): Promise<void> {
    await this.#file!.write(bytes, index * this.manifest.chunkSize);
    this.#have[index] = 1;
    this.#pending.push(index);
    this.#pendingBytes += bytes.length;
    this.#unsynced += bytes.length;
  }

  /** Makes what is written so far survive a crash of this process. */
  note(): Promise<void> {
    const chunks = this.#pending.sort((a, b) => a - b);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (chunks.length > 0) this.#noting = this.#noting.then(() => this.#journal!.verified(chunks));
    return this.#noting;
  }

  /** Makes what is written so far survive a crash of the machine. Not to be called while it runs. */
  async flush(): Promise<void> {
    this.#unsynced = 0;
    await this.note();
    // Together, so that a disk with a log of its own has one entry to write: in which order they get there is all one,
    // since chunks of a journal that was not closed are hashed again.
    await Promise.all([this.#sync(), this.#journal!.sync()]);
  }

  /** All chunks are here: makes them survive a crash, and lets go of the file. */
  async finish(): Promise<void> {
    await this.#sync();
    await this.#close();
  }

  /** Lets go of the file, to go on another time. Never rejects: what cannot be noted is hashed again then. */
  async keep(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      if (!this.#have.includes(1)) return await this.#drop();
      if (!this.#syncFailed) {
        await this.note();
        await this.#sync();
        await this.#journal!.closed(await this.#file!.stat());
      }
    } catch {
      // Without the closing line the next attempt is in doubt, and verifies.
    } finally {
      await this.#close().catch(() => {});
    }
  }

  /** Removes the journal, after the file has its final name. */
  async removeJournal(): Promise<void> {
    await this.#ports.disk.remove(this.#journalPath);
  }

  async #sync(): Promise<void> {
    try {
      await this.#file!.sync();
    } catch (error) {
      this.#syncFailed = true;
      throw error;
    }
  }

  async #close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await this.#noting.catch(() => {});
    await this.#journal?.close();
    await file?.close();
  }

  async #begin(): Promise<void> {
    const { disk } = this.#ports;
    await disk.remove(this.path);
    await disk.remove(this.#journalPath);
    this.#file = await disk.open(this.path, "create");
    await this.#file.truncate(this.manifest.size);
    this.#journal = this.#newJournal(0);
  }

  /** Nothing is in it that would be of use. */
  async #drop(): Promise<void> {
    await this.#close();
    await this.#ports.disk.remove(this.path);
    await this.removeJournal();
  }

  /** Gives whether there was something to go on with. */
  async #resume(finished: ReadonlySet<string>, signal: AbortSignal): Promise<boolean> {
    const { disk, hashing } = this.#ports;
    const there = await disk.stat(this.path);
    if (there?.kind !== "file" || there.size !== this.manifest.size) return false;
    if (finished.has(there.inode)) return false;
    this.#file = await disk.open(this.path, "write");
    const found = await readJournal(disk, hashing, this.#journalPath, this.manifest);
    if (found === "foreign") await disk.rename(this.#journalPath, `${this.#journalPath}.foreign`);
    const content = typeof found === "string" ? undefined : found;
    // Without a journal anything may be there: every chunk is looked at.
    const claimed = content?.verified ?? [...this.#have.keys()];
    const trusted = content !== undefined && isAsClosed(content, await this.#file.stat());
    const verified = trusted ? claimed : await this.#verifyAll(claimed, signal);
    for (const index of verified) this.#have[index] = 1;
    const holds = content !== undefined && verified.length === claimed.length;
    if (!holds) {
      // What the journal says is not so: a new one is written with the next entry.
      await disk.remove(this.#journalPath);
      this.#pending = [...verified];
    }
    this.#journal = this.#newJournal(holds ? content.length : 0);
    return true;
  }

  async #verifyAll(claimed: readonly number[], signal: AbortSignal): Promise<number[]> {
    const verified: number[] = [];
    let sinceTurn = 0;
    for (const index of claimed) {
      signal.throwIfAborted();
      if (await this.#verify(index)) verified.push(index);
      sinceTurn += this.manifest.chunkSize;
      if (sinceTurn < BYTES_PER_TURN) continue;
      sinceTurn = 0;
      await pause(this.#ports.clock);
    }
    return verified;
  }

  #newJournal(length: number): Journal {
    const { disk, hashing } = this.#ports;
    return new Journal(disk, hashing, this.#journalPath, this.manifest, length);
  }

  async #verify(index: number): Promise<boolean> {
    const { size, chunkSize } = this.manifest;
    const bytes = new Uint8Array(chunkLength(size, chunkSize, index));
    const read = await this.#file!.read(bytes, index * chunkSize);
    return read === bytes.length && isChunk(this.#ports.hashing, this.manifest, index, bytes);
  }
}

function isAsClosed({ closed }: JournalContent, now: FileStat): boolean {
  return closed !== undefined && closed.size === now.size && closed.mtime === now.mtime &&
    closed.inode === now.inode;
}

function privateFolder(root: string): string {
  return `${root}/${PRIVATE_FOLDER}`;
}
