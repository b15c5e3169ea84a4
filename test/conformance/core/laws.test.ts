import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ActorId, AnyRef, ExitReason } from "../../../src/actor/mod.ts";
import { backoffDelay, checkBackoff } from "../../../src/supervision/backoff.ts";
import type { Restart, Strategy } from "../../../src/supervision/mod.ts";
import { decide } from "../../../src/supervision/decide.ts";
import type { Effect } from "../../../src/supervision/effects.ts";
import type { Call, Event } from "../../../src/supervision/events.ts";
import { addRestart, exceeds } from "../../../src/supervision/intensity.ts";
import { checkOptions } from "../../../src/supervision/options.ts";
import {
  emptyMap,
  mapDelete,
  mapGet,
  mapSet,
  mapValues,
} from "../../../src/supervision/persistent_map.ts";
import { emptyQueue, queueAdd, queueTake } from "../../../src/supervision/persistent_queue.ts";
import { checkSpecs } from "../../../src/supervision/spec.ts";
import type { State } from "../../../src/supervision/state.ts";
import { initialState } from "../../../src/supervision/state.ts";
import { inOrder } from "../../../src/supervision/table.ts";
import { CRASH, spec, World } from "./world.ts";

const IDS = ["a", "b", "c", "d"];
const REASONS: readonly ExitReason[] = [{ kind: "normal" }, { kind: "shutdown" }, CRASH, {
  kind: "killed",
}];

/** One thing that the world does; numbers choose among what there is to choose from. */
type Move =
  | { readonly kind: "settle_start"; readonly how: "started" | "start_failed" | "start_ignored" }
  | { readonly kind: "settle_stop"; readonly pick: number; readonly reason: number }
  | { readonly kind: "die"; readonly pick: number; readonly reason: number }
  | { readonly kind: "timer"; readonly pick: number }
  | { readonly kind: "old_event"; readonly pick: number }
  | { readonly kind: "request"; readonly call: Call }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "shutdown" };

const id = fc.constantFrom(...IDS);
const restart = fc.constantFrom<Restart>("permanent", "transient", "temporary");
const calls: fc.Arbitrary<Call> = fc.oneof(
  fc.tuple(
    fc.constantFrom("terminate_child" as const, "restart_child" as const, "delete_child" as const),
    id,
  )
    .map(([kind, id]): Call => ({ kind, child: { id } })),
  fc.constantFrom<Call>({ kind: "which_children" }, { kind: "count_children" }),
  fc.tuple(id, restart).map(([id, restart]): Call => ({
    kind: "start_child",
    spec: spec(id, { restart }),
  })),
);
const pick = fc.nat(9);
const reason = fc.nat(REASONS.length - 1);
const how = fc.constantFrom<"started" | "start_failed" | "start_ignored">(
  "started",
  "started",
  "started",
  "start_failed",
  "start_ignored",
);
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 40, arbitrary: how.map((how): Move => ({ kind: "settle_start", how })) },
  {
    weight: 30,
    arbitrary: fc.tuple(pick, reason).map(([pick, reason]): Move => ({
      kind: "settle_stop",
      pick,
      reason,
    })),
  },
  {
    weight: 25,
    arbitrary: fc.tuple(pick, reason).map(([pick, reason]): Move => ({
      kind: "die",
      pick,
      reason,
    })),
  },
  { weight: 20, arbitrary: pick.map((pick): Move => ({ kind: "timer", pick })) },
  { weight: 5, arbitrary: pick.map((pick): Move => ({ kind: "old_event", pick })) },
  { weight: 15, arbitrary: calls.map((call): Move => ({ kind: "request", call })) },
  { weight: 10, arbitrary: fc.nat(3_000).map((ms): Move => ({ kind: "wait", ms })) },
  { weight: 1, arbitrary: fc.constant<Move>({ kind: "shutdown" }) },
);

/** Runs the core against moves, and looks after each whether the laws hold. */
class Checker {
  state: State;
  now = 0;
  events: Event[] = [];
  /** Actors that run, by id, with the child they belong to. */
  alive = new Map<ActorId, string>();
  starting: { readonly token: number; readonly id: string } | undefined;
  /** Asked to stop and not ended. */
  stopping = new Set<ActorId>();
  timers: Event[] = [];
  requests = 0;
  replies = new Set<number>();
  ended = false;
  ups = 0;

