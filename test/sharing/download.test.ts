import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Disk, DiskFile, OpenMode } from "../../src/actor/mod.ts";
import type { DownloadProgress } from "../../src/sharing/mod.ts";
import {
  BadMessageError,
  BadNameError,
  download,
  DownloadAbortedError,
  DownloadDiskError,
  ExistsError,
  IncompleteError,
  nextRequest,
  NoHolderError,
  NoSpaceError,
} from "../../src/sharing/mod.ts";
import { manifestOf, wait, world } from "./download_world.ts";

const FINAL = "/downloads/me/music/song.bin";

describe("a download", () => {
  for (const size of [0, 1, 15, 16, 17, 32, 320, 333]) {
    it(`of ${size} bytes comes from all holders and is saved once`, async () => {
      const w = world(size);
      const { clock, disk, content, manifest } = w;
      const { done } = download(w.options({ a: {}, b: {}, c: {} }, { window: 2 }));
      const result = await clock.run(done);
      assert.deepEqual(disk.bytesOf(FINAL), content);
      assert.deepEqual(disk.files(), [FINAL]);
      assert.equal(disk.openFiles, 0);
      assert.equal(result.kind, "downloaded");
      assert.equal(result.name, "music/song.bin");
      assert.equal(result.path, FINAL);
      assert.equal(result.fetched, size);
      assert.deepEqual(result.manifest.chunks, manifest.chunks);
      const chunks = Math.ceil(size / 16);
      assert.equal(w.asked.length, chunks);
      assert.equal(new Set(w.asked.map(({ index }) => index)).size, chunks);
      if (chunks > 6) assert.deepEqual([...result.from.keys()].sort(), ["a", "b", "c"]);
      assert.ok(w.mostInFlight <= 6);
    });
  }

  it("is on the disk before it has its name", async () => {
    const w = world(100);
    await w.clock.run(download(w.options({ a: {} })).done);
    assert.deepEqual(w.disk.renamed, [{ to: FINAL, bytes: w.content }]);
  });

  it("is not done again where it is there", async () => {
    const w = world(100);
    await w.clock.run(download(w.options({ a: {} })).done);
    const again = await w.clock.run(download(w.options({ a: {} })).done);
    assert.equal(again.kind, "existed");
    assert.equal(again.path, FINAL);
    assert.equal(w.asked.length, 7);
    assert.deepEqual(w.disk.files(), [FINAL]);
  });

  it("is saved beside other content of that name, also of the same size", async () => {
    const w = world(100);
    w.disk.put(FINAL, new Uint8Array(100));
    w.disk.put("/downloads/me/music/song (2).bin", new Uint8Array(1));
    const result = await w.clock.run(download(w.options({ a: {} })).done);
    assert.equal(result.name, "music/song (3).bin");
    assert.deepEqual(w.disk.bytesOf(result.path), w.content);
    assert.deepEqual(w.disk.bytesOf(FINAL), new Uint8Array(100));
    const again = await w.clock.run(download(w.options({ a: {} })).done);
    assert.equal(again.kind, "existed");
    assert.equal(again.name, "music/song (3).bin");
  });

  it("gives way to a file that takes its name meanwhile", async () => {
    const w = world(100);
    const progress = (): void => {
      if (w.disk.bytesOf(FINAL) === undefined) w.disk.put(FINAL, new Uint8Array(3));
    };
    const result = await w.clock.run(download(w.options({ a: {} }, { onProgress: progress })).done);
    assert.equal(result.name, "music/song (2).bin");
    assert.deepEqual(w.disk.bytesOf(FINAL), new Uint8Array(3));
  });

  it("removes the unfinished name that a crash left to the finished file", async () => {
    const w = world(100);
    const part = `/downloads/me/.troupe/${w.manifest.fileId}.part`;
    w.disk.put(part, w.content);
    await w.disk.makeDirectory("/downloads/me/music");
    await w.disk.rename(part, FINAL);
    const result = await w.clock.run(download(w.options({})).done.catch((error) => error));
    assert.ok(result instanceof NoHolderError);
    const known = download(w.options({}, { manifest: w.manifest }));
    assert.equal((await w.clock.run(known.done)).kind, "existed");
  });
});

