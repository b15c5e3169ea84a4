import { closeSync, fstatSync, openSync, readSync, watch } from "node:fs";
import { StringDecoder } from "node:string_decoder";

/** Bytes that are read at once. */
const CHUNK = 256 * 1024;

/** A file that lines are added to. */
export class Tail implements Disposable {
  readonly #file: number;
  readonly #decoder = new StringDecoder("utf8");
  readonly #buffer = Buffer.alloc(CHUNK);
  #position = 0;
  #rest = "";

  constructor(path: string) {
    this.#file = openSync(path, "r");
  }

  /** The whole lines that are there and were not given yet. */
  *lines(): Generator<string> {
    // A log only grows; one that is shorter was begun anew.
    if (fstatSync(this.#file).size < this.#position) [this.#position, this.#rest] = [0, ""];
    for (;;) {
      const size = readSync(this.#file, this.#buffer, 0, CHUNK, this.#position);
      if (size === 0) return;
      this.#position += size;
      const parts = (this.#rest + this.#decoder.write(this.#buffer.subarray(0, size))).split("\n");
      this.#rest = parts.pop() ?? "";
      yield* parts;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}

/** Calls `changed` whenever something is written in `folder`, until the signal is aborted. */
export function watchFolder(folder: string, signal: AbortSignal, changed: () => void): void {
  const watcher = watch(folder, { persistent: true, signal }, changed);
  // A folder that vanishes has nothing to tell any more.
  watcher.on("error", () => {});
}