  constructor(state: State) {
    this.state = state;
    this.handle({ kind: "start" });
  }

  handle(event: Event): void {
    this.events.push(event);
    const { state, effects } = decide(this.state, event, this.now, () => 0.5);
    assert.deepEqual(
      decide(this.state, event, this.now, () => 0.5).effects.length,
      effects.length,
      "pure",
    );
    this.state = state;
    for (const effect of effects) this.see(effect);
    this.laws();
  }

  see(effect: Effect): void {
    assert.ok(!this.ended, `effect ${effect.kind} after the end`);
    switch (effect.kind) {
      case "start": {
        assert.equal(this.starting, undefined, "one start at a time");
        assert.equal(this.stopping.size, 0, "no start while a stop is under way");
        const { id } = effect.spec;
        // An actor that died without the core having heard of it may have left its id behind; a living one not.
        assert.ok(![...this.alive.values()].includes(id), `${id} is started twice`);
        this.starting = { token: effect.token, id };
        return;
      }
      case "stop":
        assert.equal(this.starting, undefined, "no stop while a start is under way");
        assert.equal(this.stopping.size, 0, "one stop at a time");
        if (this.alive.has(effect.ref.id)) {
          this.youngest(effect.ref.id);
          this.stopping.add(effect.ref.id);
        } else assert.fail("an actor that ended, and whose end was told, is not asked to stop");
        return;
      case "try_again":
        this.timers.push({ kind: "try_again", key: effect.key, token: effect.token });
        return;
      case "backoff":
        this.timers.push({ kind: "backoff_elapsed", key: effect.key, token: effect.token });
        return;
      case "reply":
        assert.ok(!this.replies.has(effect.request), "one reply to each request");
        this.replies.add(effect.request);
        return;
      case "exit":
        this.ended = true;
        assert.deepEqual([...this.alive.keys()], [], "nobody is left");
        return;
    }
  }

  /** In a group or at the end, whoever is stopped is the youngest of those that are yet to stop. */
  youngest(actor: ActorId): void {
    if (this.state.operation?.goal.kind !== "exit") return;
    const order = inOrder(this.state.table).map((child) => child.key);
    const mine = order.indexOf(this.alive.get(actor) ?? "");
    for (const id of this.alive.values()) {
      assert.ok(order.indexOf(id) <= mine, "the youngest is stopped first");
    }
  }

  laws(): void {
    const children = inOrder(this.state.table);
    const running = children.filter((child) => child.status.kind === "running");
    for (let i = 1; i < children.length; i++) {
      assert.ok((children[i - 1]?.order ?? 0) < (children[i]?.order ?? 0));
    }
    for (const child of running) {
      const { status } = child;
      if (status.kind !== "running" || status.ended !== undefined) continue;
      assert.equal(this.alive.get(status.ref.id), child.key, "what is listed as running runs");
    }
    // Whoever runs is listed, so nobody is lost.
    for (const actor of this.alive.keys()) {
      assert.ok(
        running.some(({ status }) => status.kind === "running" && status.ref.id === actor),
        "no orphans",
      );
    }
    assert.ok(this.state.restarts.length <= this.state.flags.intensity + 1);
    const { operation } = this.state;
    if (operation === undefined && !this.ended) {
      assert.equal(this.state.inbox.size, 0, "nothing waits while nothing is under way");
      assert.equal(this.replies.size, this.requests);
    } else if (operation !== undefined) {
      assert.ok(operation.awaiting, "an operation waits, or is done");
    }
  }

  ref(child: string): AnyRef {
    return { id: `${child}.${++this.ups}` as ActorId } as AnyRef;
  }

  end(actor: ActorId, reason: ExitReason, asked: boolean): void {
    this.alive.delete(actor);
    this.stopping.delete(actor);
    // Both are told of, in either order.
    const events: Event[] = [{ kind: "exited", actor, reason }];
    if (asked) events.push({ kind: "stopped", actor, reason });
    if (this.ups % 2 === 0) events.reverse();
    for (const event of events) this.handle(event);
  }

