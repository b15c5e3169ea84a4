/** What a demo or a script claims, and whether it held. */
export class Checks {
  #failed = 0;
  #passed = 0;
  readonly #print: (mark: "ok" | "FAIL", text: string) => void;

  constructor(print: (mark: "ok" | "FAIL", text: string) => void) {
    this.#print = print;
  }

  /** Claims `text`; `seen` tells what was seen instead. */
  check(text: string, held: boolean, seen = ""): void {
    if (held) this.#passed++;
    else this.#failed++;
    this.#print(held ? "ok" : "FAIL", held || seen === "" ? text : `${text}: ${seen}`);
  }

  get failed(): number {
    return this.#failed;
  }

  get passed(): number {
    return this.#passed;
  }
}
