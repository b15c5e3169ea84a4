import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keyedRandom } from "../../src/actor/mod.ts";
import type { SmallFile } from "../../src/sharing/mod.ts";
import {
  buildManifest,
  Holder,
  packBundle,
  saveSmall,
  unpackBundle,
} from "../../src/sharing/mod.ts";
import { hashing } from "./download_world.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const signal = new AbortController().signal;
const ROOT = "/downloads";

interface World {
  readonly disk: MemoryDisk;
  readonly holder: Holder;
  readonly ports: {
    readonly disk: MemoryDisk;
    readonly hashing: typeof hashing;
    readonly clock: ReturnType<typeof virtualClock>;
  };
  readonly wanted: readonly { readonly fileId: string; readonly size: number }[];
  readonly small: readonly SmallFile[];
}

/** A holder of files of these contents, and the files as they come in a bundle. */
async function world(contents: readonly string[]): Promise<World> {
  const clock = virtualClock();
  const disk = new MemoryDisk(clock);
  const ports = { disk, hashing, clock };
  const holder = new Holder(disk);
  const small: SmallFile[] = [];
  for (const [i, content] of contents.entries()) {
    const bytes = new TextEncoder().encode(content);
    const path = `/shared/${i}`;
    disk.put(path, bytes);
    const { size, mtime, inode } = (await disk.stat(path))!;
    const file = { name: `f/${i}`, path, size, mtime, inode };
    const manifest = await buildManifest(ports, file);
    holder.share({ file, manifest });
    small.push({ name: file.name, bytes, manifest });
  }
  await disk.makeDirectory(ROOT);
  const wanted = small.map(({ manifest: { fileId, size } }) => ({ fileId, size }));
  return { disk, holder, ports, wanted, small };
}

const CONTENTS = ["one", "", "three and more", "one"];

describe("a bundle", () => {
  it("brings files of one chunk, the empty one too, each verified by its id alone", async () => {
    const { holder, wanted, small } = await world(CONTENTS);
    const buffer = new ArrayBuffer(1_024);
    const lengths = await packBundle(holder, wanted.map(({ fileId }) => fileId), buffer);
    assert.deepEqual(lengths, [3, 0, 14, 3]);
    const found = unpackBundle(hashing, wanted, buffer, lengths);
    assert.deepEqual(found.map((each) => each?.bytes), small.map(({ bytes }) => bytes));
  });

  it("leaves out what is not here, changed, or has no room", async () => {
    const { holder, wanted, disk } = await world(CONTENTS);
    disk.put("/shared/2", new Uint8Array(14));
    const ids = [wanted[0]!.fileId, "0".repeat(64), wanted[2]!.fileId, wanted[0]!.fileId];
    assert.deepEqual(await packBundle(holder, ids, new ArrayBuffer(5)), [3, -1, -1, -1]);
  });

  it("is refused to who asks for something else", async () => {
    const { holder, wanted } = await world(CONTENTS);
    const id = wanted[0]!.fileId;
    const room = new ArrayBuffer(8);
    await assert.rejects(packBundle(holder, "all", room), { code: "bad_message" });
    await assert.rejects(packBundle(holder, ["../x"], room), { code: "bad_message" });
    await assert.rejects(packBundle(holder, [id], {}), { code: "bad_message" });
    await assert.rejects(packBundle(holder, Array(257).fill(id), room), { code: "too_many" });
  });

  it("of a liar gives nothing that is not what was asked for", async () => {
    const { wanted, small } = await world(CONTENTS);
    const honest = new TextEncoder().encode("onethree and moreone");
    const lies: [Uint8Array, unknown[]][] = [
      [honest, [3, 0, 14]],
      [honest, [-1, -1, -1, -1]],
      [honest, [1e9, NaN, -3, "3"]],
      [honest, [2.5, 0, 14, 3]],
      [honest.slice(0, 4), [3, 0, 14, 3]],
      [honest.map((byte) => byte ^ 1), [3, 0, 14, 3]],
      [new Uint8Array(), []],
    ];
    for (const [bytes, lengths] of lies) {
      const found = unpackBundle(hashing, wanted, bytes.slice().buffer, lengths);
      assert.equal(found.length, 4);
      found.forEach((each, i) => {
        if (each !== undefined) assert.deepEqual(each.bytes, small[i]!.bytes);
      });
    }
    assert.throws(() => unpackBundle(hashing, wanted, "x", []), { code: "bad_message" });
    assert.throws(() => unpackBundle(hashing, wanted, new ArrayBuffer(1), 7), {
      code: "bad_message",
    });
  });
});

