import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { download, nextRequest } from "../../src/sharing/mod.ts";
import type { Part } from "../../src/sharing/mod.ts";
import { duplicate } from "../../src/sharing/endgame.ts";
import { absentFrom, describeHave } from "../../src/sharing/have.ts";
import { RateLimit } from "../../src/sharing/rate_limit.ts";
import { Slots } from "../../src/sharing/slots.ts";
import { slotsFor } from "../../src/sharing/slots_for.ts";
import { windowFor } from "../../src/sharing/window.ts";
import { wait, world } from "./download_world.ts";
import { virtualClock } from "./virtual_clock.ts";

const FINAL = "/downloads/me/music/song.bin";
const never = new AbortController().signal;

function holder(id: string, inFlight: number, lacks: number[] = [], msPerChunk = 10) {
  return { id, inFlight, window: 4, lacks: new Set(lacks), msPerChunk };
}

describe("the next request", () => {
  it("is for the rarest chunk that the holder has, else for the first", () => {
    const todo = new Set([1, 2, 3, 4]);
    assert.deepEqual(nextRequest(todo, [holder("a", 0)], [0, 0, 1, 2, 1]), {
      holder: "a",
      index: 3,
    });
    assert.deepEqual(nextRequest(todo, [holder("a", 0, [3])], [0, 0, 1, 2, 1])!.index, 2);
    assert.equal(nextRequest(todo, [holder("a", 0)])!.index, 1);
  });
});

