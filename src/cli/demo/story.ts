import type { Agreement, Cluster, Downloaded, FoundFile } from "../../cluster/api.ts";
import type { ElectionLog } from "../election_log.ts";
import type { LiveRegion } from "../live_region.ts";
import { Progress } from "../progress.ts";
import { speedText } from "../text/progress.ts";
import { formatDuration } from "../text/duration.ts";
import { count, listNetwork } from "../text/listing.ts";
import { pause, unlessAborted } from "../waiting.ts";
import type { Checks } from "./checks.ts";
import type { DemoFiles } from "./files.ts";
import { EMPTY, FILM, NOTES, sha256, SONG } from "./files.ts";

/** What the demo plays with. */
export interface Stage {
  readonly cluster: Cluster;
  readonly files: DemoFiles;
  readonly elections: ElectionLog;
  readonly checks: Checks;
  readonly region: LiveRegion;
  readonly signal: AbortSignal;
  /** Tells what happens, with the time in front. */
  say(text: string): void;
  /** Gives whoever watches time to read. */
  beat(): Promise<void>;
  /** Shows lines as they are. */
  show(text: string): void;
}

/** Milliseconds between two looks at a catalogue that is being filled. */
const LOOK_EVERY = 25;
/** Milliseconds that a catalogue may take to be whole. */
const CATALOGUE_WITHIN = 5_000;

/** Elect, list, search, download, crash the tracker, elect again, download again. */
export async function play(stage: Stage): Promise<void> {
  const { cluster, signal, say, show, beat } = stage;
  const first = await cluster.tracker({ signal });
  // Its election may have been over before anybody listened.
  stage.elections.saw(first.tracker, first.epoch);
  say(`all follow ${first.tracker}, epoch ${first.epoch}${votesFor(stage, first.epoch)}`);
  await beat();
  const files = await wholeCatalogue(stage, "peer-1");
  show(listNetwork(files));
  await beat();
  await searchNotes(stage);
  await beat();

  const before = await download(stage, "peer-1", fileId(files, FILM), FILM);
  await compare(stage, before, "peer-3", FILM);

  await beat();

  // On a busy machine it may be another one by now.
  const old = await cluster.tracker({ signal });
  const second = await crashTracker(stage, old);
  await beat();
  // Asked at a peer that has not just been born.
  const witness = cluster.peers.find((peer) => peer !== old.tracker && peer !== second.tracker);
  await wholeCatalogue(stage, witness ?? second.tracker);
  await downloadAgain(stage, before, old.tracker);
  await smallFiles(stage, second.tracker);

  const conflicts = stage.elections.conflicts.map(({ epoch, trackers }) =>
    `${trackers.join(" and ")} in epoch ${epoch}`
  );
  stage.checks.check(
    `never two trackers in one epoch (${count(stage.elections.epochs.length, "epoch")} seen)`,
    conflicts.length === 0 && stage.elections.epochs.length >= 2,
    conflicts.join(", ") || "the events show fewer than two epochs",
  );
}

function votesFor({ elections, cluster }: Stage, epoch: number): string {
  const votes = elections.votes(epoch);
  return votes === undefined ? "" : `, elected by ${votes} of ${cluster.peers.length} votes`;
}

/** Waits until the tracker lists every file that was made; a tracker hears of files after it was elected. */
async function wholeCatalogue(
  { cluster, files, checks, signal }: Stage,
  asked: string,
): Promise<FoundFile[]> {
  const wanted = [...files.versions.values()].reduce((sum, versions) => sum + versions, 0);
  const from = performance.now();
  let seen: FoundFile[] = [];
  let problem: unknown;
  while (performance.now() - from < CATALOGUE_WITHIN) {
    try {
      seen = await unlessAborted(cluster.peer(asked).network(), signal);
      if (seen.length === wanted) break;
    } catch (error) {
      // Between two trackers there is nobody to ask.
      signal.throwIfAborted();
      problem = error;
    }
    await pause(LOOK_EVERY, signal);
  }
  checks.check(
    `${asked} sees all ${wanted} files of ${cluster.peers.length} peers`,
    seen.length === wanted,
    seen.length === 0 && problem instanceof Error ? problem.message : `it sees ${seen.length}`,
  );
  return seen;
}

