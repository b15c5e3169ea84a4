import { StringDecoder } from "node:string_decoder";

/** Cuts what a socket gives into lines. */
export class Lines {
  readonly #decoder = new StringDecoder("utf8");
  readonly #longest: number;
  #rest: string[] = [];
  #size = 0;

  /** @param longest characters of a line that is still taken */
  constructor(longest: number) {
    this.#longest = longest;
  }

  /** The lines that `chunk` completes. @throws RangeError if one is too long */
  push(chunk: Uint8Array): string[] {
    const parts = this.#decoder.write(Buffer.from(chunk)).split("\n");
    const last = parts.pop() ?? "";
    const lines: string[] = [];
    for (const part of parts) {
      lines.push([...this.#rest, part].join("").replace(/\r$/, ""));
      [this.#rest, this.#size] = [[], 0];
    }
    if (last !== "") this.#rest.push(last);
    this.#size += last.length;
    if (this.#size > this.#longest) {
      throw new RangeError(`A line of more than ${this.#longest} characters`);
    }
    return lines.filter((line) => line !== "");
  }
}
