import type { ShownCluster } from "../control/shown_cluster.ts";
import { pause, unlessAborted } from "../waiting.ts";

/** Milliseconds that peers may take to announce their files to a new tracker. */
const ANNOUNCED_WITHIN = 3_000;
const LOOK_EVERY = 20;

/**
 * Waits until the tracker has the files of every peer that is up, so that a script's next line sees them all. Gives up
 * silently: a peer that cannot announce its files must not keep a script from running.
 */
export async function catalogueSettled(cluster: ShownCluster, signal: AbortSignal): Promise<void> {
  const from = performance.now();
  while (performance.now() - from < ANNOUNCED_WITHIN) {
    if (await isWhole(cluster, signal)) return;
    await pause(LOOK_EVERY, signal);
  }
}

async function isWhole(cluster: ShownCluster, signal: AbortSignal): Promise<boolean> {
  const up = cluster.view().filter((view) => view.up);
  const tracker = up.find(({ role }) => role === "tracker");
  if (tracker === undefined) return false;
  try {
    const { catalogue } = await unlessAborted(cluster.peer(tracker.id).status(), signal);
    return up.every(({ id }) => id === tracker.id || catalogue?.peers.includes(id) === true);
  } catch {
    signal.throwIfAborted();
    return false;
  }
}
