import { toError } from "../actor/mod.ts";
import type { DurableRecord } from "../election/mod.ts";
import type { StateFile } from "./state_file.ts";

/** Writes of a peer's record: they reach the disk one after the other, in the order asked for. */
export class VoteWrites {
  readonly #file: StateFile;
  #last: Promise<void> = Promise.resolve();
  /** Writes that are not over. */
  #open = 0;

  constructor(file: StateFile) {
    this.#file = file;
  }

  /** Calls `done` when the record would survive a crash, with the error if it would not. */
  add(record: DurableRecord, voter: string, done: (error: Error | undefined) => void): void {
    const write = (): Promise<void> => this.#file.write(record, voter);
    // The disk works while the step that asked for it does the rest.
    const written = this.#open++ === 0 ? write() : this.#last.then(write);
    const over = (error: Error | undefined): void => {
      this.#open--;
      done(error);
    };
    // A disk that fails is news for the election, and the next write may work.
    this.#last = written.then(() => over(undefined), (error) => over(toError(error)));
  }

  /** Settles when the disk has everything, and lets go of the file. */
  async close(): Promise<void> {
    await this.#last;
    await this.#file[Symbol.asyncDispose]();
  }
}
