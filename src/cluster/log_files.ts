import { closeSync, openSync, writeSync } from "node:fs";
import type { SystemEvent } from "../actor/mod.ts";
import { toError } from "../actor/mod.ts";

/** Version of a line's form. */
const VERSION = 1;

/** One log per peer: the events that concern it, a JSON object a line. A view of the system's stream, like the console. */
export class LogFiles {
  readonly #files = new Map<string, number>();
  readonly #start: number;

  /** @param start milliseconds since 1970 at which the clock of the events began */
  constructor(start: number) {
    this.#start = start;
  }

  open(peer: string, path: string): void {
    this.#files.set(peer, openSync(path, "a", 0o600));
  }

  write(peer: string, event: SystemEvent): void {
    const file = this.#files.get(peer);
    if (file === undefined) return;
    try {
      writeSync(file, `${logLine(event, this.#start)}\n`);
    } catch {
      // A full disk must not stop the cluster: this log ends here.
      this.#close(peer, file);
    }
  }

  close(): void {
    for (const [peer, file] of this.#files) this.#close(peer, file);
  }

  #close(peer: string, file: number): void {
    this.#files.delete(peer);
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
