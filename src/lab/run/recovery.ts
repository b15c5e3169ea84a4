import type { Cluster, PeerView } from "../../cluster/mod.ts";
import type { Recovery } from "../checks/observations.ts";
import { STANDING } from "../../peer/mod.ts";
import type { FoundFile, SharedFile } from "../../peer/reports.ts";
import type { NodeInfo } from "../../runtime/mod.ts";

/** Ms between two looks. */
const EVERY = 50;

/** What the last look at a cluster needs. Times are ms from the start of the run. */
export interface RecoveryOptions {
  readonly cluster: Cluster;
  /** Ms that it gets. */
  readonly within: number;
  /** Whether files are shared, so that the catalogue is to be compared. */
  readonly files: boolean;
  readonly signal: AbortSignal;
  /** Peers that are down for good: nothing is demanded of them. */
  readonly dead: ReadonlySet<string>;
  /** Whether what was asked of peers is still under way. */
  busy(): boolean;
  now(): number;
  pause(ms: number): Promise<void>;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Gives a cluster in which nothing is broken any more its time to recover, and looks at how it is then; ends as soon as all is well. */
export async function recover(options: RecoveryOptions): Promise<Recovery> {
  const { cluster, within, files, signal, dead, now, pause, busy } = options;
  const healedAt = now();
  const seen: Writable<Pick<Recovery, "agreedAt" | "catalogueAt" | "network" | "shared">> = {
    network: undefined,
    shared: {},
  };
  let agreedOn = "";
  for (;;) {
    signal.throwIfAborted();
    const on = agreement(cluster.view().filter(({ id }) => !dead.has(id)));
    if (on === undefined) delete seen.agreedAt;
    else if (on !== agreedOn || seen.agreedAt === undefined) seen.agreedAt = now();
    agreedOn = on ?? "";
    if (files && on !== undefined && seen.catalogueAt === undefined && !busy()) {
      Object.assign(seen, await catalogue(cluster));
      if (sameFiles(seen.network, seen.shared)) seen.catalogueAt = now();
    }
    const well = seen.agreedAt !== undefined && !busy() &&
      (!files || seen.catalogueAt !== undefined);
    if (well || now() - healedAt >= within) break;
    await pause(EVERY);
  }
  const view = cluster.view();
  const info = await cluster.inspect();
  return { healedAt, ...seen, view, pending: unanswered(info) };
}

/** The asks that wait for an answer for as long as it takes, by thread. */
export function unanswered(
  { nodes }: { readonly nodes: readonly Pick<NodeInfo, "node" | "untimedAsks">[] },
): Record<string, number> {
  const pending: Record<string, number> = {};
  for (const { node, untimedAsks } of nodes) {
    for (const [method, count] of Object.entries(untimedAsks)) {
      if (!STANDING.includes(method)) pending[node] = (pending[node] ?? 0) + count;
    }
  }
  return pending;
}

/** The tracker and epoch that all of `peers` agree on; undefined while one is down or thinks otherwise. */
function agreement([first, ...others]: readonly PeerView[]): string | undefined {
  if (first?.tracker === undefined) return undefined;
  const agreed = others.every(({ tracker, epoch }) =>
    tracker === first.tracker && epoch === first.epoch
  );
  return agreed ? `${first.tracker} ${first.epoch}` : undefined;
}

async function catalogue(
  cluster: Cluster,
): Promise<
  { network: readonly FoundFile[] | undefined; shared: Record<string, readonly SharedFile[]> }
> {
  const shared: Record<string, readonly SharedFile[]> = {};
  const living = cluster.view().filter(({ up }) => up).map(({ id }) => id);
  try {
    for (const id of living) shared[id] = await cluster.peer(id).files();
    const asker = living[living.length - 1];
    const network = asker === undefined ? undefined : await cluster.peer(asker).network();
    return { network, shared };
  } catch {
    // A peer that cannot answer now is looked at again, or missing at the end.
    return { network: undefined, shared };
  }
}

/** What the catalogue must hold: file id and its holders in order, one line a file. */
export function unionOf(
  shared: Readonly<Record<string, readonly SharedFile[]>>,
): ReadonlyMap<string, readonly string[]> {
  const union = new Map<string, string[]>();
  for (const [peer, files] of Object.entries(shared)) {
    for (const { name, fileId } of files) {
      const key = `${name} ${fileId}`;
      union.set(key, [...union.get(key) ?? [], peer].sort());
    }
  }
  return union;
}

/** Whether `network` is exactly the union of what is shared. */
export function sameFiles(
  network: readonly FoundFile[] | undefined,
  shared: Readonly<Record<string, readonly SharedFile[]>>,
): boolean {
  if (network === undefined) return false;
  const union = unionOf(shared);
  return union.size === network.length && network.every(({ name, fileId, holders }) => {
    const expected = union.get(`${name} ${fileId}`);
    return expected !== undefined && expected.join() === [...holders].sort().join();
  });
}
