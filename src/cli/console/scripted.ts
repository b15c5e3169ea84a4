import { createInterface } from "node:readline";
import type { Input } from "../io.ts";
import { runLine } from "./run_line.ts";
import type { Session } from "./session.ts";

/** What a script ended with. */
export interface ScriptEnd {
  /** Commands that failed. */
  readonly failed: number;
  /** Whether `quit` ended it; otherwise the input did. */
  readonly quit: boolean;
}

/** Runs the lines of `input` one after the other until it ends, `quit`, or `signal`; `ran` is told of each. */
export async function runScript(
  session: Session,
  input: Input,
  signal: AbortSignal,
  ran: (line: string, ok: boolean) => void = () => {},
): Promise<ScriptEnd> {
  // An interface that is closed before it is read from never ends.
  if (signal.aborted) return { failed: 0, quit: false };
  const lines = createInterface({ input, terminal: false, crlfDelay: Infinity });
  const stop = (): void => lines.close();
  signal.addEventListener("abort", stop, { once: true });
  let failed = 0;
  try {
    for await (const line of lines) {
      if (signal.aborted) break;
      // A script that is kept in a file has comments.
      if (/^\s*#/.test(line)) continue;
      const ok = await runLine(session, line, signal);
      if (!ok) failed++;
      if (line.trim() !== "") ran(line, ok);
      if (session.quitting) break;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    lines.close();
    // Otherwise an input that never ends would keep the process from ending.
    input.pause();
    unref(input);
  }
  return { failed, quit: session.quitting };
}

function unref(input: Input): void {
  if ("unref" in input && typeof input.unref === "function") input.unref();
}