describe("a holder that", () => {
  const twoAs = { window: 2 };

  for (const deed of ["wrong", "short", "foreign"] as const) {
    it(`sends what is ${deed} is banned, and nothing of it is written`, async () => {
      const w = world(320);
      const holders = { bad: { deeds: Array(50).fill(deed) }, good: { ms: 5 } };
      const run = download(w.options(holders, twoAs));
      // The tracker still names it.
      w.clock.setTimeout(() => run.addHolder("bad"), 20);
      const result = await w.clock.run(run.done);
      assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
      assert.deepEqual([...result.from], [["good", 320]]);
      assert.deepEqual(w.lost, [{ holder: "bad", code: "bad_chunk", banned: true }]);
      assert.ok(w.asked.filter(({ holder }) => holder === "bad").length <= 2);
    });
  }

  it("sends more than the chunk, or another buffer, is well", async () => {
    const w = world(320);
    const deeds = ["long", "fresh", "ok", "long", "fresh"] as const;
    await w.clock.run(download(w.options({ a: { deeds } })).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, []);
  });

  it("dies is replaced", async () => {
    const w = world(320);
    const holders = { a: { deeds: ["ok", "ok", "die"] as const }, b: {} };
    await w.clock.run(download(w.options(holders, twoAs)).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, [{ holder: "a", code: "noproc", banned: false }]);
  });

  it("stalls is replaced, by its own speed", async () => {
    const w = world(320);
    const holders = {
      a: { ms: 100, deeds: ["ok", "ok", "ok", "hang"] as const },
      b: { ms: 700 },
    };
    const stall = { firstMs: 60_000, minMs: 1, factor: 4 };
    const { done } = download(w.options(holders, { ...twoAs, stall }));
    const result = await w.clock.run(done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, [{ holder: "a", code: "stalled", banned: false }]);
    // What the answers before took, four times, and not the minute for a stranger.
    assert.ok(w.clock.now() < 20_000, `${w.clock.now()}`);
    assert.ok(result.from.get("b")! > 100);
  });

  it("is busy is asked again later", async () => {
    const w = world(320);
    const { done } = download(w.options({ a: { deeds: ["busy", "busy", "ok", "busy"] } }, twoAs));
    await w.clock.run(done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, []);
  });

  it("is always busy is given up", async () => {
    const w = world(320);
    const { done } = download(w.options({ a: { deeds: Array(99).fill("busy") } }, { window: 1 }));
    await assert.rejects(w.clock.run(done), IncompleteError);
    assert.deepEqual(w.lost.map(({ code }) => code), ["mailbox_full"]);
  });

  it("comes while it runs is asked, and one that comes twice once", async () => {
    const w = world(320);
    const run = download({ ...w.options({ a: { ms: 50 }, late: {} }, twoAs), holders: ["a"] });
    w.clock.setTimeout(() => (run.addHolder("late"), run.addHolder("late")), 120);
    const result = await w.clock.run(run.done);
    assert.ok(result.from.get("late")! > result.from.get("a")!);
    assert.ok(w.clock.now() < 400);
  });

  it("is asked for when all are gone", async () => {
    const w = world(320);
    let asked = 0;
    const options = w.options({ a: { deeds: ["ok", "die"] }, b: {} }, {
      ...twoAs,
      moreHolders: async () => {
        await wait(w.clock, 5_000);
        return ++asked === 1 ? ["a", "b"] : [];
      },
    });
    await w.clock.run(download({ ...options, holders: ["a"] }).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.equal(asked, 1);
  });

  it("comes back dead each time is not asked for ever", async () => {
    const w = world(320);
    w.dead.add("a");
    const { done } = download(w.options({ a: {} }, {
      manifest: w.manifest,
      moreHolders: () => Promise.resolve(["a"]),
    }));
    await assert.rejects(w.clock.run(done), (error) => {
      assert.ok(error instanceof IncompleteError);
      assert.equal(error.missing, "0-19");
      assert.equal(error.count, 20);
      return true;
    });
    assert.equal(w.lost.length, 3);
  });

  it("has only some chunks is asked for those", async () => {
    const w = world(160);
    const holders = { a: { has: new Set([0, 2, 4, 6, 8]) }, b: { has: new Set([1, 3, 5, 7, 9]) } };
    await w.clock.run(download(w.options(holders, twoAs)).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, []);
  });
});

describe("a manifest", () => {
  it("is asked of the next holder where the first has none or lies", async () => {
    for (const lie of [undefined, { size: 1 }, { ...manifestOf(new Uint8Array(5), 16) }]) {
      const w = world(100);
      const options = w.options({ a: {}, b: {} });
      const { done } = download({
        ...options,
        holders: ["a"],
        moreHolders: () => Promise.resolve(["b"]),
        askManifest: (holder, signal) =>
          holder === "a" ? Promise.resolve(lie) : options.askManifest(holder, signal),
      });
      await w.clock.run(done);
      assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
      assert.equal(w.lost[0]!.banned, true);
    }
  });

  it("is waited for no longer than allowed", async () => {
    const w = world(100);
    const { done } = download({
      ...w.options({ a: {} }),
      askManifest: () => new Promise(() => {}),
    });
    await assert.rejects(w.clock.run(done), (error) => {
      assert.ok(error instanceof NoHolderError);
      assert.match(error.message, /Nobody has "music\/song.bin": 1 holders were tried/);
      assert.equal((error.cause as { code: string }).code, "stalled");
      return true;
    });
    assert.deepEqual(w.disk.files(), []);
  });

  it("may come from a holder that is found only later", async () => {
    const w = world(100);
    const run = download({
      ...w.options({ a: {} }),
      holders: [],
      moreHolders: () => new Promise(() => {}),
    });
    w.clock.setTimeout(() => run.addHolder("a"), 1_000);
    await w.clock.run(run.done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
  });
});

describe("a download that is stopped", () => {
  it("keeps what is verified, and goes on from there without asking again", async () => {
    const w = world(320);
    const controller = new AbortController();
    let told = 0;
    const first = download(w.options({ a: { ms: 60 } }, {
      window: 1,
      signal: controller.signal,
      onProgress: ({ done }) => {
        told = done;
        if (done >= 1) controller.abort(new Error("enough"));
      },
    }));
    await assert.rejects(w.clock.run(first.done), (error) => {
      assert.ok(error instanceof DownloadAbortedError);
      assert.match(error.message, /enough/);
      return true;
    });
    assert.ok(told > 0 && told < 320);
    assert.equal(w.disk.openFiles, 0);
    assert.deepEqual(w.disk.files().map((path) => path.replace(/^.*\.troupe\/\w+/, "")), [
      ".journal",
      ".part",
    ]);
    let hashed = 0;
    const counting = {
      sha256: () => {
        hashed++;
        return w.options({}).hashing.sha256();
      },
    };
    const options = w.options({ a: {} }, { manifest: w.manifest, hashing: counting });
    const result = await w.clock.run(download(options).done);
    assert.ok(result.resumed >= told);
    assert.equal(result.resumed + result.fetched, 320);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.disk.files(), [FINAL]);
    const twice = w.asked.length - 20;
    assert.ok(twice <= 1, `${twice} chunks were asked for twice`);
    // Journal lines and new chunks are hashed, but not what the journal vouches for.
    assert.ok(hashed <= result.fetched / 16 + 5, `${hashed}`);
  });

  it("stops at once, whatever others do", async () => {
    const w = world(320);
    for (const at of ["manifest", "chunk", "holders"]) {
      const controller = new AbortController();
      const never = (): Promise<never> => new Promise(() => {});
      const { done } = download({
        ...w.options({ a: {} }),
        ...(at === "manifest" && { askManifest: never }),
        ...(at === "chunk" && { fetch: never }),
        ...(at === "holders" && { holders: [], moreHolders: never }),
        signal: controller.signal,
      });
      const start = w.clock.now();
      w.clock.setTimeout(() => controller.abort(), 50);
      await assert.rejects(w.clock.run(done), DownloadAbortedError);
      assert.equal(w.clock.now() - start, 50);
      assert.equal(w.disk.openFiles, 0);
      assert.deepEqual(w.disk.files(), []);
    }
  });

  it("does not end before its last write has", async () => {
    const w = world(320);
    const controller = new AbortController();
    let writing = 0;
    const slow: Disk = {
      open: async (path: string, mode: OpenMode): Promise<DiskFile> => {
        const file = await w.disk.open(path, mode);
        const write = async (bytes: Uint8Array, position: number): Promise<void> => {
          writing++;
          await wait(w.clock, 500);
          await file.write(bytes, position);
          writing--;
        };
        return path.endsWith(".part") ? { ...file, write } : file;
      },
      ...bound(w.disk),
    };
    const { signal } = controller;
    const { done } = download(w.options({ a: {} }, { disk: slow, signal, window: 4 }));
    w.clock.setTimeout(() => controller.abort(), 100);
    await assert.rejects(w.clock.run(done), DownloadAbortedError);
    assert.equal(writing, 0);
    const result = await w.clock.run(download(w.options({ a: {} })).done);
    // The window of a holder whose speed is not known.
    assert.equal(result.resumed, 2 * 16);
  });

  it("is not begun when it is stopped before", async () => {
    const w = world(320);
    const { done } = download(w.options({ a: {} }, { signal: AbortSignal.abort() }));
    await assert.rejects(w.clock.run(done), DownloadAbortedError);
    assert.deepEqual(w.disk.files(), []);
    assert.equal(await w.disk.stat("/downloads"), undefined);
  });

  it("looks again at chunks of a file that was written to since", async () => {
    const w = world(320);
    const controller = new AbortController();
    const onProgress = ({ done }: DownloadProgress): void => {
      if (done > 100) controller.abort();
    };
    const slow = { a: { ms: 60 } };
    const first = w.options(slow, { signal: controller.signal, onProgress, window: 2 });
    await w.clock.run(download(first).done.catch(() => {}));
    const part = w.disk.files().find((path) => path.endsWith(".part"))!;
    const file = await w.disk.open(part, "write");
    await file.write(new Uint8Array([w.content[3]! ^ 1]), 3);
    await file.sync();
    await file.close();
    const result = await w.clock.run(download(w.options({ a: {} })).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.ok(result.resumed > 0 && result.resumed < 320);
  });

  it("sets a journal aside that is not of this file, and looks at every chunk", async () => {
    const w = world(320);
    const place = `/downloads/me/.troupe/${w.manifest.fileId}`;
    const part = w.content.slice();
    part.fill(0, 0, 20);
    for (const journal of ["nonsense\n", "00000000 troupe-journal 1 x\n", "x".repeat(1_000)]) {
      const each = world(320);
      each.disk.put(`${place}.part`, part);
      each.disk.put(`${place}.journal`, new TextEncoder().encode(journal));
      const result = await each.clock.run(download(each.options({ a: {} })).done);
      assert.equal(result.resumed, 320 - 32);
      assert.deepEqual(each.disk.bytesOf(FINAL), each.content);
      assert.deepEqual(each.disk.files(), [`${place}.journal.foreign`, FINAL]);
    }
  });
});

describe("a disk that fails", () => {
  for (const code of ["ENOSPC", "EDQUOT", "EIO", "EROFS"]) {
    it(`with ${code} stops the download, says what to do, and keeps what is verified`, async () => {
      const w = world(320);
      let writes = 0;
      w.disk.fault = (operation, path) =>
        operation === "write" && path.endsWith(".part") && ++writes > 8 ? code : undefined;
      const { done } = download(w.options({ a: {}, b: {} }, { window: 2 }));
      await assert.rejects(w.clock.run(done), (error) => {
        assert.ok(error instanceof DownloadDiskError);
        assert.equal(error.systemCode, code);
        assert.match(error.message, /What is verified is kept: .*, then download again/);
        return true;
      });
      assert.equal(w.disk.openFiles, 0);
      assert.equal(w.disk.bytesOf(FINAL), undefined);
      w.disk.fault = () => undefined;
      const result = await w.clock.run(download(w.options({ a: {} })).done);
      assert.equal(result.resumed, 8 * 16);
      assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    });
  }

  it("is asked for room before anything is fetched", async () => {
    const w = world(320);
    w.disk.free = 319;
    await assert.rejects(w.clock.run(download(w.options({ a: {} })).done), (error) => {
      assert.ok(error instanceof NoSpaceError);
      assert.deepEqual([error.needed, error.free], [320, 319]);
      return true;
    });
    assert.deepEqual(w.asked, []);
    assert.deepEqual(w.disk.files(), []);
  });

  it("at any moment leaves nothing unverified under the final name, and the next attempt succeeds", async () => {
    for (let at = 0; at < 80; at++) {
      const w = world(100);
      let count = 0;
      w.disk.fault = () => count++ === at ? "EIO" : undefined;
      const first = download(w.options({ a: {} }, { flushBytes: 32 }));
      const outcome = await w.clock.run(first.done.then(() => "done", (error) => error));
      w.disk.fault = () => undefined;
      if (outcome !== "done") assert.ok(outcome instanceof DownloadDiskError, String(outcome));
      assert.equal(w.disk.openFiles, 0, `open files after a fault at ${at}`);
      await w.clock.run(download(w.options({ a: {} })).done);
      assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
      for (const { bytes } of w.disk.renamed) assert.deepEqual(bytes, w.content);
      const extra = w.disk.files().filter((path) => path !== FINAL && !path.endsWith(".foreign"));
      assert.deepEqual(extra, [], `left over after a fault at ${at}`);
    }
  });
});

describe("bad input", () => {
  it("is refused before anything is done", async () => {
    const w = world(100);
    for (const name of ["../a", "/etc/passwd", "a\0", "CON", ""]) {
      await assert.rejects(download(w.options({ a: {} }, { name })).done, BadNameError);
    }
    for (const fileId of ["", "x", "../a"]) {
      await assert.rejects(download(w.options({ a: {} }, { fileId })).done, BadMessageError);
    }
    for (const bad of [{ folder: "here" }, { window: 0 }, { window: 1.5 }, { bufferBytes: -1 }]) {
      await assert.rejects(download(w.options({ a: {} }, bad)).done, { code: "invalid_option" });
    }
    assert.deepEqual(w.disk.files(), []);
  });

  it("does not lead through something that is no folder", async () => {
    const w = world(100);
    w.disk.put("/downloads/me/music", new Uint8Array(1));
    await assert.rejects(w.clock.run(download(w.options({ a: {} })).done), ExistsError);
    const other = world(100);
    other.disk.put("/downloads/me/.troupe", new Uint8Array(1));
    await assert.rejects(other.clock.run(download(other.options({ a: {} })).done));
  });
});

describe("progress", () => {
  it("grows to the whole, and says how fast and from whom", async () => {
    const w = world(320);
    const seen: DownloadProgress[] = [];
    const run = download(w.options({ a: { ms: 100 }, b: { ms: 100 } }, {
      window: 1,
      onProgress: (progress) => seen.push(progress),
    }));
    assert.equal(run.progress().total, undefined);
    await w.clock.run(run.done);
    assert.ok(seen.length >= 10);
    for (const [i, { done, total }] of seen.entries()) {
      assert.equal(total, 320);
      assert.ok(i === 0 || done >= seen[i - 1]!.done);
    }
    assert.equal(seen.at(-1)!.done, 320);
    const middle = seen[5]!;
    assert.ok(middle.rate > 200 && middle.rate < 500, `${middle.rate} bytes/s`);
    assert.ok(middle.secondsLeft! > 0.2 && middle.secondsLeft! < 1.5);
    assert.deepEqual(middle.holders.map(({ holder }) => holder).sort(), ["a", "b"]);
  });

  it("that throws ends the download, cleanly", async () => {
    const w = world(320);
    const boom = new Error("boom");
    const onProgress = (): void => {
      throw boom;
    };
    await assert.rejects(w.clock.run(download(w.options({ a: {} }, { onProgress })).done), boom);
    assert.equal(w.disk.openFiles, 0);
  });

  it("keeps memory flat: buffers are used again", async () => {
    const w = world(320 * 3, 64);
    const options = w.options({ a: {}, b: {} }, { window: 4, bufferBytes: 64 * 3 });
    const buffers = new Set<ArrayBuffer>();
    const { done } = download({
      ...options,
      fetch: (holder, index, buffer, signal) => {
        buffers.add(buffer);
        return options.fetch(holder, index, buffer, signal);
      },
    });
    await w.clock.run(done);
    assert.equal(w.mostInFlight, 3);
    assert.equal(buffers.size, 3);
  });
});

describe("nextRequest", () => {
  const holder = (id: string, inFlight: number, window = 4, lacks: number[] = []) => ({
    id,
    inFlight,
    window,
    lacks: new Set(lacks),
  });

  it("asks the one with the emptiest window for the most wanted chunk that it may have", () => {
    const todo = new Set([5, 1, 3]);
    assert.deepEqual(nextRequest(todo, [holder("a", 2), holder("b", 1)]), {
      holder: "b",
      index: 5,
    });
    assert.deepEqual(nextRequest(todo, [holder("a", 2), holder("b", 3, 8)]), {
      holder: "b",
      index: 5,
    });
    assert.deepEqual(nextRequest(todo, [holder("a", 0, 4, [5])]), { holder: "a", index: 1 });
    assert.deepEqual(nextRequest(todo, [holder("a", 0, 4, [5, 1, 3]), holder("b", 3)]), {
      holder: "b",
      index: 5,
    });
  });

  it("asks nobody where nobody can be asked", () => {
    assert.equal(nextRequest(new Set(), [holder("a", 0)]), undefined);
    assert.equal(nextRequest(new Set([1]), []), undefined);
    assert.equal(nextRequest(new Set([1]), [holder("a", 4), holder("b", 0, 0)]), undefined);
    assert.equal(nextRequest(new Set([1]), [holder("a", 0, 4, [1])]), undefined);
  });
});

/** The other methods of `disk`, which need it as their `this`. */
function bound(disk: Disk): Omit<Disk, "open"> {
  return {
    readFile: (path, limit) => disk.readFile(path, limit),
    list: (path) => disk.list(path),
    stat: (path) => disk.stat(path),
    realPath: (path) => disk.realPath(path),
    rename: (from, to) => disk.rename(from, to),
    renameNew: (from, to) => disk.renameNew(from, to),
    remove: (path) => disk.remove(path),
    makeDirectory: (path) => disk.makeDirectory(path),
    syncDirectory: (path) => disk.syncDirectory(path),
    freeSpace: (path) => disk.freeSpace(path),
  };
}
