import type { ActorContext, ActorDefinition, AnyRef } from "../actor/mod.ts";
import { actor, Refusal, reviveError, toError, transfer } from "../actor/mod.ts";
import { SHARING_ERRORS } from "../sharing/mod.ts";
import { Announcer } from "./announcer.ts";
import type { PeerArgs } from "./args.ts";
import { block } from "./blocking.ts";
import { CatalogueDesk } from "./catalogue_desk.ts";
import { Directory } from "./directory.ts";
import { ElectionHost } from "./election_host.ts";
import type { ElectionView } from "./election_host.ts";
import { FailedError, NotTrackerError } from "./errors.ts";
import { TrackerFinder } from "./following.ts";
import type { Found, PeerProtocol, PeerRef } from "./protocol.ts";
import { Shelf } from "./shelf.ts";
import { StateFile } from "./state_file.ts";
import { Transfers } from "./transfers.ts";

reviveError(...SHARING_ERRORS);

/**
 * A peer: it votes, follows or is the tracker, shares a folder, serves chunks, downloads. One mailbox for all of it; what
 * waits for disks or other peers overlaps.
 */
export const peer: ActorDefinition<PeerArgs, PeerProtocol> = actor(start, {
  interleaving: [
    "chunk",
    "search",
    "network",
    "files",
    "refresh",
    "download",
  ],
});

async function start(ctx: ActorContext, args: PeerArgs): Promise<PeerProtocol> {
  const { id } = args;
  const emit = (kind: string, data: Readonly<Record<string, unknown>>): void =>
    ctx.emit(kind, { peer: id, ...data });
  let desk: CatalogueDesk | undefined;
  let role: string | undefined;

  const directory = new Directory(ctx, id, (_other, _present) => {
    finder.changed();
    void announcer.update();
  });
  const election = await ElectionHost.boot(ctx, args, new StateFile(ctx.disk, args.state), {
    send: (to, message) => directory.get(to)?.tell.elect(id, message as never),
    changed: (view) => follow(view),
  });
  const finder: TrackerFinder = new TrackerFinder(ctx.clock, directory, id, () => ({
    following: election.following,
    desk,
  }));
  const shelf: Shelf = new Shelf(
    ctx,
    [args.shared, args.downloads],
    () => void announcer.update(),
    (name, why) => emit("file.withdrawn", { name, why }),
  );
  const announcer: Announcer = new Announcer(
    ctx,
    id,
    election.incarnation,
    () => shelf.files(),
    () => finder.now,
  );
  const transfers = new Transfers(ctx, args, directory, finder, shelf, emit);

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
      desk = new CatalogueDesk(ctx, id, view.epoch);
    }
    emit("peer.role", { role: view.role, epoch: view.epoch, tracker: view.tracker });
    finder.changed();
    void announcer.update();
  }

  /** This peer's desk, if it is the tracker of `epoch`. */
  function deskOf(epoch: number): CatalogueDesk {
    if (desk === undefined || !election.serving) {
      throw new NotTrackerError(id, epoch, election.view.epoch);
    }
    desk.check(epoch);
    return desk;
  }

  async function wholeNetwork(): Promise<Found[]> {
    return await finder.ask("list net", async (tracker) => {
      const all: Found[] = [];
      for (let after = "", more = true; more;) {
        const page = "desk" in tracker
          ? deskOf(tracker.epoch).page(after)
          : await tracker.ref.ask.page(tracker.epoch, after);
        all.push(...page.found);
        ({ more, last: after } = page);
      }
      return all;
    });
  }

  ctx.onTerminate(async () => {
    await election.stop();
    await shelf[Symbol.asyncDispose]();
  });
  emit("peer.up", { incarnation: election.incarnation });
  election.start();
  // Behind everything else: a large folder must not keep the peer from voting.
  const scan = async (): Promise<void> => {
    try {
      const { refused } = await shelf.scan(ctx.signal);
      for (const entry of refused) emit("file.refused", { ...entry });
      emit("files.scanned", { files: shelf.files().length, refused: refused.length });
    } catch (error) {
      if (!ctx.signal.aborted) emit("files.failed", { error: toError(error) });
    }
  };
  ctx.post(() => void scan());

  return {
    elect: (from, message) => election.receive(from, message),

    announce(epoch, from, ref: AnyRef, message) {
      const at = deskOf(epoch);
      const applied = at.announce(from, ref as PeerRef, message);
      at.noteComplete([id, ...[...directory.others()].map(([other]) => other)]);
      return applied;
    },
    find: (epoch, query) => deskOf(epoch).find(query),
    page: (epoch, after) => deskOf(epoch).page(after),
    holders: (epoch, fileId) => deskOf(epoch).holders(fileId),

    manifest: (fileId) => shelf.holder.manifest(fileId),
    async chunk(fileId, index, buffer) {
      const length = await shelf.holder.readChunk(fileId, index, buffer);
      return transfer({ buffer, length }, [buffer]);
    },

    search: (query) =>
      refused(`search ${query}`, async () => {
        const { found } = await finder.ask(`search ${query}`, (tracker) =>
          "desk" in tracker
            ? deskOf(tracker.epoch).find(query)
            : tracker.ref.ask.find(tracker.epoch, query));
        return found;
      }),
    network: () => refused("list net", wholeNetwork),
    async files() {
      await shelf.settled();
      return shelf.files();
    },
    status() {
      const { role, epoch, tracker, votes, candidacy } = election.view;
      return {
        id,
        uri: election.uri,
        role,
        epoch,
        tracker,
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
        const { added, removed, refused } = await shelf.scan(ctx.request?.signal);
        await announcer.update();
        return { files: shelf.files(), added, removed, refused };
      }),
    download(request) {
      const signal = ctx.request?.signal;
      return refused(`get ${request.file}`, () => transfers.download(request, signal));
    },
    cancel: (transferId) => transfers.cancel(transferId),
    campaign: () => election.campaign(),

    fault(kind, flag) {
      if (kind === "hang" && flag !== undefined) return block(flag);
      if (kind === "exit") {
        return ctx.stop();
      }
      throw new Error(`it was told to ${kind}`);
    },
  };
}

/** What a console asked for and could not be done is an answer, not the peer's end. */
async function refused<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Refusal ? error : new FailedError(what, error);
  }
}
