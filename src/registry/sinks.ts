import type { RegistryEvent } from "../actor/mod.ts";
import { WatcherTooSlowError } from "../actor/mod.ts";
import { Backlog } from "./backlog.ts";
import type { Sink } from "./name_watch.ts";

type Listener = (event: RegistryEvent) => void;

/** Tells a listener outside of actors at once. What it throws is nobody's here, and comes to light as a rejection that nobody handles. */
export function directSink(on: Listener): Sink {
  return {
    event(event) {
      try {
        on(event);
      } catch (error) {
        void Promise.reject(error);
      }
    },
  };
}

/**
 * Tells a listener in its actor's turn, as long as at most `limit` changes wait for that.
 *
 * @param end ends the watch
 * @param onEnd is told in the actor's turn that it was too slow; without it the actor ends with the error
 */
export function postingSink(
  post: (callback: () => void) => void,
  on: Listener,
  limit: number,
  end: () => void,
  onEnd: ((error: WatcherTooSlowError) => void) | undefined,
): { readonly sink: Sink; close(): void } {
  const backlog = new Backlog(limit);
  let live = true;
  const tooSlow = (): void => {
    const error = new WatcherTooSlowError(limit);
    live = false;
    end();
    post(() => {
      if (onEnd === undefined) throw error;
      onEnd(error);
    });
  };
  return {
    sink: {
      event(event, counts) {
        if (!live) return;
        if (counts && !backlog.add()) return tooSlow();
        post(() => {
          if (counts) backlog.taken();
          if (live) on(event);
        });
      },
    },
    close: () => void (live = false),
  };
}
