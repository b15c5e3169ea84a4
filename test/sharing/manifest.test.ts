import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { DiskFile } from "../../src/actor/mod.ts";
import { threadHashing } from "../../src/runtime/threads/hashing.ts";
import type { FileVersion, Manifest } from "../../src/sharing/mod.ts";
import {
  BadManifestError,
  BadMessageError,
  buildManifest,
  chunkCount,
  chunkLength,
  chunkSizeFor,
  FileChangedError,
  fileIdOf,
  ManifestCache,
  readManifest,
  TooManyError,
} from "../../src/sharing/mod.ts";
import { MemoryDisk } from "./memory_disk.ts";
import { virtualClock } from "./virtual_clock.ts";

const hashing = threadHashing();
const LIMITS = {
  minChunkSize: 16,
  maxChunkSize: 64,
  easyChunkSize: 64,
  targetChunks: 4,
  manyChunks: 4,
  maxChunks: 16,
};

describe("chunk sizes", () => {
  it("are powers of two from 256 KiB to 16 MiB that aim at 256 chunks, above 1 MiB at 2,048", () => {
    assert.equal(chunkSizeFor(0), 2 ** 18);
    assert.equal(chunkSizeFor(2 ** 26), 2 ** 18);
    assert.equal(chunkSizeFor(2 ** 26 + 1), 2 ** 19);
    assert.equal(chunkSizeFor(2 ** 28 + 1), 2 ** 20);
    assert.equal(chunkSizeFor(2 ** 30), 2 ** 20);
    assert.equal(chunkSizeFor(2 ** 31), 2 ** 20);
    assert.equal(chunkSizeFor(2 ** 31 + 1), 2 ** 21);
    assert.equal(chunkSizeFor(2 ** 40), 2 ** 24);
  });

  it("cut a file without rest", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000 }), (size) => {
      const chunkSize = chunkSizeFor(size, LIMITS);
      let sum = 0;
      for (let i = 0; i < chunkCount(size, chunkSize); i++) {
        const length = chunkLength(size, chunkSize, i);
        assert.ok(length > 0 && length <= chunkSize);
        sum += length;
      }
      assert.equal(sum, size);
    }));
  });
});

describe("the file id", () => {
  const content = fc.uint8Array({ maxLength: 200 });
  const chunkSizes = fc.constantFrom(16, 32, 64);

  it("is the same for the same bytes, and no others", () => {
    fc.assert(fc.property(content, content, (a, b) => {
      const same = Buffer.compare(a, b) === 0;
      assert.equal(idOf(a, 16) === idOf(b, 16), same);
    }));
  });

  it("changes with any byte", () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, at, flip) => {
        fc.pre(bytes.length > 0);
        const other = bytes.slice();
        other[at % bytes.length]! ^= flip;
        assert.notEqual(idOf(bytes, 16), idOf(other, 16));
      }),
    );
  });

  it("changes with size, chunk size and every hash, by themselves", () => {
    fc.assert(fc.property(content, chunkSizes, (bytes, chunkSize) => {
      const { size, chunks, fileId } = manifestOf(bytes, chunkSize);
      assert.notEqual(fileIdOf(hashing, size + 1, chunkSize, chunks), fileId);
      assert.notEqual(fileIdOf(hashing, size, chunkSize * 2, chunks), fileId);
      for (let at = 0; at < chunks.length; at += 7) {
        const other = chunks.slice();
        other[at]! ^= 1;
        assert.notEqual(fileIdOf(hashing, size, chunkSize, other), fileId);
      }
    }));
  });

  it("tells a node of the tree from a leaf", () => {
    const [a, b] = [sha256(Buffer.from("a")), sha256(Buffer.from("b"))];
    const leaf = (hash: Uint8Array) => sha256(Buffer.concat([Buffer.from([0]), hash]));
    const inner = sha256(Buffer.concat([Buffer.from([1]), leaf(a), leaf(b)]));
    assert.notEqual(
      fileIdOf(hashing, 32, 16, new Uint8Array([...a, ...b])),
      fileIdOf(hashing, 32, 16, inner),
    );
  });

  it("is what it was: other peers and disks know it", () => {
    assert.equal(
      manifestOf(new Uint8Array(), 16).fileId,
      independentId(new Uint8Array(), 16),
    );
    fc.assert(fc.property(content, chunkSizes, (bytes, chunkSize) => {
      assert.equal(manifestOf(bytes, chunkSize).fileId, independentId(bytes, chunkSize));
    }));
  });
});

