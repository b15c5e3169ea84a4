import { toError } from "../actor/mod.ts";
import type { DurableRecord } from "../election/mod.ts";
import type { StateFile } from "./state_file.ts";

/** Writes of a peer's record: they reach the disk one after the other, in the order asked for. */
export class VoteWrites {
  readonly #file: StateFile;
  #last: Promise<void> = Promise.resolve();

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** Calls `done` when the record would survive a crash, with the error if it would not. */
  add(record: DurableRecord, voter: string, done: (error: Error | undefined) => void): void {
    this.#last = this.#last.then(() => this.#file.write(record, voter)).then(
      () => done(undefined),
      // A disk that fails is news for the election, and the next write may work.
      (error) => done(toError(error)),
    );
  }

  /** Settles when the disk has everything, and lets go of the file. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file[Symbol.asyncDispose]();
  }
}
