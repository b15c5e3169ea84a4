import type { Disk, DiskFile } from "../../actor/mod.ts";

/**
 * `disk`, each of whose operations calls `fence` first. A thread that was declared dead may run on (Deno stops no loop
 * that does not yield); it must not write over what its successor wrote.
 */
export function fencedDisk(disk: Disk, fence: () => void): Disk {
  const fenced = fencing(fence);
  return {
    open: async (path, mode) => {
      fence();
      return fencedFile(await disk.open(path, mode), fence);
    },
    readFile: fenced(disk.readFile),
    list: fenced(disk.list),
    stat: fenced(disk.stat),
    realPath: fenced(disk.realPath),
    rename: fenced(disk.rename),
    renameNew: fenced(disk.renameNew),
    remove: fenced(disk.remove),
    makeDirectory: fenced(disk.makeDirectory),
    syncDirectory: fenced(disk.syncDirectory),
    freeSpace: fenced(disk.freeSpace),
    ...(disk.watch !== undefined && { watch: fenced(disk.watch.bind(disk)) }),
  };
}

function fencedFile(file: DiskFile, fence: () => void): DiskFile {
  const fenced = fencing(fence);
  return {
    read: fenced(file.read.bind(file)),
    write: fenced(file.write.bind(file)),
    truncate: fenced(file.truncate.bind(file)),
    stat: fenced(file.stat.bind(file)),
    sync: fenced(file.sync.bind(file)),
    close: () => file.close(),
    [Symbol.asyncDispose]: () => file[Symbol.asyncDispose](),
  };
}

type Operation<A extends unknown[], R> = (...args: A) => Promise<R>;

function fencing(
  fence: () => void,
): <A extends unknown[], R>(operation: Operation<A, R>) => Operation<A, R> {
  return (operation) => async (...args) => {
    fence();
    return await operation(...args);
  };
}
