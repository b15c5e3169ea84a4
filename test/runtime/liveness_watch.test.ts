import assert from "node:assert/strict";
import { test } from "node:test";
import type { NodeId } from "../../src/actor.ts";
import { actorId, createSystem } from "../../src/actor.ts";
import { Liveness } from "../../src/runtime/threads/liveness.ts";
import { checkLiveness } from "../../src/runtime/threads/liveness_options.ts";
import { firstHistory, suspectAfter } from "../../src/runtime/threads/phi.ts";
import type { PulseWork } from "../../src/runtime/threads/pulse.ts";
import { newPulse, PulseReader, PulseWriter } from "../../src/runtime/threads/pulse.ts";

const NODE = "t1" as NodeId;
const SPINNER = actorId(NODE, 7);

/** A thread and its watcher on a clock that is turned by hand. */
function world(options = checkLiveness()) {
  const log: string[] = [];
  const suspicions: { silentMs: number; method: string | undefined }[] = [];
  const liveness = new Liveness(options, {
    unresponsive(node, { silentMs, current }) {
      log.push(`unresponsive ${node}`);
      suspicions.push({ silentMs, method: current?.method });
    },
    responsive: (node) => log.push(`responsive ${node}`),
  });
  const memory = newPulse();
  const thread = new PulseWriter(memory);
  liveness.add(NODE, new PulseReader(NODE, memory));
  let now = 0;
  let nextBeat = 0;
  /** Lets `ms` pass, with beats unless the thread hangs, and looks unless the watcher hangs. */
  const pass = (ms: number, { beating = true, looking = true, begins = false } = {}): void => {
    for (const end = now + ms; now < end;) {
      now += liveness.lookMs;
      if (begins) thread.began(SPINNER, "work", now);
      if (beating) {
        for (; nextBeat <= now; nextBeat += options.intervalMs) thread.beat(nextBeat, 1e6);
      }
      if (looking) liveness.look(now);
    }
    if (!beating) nextBeat = now;
  };
  return { liveness, log, suspicions, thread, pass };
}

test("a thread that falls silent is suspected once, within the computed time and two looks", () => {
  const { liveness, log, suspicions, thread, pass } = world();
  pass(20_000);
  assert.deepEqual(log, []);
  thread.began(SPINNER, "spin", 20_000);
  pass(10_000, { beating: false });
  assert.deepEqual(log, ["unresponsive t1"]);
  const [first] = suspicions;
  assert.equal(first?.method, "spin");
  assert.ok(
    first.silentMs >= 1_380 && first.silentMs <= 1_380 + 2 * liveness.lookMs,
    `${first.silentMs}`,
  );
});

test("a new thread is suspected by the two intervals that were made up for it", () => {
  const options = checkLiveness();
  const { liveness, suspicions, pass } = world(options);
  pass(liveness.lookMs);
  pass(10_000, { beating: false });
  const expected = suspectAfter(firstHistory(options.intervalMs), options);
  const silent = suspicions[0]?.silentMs ?? 0;
  assert.ok(silent >= expected && silent <= expected + 2 * liveness.lookMs, `${silent}`);
});

test("a thread that never gave a beat is not suspected: its start has a limit of its own", () => {
  const { liveness, log, pass } = world();
  pass(60_000, { beating: false });
  assert.deepEqual(log, []);
  assert.deepEqual(liveness.state(NODE), { phi: 0, silentMs: 0 });
});

test("a sign of life ends the suspicion, and the silence that it ended is not learnt from", () => {
  const { log, suspicions, thread, pass } = world();
  pass(20_000);
  pass(2_000, { beating: false });
  // The first of two before the next look: half of the silence would look usual.
  thread.beat(22_000, 1e6);
  pass(1_000);
  assert.deepEqual(log, ["unresponsive t1", "responsive t1"]);
  pass(30_000, { beating: false });
  assert.ok(Math.abs((suspicions[1]?.silentMs ?? 0) - (suspicions[0]?.silentMs ?? 0)) <= 63);
});

test("messages begun are signs of life of a thread whose beats wait, and teach no long intervals", () => {
  const { log, suspicions, pass } = world();
  pass(20_000);
  pass(30_000, { beating: false, begins: true });
  pass(1_000);
  assert.deepEqual(log, []);
  pass(5_000, { beating: false });
  assert.ok((suspicions[0]?.silentMs ?? Infinity) < 1_600);
});

test("time in which the watcher itself did not run is no silence, and teaches nothing", () => {
  const { liveness, log, suspicions, pass } = world();
  pass(20_000);
  for (const slept of [60_000, ...new Array<number>(20).fill(1_000)]) {
    pass(slept, { beating: false, looking: false });
    pass(liveness.lookMs, { beating: false });
    pass(1_000);
  }
  assert.deepEqual(log, []);
  pass(5_000, { beating: false });
  assert.deepEqual(log, ["unresponsive t1"]);
  assert.ok((suspicions[0]?.silentMs ?? Infinity) < 1_600);
});

test("a thread that is not watched any more is not told of", () => {
  const { liveness, log, pass } = world();
  pass(5_000);
  liveness.remove(NODE);
  pass(5_000, { beating: false });
  assert.deepEqual(log, []);
  assert.equal(liveness.suspicion(NODE), undefined);
});

test("shared memory holds names of any length and number, and forgets no current work", () => {
  const memory = newPulse();
  const [writer, reader] = [new PulseWriter(memory), new PulseReader(NODE, memory)];
  const work = (): PulseWork | undefined => reader.current;
  assert.equal(work(), undefined);
  const names = ["m", "größe", "a".repeat(200), ...Array.from({ length: 300 }, (_, n) => `m${n}`)];
  for (const [index, name] of names.entries()) {
    writer.began(actorId(NODE, index), name, index);
    const method = index < 127 ? name.slice(0, 47) : undefined;
    assert.deepEqual(work(), { actor: actorId(NODE, index), method, since: index });
    writer.rested();
    assert.equal(work(), undefined);
  }
  assert.equal(reader.begun, names.length);
  assert.equal(writer.condemned, false);
  reader.condemn();
  assert.equal(writer.condemned, true);
});

test("wrong options of liveness are refused with name and value, and nothing is started", async () => {
  const wrong: [object, RegExp][] = [
    [{ liveness: { intervalMs: 5 } }, /liveness\.intervalMs is 5, expected milliseconds from 10/],
    [{ liveness: { intervalMs: "250" } }, /liveness\.intervalMs is "250"/],
    [{ liveness: { threshold: 0 } }, /liveness\.threshold is 0/],
    [{ liveness: { threshold: NaN } }, /liveness\.threshold/],
    [{ liveness: { acceptablePauseMs: -1 } }, /liveness\.acceptablePauseMs is -1/],
    [{ liveness: { kill: "yes" } }, /liveness\.kill is "yes"/],
    [{ liveness: { interval: 1 } }, /an option of liveness is "interval"/],
    [{ liveness: true }, /liveness is true/],
    [{ maxZombies: 0 }, /maxZombies is 0, expected a whole number from 1/],
    [{ maxZombies: 1.5 }, /maxZombies is 1\.5/],
  ];
  for (const [options, message] of wrong) {
    await assert.rejects(createSystem(options), (error: Error & { code?: string }) => {
      assert.equal(error.code, "invalid_option");
      assert.match(error.message, message);
      return true;
    });
  }
});
