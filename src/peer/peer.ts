import type { ActorContext, ActorDefinition, AnyRef } from "../actor/mod.ts";
import { actor, isAbnormal, Refusal, reviveError, transfer } from "../actor/mod.ts";
import type { StepFunction } from "../election/mod.ts";
import type { SharedFile } from "../sharing/mod.ts";
import { ManifestStore, packBundle, SHARING_ERRORS, UploadDesk } from "../sharing/mod.ts";
import { Announcer } from "./announcer.ts";
import type { PeerArgs } from "./args.ts";
import { block } from "./blocking.ts";
import { checkLimits } from "./check_limits.ts";
import { CatalogueDesk } from "./catalogue_desk.ts";
import { Directory } from "./directory.ts";
import { ElectionHost } from "./election_host.ts";
import { rehearseOnce } from "./rehearsed.ts";
import type { ElectionView } from "./election_view.ts";
import { FailedError, NotTrackerError } from "./errors.ts";
import { FolderWatch } from "./folder_watch.ts";
import type { TrackerAt } from "./following.ts";
import { isComplete, TrackerFinder } from "./following.ts";
import { hoard } from "./hoarding.ts";
import type { FindAnswer, Found, PeerProtocol, PeerRef } from "./protocol.ts";
import { MessageTrace } from "./message_trace.ts";
import { Shelf } from "./shelf.ts";
import { StateFile } from "./state_file.ts";
import { TrackerWatch } from "./tracker_watch.ts";
import { Transfers } from "./transfers.ts";
import { verifyShelf } from "./verify.ts";

reviveError(...SHARING_ERRORS);

/** Who asks without being an actor. */
const OUTSIDE = "outside";

/** Codes of refusals of questions that nobody asks by mistake again and again. */
const OFFENCES: readonly string[] = ["bad_range", "bad_message", "not_shared"];

/** Voters that each peer has ways to before it needs them; of more, most ways would never be used. */
const LINKED_AHEAD = 40;

/** Milliseconds after which a new tracker is told what this peer has: until then others, who have yet to hear of it, need the processors more. */
const ANNOUNCE_AFTER = 20;

/** Milliseconds that a tracker has to answer that it resigns. */
const RESIGN_TIMEOUT = 1_000;

/**
 * A peer: it votes, follows or is the tracker, shares a folder, serves chunks, downloads. One mailbox for all of it; what
 * waits for disks or other peers overlaps.
 */
export const peer: ActorDefinition<PeerArgs, PeerProtocol> = peerWith();

/** A peer that elects by `step` instead of its protocol's own: what a mutant is made of. Only where it needs not be loaded by a thread. */
export function peerWith(step?: StepFunction): ActorDefinition<PeerArgs, PeerProtocol> {
  return actor((ctx: ActorContext, args: PeerArgs) => start(ctx, args, step), {
    interleaving: [
      "outlive",
      "chunk",
      "bundle",
      "search",
      "network",
      "files",
      "refresh",
      "verify",
      "download",
      "downloadFolder",
      "campaign",
      "reconfigure",
      "renew",
    ],
  });
}

