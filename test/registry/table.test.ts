import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { KILLED, nodeOf } from "../../src/actor/mod.ts";
import type { NameQuery } from "../../src/actor/mod.ts";
import type { Change, NameRecord } from "../../src/registry/mod.ts";
import { NameTable } from "../../src/registry/mod.ts";
import { actorOf, named } from "./support.ts";

const names = ["a", "a/b", "a/c", "b"] as const;
const anyName = fc.constantFrom(...names);
const owner = fc.record({
  node: fc.constantFrom("t1", "t2"),
  number: fc.integer({ min: 1, max: 3 }),
})
  .map(({ node, number }) => actorOf(node, number));
const meta = fc.record({ role: fc.constantFrom("x", "y"), n: fc.nat(1) }, { requiredKeys: [] });

const step = fc.oneof(
  fc.record({ do: fc.constant("claim" as const), name: anyName, owner, meta }),
  fc.record({
    do: fc.constant("raise" as const),
    name: anyName,
    owner,
    meta,
    rank: fc.integer({ min: 1, max: 4 }),
    /** The very claim of an earlier step comes again, as after a lost answer. */
    again: fc.boolean(),
  }),
  fc.record({
    do: fc.constant("unregister" as const),
    name: anyName,
    owner: fc.option(owner, { nil: undefined }),
  }),
  fc.record({ do: fc.constant("release" as const), owner }),
  fc.record({ do: fc.constant("releaseNode" as const), node: fc.constantFrom("t1", "t2") }),
);

/** The rules as plainly as they can be said. */
class Model {
  records: NameRecord[] = [];
  highest: NameRecord[] = [];

  has(name: string): NameRecord | undefined {
    return this.records.find((record) => record.name === name);
  }

  claim(record: NameRecord): void {
    if (this.has(record.name) === undefined) this.records.push(record);
  }

  raise(record: NameRecord): void {
    const top = this.highest.find(({ name }) => name === record.name);
    const again = top !== undefined && top.id === record.id && top.mark === record.mark;
    if (top !== undefined && !again && record.rank <= top.rank) return;
    this.highest = [...this.highest.filter(({ name }) => name !== record.name), record];
    this.remove((known) => known.name === record.name);
    this.records.push(record);
  }

  remove(gone: (record: NameRecord) => boolean): void {
    this.records = this.records.filter((record) => !gone(record));
  }
}

/** What somebody knows who was told all changes. */
function apply(known: Map<string, NameRecord>, changes: readonly Change<NameRecord>[]): void {
  for (const { type, item } of changes) {
    if (type === "added") {
      assert.equal(known.has(item.name), false, `${item.name} was given twice`);
      known.set(item.name, item);
    } else {
      assert.deepEqual(known.get(item.name), item, "what is removed was there");
      known.delete(item.name);
    }
  }
}

const sorted = (records: Iterable<NameRecord>): NameRecord[] =>
  [...records].sort((a, b) => a.name < b.name ? -1 : 1);

describe("the table of names", () => {
  it("does what a naive model does, and its changes tell all of it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const table = new NameTable();
        const model = new Model();
        const told = new Map<string, NameRecord>();
        const raised: NameRecord[] = [];
        steps.forEach((now, index) => {
          switch (now.do) {
            case "claim": {
              const record = named(now.name, now.owner, index, { meta: now.meta });
              apply(told, table.claim(record));
              model.claim(record);
              break;
            }
            case "raise": {
              const earlier = now.again
                ? raised.filter(({ name }) => name === now.name).at(-1)
                : undefined;
              const { rank } = now;
              const record = earlier ??
                named(now.name, now.owner, index, { rank, meta: now.meta });
              raised.push(record);
              apply(told, table.raise(record));
              model.raise(record);
              break;
            }
            case "unregister":
              apply(told, table.unregister(now.name, now.owner));
              model.remove(({ name, id }) =>
                name === now.name && (now.owner === undefined || now.owner === id)
              );
              break;
            case "release":
              apply(told, table.release(now.owner, KILLED));
              model.remove(({ id }) => id === now.owner);
              break;
            case "releaseNode":
              apply(told, table.releaseNode(now.node as never, KILLED));
              model.remove(({ id }) => nodeOf(id) === now.node);
          }
          assert.deepEqual(table.list(), sorted(model.records));
          assert.deepEqual(table.list(), sorted(told.values()));
          assert.equal(table.size, model.records.length);
        });
      }),
      { numRuns: 1_000 },
    );
  });

  it("lists by name, prefix and metadata: all that is given must hold", () => {
    const table = new NameTable();
    const metas = [{ role: "x" }, { role: "x", n: 1 }, { role: "y", n: 1 }, {}];
    names.forEach((name, i) =>
      table.claim(named(name, actorOf("t1", i), i, { meta: metas[i] ?? {} }))
    );
    const list = (query: NameQuery): string[] => table.list(query).map(({ name }) => name);
    assert.deepEqual(list({}), ["a", "a/b", "a/c", "b"]);
    assert.deepEqual(list({ prefix: "a/" }), ["a/b", "a/c"]);
    assert.deepEqual(list({ meta: { role: "x" } }), ["a", "a/b"]);
    assert.deepEqual(list({ meta: { role: "x", n: 1 } }), ["a/b"]);
    assert.deepEqual(list({ prefix: "a/", meta: { n: 1 } }), ["a/b", "a/c"]);
    assert.deepEqual(list({ name: "a", meta: { n: 1 } }), []);
    assert.deepEqual(list({ meta: { n: "1" } }), [], "text is no number");
    assert.deepEqual(list({ meta: { toString: "x" } }), [], "only own entries");
  });

  it("forgets nothing of a rank while the name is free, and knows a repeated claim again", () => {
    const table = new NameTable();
    const six = named("top", actorOf("t1", 1), 1, { rank: 6 });
    table.raise(six);
    table.unregister("top", six.id);
    assert.deepEqual(table.raise(named("top", actorOf("t1", 1), 2, { rank: 6 })), []);
    assert.deepEqual(table.raise(named("top", actorOf("t2", 1), 1, { rank: 5 })), []);
    assert.deepEqual(table.highest("top"), six);
    assert.equal(table.raise(six).length, 1);
    assert.deepEqual(table.raise(six), []);
  });

  it("drops what a higher rank had overtaken when it hears of that later", () => {
    const table = new NameTable();
    table.restore(named("top", actorOf("t1", 1), 1, { rank: 5 }));
    table.restore(named("plain", actorOf("t1", 1), 2));
    const six = named("top", actorOf("t2", 1), 1, { rank: 6 });
    assert.equal(table.overtake(six).length, 1);
    assert.deepEqual(table.overtake(six), []);
    assert.deepEqual(table.overtake({ ...six, name: "plain" }), []);
    assert.equal(table.get("top"), undefined);
    assert.equal(table.restore(six).length, 1, "its own owner still has it");
  });
});
