import type { ActorRef, Clock, Protocol } from "../actor/mod.ts";
import { AskAbortedError, AskTimeoutError } from "../actor/mod.ts";
import type { Watcher } from "./name_watch.ts";
import { watchNames } from "./name_watch.ts";

/** Waits for `name`, for `timeout` milliseconds at most. Does not need the waiting actor's turn: its `init` may wait. */
export function waitForName<P extends Protocol>(
  watcher: Watcher,
  clock: Clock,
  name: string,
  timeout: number,
): Promise<ActorRef<P>> {
  const { signal, lifetime } = watcher;
  const aborted = (): AskAbortedError => {
    const why = lifetime.over ? lifetime.reason : signal?.reason;
    return new AskAbortedError(name, "waitFor", why, "no");
  };
  if (lifetime.over || signal?.aborted) return Promise.reject(aborted());
  return new Promise((resolve, reject) => {
    const timer = timeout === Infinity ? undefined : clock.setTimeout(() => {
      watch[Symbol.dispose]();
      reject(new AskTimeoutError(name, "waitFor", timeout));
    }, timeout);
    const watch = watchNames(watcher, { name }, {
      event(event) {
        if (event.type !== "registered") return;
        timer?.[Symbol.dispose]();
        watch[Symbol.dispose]();
        resolve(event.entry.ref.as<P>());
      },
      over() {
        timer?.[Symbol.dispose]();
        reject(aborted());
      },
    });
  });
}
