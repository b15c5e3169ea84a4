import type { Disk, DiskFile } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";
import type { DurableRecord, RecordRead } from "../election/mod.ts";
import { decodeRecord, encodeRecord, encodeSlot, readSlots, SLOTS_SIZE } from "../election/mod.ts";
import { peerOf } from "./voter_id.ts";

/** The name of a peer's durable record in its state folder. */
const FILE = "election";

/** Where a peer's durable record is. */
export function statePath(folder: string): string {
  return `${folder}/${FILE}`;
}

/** The file of a peer's durable record; undefined if there is none. */
export async function readRecord(disk: Disk, folder: string): Promise<Uint8Array | undefined> {
  try {
    return await disk.readFile(statePath(folder));
  } catch (error) {
    if (error instanceof DiskError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** What a peer's disk holds, and the id that the peer votes under. */
export interface StateRead {
  readonly voter: string;
  readonly disk: RecordRead;
}

/**
 * A peer's durable record, in a file of two slots that are written in turn: one durable write makes a vote safe, which takes a
 * tenth of the time of a new file under the old name.
 */
export class StateFile {
  readonly #disk: Disk;
  readonly #folder: string;
  #file: DiskFile | undefined;
  /** Where the latest record is; undefined while the file is not known to hold one. */
  #latest: { readonly slot: number } | undefined;
  /** Number of the last write, whether it worked or not. */
  #writes = 0;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  get #path(): string {
    return statePath(this.#folder);
  }

  /** What `peer` wrote last. */
  async read(peer: string): Promise<StateRead> {
    const file = await readRecord(this.#disk, this.#folder);
    if (file === undefined) return { voter: peer, disk: { kind: "missing" } };
    const slots = readSlots(file);
    if (slots.kind === "damaged") return { voter: peer, disk: { kind: "torn", why: slots.why } };
    this.#latest = { slot: slots.slot };
    this.#writes = slots.write;
    const disk = decodeRecord(slots.record, peer);
    // A peer that lost its votes once has another id since.
    if (disk.kind !== "foreign" || peerOf(disk.owner) !== peer) return { voter: peer, disk };
    return { voter: disk.owner, disk: decodeRecord(slots.record, disk.owner) };
  }

  /** Settles when a crash of the machine could not undo it. A failed write leaves the record before it. */
  async write(record: DurableRecord, voter: string): Promise<void> {
    const bytes = encodeRecord(record, voter);
    if (this.#latest === undefined) return await this.create(record, voter);
    this.#file ??= await this.#open();
    const slot = 1 - this.#latest.slot;
    const write = encodeSlot(bytes, ++this.#writes, slot);
    await this.#file.write(write.bytes, write.position);
    this.#latest = { slot };
  }

  /** Opens the file for writes to come, which need not wait for that then. A disk that refuses it now may not refuse the write. */
  async ready(): Promise<void> {
    this.#file ??= await this.#open().catch(() => undefined);
  }

  #open(): Promise<DiskFile> {
    return this.#disk.open(this.#path, "durable");
  }

  /** Begins anew, whatever the file holds. */
  async create(record: DurableRecord, voter: string): Promise<void> {
    const temporary = `${this.#path}.new`;
    await this[Symbol.asyncDispose]();
    await this.#disk.remove(temporary);
    {
      await using file = await this.#disk.open(temporary, "create");
      await file.truncate(SLOTS_SIZE);
      const { bytes, position } = encodeSlot(encodeRecord(record, voter), 1, 0);
      await file.write(bytes, position);
      await file.sync();
    }
    await this.#disk.rename(temporary, this.#path);
    await this.#disk.syncDirectory(this.#folder);
    this.#writes = 1;
    this.#latest = { slot: 0 };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.close();
  }
}