describe("the endgame", () => {
  const out = (index: number, holder: string, since: number) => ({ index, holder, since });

  it("asks an idle holder for what is out longest, after twice its own time", () => {
    const slow = [out(1, "slow", 0), out(2, "slow", 10)];
    const members = [holder("slow", 2), holder("fast", 0, [], 40)];
    assert.deepEqual(duplicate(slow, members, 79), { at: 80 });
    assert.deepEqual(duplicate(slow, members, 80), { holder: "fast", index: 1 });
    assert.deepEqual(duplicate(slow, members, 95), { holder: "fast", index: 1 });
  });

  it("asks nobody who lacks it, is asked already, or is busy", () => {
    assert.equal(
      duplicate([out(1, "a", 0)], [holder("a", 1), holder("b", 0, [1])], 999),
      undefined,
    );
    assert.equal(duplicate([out(1, "a", 0)], [holder("a", 1), holder("b", 4)], 999), undefined);
    assert.equal(duplicate([], [holder("b", 0)], 999), undefined);
  });

  it("saves a download from its slowest holder, and asks twice for few chunks only", async () => {
    const chunks = 256;
    const w = world(16 * chunks);
    const { manifest } = w;
    const holders = { slow: { ms: 10_000 }, fast: { ms: 5 } };
    await w.clock.run(download(w.options(holders, { window: 2, manifest })).done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    // Not even the end waits for what was asked of the slow one.
    assert.ok(w.clock.now() < 2_000, `${w.clock.now()} ms`);
    assert.equal(w.asked.length, chunks + 2);
    assert.deepEqual(w.lost, []);
  });
});

describe("the window of a holder", () => {
  it("holds what it sends in a quarter of a second, within bounds", () => {
    assert.equal(windowFor(0, 2 ** 20, 16), 2);
    assert.equal(windowFor(1_000, 2 ** 20, 16), 2);
    assert.equal(windowFor(40e6, 2 ** 20, 16), 10);
    assert.equal(windowFor(1e12, 2 ** 20, 16), 16);
    assert.equal(windowFor(1e12, 2 ** 20, 1), 1);
  });
});

describe("what a holder says it has", () => {
  it("is read as it was written", () => {
    assert.equal(describeHave(5, () => true), "all");
    assert.equal(describeHave(5, (index) => index !== 2), "0-1,3-4");
    assert.deepEqual(absentFrom("0-1,3-4", 5), [2]);
    assert.deepEqual(absentFrom("all", 5), []);
    assert.deepEqual(absentFrom("", 2), [0, 1]);
  });

  for (const bad of [undefined, 7, "5", "0-9", "x", { length: 1 }, "0,".repeat(1e6)]) {
    it(`is refused as ${String(bad).slice(0, 20)}`, () => {
      assert.throws(() => absentFrom(bad, 5), { code: "bad_message" });
    });
  }

  it("that is still downloading is asked again until it has all", async () => {
    const w = world(320);
    const has = new Set([0]);
    const grow = (): void => {
      if (has.size < 20) {
        has.add(has.size);
        w.clock.setTimeout(grow, 300);
      }
    };
    w.clock.setTimeout(grow, 300);
    const { done } = download({
      ...w.options({ a: { has } }),
      askHave: async () => {
        await wait(w.clock, 1);
        return describeHave(20, (index) => has.has(index));
      },
    });
    await w.clock.run(done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    assert.deepEqual(w.lost, []);
  });

  it("that does not get on is not waited for for ever", async () => {
    const w = world(320);
    const { done } = download({
      ...w.options({ a: { has: new Set([1, 2]) } }),
      askHave: () => Promise.resolve("1-2"),
    });
    await assert.rejects(w.clock.run(done), { code: "incomplete", missing: "0,3-19" });
    assert.ok(w.clock.now() < 20_000);
  });

  it("and never has is not believed for ever", async () => {
    const w = world(320);
    const { done } = download({
      ...w.options({ liar: { has: new Set<number>() } }),
      manifest: w.manifest,
      moreHolders: () => Promise.resolve(["liar"]),
      askHave: () => wait(w.clock, 1).then(() => "all"),
    });
    await assert.rejects(w.clock.run(done), { code: "incomplete", count: 20 });
    assert.ok(w.clock.now() < 60_000, `${w.clock.now()} ms`);
  });

  it("lets a swarm that has every chunk only together finish", async () => {
    const w = world(320);
    const has = (from: number): Set<number> =>
      new Set(Array.from({ length: 20 }, (_, i) => i).filter((i) => i % 3 === from));
    const holders = { a: { has: has(0) }, b: { has: has(1) }, c: { has: has(2) } };
    const { done } = download({
      ...w.options(holders),
      askHave: (id) => Promise.resolve(describeHave(20, (i) => holders[id as "a"].has.has(i))),
    });
    await w.clock.run(done);
    assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
    const early = w.asked.slice(6);
    for (const { holder, index } of early) assert.ok(holders[holder as "a"].has.has(index));
  });
});

describe("an unfinished file", () => {
  it("can be read while it downloads, and no more when it is over", async () => {
    const w = world(320);
    let part: Part | undefined;
    let read = 0;
    const reading: Promise<void>[] = [];
    const { done } = download(w.options({ a: { ms: 30 } }, {
      window: 1,
      onPart: (given) => void (part = given),
      onProgress: () => {
        const index = [...Array(20).keys()].find((i) => part?.has(i));
        if (part === undefined || index === undefined) return;
        const into = new Uint8Array(16);
        reading.push(
          part.read(index, into).then((length) => {
            read += length;
            assert.deepEqual(into, w.content.slice(index * 16, index * 16 + 16));
          }),
        );
      },
    }));
    await w.clock.run(done);
    await Promise.all(reading);
    assert.ok(read > 0);
    assert.equal(part, undefined);
  });
});

describe("a rate limit", () => {
  it("lets no more through than it says, and nobody starve", async () => {
    const clock = virtualClock();
    const limit = new RateLimit(clock, 1_000);
    const lane = async (bytes: number): Promise<void> => {
      for (let i = 0; i < 10; i++) await limit.take(bytes, never);
    };
    await clock.run(Promise.all([lane(100), lane(300)]).then(() => {}));
    assert.ok(clock.now() >= 3_400 && clock.now() <= 4_100, `${clock.now()} ms`);
  });

  it("takes nothing for who gives up, and can be lifted", async () => {
    const clock = virtualClock();
    const limit = new RateLimit(clock, 10);
    await limit.take(100, never);
    const controller = new AbortController();
    const given = limit.take(1_000_000, controller.signal);
    controller.abort();
    await given;
    limit.bytesPerSecond = Infinity;
    await limit.take(1e9, never);
    assert.equal(clock.now(), 0);
  });

  it("slows a download down", async () => {
    const w = world(320);
    const limit = new RateLimit(w.clock, 32);
    const { done } = download(
      w.options({ a: {} }, { throttle: (bytes, signal) => limit.take(bytes, signal) }),
    );
    await w.clock.run(done);
    assert.ok(w.clock.now() > 9_000 && w.clock.now() < 11_000, `${w.clock.now()} ms`);
  });
});

describe("chunks under way", () => {
  it("fit into 8 MiB, or are four where chunks are large, never above 32 MiB nor fewer than two", () => {
    assert.deepEqual([18, 20, 21, 22, 23, 24].map((bits) => slotsFor(2 ** bits)), [
      32,
      8,
      4,
      4,
      4,
      2,
    ]);
    assert.equal(slotsFor(2 ** 20, 3 * 2 ** 20), 3);
    assert.equal(slotsFor(2 ** 20, 1), 2);
  });
});

describe("slots", () => {
  it("go to the higher priority first, then to who came first; one that gives up takes none", async () => {
    const slots = new Slots(1);
    const order: string[] = [];
    const first = await slots.take(0);
    const controller = new AbortController();
    const lane = async (name: string, priority: number, signal?: AbortSignal): Promise<void> => {
      try {
        using _slot = await slots.take(priority, signal);
        order.push(name);
      } catch {
        order.push(`${name} gave up`);
      }
    };
    const lanes = [lane("a", 0), lane("b", 5), lane("c", 5), lane("d", 9, controller.signal)];
    controller.abort();
    first[Symbol.dispose]();
    await Promise.all(lanes);
    assert.deepEqual(order, ["d gave up", "b", "c", "a"]);
    assert.equal(slots.waiting, 0);
  });

  it("that become more are given at once", async () => {
    const slots = new Slots(1);
    await slots.take(0);
    const second = slots.take(0);
    slots.limit = 2;
    await second;
  });
});