  play(move: Move): void {
    switch (move.kind) {
      case "settle_start": {
        const { starting } = this;
        if (starting === undefined) return;
        this.starting = undefined;
        const { token, id } = starting;
        if (move.how === "started") {
          const ref = this.ref(id);
          this.alive.set(ref.id, id);
          return this.handle({ kind: "started", token, ref });
        }
        if (move.how === "start_ignored") return this.handle({ kind: "start_ignored", token });
        return this.handle({ kind: "start_failed", token, error: new Error("boom") });
      }
      case "settle_stop": {
        const actor = [...this.stopping][move.pick % Math.max(1, this.stopping.size)];
        if (actor !== undefined) this.end(actor, REASONS[move.reason] ?? CRASH, true);
        return;
      }
      case "die": {
        const actor = [...this.alive.keys()][move.pick % Math.max(1, this.alive.size)];
        if (actor !== undefined) {
          this.end(actor, REASONS[move.reason] ?? CRASH, this.stopping.has(actor));
        }
        return;
      }
      case "timer": {
        const [event] = this.timers.splice(move.pick % Math.max(1, this.timers.length), 1);
        if (event !== undefined) this.handle(event);
        return;
      }
      case "old_event": {
        const event = this.events[this.events.length - 1 - move.pick];
        if (event === undefined || event.kind === "request" || event.kind === "started") return;
        return this.handle(event);
      }
      case "request":
        if (this.ended || this.state.phase === "stopping") return;
        return this.handle({ kind: "request", request: ++this.requests, call: move.call });
      case "wait":
        this.now += move.ms;
        return;
      case "shutdown":
        return this.handle({ kind: "shutdown", reason: { kind: "shutdown" } });
    }
  }
}

interface SetUp {
  readonly strategy: Strategy;
  readonly intensity: number;
  readonly periodMs: number;
  readonly restarts: readonly Restart[];
  readonly backoff: boolean;
}

const setUp: fc.Arbitrary<SetUp> = fc.record({
  strategy: fc.constantFrom<Strategy>("one_for_one", "one_for_all", "rest_for_one"),
  intensity: fc.nat(6),
  periodMs: fc.integer({ min: 1, max: 3_000 }),
  restarts: fc.array(restart, { maxLength: IDS.length }),
  backoff: fc.boolean(),
});

function stateOf(made: SetUp): State {
  const { strategy, intensity, periodMs, restarts } = made;
  const backoff = made.backoff ? { backoff: { min: 10, max: 100 } } : {};
  const flags = checkOptions({ strategy, intensity, periodMs, ...backoff });
  const specs = restarts.map((restart, i) => spec(IDS[i] ?? "", { restart }));
  return initialState(flags, checkSpecs(specs, "never"));
}

