import assert from "node:assert/strict";
import { renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import type { Disk } from "../../src/actor/mod.ts";
import { DiskError } from "../../src/actor/mod.ts";
import { threadDisk } from "../../src/runtime/threads/disk.ts";
import { threadHashing } from "../../src/runtime/threads/hashing.ts";
import type { SharedFile, SharingError } from "../../src/sharing/mod.ts";
import {
  BadMessageError,
  BadRangeError,
  buildManifest,
  FileChangedError,
  FileGoneError,
  Holder,
  NotSharedError,
  scanFolder,
} from "../../src/sharing/mod.ts";
import type { TempDir } from "../support/temp_dir.ts";
import { tempDir } from "../support/temp_dir.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const clock = virtualClock();
const hashing = threadHashing();
const content = Uint8Array.from({ length: 100 }, (_, i) => i);

describe("a holder", () => {
  it("reads any chunk into the beginning of a buffer", async () => {
    await using dir = await tempDir();
    await using holder = new Holder(threadDisk());
    const { fileId } = await share(holder, dir, "a", content);
    const buffer = new ArrayBuffer(32);
    const chunks: number[] = [];
    for (let index = 0; index < 7; index++) {
      const length = await holder.readChunk(fileId, index, buffer);
      assert.equal(length, index < 6 ? 16 : 4);
      chunks.push(...new Uint8Array(buffer, 0, length));
    }
    assert.deepEqual(chunks, [...content]);
    assert.equal(holder.manifest(fileId).size, 100);
  });

  it("refuses what is not shared, out of range, or has no room", async () => {
    await using dir = await tempDir();
    await using holder = new Holder(threadDisk());
    const { fileId } = await share(holder, dir, "a", content);
    const { fileId: empty } = await share(holder, dir, "empty", new Uint8Array());
    const buffer = new ArrayBuffer(16);
    await assert.rejects(holder.readChunk("0".repeat(64), 0, buffer), NotSharedError);
    assert.throws(() => holder.manifest("x"), NotSharedError);
    for (const index of [-1, 7, 0.5, NaN, Infinity, "0" as unknown as number]) {
      await assert.rejects(holder.readChunk(fileId, index, buffer), BadRangeError);
    }
    await assert.rejects(holder.readChunk(empty, 0, buffer), BadRangeError);
    await assert.rejects(holder.readChunk(fileId, 0, new ArrayBuffer(15)), BadMessageError);
    assert.equal(await holder.readChunk(fileId, 6, new ArrayBuffer(4)), 4);
    const given = new ArrayBuffer(16);
    structuredClone(given, { transfer: [given] });
    await assert.rejects(holder.readChunk(fileId, 0, given), BadMessageError);
    const view = new Uint8Array(16) as unknown as ArrayBuffer;
    await assert.rejects(holder.readChunk(fileId, 0, view), BadMessageError);
  });

  const changes: Record<
    string,
    readonly [(path: string) => void, typeof FileChangedError | typeof FileGoneError]
  > = {
    "was written to": [(path) => {
      writeFileSync(path, content.map((byte) => byte ^ 1));
      // Clocks of files are coarse.
      utimesSync(path, 1, 1);
    }, FileChangedError],
    "shrank": [(path) => writeFileSync(path, content.slice(0, 50)), FileChangedError],
    "grew": [(path) => writeFileSync(path, new Uint8Array([...content, 1])), FileChangedError],
    "vanished": [(path) => rmSync(path), FileGoneError],
    "was replaced": [(path) => {
      writeFileSync(`${path}.new`, content);
      renameSync(`${path}.new`, path);
    }, FileChangedError],
    "became a link": [(path) => {
      renameSync(path, `${path}.old`);
      symlinkSync(`${path}.old`, path);
    }, FileChangedError],
  };
  for (const [what, [change, error]] of Object.entries(changes)) {
    for (const open of [false, true]) {
      it(`withdraws a file that ${what}${open ? " while it was open" : ""}`, {
        skip: process.platform === "win32",
      }, async () => {
        await using dir = await tempDir();
        const withdrawn: [string, SharingError][] = [];
        await using holder = new Holder(threadDisk(), {
          onWithdrawn: ({ file }, why) => withdrawn.push([file.name, why]),
        });
        const { fileId } = await share(holder, dir, "a", content);
        const other = await share(holder, dir, "b", new Uint8Array(5));
        const buffer = new ArrayBuffer(16);
        if (open) await holder.readChunk(fileId, 0, buffer);
        change(`${dir.path}/a`);
        const reads = [1, 2].map((i) => holder.readChunk(fileId, i, new ArrayBuffer(16)));
        const results = await Promise.allSettled(reads);
        const first = results[0]!;
        assert.ok(first.status === "rejected");
        assert.ok(!open || first.reason instanceof error, String(first.reason));
        assert.ok(first.reason.code === "changed" || first.reason.code === "gone");
        await assert.rejects(holder.readChunk(fileId, 0, buffer), NotSharedError);
        assert.equal(withdrawn.length, 1);
        assert.equal(withdrawn[0]![0], "a");
        assert.equal(await holder.readChunk(other.fileId, 0, buffer), 5);
      });
    }
  }

  it(
    "withdraws a file whose folder became a link",
    { skip: process.platform === "win32" },
    async () => {
      await using dir = await tempDir();
      await using holder = new Holder(threadDisk());
      const { fileId } = await share(holder, dir, "sub/a", content);
      renameSync(`${dir.path}/sub`, `${dir.path}/moved`);
      symlinkSync(`${dir.path}/moved`, `${dir.path}/sub`);
      await assert.rejects(holder.readChunk(fileId, 0, new ArrayBuffer(16)), FileGoneError);
    },
  );

  it("serves another copy where one changed", async () => {
    await using dir = await tempDir();
    const withdrawn: string[] = [];
    await using holder = new Holder(threadDisk(), {
      onWithdrawn: ({ file }) => withdrawn.push(file.name),
    });
    const { fileId } = await share(holder, dir, "a", content);
    assert.equal((await share(holder, dir, "b", content)).fileId, fileId);
    rmSync(`${dir.path}/a`);
    const buffer = new ArrayBuffer(16);
    assert.equal(await holder.readChunk(fileId, 6, buffer), 4);
    assert.deepEqual(withdrawn, ["a"]);
    assert.deepEqual(holder.files().map(({ file }) => file.name), ["b"]);
  });

  it("shares one content per name, and no longer what is taken back", async () => {
    await using dir = await tempDir();
    await using holder = new Holder(threadDisk());
    const old = await share(holder, dir, "a", content);
    const now = await share(holder, dir, "a", content.slice(1));
    assert.equal(holder.has(old.fileId), false);
    assert.equal(holder.has(now.fileId), true);
    assert.equal(holder.unshare("a"), true);
    assert.equal(holder.unshare("a"), false);
    assert.deepEqual(holder.files(), []);
  });

  it("lets errors through that may pass, and shares on", async () => {
    const disk = new MemoryDisk(clock);
    await using holder = new Holder(disk);
    const fileId = await shareInMemory(holder, disk, "/a", content);
    for (const code of ["EMFILE", "EIO"]) {
      disk.fault = (operation) => operation === "open" || operation === "read" ? code : undefined;
      await assert.rejects(holder.readChunk(fileId, 0, new ArrayBuffer(16)), (error) => {
        assert.ok(error instanceof DiskError);
        assert.equal(error.code, code);
        return true;
      });
      disk.fault = () => undefined;
      assert.equal(await holder.readChunk(fileId, 0, new ArrayBuffer(16)), 16);
    }
    disk.fault = (operation) => operation === "open" ? "EACCES" : undefined;
    disk.put("/b", content.slice(2));
    const other = await shareInMemory(holder, disk, "/b", content.slice(2), true);
    await assert.rejects(holder.readChunk(other, 0, new ArrayBuffer(16)), FileGoneError);
    assert.equal(holder.has(other), false);
  });

  it("keeps a bounded number of files open, and closes them in the end", async () => {
    const disk = new MemoryDisk(clock);
    const holder = new Holder(disk, { maxOpenFiles: 3 });
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) {
      ids.push(await shareInMemory(holder, disk, `/${i}`, content.slice(i)));
    }
    let most = 0;
    disk.fault = () => (most = Math.max(most, disk.openFiles), undefined);
    for (let round = 0; round < 3; round++) {
      for (const id of ids) await holder.readChunk(id, 0, new ArrayBuffer(16));
    }
    assert.ok(most <= 4, `${most} were open`);
    // Pushed out while they are read: each is closed after that.
    await Promise.all(ids.map((id) => holder.readChunk(id, 0, new ArrayBuffer(16))));
    await holder[Symbol.asyncDispose]();
    await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(disk.openFiles, 0);
    await assert.rejects(holder.readChunk(ids[0]!, 0, new ArrayBuffer(16)), NotSharedError);
  });
});

async function share(holder: Holder, dir: TempDir, name: string, bytes: Uint8Array) {
  await dir.write(name, bytes);
  const ports = { disk: threadDisk(), hashing, clock };
  const { files } = await scanFolder(ports, dir.path);
  const file = files.find((each) => each.name === name)!;
  const manifest = await buildManifest(ports, file, { chunkSize: 16 });
  holder.share({ file, manifest });
  return manifest;
}

async function shareInMemory(
  holder: Holder,
  disk: MemoryDisk,
  path: string,
  bytes: Uint8Array,
  there = false,
): Promise<string> {
  if (!there) disk.put(path, bytes);
  const { size, mtime, inode } = (await disk.stat(path))!;
  const file = { name: path.slice(1), path, size, mtime, inode };
  const copy = new MemoryDisk(clock);
  copy.put(path, bytes);
  const seen = { ...file, ...(await copy.stat(path))! };
  const ports: { disk: Disk; hashing: typeof hashing; clock: typeof clock } = {
    disk: copy,
    hashing,
    clock,
  };
  const manifest = await buildManifest(ports, seen, { chunkSize: 16 });
  const shared: SharedFile = { file, manifest };
  holder.share(shared);
  return manifest.fileId;
}
