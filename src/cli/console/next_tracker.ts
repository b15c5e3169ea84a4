import { ConsoleError, errorText } from "../errors.ts";
import { formatDuration } from "../text/duration.ts";
import type { Session } from "./session.ts";
import { catalogueSettled } from "./settled.ts";

/** Milliseconds that a console waits for a new tracker before it says that there is none. */
export const TRACKER_WITHIN = 10_000;

/** Waits for the tracker after `epoch` and tells who it is, or that there is none: with too few peers up, there can be none. */
export async function nextTracker(
  session: Session,
  epoch: number,
  from: number,
  signal: AbortSignal,
): Promise<void> {
  const { cluster } = session;
  try {
    const next = await cluster.tracker({ above: epoch, timeout: TRACKER_WITHIN, signal });
    session.print(
      `tracker is ${next.tracker}, epoch ${next.epoch}, all agree after ` +
        formatDuration(performance.now() - from),
    );
  } catch (error) {
    signal.throwIfAborted();
    const up = cluster.view().filter((view) => view.up).length;
    throw new ConsoleError(
      `No new tracker: ${errorText(error)}; ${up} of ${cluster.peers.length} peers are up`,
      { cause: error },
    );
  }
  if (!session.background) await catalogueSettled(cluster, signal);
}
