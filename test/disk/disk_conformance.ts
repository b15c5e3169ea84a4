import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Disk } from "../../src/actor/mod.ts";
import { DiskError, Refusal } from "../../src/actor/mod.ts";

/** A disk to be tested, with a folder of it that is empty and ends with the scope. */
export interface TestDisk extends AsyncDisposable {
  readonly disk: Disk;
  /** Absolute, without links. */
  readonly root: string;
}

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const bytes = (content: string): Uint8Array => new TextEncoder().encode(content);

/** What every {@linkcode Disk} must do; registers its tests. */
export function diskConformance(name: string, make: () => Promise<TestDisk>): void {
  const test = (what: string, body: (t: TestDisk) => Promise<void>): void =>
    void it(what, async () => {
      await using t = await make();
      await body(t);
    });

  describe(`${name}: open files`, () => {
    test("write and read at any position", async ({ disk, root }) => {
      await using file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("world"), 6);
      await file.write(bytes("hello "), 0);
      const into = new Uint8Array(20);
      assert.equal(await file.read(into, 0), 11);
      assert.equal(text(into.subarray(0, 11)), "hello world");
      assert.equal(await file.read(into.subarray(0, 3), 4), 3);
      assert.equal(await file.read(into, 11), 0);
      assert.equal(await file.read(into, 1_000), 0);
      assert.equal(await file.read(new Uint8Array(), 0), 0);
    });

    test("read what was written beyond the end as zeros before it", async ({ disk, root }) => {
      await using file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("x"), 3);
      assert.deepEqual([...await disk.readFile(`${root}/a`)], [0, 0, 0, 120]);
    });

    test("use only the part of memory that they are given", async ({ disk, root }) => {
      await using file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("abcdef").subarray(1, 3), 0);
      const memory = new Uint8Array(4);
      await file.read(memory.subarray(1, 3), 0);
      assert.deepEqual([...memory], [0, 98, 99, 0]);
    });

    test("are cut and extended with zeros", async ({ disk, root }) => {
      await using file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("abc"), 0);
      await file.truncate(5);
      assert.deepEqual([...await disk.readFile(`${root}/a`)], [97, 98, 99, 0, 0]);
      await file.truncate(1);
      assert.equal((await file.stat()).size, 1);
      await file.sync();
    });

    test("tell size, kind and the inode that the name has", async ({ disk, root }) => {
      await using file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("abc"), 0);
      const stat = await file.stat();
      assert.equal(stat.kind, "file");
      assert.equal(stat.size, 3);
      assert.deepEqual(stat, await disk.stat(`${root}/a`));
      await disk.rename(`${root}/a`, `${root}/b`);
      assert.equal((await disk.stat(`${root}/b`))?.inode, stat.inode);
      await using other = await disk.open(`${root}/a`, "create");
      assert.notEqual((await other.stat()).inode, stat.inode);
    });

    test("close once, and refuse everything then", async ({ disk, root }) => {
      const file = await disk.open(`${root}/a`, "create");
      await file.close();
      await file.close();
      await file[Symbol.asyncDispose]();
      // Another file may have its number now.
      await using _other = await disk.open(`${root}/b`, "create");
      await fails("EBADF", file.read(new Uint8Array(1), 0));
      await fails("EBADF", file.write(new Uint8Array(1), 0));
      await fails("EBADF", file.truncate(0));
      await fails("EBADF", file.stat());
      await fails("EBADF", file.sync());
    });

    test("are read-only, existing or new, as the mode says", async ({ disk, root }) => {
      await fails("ENOENT", disk.open(`${root}/a`, "read"));
      await fails("ENOENT", disk.open(`${root}/a`, "write"));
      await (await disk.open(`${root}/a`, "create")).close();
      await fails("EEXIST", disk.open(`${root}/a`, "create"));
      await using reader = await disk.open(`${root}/a`, "read");
      await assert.rejects(reader.write(bytes("x"), 0), DiskError);
      await using writer = await disk.open(`${root}/a`, "write");
      await writer.write(bytes("x"), 0);
      assert.equal(await writer.read(new Uint8Array(2), 0), 1);
    });

    test("are no folders", async ({ disk, root }) => {
      await fails("EISDIR", disk.open(root, "read"));
      await fails("EISDIR", disk.open(root, "write"));
      await fails("EEXIST", disk.open(root, "create"));
    });

    test("sync while they are closed", async ({ disk, root }) => {
      const file = await disk.open(`${root}/a`, "create");
      await file.write(bytes("abc"), 0);
      const syncing = file.sync();
      await file.close();
      await syncing;
    });
  });

  describe(`${name}: whole files`, () => {
    test("are read up to a limit", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "12345");
      assert.equal(text(await disk.readFile(`${root}/a`, 5)), "12345");
      await fails("EFBIG", disk.readFile(`${root}/a`, 4));
      await put(disk, `${root}/empty`, "");
      assert.equal((await disk.readFile(`${root}/empty`)).length, 0);
      await fails("ENOENT", disk.readFile(`${root}/none`));
      await fails("EISDIR", disk.readFile(root));
    });
  });

  describe(`${name}: names`, () => {
    test("are listed in code-unit order, with their kinds", async ({ disk, root }) => {
      for (const each of ["b", "B", "a b", "é", "ﬀ", "𐀀"]) await put(disk, `${root}/${each}`, "");
      await disk.makeDirectory(`${root}/folder/inner`);
      const entries = await disk.list(root);
      const names = entries.map((entry) => entry.name);
      assert.deepEqual(names, ["B", "a b", "b", "folder", "é", "𐀀", "ﬀ"]);
      assert.equal(entries.find((entry) => entry.name === "folder")?.kind, "directory");
      assert.equal(entries.find((entry) => entry.name === "b")?.kind, "file");
      assert.deepEqual(await disk.list(`${root}/folder/inner`), []);
      await fails("ENOENT", disk.list(`${root}/none`));
      await fails("ENOTDIR", disk.list(`${root}/b`));
    });

    test("stand for nothing where nothing is", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "");
      assert.equal(await disk.stat(`${root}/none`), undefined);
      assert.equal(await disk.stat(`${root}/none/below`), undefined);
      assert.equal(await disk.stat(`${root}/a/below`), undefined);
      assert.equal((await disk.stat(root))?.kind, "directory");
    });

    test("are resolved", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "");
      assert.equal(await disk.realPath(`${root}/a`), `${root}/a`);
      await fails("ENOENT", disk.realPath(`${root}/none`));
    });

    test("are replaced by rename", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "new");
      await put(disk, `${root}/b`, "old");
      await disk.rename(`${root}/a`, `${root}/b`);
      assert.equal(text(await disk.readFile(`${root}/b`)), "new");
      assert.equal(await disk.stat(`${root}/a`), undefined);
      await fails("ENOENT", disk.rename(`${root}/none`, `${root}/b`));
    });

    test("are not replaced by renameNew", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "new");
      await put(disk, `${root}/b`, "old");
      await fails("EEXIST", disk.renameNew(`${root}/a`, `${root}/b`));
      assert.equal(text(await disk.readFile(`${root}/b`)), "old");
      assert.equal(text(await disk.readFile(`${root}/a`)), "new");
      await disk.renameNew(`${root}/a`, `${root}/c`);
      assert.equal(text(await disk.readFile(`${root}/c`)), "new");
      assert.equal(await disk.stat(`${root}/a`), undefined);
      await fails("ENOENT", disk.renameNew(`${root}/a`, `${root}/d`));
      assert.equal(await disk.stat(`${root}/d`), undefined);
    });

    test("are taken by one of many renameNew", async ({ disk, root }) => {
      const tries = [];
      for (let i = 0; i < 10; i++) {
        await put(disk, `${root}/${i}`, `${i}`);
        tries.push(() => disk.renameNew(`${root}/${i}`, `${root}/one`));
      }
      const done = await Promise.allSettled(tries.map((attempt) => attempt()));
      assert.equal(done.filter(({ status }) => status === "fulfilled").length, 1);
      assert.equal((await disk.list(root)).length, 10);
    });

    test("are removed, or are gone already", async ({ disk, root }) => {
      await put(disk, `${root}/a`, "");
      await disk.remove(`${root}/a`);
      await disk.remove(`${root}/a`);
      await disk.makeDirectory(`${root}/folder`);
      await assert.rejects(disk.remove(`${root}/folder`), DiskError);
      assert.equal((await disk.stat(`${root}/folder`))?.kind, "directory");
    });

    test("of folders are made once", async ({ disk, root }) => {
      await disk.makeDirectory(`${root}/a/b/c`);
      await disk.makeDirectory(`${root}/a/b/c`);
      await disk.syncDirectory(`${root}/a/b/c`);
      await put(disk, `${root}/file`, "");
      await assert.rejects(disk.makeDirectory(`${root}/file`), DiskError);
      await assert.rejects(disk.makeDirectory(`${root}/file/below`), DiskError);
      await fails("ENOENT", disk.syncDirectory(`${root}/none`));
    });
  });

  describe(`${name}: errors`, () => {
    test("say what failed, where, and end nobody", async ({ disk, root }) => {
      const path = `${root}/none`;
      await assert.rejects(disk.open(path, "read"), (error) => {
        assert.ok(error instanceof DiskError && error instanceof Refusal);
        assert.equal(error.code, "ENOENT");
        assert.equal(error.operation, "open");
        assert.equal(error.path, path);
        return true;
      });
    });

    test("come as rejections for impossible paths, too", async ({ disk, root }) => {
      const path = `${root}/a\0b`;
      for (
        const use of [
          () => disk.open(path, "read"),
          () => disk.readFile(path),
          () => disk.list(path),
          () => disk.stat(path),
          () => disk.realPath(path),
          () => disk.rename(path, `${root}/c`),
          () => disk.remove(path),
          () => disk.makeDirectory(path),
          () => disk.freeSpace(path),
        ]
      ) await fails("EINVAL", use());
    });

    test("of free space name the place", async ({ disk, root }) => {
      assert.ok(await disk.freeSpace(root) > 0);
      await fails("ENOENT", disk.freeSpace(`${root}/none`));
    });
  });
}

async function put(disk: Disk, path: string, content: string): Promise<void> {
  await using file = await disk.open(path, "create");
  await file.write(bytes(content), 0);
}

async function fails(code: string, operation: Promise<unknown>): Promise<void> {
  await assert.rejects(operation, (error) => {
    assert.ok(error instanceof DiskError, String(error));
    assert.equal(error.code, code);
    return true;
  });
}