describe("small files", () => {
  it("get their names only when they are on the disk", async () => {
    const { ports, disk, small } = await world(CONTENTS);
    const saved = await saveSmall(ports, ROOT, small, signal);
    assert.deepEqual(saved.map(({ file, already }) => [file.name, already]), [
      ["f/0", false],
      ["f/1", false],
      ["f/2", false],
      ["f/3", false],
    ]);
    assert.deepEqual(disk.renamed.map(({ bytes }) => bytes), small.map(({ bytes }) => bytes));
    assert.equal(disk.openFiles, 0);
    const again = await saveSmall(ports, ROOT, small, signal);
    assert.ok(again.every(({ already }) => already));
  });

  it("are saved beside other content, and twice where two of a batch are of one name", async () => {
    const { ports, disk, small } = await world(CONTENTS);
    disk.put(`${ROOT}/f/0`, new Uint8Array(3));
    const [first, , third] = small as [SmallFile, SmallFile, SmallFile];
    const batch = [first, { ...third, name: "same" }, { ...first, name: "same" }];
    const saved = await saveSmall(ports, ROOT, batch, signal);
    assert.deepEqual(saved.map(({ file }) => file.name), ["f/0 (2)", "same", "same (2)"]);
    assert.deepEqual(disk.bytesOf(`${ROOT}/f/0`), new Uint8Array(3));
  });

  for (const code of ["ENOSPC", "EACCES", "EROFS", "EDQUOT"]) {
    it(`that meet ${code} say what to do, and leave nothing open or half`, async () => {
      for (let at = 1; at < 40; at++) {
        const { ports, disk, small } = await world(CONTENTS);
        let operations = 0;
        disk.fault = () => ++operations === at ? code : undefined;
        const outcome = await saveSmall(ports, ROOT, small, signal).catch((error) => error);
        assert.equal(disk.openFiles, 0);
        for (const { to, bytes } of disk.renamed) {
          assert.ok(small.some((each) => to.endsWith(each.name) && equal(each.bytes, bytes)), to);
        }
        if (!(outcome instanceof Error)) continue;
        assert.equal((outcome as Error & { code: string }).code, "disk_failed");
        assert.match(outcome.message, /then download again/);
        disk.fault = () => undefined;
        assert.equal((await saveSmall(ports, ROOT, small, signal)).length, 4);
      }
    });
  }

  it("survive a crash whole or not at all, and the next attempt brings the rest", async () => {
    for (let at = 1; at < 60; at++) {
      const { ports, disk, small } = await world(CONTENTS);
      let operations = 0;
      disk.fault = () => ++operations > at ? "EIO" : undefined;
      await saveSmall(ports, ROOT, small, signal).catch(() => {});
      disk.crash(keyedRandom(at));
      disk.fault = () => undefined;
      for (const { name, bytes } of small) {
        const there = disk.bytesOf(`${ROOT}/${name}`);
        if (there !== undefined) assert.deepEqual(there, bytes, `${name} after ${at}`);
      }
      await saveSmall(ports, ROOT, small, signal);
      for (const { name, bytes } of small) assert.deepEqual(disk.bytesOf(`${ROOT}/${name}`), bytes);
    }
  });
});

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
