import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorContext, ActorDefinition, SimulatedSystem } from "../../src/actor.ts";
import {
  actor,
  createSystem,
  InvalidOptionError,
  NotCloneableError,
  OutOfMemoryError,
} from "../../src/actor.ts";
import type { SimulationOptions } from "../../src/actor.ts";
import { constant } from "../../src/runtime/simulation/mod.ts";
import {
  LivelockError,
  NotReachedError,
  StalledError,
} from "../../src/runtime/simulation/errors.ts";

const counter = actor(() => {
  let n = 0;
  return {
    add: (by: number) => n += by,
    async later(by: number) {
      await Promise.resolve();
      return n += by;
    },
    never: () => new Promise<never>(() => {}),
    size: (bytes: ArrayBuffer) => bytes.byteLength,
  };
});

async function simulated(
  t: { after(fn: () => Promise<void>): void },
  options: Partial<SimulationOptions> = {},
): Promise<SimulatedSystem> {
  const system = await createSystem({ seed: 1, ...options, runtime: "simulation" });
  t.after(() => system.shutdown());
  return system;
}

const OWN = { placement: "thread" } as const;

describe("a simulated system", () => {
  it("lets time pass only while somebody waits, and as fast as it can", async (t) => {
    const system = await simulated(t);
    const ref = await system.spawn(counter, undefined, { ...OWN, name: "counter" });
    const before = system.world.now;
    ref.tell.add(1);
    await new Promise<void>((resolve) => setImmediate(resolve));
    assert.equal(system.world.now, before);
    const real = performance.now();
    await system.world.advance(24 * 3_600_000);
    assert.ok(performance.now() - real < 5_000);
    assert.equal(system.world.now, before + 24 * 3_600_000);
    assert.equal(await ref.ask.later(1), 2);
  });

  it("refuses a runtime that there is not", async () => {
    await assert.rejects(createSystem({ runtime: "fiction" } as never), InvalidOptionError);
  });

  it("copies messages and moves buffers, as threads do", async (t) => {
    const system = await simulated(t);
    const ref = await system.spawn(counter, undefined, OWN);
    const bytes = new ArrayBuffer(64);
    assert.equal(await ref.with({ transfer: [bytes] }).ask.size(bytes), 64);
    assert.equal(bytes.byteLength, 0);
    // Node 20's clone would move it once more, as an empty one.
    const again = ref.with({ transfer: [bytes] }).ask.size(bytes);
    await assert.rejects(again, NotCloneableError);
    const empty = new ArrayBuffer(0);
    assert.equal(await ref.with({ transfer: [empty] }).ask.size(empty), 0);
    await assert.rejects(ref.ask.add((() => {}) as never), NotCloneableError);
  });

  it("takes no turn of the real event loop for messages, whatever their handlers give", async (t) => {
    const system = await simulated(t);
    const ref = await system.spawn(counter, undefined, OWN);
    for (const method of ["add", "later"] as const) {
      const { turns, events } = system.world.counts;
      for (let i = 0; i < 300; i++) ref.tell[method](1);
      await system.world.advance(10);
      await ref.ask.add(0);
      const after = system.world.counts;
      assert.ok(after.turns - turns <= 8, `${after.turns - turns} turns`);
      assert.ok(after.events > events);
    }
    assert.equal(await ref.ask.add(0), 600);
  });

  it("lets whatever an event resumed go on to its end before the next event", async (t) => {
    const seen: number[] = [];
    const chain = actor((ctx: ActorContext) => {
      let wake: () => void = () => {};
      const loop = async (): Promise<void> => {
        for (;;) {
          await new Promise<void>((resolve) => (wake = resolve));
          const began = ctx.clock.now();
          for (let i = 0; i < 100; i++) await null;
          seen.push(ctx.clock.now() - began);
        }
      };
      void loop();
      return { wake: () => wake() };
    });
    const system = await simulated(t, { latency: constant(0.001) });
    const ref = await system.spawn(chain, undefined, OWN);
    for (let i = 0; i < 20; i++) {
      ref.tell.wake();
      await system.world.advance(0.01);
    }
    assert.deepEqual(seen, new Array(20).fill(0));
  });

  it("draws for an actor by its name: one more elsewhere changes nothing", async () => {
    const gambler = actor((ctx: ActorContext) => ({ draw: () => ctx.random.next() }));
    const draws = async (others: number): Promise<number[]> => {
      await using system = await createSystem({ runtime: "simulation", seed: 3 });
      for (let i = 0; i < others; i++) await system.spawn(gambler, undefined, OWN);
      const ref = await system.spawn(gambler, undefined, { ...OWN, name: "gambler" });
      return [await ref.ask.draw(), await ref.ask.draw()];
    };
    assert.deepEqual(await draws(0), await draws(2));
  });
});

