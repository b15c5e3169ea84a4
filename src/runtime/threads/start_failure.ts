import type { Clock } from "../../actor/mod.ts";
import type { OwnedThread } from "./ground.ts";

/** Milliseconds that a failed start waits for its thread's last words. */
const LAST_WORDS_TIMEOUT = 500;

/** Why an actor did not start on `thread`, in the words of whoever knows best; `error` is what the asker was told. */
export async function startFailure(
  thread: OwnedThread,
  error: unknown,
  startTimeout: number,
  clock: Clock,
): Promise<unknown> {
  if (hasCode(error, "timeout")) {
    const work = thread.pulse.current;
    const held = work?.method === undefined ? "" : `: its thread is held by "${work.method}"`;
    return new Error(`it was not ready within ${startTimeout} ms${held}`, { cause: error });
  }
  if (!hasCode(error, "noproc")) return thread.crash ?? error;
  // The port closes before the runtime says what ended the thread.
  await settledWithin(thread.exited, LAST_WORDS_TIMEOUT, clock);
  const { reason } = thread;
  return thread.crash ?? (reason?.kind === "nodedown" ? reason.cause : undefined) ?? error;
}

/** Whether `error` has one of `codes`. */
export function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && "code" in error && codes.includes(String(error.code));
}

function settledWithin(work: Promise<void>, ms: number, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(resolve, ms);
    void work.then(() => {
      timer[Symbol.dispose]();
      resolve();
    });
  });
}
