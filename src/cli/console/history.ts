import { appendFileSync, chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

/** Lines that are kept. */
const KEPT = 500;
/** Characters of the longest line that is kept: nobody has typed a longer one. */
const LONGEST = 4_096;

/** What was typed in earlier consoles. A file that cannot be read or written costs the history, and nothing else. */
export class History {
  readonly #path: string;
  readonly #lines: string[];

  constructor(env: Readonly<Record<string, string | undefined>>) {
    const state = env["XDG_STATE_HOME"] || join(env["HOME"] || homedir(), ".local", "state");
    this.#path = join(state, "troupe", "history");
    this.#lines = this.#read();
  }

  /** Oldest first. */
  get lines(): readonly string[] {
    return this.#lines;
  }

  /** Keeps `line`, for its owner's eyes alone. */
  add(line: string): void {
    const text = line.trim();
    if (text === "" || text.length > LONGEST || text === this.#lines.at(-1)) return;
    this.#lines.push(text);
    try {
      appendFileSync(this.#path, `${text}\n`, { mode: 0o600 });
    } catch {
      // A disk that is full, or a home that is not ours.
    }
  }

  #read(): string[] {
    try {
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      const all = readFileSync(this.#path, "utf8").split("\n").filter((line) => line !== "");
      const lines = all.slice(-KEPT);
      if (all.length > 2 * KEPT) writeFileSync(this.#path, `${lines.join("\n")}\n`);
      chmodSync(this.#path, 0o600);
      return lines;
    } catch {
      return [];
    }
  }
}