async function searchNotes({ cluster, checks, signal, say }: Stage): Promise<void> {
  const found = await unlessAborted(cluster.peer("peer-4").search(NOTES), signal);
  const versions = found.map(({ fileId, holders }) =>
    `${fileId.slice(0, 8)} at ${holders.join(", ")}`
  );
  say(`peer-4 searches ${NOTES}: ${versions.join("; ") || "nothing"}`);
  checks.check(
    "one name with two contents is two files",
    found.length === 2 && new Set(found.map((file) => file.fileId)).size === 2,
    `${found.length} found`,
  );
}

async function download(
  { cluster, region, signal, say }: Stage,
  peer: string,
  file: string,
  name: string,
  holder?: string,
): Promise<Downloaded> {
  const progress = new Progress(region, `${peer} ${name}`);
  try {
    const done = await unlessAborted(
      cluster.peer(peer).download(file, {
        signal,
        onProgress: (transfer) => progress.update(transfer),
        ...(holder === undefined ? {} : { holder }),
      }),
      signal,
    );
    progress.end();
    const from = Object.keys(done.from).join(" and ");
    say(`${peer} has downloaded ${name}${from === "" ? "" : ` from ${from}`}: ${speedText(done)}`);
    return done;
  } finally {
    progress.end();
  }
}

async function compare(
  { cluster, checks, signal }: Stage,
  done: Downloaded,
  source: string,
  name: string,
): Promise<void> {
  const original = `${cluster.folders(source).shared}/${name}`;
  const [theirs, ours] = await unlessAborted(
    Promise.all([sha256(original), sha256(done.path)]),
    signal,
  );
  checks.check(
    `SHA-256 of the downloaded ${name} is that of the original (${ours.slice(0, 8)})`,
    theirs === ours,
    `original ${theirs.slice(0, 16)}, download ${ours.slice(0, 16)}`,
  );
}

async function crashTracker(stage: Stage, old: Agreement): Promise<Agreement> {
  const { cluster, checks, elections, signal, say } = stage;
  const from = performance.now();
  await unlessAborted(cluster.crash("tracker", "terminate"), signal);
  const next = await cluster.tracker({ above: old.epoch, signal });
  const agreed = performance.now() - from;
  const failover = elections.failover();
  say(
    failover === undefined
      ? `all follow ${next.tracker}, epoch ${next.epoch}, ${formatDuration(agreed)} after the crash`
      : `failover ${formatDuration(failover.total)}` +
        (failover.parts === undefined
          ? ""
          : ` = ${formatDuration(failover.parts.notice)} to notice + ` +
            `${formatDuration(failover.parts.elect)} to elect`) +
        `; all follow ${next.tracker}, epoch ${next.epoch}, after ${formatDuration(agreed)}`,
  );
  checks.check(
    `the new tracker's epoch is higher (${old.epoch} -> ${next.epoch})`,
    next.epoch > old.epoch,
  );
  return next;
}

/** A peer that does not have the film gets it from one that did not send it the first time. */
async function downloadAgain(stage: Stage, before: Downloaded, crashed: string): Promise<void> {
  const { cluster, checks, signal, say } = stage;
  const peer = ["peer-2", "peer-4"].find((id) => id !== crashed) ?? "peer-2";
  const [found] = await unlessAborted(cluster.peer(peer).search(FILM), signal);
  const holders = found?.holders ?? [];
  say(`${peer} searches ${FILM}: held by ${holders.join(", ") || "nobody"}`);
  checks.check("whoever has downloaded a file shares it", holders.includes("peer-1"));
  if (found === undefined) return;
  const up = cluster.view().filter((view) => view.up).map(({ id }) => id);
  const another = holders.find((holder) =>
    before.from[holder] === undefined && holder !== peer && up.includes(holder)
  );
  const done = await download(stage, peer, found.fileId, FILM, another);
  const source = holders.includes("peer-3") ? "peer-3" : "peer-5";
  await compare(stage, done, source, FILM);
}

async function smallFiles(stage: Stage, peer: string): Promise<void> {
  const asking = ["peer-1", "peer-2"].find((id) => id !== peer) ?? "peer-1";
  await compare(stage, await download(stage, asking, EMPTY, EMPTY), "peer-3", EMPTY);
  await compare(stage, await download(stage, asking, SONG, SONG), "peer-4", SONG);
}

function fileId(files: readonly FoundFile[], name: string): string {
  return files.find((file) => file.name === name)?.fileId ?? name;
}