async function start(
  ctx: ActorContext,
  args: PeerArgs,
  step: StepFunction | undefined,
): Promise<PeerProtocol> {
  const { id } = args;
  const emit = (kind: string, data: Readonly<Record<string, unknown>>): void =>
    ctx.emit(kind, { peer: id, ...data });
  let desk: CatalogueDesk | undefined;
  let role: string | undefined;

  const directory = new Directory(ctx, id, (other, present) => {
    // A peer that has to be elected must not wait for ways to its voters.
    if (present && args.electorate.length <= LINKED_AHEAD) {
      void directory.get(other)?.ready().catch(() => {});
    }
    election.peersChanged();
    watchTracker();
    finder.changed();
    void announcer.update();
  });
  const trace = new MessageTrace(ctx, id, args.traceMessages === true);
  const election = await ElectionHost.boot(ctx, args, new StateFile(ctx.disk, args.state), {
    send(to, voter, message, cause) {
      const ref = directory.get(to);
      if (ref === undefined) return;
      trace.tagElection(ref, to, message, cause).tell.elect(voter, message as never);
    },
    others: () => [...directory.others()].map(([other]) => other),
    changed: (view) => follow(view),
  }, step);
  const finder: TrackerFinder = new TrackerFinder(ctx.clock, directory, id, () => ({
    following: election.following,
    desk,
    serving: election.serving,
  }));
  const shelf: Shelf = new Shelf(
    ctx,
    [args.shared, args.downloads],
    new ManifestStore(ctx.disk, ctx.hashing, `${args.state}/manifests`, id),
    () => void announcer.update(),
    (name, why) => emit("file.withdrawn", { name, why }),
    (progress) => emit("files.hashing", { ...progress }),
  );
  const announcer: Announcer = new Announcer(
    ctx,
    id,
    election.incarnation,
    () => ({ files: shelf.announced(), all: watching.scanned }),
    () => finder.present,
    (ref, to) => trace.tag(ref, to, "announce"),
  );
  const watched = args.watch === true ? args.shared : undefined;
  const watching = new FolderWatch(ctx, shelf, watched, emit, () => announcer.update());
  const transfers = new Transfers(ctx, args, directory, finder, shelf, emit, trace);

  const { upBytesPerSecond, uploads } = args.limits ?? {};
  const uploadDesk = new UploadDesk(ctx.clock, { bytesPerSecond: upBytesPerSecond, uploads });

  /** Runs what another asked for when it is its turn. */
  async function served<T>(buffer: ArrayBuffer, work: () => Promise<T>): Promise<T> {
    const asker = ctx.request?.from ?? OUTSIDE;
    const signal = ctx.request?.signal ?? ctx.signal;
    const bytes = buffer instanceof ArrayBuffer ? buffer.byteLength : 0;
    try {
      return await uploadDesk.serve(asker, bytes, signal, work);
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (OFFENCES.includes(String(code))) uploadDesk.offence(asker);
      throw error;
    }
  }

  const watch = args.election.downDetector
    ? new TrackerWatch(ctx, (tracker) => election.peerDown(tracker))
    : undefined;

  function watchTracker(): void {
    const tracker = election.following?.tracker;
    const ref = tracker === undefined ? undefined : directory.get(tracker);
    // Without a ref its name is gone: the news of its end is on the way to the watch that there is.
    if (tracker !== undefined && ref !== undefined) watch?.follow(tracker, ref);
  }

  /** Role, epoch or tracker changed: the desk is there exactly while this peer is tracker. */
  function follow(view: ElectionView): void {
    const now = `${view.role} ${view.epoch} ${view.tracker}`;
    if (now === role) return;
    role = now;
    if (desk !== undefined && (view.role !== "tracker" || desk.epoch !== view.epoch)) {
      desk[Symbol.dispose]();
      desk = undefined;
    }
    if (view.role === "tracker" && desk === undefined) {
      const living = (): string[] => [id, ...[...directory.others()].map(([other]) => other)];
      desk = new CatalogueDesk(ctx, id, view.epoch, living);
    }
    const { cause } = election;
    emit("peer.role", {
      role: view.role,
      epoch: view.epoch,
      tracker: view.tracker,
      ...(cause !== undefined && { cause }),
    });
    watchTracker();
    finder.changed();
    ctx.after(ANNOUNCE_AFTER, () => void announcer.update());
  }

  /** This peer's desk, if it is the tracker of `epoch`. */
  function ownDesk(epoch: number): CatalogueDesk {
    if (desk === undefined) throw new NotTrackerError(id, epoch, election.view.epoch);
    desk.check(epoch);
    return desk;
  }

  /** The same for answers, which only a valid lease allows: another may have been elected meanwhile. */
  function deskOf(epoch: number): CatalogueDesk {
    if (!election.serving) throw new NotTrackerError(id, epoch, election.view.epoch);
    return ownDesk(epoch);
  }

  async function pages(tracker: TrackerAt): Promise<FindAnswer> {
    const found: Found[] = [];
    for (let after = "";;) {
      const page = "desk" in tracker
        ? tracker.desk.page(after)
        : await tracker.ref.ask.page(tracker.epoch, after);
      found.push(...page.found);
      after = page.last;
      if (!page.more) return { by: "glob", found, complete: page.complete };
    }
  }

  rehearseOnce();
  ctx.onTerminate(async (reason) => {
    // A peer that crashes says no farewell.
    await election.stop(!isAbnormal(reason));
    await shelf[Symbol.asyncDispose]();
  });
  emit("peer.up", { incarnation: election.incarnation });
  election.start();
  // Behind everything else: a large folder must not keep the peer from voting.
  ctx.post(() => watching.start());

  return {
    elect: (from, message) => election.receive(from, message, trace.received()),
    outlive: () => aborted(ctx.request?.signal ?? ctx.signal),

    resign(epoch) {
      ownDesk(epoch);
      election.resign();
    },
    async reconfigure(epoch, change) {
      ownDesk(epoch);
      return (await election.reconfigure(change)).voters;
    },
    announce(epoch, from, ref: AnyRef, message) {
      trace.received();
      const at = ownDesk(epoch);
      const applied = at.announce(from, ref as PeerRef, message);
      at.noteComplete();
      return applied;
    },
    find: (epoch, query) => deskOf(epoch).find(query),
    page: (epoch, after, prefix) => deskOf(epoch).page(after, prefix),
    holders: (epoch, fileId) => deskOf(epoch).holders(fileId),

    renew: () => election.renew(),

    manifest: (fileId) => shelf.holder.manifest(fileId),
    have: (fileId) => shelf.holder.have(fileId),
    chunk(fileId, index, buffer) {
      trace.received();
      return served(buffer, async () => {
        const length = await shelf.holder.readChunk(fileId, index, buffer);
        return transfer({ buffer, length }, [buffer]);
      });
    },
    bundle: (fileIds, buffer) =>
      served(buffer, async () => {
        const lengths = await packBundle(shelf.holder, fileIds, buffer);
        return transfer({ buffer, lengths }, [buffer]);
      }),

    search: (query) => refused(`search ${query}`, async () => (await finder.find(query)).found),
    network: () =>
      refused("list net", async () => (await finder.ask("list net", pages, isComplete)).found),
    async files() {
      await shelf.settled();
      return shelf.files();
    },
    status() {
      const { role, epoch, tracker, voter, voters, lost, votes, candidacy } = election.view;
      return {
        id,
        uri: election.uri,
        role,
        epoch,
        tracker,
        voter,
        voters,
        lost,
        votes,
        candidacy,
        files: shelf.files().length,
        catalogue: desk && { files: desk.names, peers: desk.announced },
        transfers: transfers.list(),
        incarnation: election.incarnation,
      };
    },
    refresh: () =>
      refused("refresh", async () => {
        watching.watch();
        const { added, removed, refused } = await shelf.scan(ctx.request?.signal);
        await announcer.update();
        return { files: shelf.files(), added, removed, refused };
      }),
    verify(repair) {
      const signal = ctx.request?.signal ?? ctx.signal;
      const mend = (file: SharedFile): Promise<void> => transfers.repair(file, signal);
      return refused(
        "verify",
        () => verifyShelf(ctx, shelf, repair === true ? mend : undefined, signal),
      );
    },
    download(request) {
      const signal = ctx.request?.signal;
      return refused(`get ${request.file}`, () => transfers.download(request, signal));
    },
    downloadFolder(request) {
      const signal = ctx.request?.signal;
      return refused(`get ${request.folder}/`, () => transfers.folder(request, signal));
    },
    limit(limits) {
      const { upBytesPerSecond, uploads } = checkLimits(limits);
      transfers.set(limits);
      uploadDesk.set({ bytesPerSecond: upBytesPerSecond, uploads });
    },
    cancel: (transferId) => transfers.cancel(transferId),
    async campaign() {
      const tracker = finder.present;
      // Its followers are true to a tracker that lives: first it must go.
      if (tracker !== undefined && "ref" in tracker) {
        await tracker.ref.with({ timeout: RESIGN_TIMEOUT }).ask.resign(tracker.epoch).catch(
          () => {},
        );
      }
      election.campaign();
    },

    timing: (part) => election.timing(part),

    fault(kind, flag) {
      if (kind === "hang" && flag !== undefined) return block(flag);
      if (kind === "exit") return ctx.stop();
      if (kind === "memory") return hoard();
      throw new Error(`it was told to ${kind}`);
    },
  };
}

/** Settles when `signal` is aborted. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** What a console asked for and could not be done is an answer, not the peer's end. */
async function refused<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Refusal ? error : new FailedError(what, error);
  }
}