describe("what a simulated thread dies of", () => {
  const deaths: readonly [string, (system: SimulatedSystem) => void, string][] = [
    ["a crash", ({ world }) => world.crash("victim"), "nodedown"],
    ["its exit", ({ world }) => world.exit("victim", 3), "nodedown"],
    ["an error of no call", ({ world }) => world.fail("victim", new Error("stray")), "error"],
    ["a full heap", ({ world }) => world.outOfMemory("victim"), "error"],
  ];
  for (const [what, strike, kind] of deaths) {
    it(`${what}: names are free, then DOWN, and asks are settled`, async (t) => {
      const system = await simulated(t);
      const ref = await system.spawn(counter, undefined, { ...OWN, name: "victim" });
      const asked = ref.with({ timeout: Infinity }).ask.never().catch((error) => error.code);
      const down = system.down(ref).then(async ({ reason }) => {
        assert.equal(await system.registry.whereis("victim"), undefined);
        return reason;
      });
      await system.world.advance(5);
      strike(system);
      const reason = await down;
      assert.equal(reason.kind, kind);
      if (what === "a full heap") {
        assert.ok(reason.kind === "error" && reason.error instanceof OutOfMemoryError);
      }
      assert.equal(await asked, "noproc");
    });
  }

  it("an error thrown by a timer that belongs to no actor's turn", async (t) => {
    const bad = actor((ctx: ActorContext) => ({
      set: () =>
        void ctx.clock.setTimeout(() => {
          throw new RangeError("in a timer");
        }, 5),
    }));
    const system = await simulated(t);
    const ref = await system.spawn(bad, undefined, OWN);
    ref.tell.set();
    const { reason } = await system.down(ref);
    assert.ok(reason.kind === "error" && reason.error.message === "in a timer");
  });

  it("nothing: one that hangs is noticed, says and hears nothing, and goes on when it is let", async (t) => {
    const system = await simulated(t);
    const ref = await system.spawn(counter, undefined, { ...OWN, name: "sleeper" });
    const told: string[] = [];
    for (const kind of ["node.unresponsive", "node.responsive"]) {
      system.on(kind, () => told.push(kind));
    }
    system.world.hang(ref);
    const answer = ref.with({ timeout: Infinity }).ask.add(1);
    const began = system.now();
    await system.world.until("the suspicion", () => told.length === 1);
    assert.ok(system.now() - began > 1_000 && system.now() - began < 2_000);
    system.world.resume(ref);
    assert.equal(await answer, 1);
    await system.world.advance(1_000);
    assert.deepEqual(told, ["node.unresponsive", "node.responsive"]);
  });
});

describe("a world in which nothing is left to happen", () => {
  it("says what every actor waits for, instead of hanging", async (t) => {
    const system = await simulated(t);
    const lazy: ActorDefinition<void, { wait(): Promise<never> }> = actor(() => ({
      wait: () => new Promise<never>(() => {}),
    }));
    const eager = actor((ctx: ActorContext) => ({
      call: (to: string) =>
        ctx.registry.via<{ wait(): never }>(to).with({ timeout: Infinity }).ask.wait(),
    }));
    await system.spawn(lazy, undefined, { ...OWN, name: "lazy" });
    const ref = await system.spawn(eager, undefined, { ...OWN, name: "eager" });
    const error = await ref.with({ timeout: Infinity }).ask.call("lazy").then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.ok(error instanceof StalledError);
    const waits = error.waits.join("\n");
    assert.match(waits, /eager \(t\d\/1\) waits for the answer to "wait" of t\d\/1/);
    assert.match(waits, /lazy \(t\d\/1\) waits in "wait" for [\d.]+ ms now/);
    assert.match(waits, /troupe.registry \(t1\/1\) waits for a message/);
  });

  it("ends a wait for a condition: nothing left, or no time left", async (t) => {
    const system = await simulated(t);
    await assert.rejects(system.world.until("the moon", () => false), StalledError);
    const ticking = actor((ctx: ActorContext) => {
      const tick = (): void => void ctx.after(10, tick);
      tick();
      return { stop: () => ctx.stop() };
    });
    const ref = await system.spawn(ticking, undefined, OWN);
    const before = system.now();
    await assert.rejects(
      system.world.until("the moon", () => false, { within: 500 }),
      NotReachedError,
    );
    assert.equal(system.now(), before + 500);
    await assert.rejects(system.world.settle({ within: 500 }), NotReachedError);
    await system.stop(ref);
    await system.world.settle({ within: 20_000 });
  });

  it("is told from one in which too much happens and time stands still", async () => {
    const system = await createSystem({ runtime: "simulation", seed: 1, latency: constant(0) });
    const restless = actor((ctx: ActorContext) => ({
      go: () => ctx.selfAs<{ go(): void }>().tell.go(),
    }));
    const ref = await system.spawn(restless, undefined, OWN);
    ref.tell.go();
    await assert.rejects(system.world.advance(1), LivelockError);
    system.world.crash(ref);
    await system.shutdown();
  });
});

