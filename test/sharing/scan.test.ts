import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import process from "node:process";
import { describe, it } from "node:test";
import type { Disk } from "../../src/actor/mod.ts";
import { DiskError } from "../../src/actor/mod.ts";
import { threadDisk } from "../../src/runtime/threads/disk.ts";
import { MissingFolderError, scanFolder } from "../../src/sharing/mod.ts";
import { tempDir } from "../support/temp_dir.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const clock = virtualClock();
const ports = { disk: threadDisk(), clock };
const posix = process.platform !== "win32";

describe("scanFolder", () => {
  it("finds files in all folders, sorted, with what identifies them", async () => {
    await using dir = await tempDir();
    await dir.write("b.txt", "bb");
    await dir.write("a/z/deep.txt", "");
    await dir.write("a/y.txt", "yyy");
    await dir.write("日本 é.txt", "x");
    const { root, files, refused } = await scanFolder(ports, dir.path);
    assert.equal(root, dir.path);
    assert.deepEqual(files.map(({ name, size }) => [name, size]), [
      ["a/y.txt", 3],
      ["a/z/deep.txt", 0],
      ["b.txt", 2],
      ["日本 é.txt", 1],
    ]);
    assert.deepEqual(refused, []);
    for (const { path, size, mtime, inode } of files) {
      assert.deepEqual(await ports.disk.stat(path), { kind: "file", size, mtime, inode });
    }
  });

  it("passes over our own folder", async () => {
    await using dir = await tempDir();
    await dir.write(".troupe/x.part", "x");
    await dir.write("a/.troupe/x.part", "x");
    await dir.write("a/b", "x");
    const { files, refused } = await scanFolder(ports, dir.path);
    assert.deepEqual(files.map(({ name }) => name), ["a/b"]);
    assert.deepEqual(refused, []);
  });

  it("follows no link, in the middle of a path neither", { skip: !posix }, async () => {
    await using outside = await tempDir();
    await outside.write("secret.txt", "s");
    await using dir = await tempDir();
    await dir.write("a.txt", "a");
    symlinkSync(`${outside.path}/secret.txt`, `${dir.path}/file`);
    symlinkSync(outside.path, `${dir.path}/folder`);
    symlinkSync(dir.path, `${dir.path}/loop`);
    symlinkSync("/nowhere", `${dir.path}/dangling`);
    const { files, refused } = await scanFolder(ports, dir.path);
    assert.deepEqual(files.map(({ name }) => name), ["a.txt"]);
    assert.deepEqual(
      refused,
      ["dangling", "file", "folder", "loop"].map((name) => ({
        name: `"${name}"`,
        why: "it is a link",
      })),
    );
  });

  it("scans a folder that is named by a link", { skip: !posix }, async () => {
    await using dir = await tempDir();
    await dir.write("real/a.txt", "a");
    symlinkSync(`${dir.path}/real`, `${dir.path}/link`);
    const { root, files } = await scanFolder(ports, `${dir.path}/link`);
    assert.equal(root, `${dir.path}/real`);
    assert.equal(files[0]!.path, `${dir.path}/real/a.txt`);
  });

  it(
    "does not enter a folder that became a link since it was listed",
    { skip: !posix },
    async () => {
      await using outside = await tempDir();
      await outside.write("secret.txt", "s");
      await using dir = await tempDir();
      await dir.write("a/a.txt", "a");
      const disk: Disk = {
        ...ports.disk,
        async list(path) {
          const entries = await ports.disk.list(path);
          if (path === dir.path) {
            renameSync(`${dir.path}/a`, `${outside.path}/moved`);
            symlinkSync(outside.path, `${dir.path}/a`);
          }
          return entries;
        },
      };
      const { files, refused } = await scanFolder({ disk, clock }, dir.path);
      assert.deepEqual(files, []);
      assert.deepEqual(refused, [{ name: '"a"', why: "it leads out of the shared folder" }]);
    },
  );

  it("refuses special files", { skip: !posix }, async (t) => {
    await using dir = await tempDir();
    try {
      execFileSync("mkfifo", [`${dir.path}/fifo`]);
    } catch {
      return t.skip("no mkfifo here");
    }
    const { files, refused } = await scanFolder(ports, dir.path);
    assert.deepEqual(files, []);
    assert.deepEqual(refused, [{ name: '"fifo"', why: "it is no regular file" }]);
  });

  it("refuses hostile names, escaped, and goes on", { skip: !posix }, async () => {
    await using dir = await tempDir();
    for (const name of ["a.", "CON", "b\u001b[31m", "c\\d", "good", "x."]) {
      await dir.write(name, "");
    }
    mkdirSync(`${dir.path}/NUL.d`);
    await dir.write("NUL.d/inner", "");
    const { files, refused } = await scanFolder(ports, dir.path);
    assert.deepEqual(files.map(({ name }) => name), ["good"]);
    assert.deepEqual(refused.map(({ name }) => name), [
      '"CON"',
      '"NUL.d"',
      '"a."',
      '"b\\u{1b}[31m"',
      '"c\\u{5c}d"',
      '"x."',
    ]);
  });

  it("goes on past what cannot be read", async () => {
    const disk = new MemoryDisk(clock);
    disk.put("/root/a", new Uint8Array(1));
    disk.put("/root/b", new Uint8Array(1));
    disk.put("/root/locked/c", new Uint8Array(1));
    disk.put("/root/z", new Uint8Array(1));
    disk.fault = (operation, path) => {
      if (operation === "open" && path === "/root/b") return "EACCES";
      if (operation === "list" && path === "/root/locked") return "EACCES";
      if (operation === "open" && path === "/root/z") return "ENOENT";
      return undefined;
    };
    const { files, refused } = await scanFolder({ disk, clock }, "/root");
    assert.deepEqual(files.map(({ name }) => name), ["a"]);
    assert.deepEqual(refused.map(({ name, why }) => `${name} ${why}`), [
      '"b" permission denied',
      '"locked" permission denied',
      '"z" it is not there, or its name is not UTF-8',
    ]);
    assert.equal(disk.openFiles, 0);
  });

  it("says why a folder cannot be shared", async () => {
    await using dir = await tempDir();
    const file = await dir.write("a", "");
    await assert.rejects(scanFolder(ports, `${dir.path}/none`), (error) => {
      assert.ok(error instanceof MissingFolderError && error.cause instanceof DiskError);
      assert.match(error.message, /none" cannot be shared: it is not there/);
      return true;
    });
    await assert.rejects(scanFolder(ports, file), /cannot be shared: it is no folder/);
  });

  it("takes a limited number of files", async () => {
    const disk = new MemoryDisk(clock);
    for (let i = 0; i < 5; i++) disk.put(`/root/${i}`, new Uint8Array(1));
    const { files, refused } = await scanFolder({ disk, clock }, "/root", { maxFiles: 3 });
    assert.equal(files.length, 3);
    assert.deepEqual(refused, [{ name: '"2 more"', why: "3 files are the limit" }]);
  });

  it("stops when it is told to", async () => {
    await using dir = await tempDir();
    await dir.write("a", "");
    const why = new Error("enough");
    await assert.rejects(scanFolder(ports, dir.path, { signal: AbortSignal.abort(why) }), why);
  });
});
