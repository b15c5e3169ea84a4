import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Disk } from "../../src/actor/mod.ts";
import { DiskError } from "../../src/actor/mod.ts";
import type { DiskRules } from "../../src/runtime/simulation/disk_faults.ts";
import { constant, uniform } from "../../src/runtime/simulation/latency.ts";
import { SimulatedDisk } from "../../src/runtime/simulation/simulated_disk.ts";
import { World } from "../../src/runtime/simulation/world.ts";
import { Occurrence } from "../../src/runtime/simulation/world_event.ts";
import { diskConformance } from "./disk_conformance.ts";

const RULES: DiskRules = {
  latency: uniform(0.1, 1),
  slow: 1,
  failing: 0,
  full: false,
  readOnly: false,
  capacity: 2 ** 40,
};

/** A disk in a world of its own, in which time passes while somebody waits for it. */
function makeDisk(rules: Partial<DiskRules> = {}, seed: number = 1) {
  const world = new World({ waits: () => [] });
  const own = new SimulatedDisk(`${seed}/disk`, { ...RULES, ...rules }, () => world.now);
  const user = own.for({
    now: () => world.now,
    later: (time, what, fn) => world.at(time, new Occurrence(undefined, what, fn)),
  });
  const wait = <T>(work: Promise<T>): Promise<T> => world.wait("the disk", work);
  return { world, own, wait, disk: waiting(user, wait) };
}

/** `disk`, each of whose answers somebody waits for. */
function waiting<T extends object>(disk: T, wait: <R>(work: Promise<R>) => Promise<R>): T {
  return new Proxy(disk, {
    get(target, name) {
      const value = Reflect.get(target, name) as unknown;
      if (typeof value !== "function") return value;
      return (...args: unknown[]) =>
        wait((value as (...args: unknown[]) => Promise<unknown>).apply(target, args)).then(
          (answer) => name === "open" ? waiting(answer as object, wait) : answer,
        );
    },
  });
}

diskConformance("the simulated disk", async () => {
  const { disk, own } = makeDisk();
  own.model.makeDirectory("/root");
  return await Promise.resolve({
    disk,
    root: "/root",
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (data: Uint8Array): string => new TextDecoder().decode(data);

async function write(disk: Disk, path: string, content: string, sync: boolean): Promise<void> {
  await using file = await disk.open(path, "create");
  await file.write(bytes(content), 0);
  if (sync) await file.sync();
}

describe("a simulated disk that crashes", () => {
  it("keeps what was synced, bytes and name, in every run", async () => {
    for (let seed = 0; seed < 50; seed++) {
      const { disk, own } = makeDisk({}, seed);
      await write(disk, "/kept", "safe", true);
      await disk.syncDirectory("/");
      own.crash();
      assert.equal(text(await disk.readFile("/kept")), "safe");
    }
  });

  it("keeps what was written to a durable file, in every run, and nothing else for sure", async () => {
    const survives = async (mode: "durable" | "write", seed: number): Promise<boolean> => {
      const { disk, own } = makeDisk({}, seed);
      await write(disk, "/kept", "safe", true);
      await disk.syncDirectory("/");
      const file = await disk.open("/kept", mode);
      await file.write(bytes("more"), 4);
      own.crash();
      return text(await disk.readFile("/kept")) === "safemore";
    };
    const seeds = [...Array(50).keys()];
    const kept = await Promise.all(seeds.map((seed) => survives("durable", seed)));
    assert.ok(kept.every((each) => each));
    const left = await Promise.all(seeds.map((seed) => survives("write", seed)));
    assert.ok(left.includes(false));
  });

  it("loses of the rest all, nothing, or the end: a torn write is the beginning of it", async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 200; seed++) {
      const { disk, own } = makeDisk({}, seed);
      await write(disk, "/a", "old!", true);
      await disk.syncDirectory("/");
      const file = await disk.open("/a", "write");
      await file.write(bytes("new?"), 0);
      own.crash();
      seen.add(text(await disk.readFile("/a")));
    }
    assert.ok(seen.has("old!") && seen.has("new?"));
    for (const content of seen) {
      assert.ok(["old!", "nld!", "ned!", "new!", "new?"].includes(content));
    }
    assert.ok(seen.size >= 4, [...seen].join());
  });

  it("loses names from the last on: no rename without those before it", async () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const { disk, own } = makeDisk({}, seed);
      for (const name of ["/a", "/b", "/c"]) await write(disk, name, name, true);
      own.crash();
      seen.add(own.model.files().join());
    }
    assert.deepEqual([...seen].sort(), ["", "/a", "/a,/b", "/a,/b,/c"]);
  });

  it("may have done what it was doing", () => {
    const seen = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const { world, own } = makeDisk({ latency: constant(10) }, seed);
      const user = own.for({
        now: () => world.now,
        later: (time, what, fn) => world.at(time, new Occurrence(undefined, what, fn)),
      });
      own.model.put("/a", bytes("1"));
      void user.remove("/a");
      own.crash({ unsynced: "kept" });
      seen.add(own.model.files().join());
    }
    assert.deepEqual([...seen].sort(), ["", "/a"]);
  });

  it("draws the same for the same seed", async () => {
    const run = async (): Promise<string> => {
      const { disk, own } = makeDisk({}, 7);
      for (let i = 0; i < 20; i++) await write(disk, `/${i}`, "x".repeat(i), i % 2 === 0);
      own.crash();
      return own.model.files().map((path) => `${path}=${own.model.file("", path).bytes.length}`)
        .join();
    };
    assert.equal(await run(), await run());
  });
});

describe("a simulated disk with faults", () => {
  const refuses = (code: string, work: Promise<unknown>): Promise<void> =>
    assert.rejects(work, (error) => error instanceof DiskError && error.code === code);

  it("is full, read-only, failing, or too small, and says so", async () => {
    const { disk, own } = makeDisk();
    own.model.put("/a", bytes("abc"));
    own.change({ full: true });
    await refuses("ENOSPC", disk.open("/b", "create"));
    assert.equal(await disk.freeSpace("/"), 0);
    assert.equal(text(await disk.readFile("/a")), "abc");
    own.change({ full: false, readOnly: true });
    await refuses("EROFS", disk.remove("/a"));
    await refuses("EROFS", disk.open("/a", "write"));
    assert.equal(text(await disk.readFile("/a")), "abc");
    own.change({ readOnly: false, failing: 1 });
    await refuses("EIO", disk.readFile("/a"));
    own.change({ failing: 0, capacity: 4 });
    const file = await disk.open("/a", "write");
    await file.write(bytes("abcd"), 0);
    await refuses("ENOSPC", file.write(bytes("abcde"), 0));
    await refuses("ENOSPC", file.truncate(5));
  });

  it("is slow as it is told, and ends operations in the order they were begun", async () => {
    const { disk, own, world } = makeDisk({ latency: constant(2), slow: 10 });
    own.model.put("/a", bytes("abc"));
    const order: number[] = [];
    await Promise.all([1, 2, 3].map((n) => disk.readFile("/a").then(() => order.push(n))));
    assert.equal(world.now, 20);
    assert.deepEqual(order, [1, 2, 3]);
  });

  it("is wiped, folders apart", async () => {
    const { disk, own } = makeDisk();
    own.model.put("/folder/a", bytes("abc"));
    own.model.wipe();
    own.crash();
    await refuses("ENOENT", disk.readFile("/folder/a"));
    assert.deepEqual(await disk.list("/folder"), []);
  });
});