describe("what is done to a simulated system", () => {
  it("clocks run apart: a timer keeps to the clock of its thread", async (t) => {
    const system = await simulated(t, { latency: constant(0) });
    const sleeper = actor((ctx: ActorContext) => ({
      sleep: (ms: number) =>
        new Promise<number>((resolve) =>
          void ctx.clock.setTimeout(() => resolve(ctx.clock.now()), ms)
        ),
    }));
    const ref = await system.spawn(sleeper, undefined, { ...OWN, name: "fast" });
    system.world.clock("fast", { rate: 2, ahead: 1_000 });
    const began = system.now();
    const local = await ref.ask.sleep(100);
    assert.equal(Math.round(system.now() - began), 50);
    assert.equal(Math.round(local - began), 1_100);
    const slept = ref.ask.sleep(100);
    await system.world.advance(25);
    system.world.clock("fast", { rate: 0.5 });
    await slept;
    assert.equal(Math.round(system.now() - began), 50 + 25 + 100);
    assert.throws(() => system.world.clock("fast", { rate: 0 }), InvalidOptionError);
    assert.throws(() => system.world.clock("fast", { ahead: -1 }), InvalidOptionError);
  });

  it("a partition loses messages and keeps signals back, until it is healed", async (t) => {
    const system = await simulated(t);
    const [a, b] = await Promise.all(["a", "b"].map((name) => {
      const talker = actor((ctx: ActorContext) => {
        const heard: string[] = [];
        return {
          hear: (text: string) => void heard.push(text),
          heard: () => heard,
          say: (to: string, text: string) =>
            ctx.registry.via<{ hear(t: string): void }>(to).tell.hear(text),
          watch: async (to: string) => {
            const ref = await ctx.registry.whereis(to);
            if (ref !== undefined) ctx.monitor(ref, () => void heard.push("down"));
          },
        };
      });
      return system.spawn(talker, undefined, { ...OWN, name });
    }));
    assert.ok(a !== undefined && b !== undefined);
    await b.ask.watch("a");
    a.tell.say("b", "one");
    await system.world.advance(20);
    system.world.partition(["a"], ["b"]);
    a.tell.say("b", "two");
    await system.world.advance(20);
    assert.deepEqual(await b.ask.heard(), ["one"]);
    system.world.heal();
    a.tell.say("b", "three");
    await system.world.advance(20);
    assert.deepEqual(await b.ask.heard(), ["one", "three"]);
    system.world.link("a", "b", { held: true });
    a.tell.say("b", "four");
    await system.world.advance(20);
    assert.deepEqual(await b.ask.heard(), ["one", "three"]);
    system.world.heal();
    await system.world.advance(20);
    assert.deepEqual(await b.ask.heard(), ["one", "three", "four"]);
    system.world.crash(a);
    await system.world.until("the news", () => system.world.places().includes("a") === false);
    await system.world.advance(20);
    assert.deepEqual((await b.ask.heard()).at(-1), "down");
  });

  it("a slow thread takes its time for each message", async (t) => {
    const system = await simulated(t, { latency: constant(0) });
    const ref = await system.spawn(counter, undefined, OWN);
    system.world.slow(ref, 10);
    const began = system.now();
    for (let i = 0; i < 5; i++) ref.tell.add(1);
    assert.equal(await ref.ask.add(0), 5);
    system.world.slow(ref, 0);
    assert.ok(system.now() - began <= 60, `${system.now() - began} ms`);
    await assert.rejects(async () => {
      system.world.slow("nobody", 1);
      await Promise.resolve();
    }, InvalidOptionError);
    assert.throws(() => system.world.crash("main"), InvalidOptionError);
  });
});