describe("supervision core: laws", () => {
  it("whatever happens: nothing is started twice, no orphans, one step at a time, the youngest stops first", () => {
    fc.assert(
      fc.property(setUp, fc.array(move, { maxLength: 80 }), (made, moves) => {
        const checker = new Checker(stateOf(made));
        for (const move of moves) checker.play(move);
      }),
      { numRuns: 1_500 },
    );
  });

  it("whatever happened: told to end, it stops everybody and ends", () => {
    fc.assert(
      fc.property(setUp, fc.array(move, { maxLength: 40 }), (made, moves) => {
        const checker = new Checker(stateOf(made));
        for (const move of moves) checker.play(move);
        checker.play({ kind: "shutdown" });
        for (let i = 0; i < 20 && !checker.ended; i++) {
          checker.play({ kind: "settle_start", how: "started" });
          checker.play({ kind: "settle_stop", pick: 0, reason: 1 });
        }
        assert.ok(checker.ended);
        assert.equal(checker.alive.size, 0);
      }),
      { numRuns: 700 },
    );
  });

  it("intensity: as many restarts as a naive count in the window", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(500), { maxLength: 40 }),
        fc.nat(8),
        fc.integer({ min: 1, max: 1_000 }),
        (gaps, intensity, periodMs) => {
          let restarts: readonly number[] = [];
          const all: number[] = [];
          let now = 0;
          for (const gap of gaps) {
            now += gap;
            all.push(now);
            restarts = addRestart(restarts, now, periodMs);
            const naive = all.filter((at) => now - at <= periodMs).length;
            assert.equal(restarts.length, naive);
            assert.equal(exceeds(restarts, intensity), naive > intensity);
          }
        },
      ),
    );
  });

  it("intensity: a supervisor ends at the first restart that is one too many, not before", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(1_500), { minLength: 1, maxLength: 12 }),
        fc.nat(4),
        (gaps, intensity) => {
          const world = World.of({ intensity, periodMs: 1_000 }, [spec("a")]).start(0);
          world.run(0);
          const times: number[] = [];
          for (const gap of gaps) {
            world.run(gap);
            times.push(world.scheduler.now);
            world.die("a");
            world.run(0);
            const tooMany = times.filter((at) =>
              world.scheduler.now - at <= 1_000
            ).length > intensity;
            assert.equal(world.ended !== undefined, tooMany);
            if (tooMany) return;
          }
        },
      ),
    );
  });

  it("order: after any crashes, the running children are in the order of their specs", () => {
    const strategy = fc.constantFrom<Strategy>("one_for_one", "one_for_all", "rest_for_one");
    fc.assert(
      fc.property(strategy, fc.array(id, { maxLength: 12 }), (strategy, crashes) => {
        const world = World.of({ strategy, intensity: 99 }, IDS.map((id) => spec(id))).start();
        for (const id of crashes) {
          world.take();
          world.crash(id);
          const starts = world.take().filter((line) => line.startsWith("start"));
          assert.deepEqual(starts, [...starts].sort());
        }
        assert.deepEqual(world.children().map((child) => child[0]), IDS);
        world.stop();
        const stops = world.take().filter((line) => line.startsWith("stop"));
        assert.deepEqual(stops, [...stops].sort().reverse());
      }),
      { numRuns: 200 },
    );
  });

  it("backoff: never shorter than before, within min and max·(1 + randomFactor)", () => {
    const options = fc.record({
      min: fc.integer({ min: 1, max: 1_000 }),
      more: fc.nat(100_000),
      randomFactor: fc.double({ min: 0, max: 2, noNaN: true }),
      random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      n: fc.nat(3_000),
    });
    fc.assert(fc.property(options, ({ min, more, randomFactor, random, n }) => {
      const backoff = checkBackoff({ min, max: min + more, randomFactor }, "backoff");
      const delay = backoffDelay(backoff, n, random);
      assert.ok(delay >= min && delay <= (min + more) * (1 + randomFactor));
      assert.ok(backoffDelay(backoff, n + 1, random) >= delay);
    }));
  });

  it("the map is a Map that does not change", () => {
    const key = fc.oneof(fc.constantFrom("a", "b", "c"), fc.string({ maxLength: 3 }));
    const step = fc.tuple(key, fc.option(fc.nat(), { nil: undefined }));
    fc.assert(fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const model = new Map<string, number>();
      let map = emptyMap<number>();
      for (const [key, value] of steps) {
        const before = map;
        const had = mapGet(before, key);
        if (value === undefined) {
          model.delete(key);
          map = mapDelete(map, key);
        } else {
          model.set(key, value);
          map = mapSet(map, key, value);
        }
        assert.equal(mapGet(before, key), had);
        assert.equal(mapGet(map, key), value);
        assert.equal(map.size, model.size);
      }
      assert.deepEqual(mapValues(map).sort(), [...model.values()].sort());
      for (const [key, value] of model) assert.equal(mapGet(map, key), value);
    }));
  });

  it("the queue is a queue that does not change", () => {
    fc.assert(fc.property(fc.array(fc.option(fc.nat(), { nil: undefined })), (steps) => {
      const model: number[] = [];
      let queue = emptyQueue<number>();
      for (const step of steps) {
        if (step !== undefined) {
          model.push(step);
          queue = queueAdd(queue, step);
          continue;
        }
        const taken = queueTake(queue);
        assert.equal(taken?.item, model.shift());
        if (taken !== undefined) queue = taken.queue;
      }
      assert.equal(queue.size, model.length);
    }));
  });
});
