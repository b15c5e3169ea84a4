import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import fc from "fast-check";
import { keyedRandom } from "../../src/actor/mod.ts";
import type { DownloadOptions, DownloadResult } from "../../src/sharing/mod.ts";
import {
  describeHave,
  download,
  DownloadAbortedError,
  IncompleteError,
} from "../../src/sharing/mod.ts";
import type { Deed, FakeHolder, World } from "./download_world.ts";
import { session, wait, world } from "./download_world.ts";

const FINAL = "/downloads/me/music/song.bin";

/** What a holder says of the chunks that it has, when it is asked. */
type Says = "truth" | "all" | "nothing" | "nonsense" | "hang";

/** 20,000 in full; each case is one download with its restarts. */
const CASES = Number(process.env["PROPERTY_CASES"] ?? 2_000);

const deed = fc.constantFrom<Deed>(
  "ok",
  "ok",
  "ok",
  "wrong",
  "short",
  "long",
  "foreign",
  "busy",
  "hang",
  "die",
  "fresh",
);

/** Which chunks: all, or those of a pattern of bits. */
const subset = fc.option(fc.nat(2 ** 24 - 1), { freq: 2, nil: undefined });

const flawed = fc.record({
  says: fc.constantFrom<Says>("truth", "all", "nothing", "nonsense", "hang"),
  bits: subset,
  deeds: fc.array(deed, { maxLength: 12 }),
  ms: fc.integer({ min: 1, max: 40 }),
});
const honest = fc.record({
  says: fc.constantFrom<Says>("truth", "all"),
  bits: subset,
  deeds: fc.array(fc.constantFrom<Deed>("ok", "long", "fresh", "busy"), { maxLength: 6 }),
  ms: fc.integer({ min: 1, max: 40 }),
});

const story = fc.record({
  size: fc.oneof(fc.constantFrom(0, 1, 16, 32, 64), fc.nat(380)),
  chunkSize: fc.constantFrom(16, 32, 64),
  flawed: fc.array(flawed, { maxLength: 4 }),
  honest: fc.array(honest, { maxLength: 3 }),
  /** Which of them are known at first; the others are found when they are asked for. */
  known: fc.nat(127),
  window: fc.integer({ min: 1, max: 4 }),
  /** Whether holders are asked what they have. */
  asks: fc.boolean(),
  flushBytes: fc.constantFrom(1, 48, 1_000),
  /** Attempts that are cut off before the last one, each after so many milliseconds. */
  cuts: fc.array(
    fc.record({ how: fc.constantFrom("abort", "crash"), ms: fc.nat(200), seed: fc.nat() }),
    { maxLength: 3 },
  ),
});

type Story = typeof story extends fc.Arbitrary<infer T> ? T : never;

describe("a download, whatever happens to it,", () => {
  it("gives the right bytes if they exist among the living, else says what is missing", async () => {
    await fc.assert(fc.asyncProperty(story, tell), { numRuns: CASES });
  });
});

async function tell(story: Story): Promise<void> {
  const w = world(story.size, story.chunkSize);
  const holders = cast(story);
  for (const { how, ms, seed } of story.cuts) {
    const done = await attempt(w, story, holders, { how, ms, seed });
    checkDisk(w);
    if (done !== undefined) return;
  }
  const ids = Object.keys(holders);
  const first = ids.filter((_, i) => (story.known >> i & 1) === 1);
  const { done } = download({
    ...w.options(holders, settings(story)),
    ...haves(w, story, holders),
    manifest: w.manifest,
    holders: first,
    moreHolders: async () => {
      await wait(w.clock, 10);
      return ids;
    },
  });
  const outcome = await w.clock.run(done.catch((error: unknown) => error));
  checkDisk(w);
  const wanted = honestChunks(story, holders);
  const count = Math.ceil(story.size / story.chunkSize);
  if (outcome instanceof IncompleteError) {
    const missing = numbers(outcome.missing);
    assert.equal(missing.length, outcome.count);
    for (const index of missing) assert.ok(!wanted.has(index), `chunk ${index} was to be had`);
    assert.ok(wanted.size < count);
    assert.equal(w.disk.bytesOf(FINAL), undefined);
    return;
  }
  if (outcome instanceof Error) throw outcome;
  assert.deepEqual(w.disk.bytesOf(FINAL), w.content);
  const { fetched, resumed, kind } = outcome as DownloadResult;
  assert.equal(kind === "existed" ? story.size : fetched + resumed, story.size);
  assert.deepEqual(w.disk.files().filter((path) => !path.endsWith(".foreign")), [FINAL]);
}

