import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Journal, parseJournal, readJournal } from "../../src/sharing/journal.ts";
import { formatRanges, parseRanges } from "../../src/sharing/ranges.ts";
import { hashing, manifestOf } from "./download_world.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const manifest = manifestOf(new Uint8Array(320), 16);
const indexes = fc.uniqueArray(fc.nat(19)).map((list) => list.sort((a, b) => a - b));

describe("ranges", () => {
  it("are read as they were written", () => {
    assert.equal(formatRanges([0, 1, 2, 7, 9, 10]), "0-2,7,9-10");
    fc.assert(fc.property(indexes, (list) => {
      fc.pre(list.length > 0);
      assert.deepEqual(parseRanges(formatRanges(list), 20), list);
    }));
  });

  it("are refused where they are none, or beyond the end", () => {
    for (
      const bad of [
        "",
        ",",
        "1,",
        "-1",
        "1-",
        "3-1",
        "0-20",
        "20",
        "1 2",
        "a",
        "0-99999999999999",
        "0-19,0-19,0",
      ]
    ) {
      assert.equal(parseRanges(bad, 20), undefined, bad);
    }
  });
});

describe("a journal", () => {
  it("says what was written to it, in any pieces and after any reopening", async () => {
    const pieces = fc.array(fc.tuple(indexes, fc.boolean()), { minLength: 1, maxLength: 6 });
    await fc.assert(fc.asyncProperty(pieces, async (pieces) => {
      const disk = new MemoryDisk(virtualClock());
      let journal = new Journal(disk, hashing, "/j", manifest, 0);
      const all = new Set<number>();
      for (const [list, reopen] of pieces) {
        if (list.length === 0) continue;
        await journal.verified(list);
        for (const index of list) all.add(index);
        const read = await readJournal(disk, hashing, "/j", manifest);
        assert.ok(typeof read === "object");
        assert.deepEqual(read.verified, [...all].sort((a, b) => a - b));
        assert.equal(read.closed, undefined);
        if (!reopen) continue;
        await journal.close();
        journal = new Journal(disk, hashing, "/j", manifest, read.length);
      }
      await journal.closed({ size: 320, mtime: 5.25, inode: "7" });
      await journal.close();
      const read = await readJournal(disk, hashing, "/j", manifest);
      assert.deepEqual(typeof read === "object" && read.closed, {
        size: 320,
        mtime: 5.25,
        inode: "7",
      });
      assert.equal(disk.openFiles, 0);
    }));
  });

  it("that is torn or damaged says no more than was written, and is not closed", async () => {
    const disk = new MemoryDisk(virtualClock());
    const journal = new Journal(disk, hashing, "/j", manifest, 0);
    await journal.verified([0, 1]);
    await journal.verified([5]);
    await journal.closed({ size: 320, mtime: 1, inode: "1" });
    await journal.close();
    const whole = disk.bytesOf("/j")!;
    const header = whole.indexOf(10) + 1;
    fc.assert(fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, byte) => {
      const torn = parseJournal(hashing, whole.slice(0, at), manifest);
      if (at < header) assert.equal(torn, undefined);
      else {
        assert.ok(
          [0, 1, 5].slice(0, torn!.verified.length).every((n, i) => n === torn!.verified[i]),
        );
        assert.equal(torn!.closed, undefined);
        assert.ok(torn!.length <= at);
      }
      const damaged = whole.slice();
      damaged[at] = byte;
      const read = parseJournal(hashing, damaged, manifest);
      if (whole[at] === byte || read === undefined) return;
      assert.ok(read.verified.every((index) => [0, 1, 5].includes(index)));
      assert.equal(read.closed, undefined);
    }));
  });

  it("of another file, or of nothing that is known, is foreign; one that was never written is none", async () => {
    const disk = new MemoryDisk(virtualClock());
    assert.equal(await readJournal(disk, hashing, "/j", manifest), "none");
    disk.put("/j", new Uint8Array());
    assert.equal(await readJournal(disk, hashing, "/j", manifest), "none");
    const journal = new Journal(disk, hashing, "/j", manifest, 0);
    await journal.verified([1]);
    await journal.close();
    const other = manifestOf(new Uint8Array(321), 16);
    assert.equal(await readJournal(disk, hashing, "/j", other), "foreign");
    disk.put("/j", new Uint8Array(17 * 2 ** 20));
    assert.equal(await readJournal(disk, hashing, "/j", manifest), "foreign");
  });
});
