import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ActorId } from "../../src/actor/mod.ts";
import { KILLED, nodeOf } from "../../src/actor/mod.ts";
import type { NameRecord } from "../../src/registry/mod.ts";
import { GroupTable, NameTable } from "../../src/registry/mod.ts";
import { Holdings } from "../../src/registry/holdings.ts";
import { actorOf, joined, named } from "./support.ts";

const NODES = ["t1", "t2", "t3"] as const;
const owner = fc.record({ node: fc.constantFrom(...NODES), number: fc.integer({ min: 1, max: 2 }) })
  .map(({ node, number }) => actorOf(node, number));
const name = fc.constantFrom("a", "b", "top");
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("claim" as const), name, owner }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("raise" as const),
      owner,
      rank: fc.integer({ min: 1, max: 9 }),
    }),
  },
  fc.record({ do: fc.constant("join" as const), owner }),
  fc.record({ do: fc.constant("unregister" as const), name, owner }),
  fc.record({ do: fc.constant("die" as const), owner }),
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("crash" as const),
      order: fc.shuffledSubarray([...NODES], { minLength: 3 }),
    }),
  },
);

describe("a registry's successor", () => {
  it("learns from the nodes all that the living held and every rank, in whatever order they tell", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let names = new NameTable();
        let groups = new GroupTable();
        const holdings = new Map(NODES.map((node) => [node as string, new Holdings()]));
        const of = (id: ActorId): Holdings => holdings.get(nodeOf(id)) as Holdings;
        const keep = (record: NameRecord): void => {
          const standing = names.get(record.name);
          if (standing?.id === record.id) of(record.id).addName(standing);
        };
        steps.forEach((now, mark) => {
          switch (now.do) {
            case "claim": {
              const record = named(now.name, now.owner, mark);
              names.claim(record);
              keep(record);
              break;
            }
            case "raise": {
              const record = named("top", now.owner, mark, { rank: now.rank });
              if (names.raise(record).length === 0) break;
              for (const each of holdings.values()) each.overtake(record);
              keep(record);
              break;
            }
            case "join": {
              const record = joined("g", now.owner, mark);
              groups.join(record);
              of(now.owner).addJoin(groups.get(record) as never);
              break;
            }
            case "unregister":
              of(now.owner).dropName(now.name, now.owner);
              names.unregister(now.name, now.owner);
              break;
            case "die":
              of(now.owner).release(now.owner);
              names.release(now.owner, KILLED);
              groups.release(now.owner, KILLED);
              break;
            case "crash": {
              const before = { names: names.list(), members: groups.members("g") };
              const highest = names.highest("top");
              names = new NameTable();
              groups = new GroupTable();
              for (const node of now.order) {
                const { names: held, joins, ranks } = (holdings.get(node) as Holdings).all();
                for (const record of ranks) names.overtake(record);
                for (const record of held) names.restore(record);
                for (const record of joins) groups.restore(record);
              }
              assert.deepEqual(names.list(), before.names);
              assert.deepEqual(groups.members("g"), before.members);
              assert.deepEqual(names.highest("top"), highest);
            }
          }
        });
      }),
      { numRuns: 2_000 },
    );
  });
});
