import { closeSync, openSync, writeSync } from "node:fs";
import type { SystemEvent } from "../actor/mod.ts";
import { toError } from "../actor/mod.ts";

/** Version of a line's form. */
const VERSION = 1;

/** The log of one peer: its file, and lines that are not in it yet. */
interface Log {
  readonly file: number;
  lines: string;
}

/**
 * One log per peer: the events that concern it, a JSON object a line. A view of the system's stream, like the console. Events that
 * come together are written at once: during an election a write each would cost more than all else that the main thread does.
 */
export class LogFiles {
  readonly #logs = new Map<string, Log>();
  readonly #start: number;
  #due = false;

  /** @param start milliseconds since 1970 at which the clock of the events began */
  constructor(start: number) {
    this.#start = start;
  }

  open(peer: string, path: string): void {
    this.#logs.set(peer, { file: openSync(path, "a", 0o600), lines: "" });
  }

  write(peer: string, event: SystemEvent): void {
    const log = this.#logs.get(peer);
    if (log === undefined) return;
    log.lines += `${logLine(event, this.#start)}\n`;
    if (this.#due) return;
    this.#due = true;
    // Before whoever waited for the event goes on: it may read the log.
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#due = false;
    for (const [peer, log] of this.#logs) {
      const { file, lines } = log;
      if (lines === "") continue;
      log.lines = "";
      try {
        writeSync(file, lines);
      } catch {
        // A full disk must not stop the cluster: this log ends here.
        this.#close(peer, file);
      }
    }
  }

  close(): void {
    this.#flush();
    for (const [peer, { file }] of this.#logs) this.#close(peer, file);
  }

  #close(peer: string, file: number): void {
    this.#logs.delete(peer);
    try {
      closeSync(file);
    } catch {
      // It is closed, then.
    }
  }
}

/** An event as a line of a log. Errors become their class, code and message. */
export function logLine(event: SystemEvent, start: number): string {
  const { kind, at, data } = event;
  const time = new Date(start + at).toISOString();
  return JSON.stringify(
    { v: VERSION, time, atMs: Math.round(at * 1000) / 1000, kind, ...data },
    plain,
  );
}

function plain(_key: string, value: unknown): unknown {
  if (value instanceof Error) {
    const error = toError(value) as Error & { readonly code?: unknown };
    return { name: error.name, code: error.code, message: error.message };
  }
  return value;
}
