import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, symlinkSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import { DiskError, keyedRandom } from "../../src/actor/mod.ts";
import { threadDisk } from "../../src/runtime/threads/disk.ts";
import { threadHashing } from "../../src/runtime/threads/hashing.ts";
import { MemoryDisk } from "../sharing/memory_disk.ts";
import { tempDir } from "../support/temp_dir.ts";
import { diskConformance } from "./disk_conformance.ts";

const posix = process.platform !== "win32";

diskConformance("the file system", async () => {
  const dir = await tempDir();
  return {
    disk: threadDisk(),
    root: dir.path,
    [Symbol.asyncDispose]: () => dir[Symbol.asyncDispose](),
  };
});

const clock = {
  now: () => 0,
  wall: () => 0,
  setTimeout: () => ({ [Symbol.dispose]: () => {} }),
};

diskConformance("the disk in memory", async () => {
  const disk = new MemoryDisk(clock);
  await disk.makeDirectory("/root");
  return { disk, root: "/root", [Symbol.asyncDispose]: () => Promise.resolve() };
});

describe("the disk in memory", () => {
  it("loses what is not synced, and only that", async () => {
    const disk = new MemoryDisk(clock);
    const file = await disk.open("/a", "create");
    await file.write(new Uint8Array([1]), 0);
    await file.sync();
    let lost = 0;
    for (let seed = 0; seed < 20; seed++) {
      const open = await disk.open("/a", "write");
      await open.write(new Uint8Array([2]), 1);
      disk.crash(keyedRandom(seed));
      const bytes = disk.bytesOf("/a")!;
      assert.equal(bytes[0], 1);
      if (bytes[1] !== 2) lost++;
      await assert.rejects(open.stat(), DiskError);
      disk.put("/a", new Uint8Array([1]));
    }
    assert.ok(lost > 0 && lost < 20, `${lost} of 20`);
  });
});

describe("the file system", { skip: !posix }, () => {
  const disk = threadDisk();

  it("opens no link, and tells links from what they point to", async () => {
    await using dir = await tempDir();
    await dir.write("a.txt", "abc");
    symlinkSync(`${dir.path}/a.txt`, `${dir.path}/link`);
    symlinkSync(dir.path, `${dir.path}/loop`);
    assert.equal((await disk.stat(`${dir.path}/link`))?.kind, "symlink");
    for (const mode of ["read", "write"] as const) {
      await assert.rejects(disk.open(`${dir.path}/link`, mode), { code: "ELOOP" });
    }
    await assert.rejects(disk.open(`${dir.path}/link`, "create"), { code: "EEXIST" });
    await assert.rejects(disk.readFile(`${dir.path}/link`), { code: "ELOOP" });
    assert.equal(await disk.realPath(`${dir.path}/loop/link`), `${dir.path}/a.txt`);
    assert.deepEqual((await disk.list(dir.path)).map((entry) => entry.kind), [
      "file",
      "symlink",
      "symlink",
    ]);
    await disk.remove(`${dir.path}/link`);
    assert.equal((await disk.stat(`${dir.path}/a.txt`))?.size, 3);
  });

  it("does not wait for the other end of a fifo", async (t) => {
    await using dir = await tempDir();
    if (!makeFifo(`${dir.path}/fifo`)) return t.skip("no mkfifo here");
    assert.equal((await disk.stat(`${dir.path}/fifo`))?.kind, "other");
    await assert.rejects(disk.open(`${dir.path}/fifo`, "read"), { code: "EINVAL" });
    await assert.rejects(disk.open(`${dir.path}/fifo`, "write"), { code: "EINVAL" });
  });

  it("reads and writes beyond 4 GiB", async () => {
    await using dir = await tempDir();
    await using file = await disk.open(`${dir.path}/sparse`, "create");
    const at = 5 * 2 ** 30 + 1;
    await file.truncate(at + 10);
    await file.write(new Uint8Array([7]), at);
    const into = new Uint8Array(2);
    assert.equal(await file.read(into, at), 2);
    assert.deepEqual([...into], [7, 0]);
    assert.equal((await file.stat()).size, at + 10);
  });

  it("moves a folder where nothing is, though folders cannot be linked", async () => {
    await using dir = await tempDir();
    await dir.write("from/a.txt", "abc");
    await assert.rejects(disk.renameNew(`${dir.path}/from`, `${dir.path}/to`), DiskError);
    assert.equal(await disk.stat(`${dir.path}/to`), undefined);
    assert.equal((await disk.stat(`${dir.path}/from/a.txt`))?.size, 3);
  });

  it("names a full disk", async (t) => {
    if (!existsSync("/dev/full")) return t.skip("no /dev/full here");
    // A device is no file to this disk.
    await assert.rejects(disk.open("/dev/full", "write"), { code: "EINVAL" });
  });

  it("refuses memory that was given away", async () => {
    await using dir = await tempDir();
    await using file = await disk.open(`${dir.path}/a`, "create");
    const buffer = new ArrayBuffer(8);
    const view = new Uint8Array(buffer);
    structuredClone(buffer, { transfer: [buffer] });
    assert.equal(await file.read(view, 0), 0);
    await file.write(view, 0);
    assert.equal((await file.stat()).size, 0);
  });

  it("keeps its modification time until it is written to", async () => {
    await using dir = await tempDir();
    const path = await dir.write("a", "abc");
    const before = await disk.stat(path);
    await disk.readFile(path);
    assert.deepEqual(await disk.stat(path), before);
    assert.ok(Math.abs(before!.mtime - Date.now()) < 60_000);
  });
});

describe("hashing", () => {
  it("is SHA-256", () => {
    const digest = threadHashing().sha256().update(new TextEncoder().encode("a"))
      .update(new TextEncoder().encode("bc")).digest();
    assert.equal(
      [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    );
    assert.equal(digest.byteLength, digest.buffer.byteLength);
  });
});

function makeFifo(path: string): boolean {
  try {
    execFileSync("mkfifo", [path]);
    return true;
  } catch {
    return false;
  }
}