/** An attempt that is cut off; gives its result if it was faster. */
async function attempt(
  w: World,
  story: Story,
  holders: Readonly<Record<string, FakeHolder>>,
  cut: { how: string; ms: number; seed: number },
): Promise<unknown> {
  const controller = new AbortController();
  const { disk, kill } = session(w.disk);
  const { done } = download({
    ...w.options(holders, settings(story)),
    ...haves(w, story, holders),
    disk,
    manifest: w.manifest,
    signal: controller.signal,
    moreHolders: () => new Promise(() => {}),
  });
  const outcome = done.then((result) => result, (error: unknown) => error);
  const over = wait(w.clock, cut.ms).then(() => "cut" as const);
  const first = await w.clock.run(Promise.race([outcome, over]));
  if (first !== "cut") {
    if (first instanceof Error) throw first;
    return first;
  }
  if (cut.how === "crash") {
    kill();
    w.disk.crash(keyedRandom(cut.seed));
    controller.abort();
    await w.clock.run(outcome);
    return undefined;
  }
  controller.abort();
  const end = await w.clock.run(outcome);
  assert.equal(w.disk.openFiles, 0);
  if (end instanceof DownloadAbortedError) return undefined;
  if (end instanceof Error) throw end;
  return end;
}

/** Nothing that is not the file was ever given its name, in memory or on the disk. */
function checkDisk(w: World): void {
  for (const { bytes } of w.disk.renamed) assert.deepEqual(bytes, w.content);
  const final = w.disk.bytesOf(FINAL);
  if (final !== undefined) assert.deepEqual(final, w.content);
}

function settings({ window, flushBytes }: Story): Partial<DownloadOptions> {
  return { window, flushBytes, stall: { firstMs: 1_000, minMs: 200, maxMs: 2_000 } };
}

/** What holders say they have: the truth, or not. */
function haves(
  w: World,
  story: Story,
  holders: Readonly<Record<string, FakeHolder>>,
): Pick<DownloadOptions, "askHave"> {
  if (!story.asks) return {};
  const count = Math.ceil(story.size / story.chunkSize);
  return {
    askHave: async (id) => {
      await wait(w.clock, 3);
      if (w.dead.has(id)) throw Object.assign(new Error(`${id} is gone`), { code: "noproc" });
      const [kind, number] = id.split("-") as ["flawed" | "honest", string];
      const { says } = story[kind][Number(number)]!;
      if (says === "hang") return await new Promise(() => {});
      if (says === "nonsense") return "7-3,x";
      const has = holders[id]!.has;
      if (says === "nothing") return "";
      return says === "all" ? "all" : describeHave(count, (index) => has?.has(index) ?? true);
    },
  };
}

function cast(story: Story): Record<string, FakeHolder> {
  const holders: Record<string, FakeHolder> = {};
  const chunksOf = (bits: number | undefined): Pick<FakeHolder, "has"> =>
    bits === undefined
      ? {}
      : { has: new Set(Array.from({ length: 24 }, (_, i) => i).filter((i) => bits >> i & 1)) };
  story.flawed.forEach(({ bits, deeds, ms }, i) => {
    holders[`flawed-${i}`] = { ...chunksOf(bits), deeds, ms };
  });
  story.honest.forEach(({ bits, deeds, ms }, i) => {
    holders[`honest-${i}`] = { ...chunksOf(bits), deeds, ms };
  });
  return holders;
}

function honestChunks(story: Story, holders: Readonly<Record<string, FakeHolder>>): Set<number> {
  const count = Math.ceil(story.size / story.chunkSize);
  const chunks = new Set<number>();
  for (const [id, { has }] of Object.entries(holders)) {
    if (!id.startsWith("honest")) continue;
    for (let i = 0; i < count; i++) if (has === undefined || has.has(i)) chunks.add(i);
  }
  return chunks;
}

function numbers(ranges: string): number[] {
  return ranges.split(",").flatMap((range) => {
    const [from, to = from] = range.split("-").map(Number) as [number, number?];
    return Array.from({ length: to! - from! + 1 }, (_, i) => from! + i);
  });
}
