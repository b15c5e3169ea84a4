import type { Disk } from "../actor/mod.ts";
import { DiskError } from "../actor/mod.ts";

/** The name of a peer's durable record in its state folder. */
const FILE = "election";

/** A peer's durable record: replaced as a whole, never changed in place. */
export class StateFile {
  readonly #disk: Disk;
  readonly #folder: string;

  constructor(disk: Disk, folder: string) {
    this.#disk = disk;
    this.#folder = folder;
  }

  get #path(): string {
    return `${this.#folder}/${FILE}`;
  }

  /** What was written last; undefined if nothing ever was. */
  async read(): Promise<Uint8Array | undefined> {
    try {
      return await this.#disk.readFile(this.#path);
    } catch (error) {
      if (error instanceof DiskError && error.code === "ENOENT") return undefined;
      throw error;
    }
  }

  /** Settles when a crash of the machine could not undo it. */
  async write(bytes: Uint8Array): Promise<void> {
    const temporary = `${this.#path}.new`;
    await this.#disk.remove(temporary);
    {
      await using file = await this.#disk.open(temporary, "create");
      await file.write(bytes, 0);
      await file.sync();
    }
    await this.#disk.rename(temporary, this.#path);
    await this.#disk.syncDirectory(this.#folder);
  }
}
