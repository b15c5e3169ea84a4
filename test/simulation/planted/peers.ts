import type {
  ActorContext,
  ActorDefinition,
  Disk,
  DiskFile,
  OpenMode,
} from "../../../src/actor/mod.ts";
import { actor, transfer } from "../../../src/actor/mod.ts";
import type { PeerArgs, PeerProtocol } from "../../../src/peer/mod.ts";
import { peer } from "../../../src/peer/mod.ts";

type Peer = ActorDefinition<PeerArgs, PeerProtocol>;

/** The real peer in a context that `change` altered, with methods that `patch` altered. */
function patched(
  change: (ctx: ActorContext, args: PeerArgs) => Partial<ActorContext>,
  patch: (methods: PeerProtocol) => Partial<PeerProtocol> = () => ({}),
): Peer {
  return actor<PeerArgs, PeerProtocol>(async (ctx, args) => {
    const own = Object.create(
      ctx,
      Object.getOwnPropertyDescriptors(change(ctx, args)),
    ) as ActorContext;
    const methods = await peer.init(own, args) as PeerProtocol;
    return { ...methods, ...patch(methods) };
  }, { interleaving: peer.interleaving });
}

/** A vote is written, but nobody waits until it is on the disk: a crash forgets it. */
export const forgetfulPeer: Peer = patched((ctx) => ({
  get disk() {
    return unsynced(ctx.disk);
  },
}));

function unsynced(disk: Disk): Disk {
  return Object.assign(Object.create(disk) as Disk, {
    open: async (path: string, mode: OpenMode) => {
      const file = await disk.open(path, mode === "durable" ? "write" : mode);
      return {
        read: file.read.bind(file),
        write: file.write.bind(file),
        truncate: file.truncate.bind(file),
        stat: file.stat.bind(file),
        sync: () => Promise.resolve(),
        close: () => file.close(),
        [Symbol.asyncDispose]: () => file.close(),
      } satisfies DiskFile;
    },
    syncDirectory: () => Promise.resolve(),
  }, bound(disk));
}

function bound(disk: Disk): Omit<Disk, "open" | "syncDirectory"> {
  return {
    readFile: disk.readFile.bind(disk),
    list: disk.list.bind(disk),
    stat: disk.stat.bind(disk),
    realPath: disk.realPath.bind(disk),
    rename: disk.rename.bind(disk),
    renameNew: disk.renameNew.bind(disk),
    remove: disk.remove.bind(disk),
    makeDirectory: disk.makeDirectory.bind(disk),
    freeSpace: disk.freeSpace.bind(disk),
  };
}

/** The holder keeps the last chunk at hand, and forgets that its buffer was given away. */
export const carelessPeer: Peer = patched(() => ({}), (methods) => {
  let last: { readonly key: string; readonly buffer: ArrayBuffer; readonly length: number };
  return {
    async chunk(fileId, index, buffer) {
      const key = `${fileId} ${index}`;
      if (last?.key === key) {
        return transfer({ buffer: last.buffer, length: last.length }, [last.buffer]);
      }
      const answer = await methods.chunk(fileId, index, buffer);
      last = { key, ...answer };
      return answer;
    },
  };
});

/** Milliseconds above which a timer is the election's, and no heartbeat. */
const ELECTION = 100;

/** A peer whose election timer has gone off and found nothing to do does not set it again. */
export const discouragedPeer: Peer = patched((ctx) => {
  let wentOff = false;
  return {
    after(ms, fn) {
      if (ms > ELECTION && wentOff) return { [Symbol.dispose]: () => {} };
      return ctx.after(ms, () => {
        wentOff = true;
        try {
          return fn();
        } finally {
          wentOff = false;
        }
      });
    },
  };
});