describe("a stranger's manifest", () => {
  const good = manifestOf(new Uint8Array(100).fill(3), 16);
  const read = (changes: Record<string, unknown>): Manifest =>
    readManifest({ ...good, ...changes }, good.fileId, hashing, LIMITS);

  it("is taken if it is that of the id, as a copy", () => {
    const copy = read({});
    assert.deepEqual(copy, good);
    assert.notEqual(copy.chunks.buffer, good.chunks.buffer);
    assert.equal(read({ name: "a/b.txt" }).name, "a/b.txt");
    assert.equal(read({ fileId: undefined }).fileId, good.fileId);
  });

  for (
    const [what, changes] of Object.entries({
      "another size": { size: 99 },
      "a negative size": { size: -1 },
      "a fractional size": { size: 100.5 },
      "an endless size": { size: Infinity },
      "a size beyond all numbers": { size: 2 ** 60 },
      "a size as text": { size: "100" },
      "another chunk size": { chunkSize: 32 },
      "a chunk size of nothing": { chunkSize: 0 },
      "a chunk size that is no power of two": { chunkSize: 17 },
      "a chunk size below the limit": { chunkSize: 8 },
      "a chunk size above the limit": { chunkSize: 128 },
      "too many chunks": { size: 16 * 17, chunks: new Uint8Array(32 * 17) },
      "a hash too few": { chunks: good.chunks.slice(32) },
      "half a hash": { chunks: good.chunks.slice(16) },
      "a hash too many": { chunks: new Uint8Array([...good.chunks, ...good.chunks.slice(0, 32)]) },
      "hashes in another order": {
        chunks: new Uint8Array([...good.chunks.slice(-32), ...good.chunks.slice(0, -32)]),
      },
      "hashes as a list": { chunks: [...good.chunks] },
      "no hashes": { chunks: undefined },
      "another algorithm": { algorithm: "md5" },
      "another id": { fileId: "0".repeat(64) },
    })
  ) {
    it(`is refused with ${what}`, () => assert.throws(() => read(changes), BadManifestError));
  }

  it("is refused with a hostile name, an unknown field, or if it is none", () => {
    assert.throws(() => read({ name: "../a" }), BadMessageError);
    assert.throws(() => read({ extra: 1 }), BadMessageError);
    for (const value of [undefined, null, 1, "x", [], () => 1]) {
      assert.throws(() => readManifest(value, good.fileId, hashing, LIMITS), BadMessageError);
    }
  });

  it("takes no memory before its numbers agree", () => {
    // Were the hashes copied or hashed first, a terabyte of them would be.
    const chunks = new Uint8Array(32);
    Object.defineProperty(chunks, "length", { get: () => assert.fail("it was looked at") });
    assert.throws(() => read({ size: 2 ** 44, chunkSize: 64, chunks }), /chunks, 16 are allowed/);
  });
});

describe("buildManifest", () => {
  it("hashes any file, in any chunks", async () => {
    const property = fc.asyncProperty(
      fc.uint8Array({ maxLength: 300 }),
      fc.constantFrom(16, 32, 64),
      async (bytes, chunkSize) => {
        const { ports, file } = await world(bytes);
        const seen: number[] = [];
        const onProgress = (done: number): void => void seen.push(done);
        const built = await buildManifest(ports, file, { chunkSize, onProgress });
        assert.deepEqual(built, { ...manifestOf(bytes, chunkSize), name: "a" });
        assert.equal(seen.at(-1) ?? 0, bytes.length);
        assert.equal(ports.disk.openFiles, 0);
      },
    );
    await fc.assert(property);
  });

  it("notices a file that changes under it", async () => {
    const { ports, file } = await world(new Uint8Array(100));
    for (
      const change of [
        (open: DiskFile) => open.truncate(50),
        (open: DiskFile) => open.truncate(150),
        (open: DiskFile) => open.write(new Uint8Array([1]), 0),
      ]
    ) {
      ports.disk.put("/a", new Uint8Array(100));
      const fresh = { ...file, ...(await ports.disk.stat("/a"))! };
      let done = 0;
      let changing: Promise<unknown> | undefined;
      const building = buildManifest(ports, fresh, {
        chunkSize: 16,
        onProgress: () => {
          if (++done === 3) changing = ports.disk.open("/a", "write").then(change);
        },
      });
      await assert.rejects(building, FileChangedError);
      await changing;
    }
  });

  it("notices a file that is not the one that was scanned", async () => {
    const { ports, file } = await world(new Uint8Array(100));
    for (const other of [{ size: 99 }, { mtime: 1 }, { inode: "other" }]) {
      await assert.rejects(buildManifest(ports, { ...file, ...other }), FileChangedError);
    }
    assert.equal(ports.disk.openFiles, 0);
  });

  it("stops when it is told to", async () => {
    const { ports, file } = await world(new Uint8Array(100));
    const controller = new AbortController();
    const why = new Error("enough");
    const building = buildManifest(ports, file, {
      chunkSize: 16,
      signal: controller.signal,
      onProgress: () => controller.abort(why),
    });
    await assert.rejects(building, why);
    assert.equal(ports.disk.openFiles, 0);
  });

  it("refuses a file beyond the limits without reading it", async () => {
    const { ports, file } = await world(new Uint8Array(1));
    const huge = { ...file, size: 2 ** 45 };
    await assert.rejects(buildManifest(ports, huge), TooManyError);
  });

  it("lets others have a turn", async () => {
    const { ports, file } = await world(new Uint8Array(33 * 2 ** 20));
    let waits = 0;
    const clock = {
      ...ports.clock,
      setTimeout: (fn: () => void, ms: number) => (waits++, ports.clock.setTimeout(fn, ms)),
    };
    await ports.clock.run(buildManifest({ ...ports, clock }, file));
    assert.equal(waits, 2);
  });
});

