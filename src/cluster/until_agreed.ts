import { toError } from "../actor/mod.ts";
import type { Agreement } from "./api.ts";
import type { ClusterView } from "./view.ts";
import { agreement } from "./view.ts";

/** What {@linkcode untilAgreed} looks at. */
export interface AgreeingCluster {
  view(): ClusterView;
  /** Calls `fn` after every event. */
  on(fn: () => void): Disposable;
  after(ms: number, fn: () => void): Disposable;
}

/** Settles when all peers that are up agree on a tracker of an epoch above `above`; rejects after `timeout` ms, default 10 000. */
export function untilAgreed(
  cluster: AgreeingCluster,
  { timeout = 10_000, above = 0, signal }: {
    readonly timeout?: number;
    readonly above?: number;
    readonly signal?: AbortSignal;
  },
): Promise<Agreement> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void): void => {
      timer[Symbol.dispose]();
      events[Symbol.dispose]();
      signal?.removeEventListener("abort", abort);
      settle();
    };
    const look = (): void => {
      const agreed = agreement(cluster.view());
      if (agreed !== undefined && agreed.epoch > above) finish(() => resolve(agreed));
    };
    const abort = (): void => finish(() => reject(toError(signal?.reason)));
    const timer = cluster.after(
      timeout,
      () => finish(() => reject(new Error(`No tracker was agreed on within ${timeout} ms`))),
    );
    const events = cluster.on(look);
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    else look();
  });
}
