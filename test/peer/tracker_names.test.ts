import assert from "node:assert/strict";
import { test } from "node:test";
import type { ActorContext, AnyRef, Entry, Meta } from "../../src/actor/mod.ts";
import { AlreadyRegisteredError } from "../../src/actor/mod.ts";
import { CURRENT_NAME, epochName } from "../../src/election/mod.ts";
import { TrackerNames } from "../../src/peer/tracker_names.ts";

interface Record {
  readonly owner: string;
  readonly meta: Meta;
  readonly rank: number;
}

/** A registry of one process, whose answers a test lets through. */
class World {
  readonly records = new Map<string, Record>();
  readonly events: (readonly [string, object])[] = [];
  readonly overtaken: number[] = [];
  readonly timers: (() => void)[] = [];
  /** Requests that wait for {@linkcode letThrough}, where it is slow. */
  readonly waiting: (() => void)[] = [];
  slow = false;
  down = false;
  highest = 0;

  names(peer: string): TrackerNames {
    const self = { id: peer } as AnyRef;
    const ctx = {
      self,
      signal: new AbortController().signal,
      registry: {
        register: (name: string, ref: AnyRef, { meta = {} }: { meta?: Meta } = {}) =>
          this.#answer(() => {
            const owner = this.records.get(name);
            if (owner !== undefined && owner.owner !== ref.id) {
              throw new AlreadyRegisteredError(name, owner.owner as never);
            }
            this.records.set(name, { owner: ref.id, meta, rank: 0 });
          }),
        unregister: (name: string, ref: AnyRef) =>
          this.#answer(() => this.records.get(name)?.owner === ref.id && this.records.delete(name)),
        raise: (name: string, ref: AnyRef, rank: number, { meta = {} }: { meta?: Meta } = {}) =>
          this.#answer(() => {
            if (rank > this.highest) {
              this.highest = rank;
              this.records.set(name, { owner: ref.id, meta, rank });
            }
            return this.#entry(name) ?? { ref, meta: { epoch: this.highest } };
          }),
        lookup: (name: string) => this.#answer(() => this.#entry(name)),
      },
      emit: (kind: string, data: object) => void this.events.push([kind, data]),
      post: (fn: () => void) => fn(),
      after: (ms: number, fn: () => void) =>
        ms === 0 ? queueMicrotask(fn) : void this.timers.push(fn),
    };
    return new TrackerNames(
      ctx as unknown as ActorContext,
      peer,
      (epoch) => this.overtaken.push(epoch),
    );
  }

  #entry(name: string): Entry | undefined {
    const record = this.records.get(name);
    return record && { name, ref: { id: record.owner }, meta: record.meta } as unknown as Entry;
  }

  async #answer<T>(work: () => T): Promise<T> {
    if (this.slow) await new Promise<void>((resolve) => this.waiting.push(resolve));
    if (this.down) throw new Error("the registry is away");
    return work();
  }

  /** Answers what waits, and what follows from it. */
  async letThrough(): Promise<void> {
    this.slow = false;
    for (const answer of this.waiting.splice(0)) answer();
    await this.rest();
  }

  /** Until nothing is under way. */
  rest(): Promise<void> {
    return new Promise((resolve) => setImmediate(resolve));
  }

  /** Who has which of the names. */
  owners(): object {
    return Object.fromEntries([...this.records].map(([name, { owner }]) => [name, owner]));
  }

  kinds(): string[] {
    return this.events.map(([kind]) => kind);
  }
}

test("45: a registry that is away during the win costs the tracker nothing but time", async () => {
  const world = new World();
  const names = world.names("a");
  world.down = true;
  names.claim(3);
  await world.rest();
  assert.deepEqual(world.kinds(), ["tracker.unregistered"]);
  world.down = false;
  world.timers.shift()!();
  await world.rest();
  assert.deepEqual(world.owners(), { [epochName(3)]: "a", [CURRENT_NAME]: "a" });
});

test("45: late answers of an epoch that is over do not take the names of the next one", async () => {
  const world = new World();
  const names = world.names("a");
  world.slow = true;
  names.claim(3);
  await world.rest();
  names.withdraw(3);
  names.claim(5);
  await world.letThrough();
  await world.rest();
  assert.deepEqual(world.owners(), { [epochName(5)]: "a", [CURRENT_NAME]: "a" });
});

test("45: names that were withdrawn while they were registered are gone in the end", async () => {
  const world = new World();
  const names = world.names("a");
  world.slow = true;
  names.claim(3);
  await world.rest();
  names.withdraw(3);
  await world.letThrough();
  await world.rest();
  assert.deepEqual(world.owners(), {});
});

test("45: the name of an epoch that another has is not overwritten: it raises a violation, once", async () => {
  const world = new World();
  world.names("b").claim(3);
  await world.rest();
  const names = world.names("a");
  names.claim(3);
  await world.rest();
  world.timers.shift()!();
  await world.rest();
  assert.equal(world.records.get(epochName(3))?.owner, "b");
  const violations = world.events.filter(([kind]) => kind === "election.violation");
  assert.deepEqual(violations, [
    ["election.violation", { peer: "a", invariant: "I7", epoch: 3, peers: ["b", "a"] }],
  ]);
  names.withdraw(3);
  await world.rest();
  assert.deepEqual(world.owners(), { [epochName(3)]: "b", [CURRENT_NAME]: "b" });
});

test("45: a registry that knows a higher epoch says so to a tracker that comes late", async () => {
  const world = new World();
  world.names("b").claim(7);
  await world.rest();
  world.names("a").claim(3);
  await world.rest();
  assert.deepEqual(world.overtaken, [7]);
  assert.equal(world.records.get(CURRENT_NAME)?.owner, "b");
});

test("45: of two winners in any order of registration the higher epoch is the current one", async () => {
  for (const order of [[3, 7], [7, 3]]) {
    const world = new World();
    for (const epoch of order) {
      world.names(`winner of ${epoch}`).claim(epoch);
      await world.rest();
    }
    assert.equal(world.records.get(CURRENT_NAME)?.owner, "winner of 7");
  }
});
