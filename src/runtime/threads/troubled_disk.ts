import type { Disk, DiskFile } from "../../actor/mod.ts";
import { DiskError } from "../../actor/mod.ts";
import type { DiskState } from "./disk_trouble.ts";

/** What an operation does to a disk. */
type Doing = "looks" | "changes" | "grows";

/** `disk`, with whatever `state` says is wrong with it. Where nothing is, an operation costs one look more. */
export function troubledDisk(disk: Disk, state: DiskState): Disk {
  const { looks, changes, grows } = troubles(state);
  return {
    open: async (path, mode) => {
      const doing = mode === "create" ? grows : looks;
      return troubledFile(await doing("open", path, () => disk.open(path, mode)), path, state);
    },
    readFile: (path, limit) => looks("read", path, () => disk.readFile(path, limit)),
    list: (path) => looks("list", path, () => disk.list(path)),
    stat: (path) => looks("stat", path, () => disk.stat(path)),
    realPath: (path) => looks("resolve", path, () => disk.realPath(path)),
    rename: (from, to) => changes("rename", from, () => disk.rename(from, to)),
    renameNew: (from, to) => changes("rename", to, () => disk.renameNew(from, to)),
    remove: (path) => changes("remove", path, () => disk.remove(path)),
    makeDirectory: (path) => grows("make folder", path, () => disk.makeDirectory(path)),
    syncDirectory: (path) => changes("sync folder", path, () => disk.syncDirectory(path)),
    freeSpace: async (path) => {
      const free = await looks("ask for free space", path, () => disk.freeSpace(path));
      return state.trouble?.full === true ? 0 : free;
    },
    // The system tells of changes without the disk, so its troubles do not matter.
    ...(disk.watch !== undefined && { watch: disk.watch.bind(disk) }),
  };
}

function troubledFile(file: DiskFile, path: string, state: DiskState): DiskFile {
  const { looks, changes, grows } = troubles(state);
  return {
    read: (into, position) => looks("read", path, () => file.read(into, position)),
    write: (bytes, position) => grows("write", path, () => file.write(bytes, position)),
    truncate: (size) => changes("truncate", path, () => file.truncate(size)),
    stat: () => looks("stat", path, () => file.stat()),
    sync: () => changes("sync", path, () => file.sync()),
    close: () => file.close(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

type Operation = <T>(operation: string, path: string, work: () => Promise<T>) => Promise<T>;

function troubles(state: DiskState): Readonly<Record<Doing, Operation>> {
  const through = (doing: Doing): Operation => (operation, path, work) =>
    state.trouble === undefined ? work() : meet(state, doing, operation, path).then(work);
  return { looks: through("looks"), changes: through("changes"), grows: through("grows") };
}

/** Settles when the operation may begin. @throws DiskError */
async function meet(
  state: DiskState,
  doing: Doing,
  operation: string,
  path: string,
): Promise<void> {
  const { slow = 0 } = state.trouble ?? {};
  if (slow > 0) await state.wait(slow);
  if (doing === "looks") return;
  while (state.trouble?.stalled === true) await state.changed();
  if (state.trouble?.failing === true) throw new DiskError("EIO", operation, path);
  if (state.trouble?.full === true && doing === "grows") {
    throw new DiskError("ENOSPC", operation, path);
  }
}