describe("the cache of manifests", () => {
  it("hashes a file once, and a changed one again", async () => {
    const { ports, file } = await world(new Uint8Array(100));
    const cache = new ManifestCache();
    let opened = 0;
    ports.disk.fault = (operation) => (operation === "open" && opened++, undefined);
    const first = await cache.manifestOf(ports, file);
    assert.equal(await cache.manifestOf(ports, file), first);
    assert.equal(opened, 1);
    await assert.rejects(cache.manifestOf(ports, { ...file, mtime: 7 }), FileChangedError);
  });

  it("is bounded by bytes", async () => {
    const { ports, file } = await world(new Uint8Array(100));
    const cache = new ManifestCache(1_000);
    const manifest = await cache.manifestOf(ports, file);
    cache.set({ ...file, path: "/b" }, manifest);
    assert.equal(cache.get(file), undefined);
    assert.equal(cache.get({ ...file, path: "/b" }), manifest);
  });
});

async function world(bytes: Uint8Array) {
  const clock = virtualClock();
  const disk = new MemoryDisk(clock);
  disk.put("/a", bytes);
  const { size, mtime, inode } = (await disk.stat("/a"))!;
  const file: FileVersion = { name: "a", path: "/a", size, mtime, inode };
  return { ports: { disk, hashing, clock }, file };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash("sha256").update(bytes).digest());
}

function manifestOf(bytes: Uint8Array, chunkSize: number): Manifest {
  const hashes: number[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    hashes.push(...sha256(bytes.subarray(at, at + chunkSize)));
  }
  const chunks = new Uint8Array(hashes);
  const fileId = fileIdOf(hashing, bytes.length, chunkSize, chunks);
  return { fileId, size: bytes.length, chunkSize, algorithm: "sha256", chunks };
}

function idOf(bytes: Uint8Array, chunkSize: number): string {
  return manifestOf(bytes, chunkSize).fileId;
}

/** The definition once more, in the recursive words of RFC 6962. */
function independentId(bytes: Uint8Array, chunkSize: number): string {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += chunkSize) {
    leaves.push(sha256(bytes.subarray(at, at + chunkSize)));
  }
  const root = (list: Uint8Array[]): Uint8Array => {
    if (list.length === 0) return sha256(new Uint8Array());
    if (list.length === 1) return sha256(Buffer.concat([Buffer.from([0]), list[0]!]));
    let k = 1;
    while (k * 2 < list.length) k *= 2;
    return sha256(Buffer.concat([Buffer.from([1]), root(list.slice(0, k)), root(list.slice(k))]));
  };
  const numbers = Buffer.alloc(16);
  numbers.writeBigUInt64BE(BigInt(bytes.length), 0);
  numbers.writeBigUInt64BE(BigInt(chunkSize), 8);
  const all = [Buffer.from("troupe-file-1 sha256\0"), numbers, root(leaves)];
  return Buffer.from(sha256(Buffer.concat(all))).toString("hex");
}
