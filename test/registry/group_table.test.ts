import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { KILLED, nodeOf } from "../../src/actor/mod.ts";
import type { ActorId, NodeId } from "../../src/actor/mod.ts";
import type { JoinRecord } from "../../src/registry/mod.ts";
import { GroupTable } from "../../src/registry/mod.ts";
import { actorOf, joined } from "./support.ts";

const groups = ["g", "h"] as const;
const owner = fc.record({
  node: fc.constantFrom("t1", "t2"),
  number: fc.integer({ min: 1, max: 2 }),
})
  .map(({ node, number }) => actorOf(node, number));
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("join" as const),
      group: fc.constantFrom(...groups),
      owner,
    }),
  },
  fc.record({ do: fc.constant("leave" as const), which: fc.nat() }),
  fc.record({ do: fc.constant("release" as const), owner }),
  fc.record({ do: fc.constant("releaseNode" as const), node: fc.constantFrom("t1", "t2") }),
  /** A successor learns the memberships from the nodes, in any order. */
  fc.record({ do: fc.constant("restart" as const), order: fc.infiniteStream(fc.nat()) }),
);

describe("the table of groups", () => {
  it("does what a naive model does, also over restarts", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let table = new GroupTable();
        let model: JoinRecord[] = [];
        steps.forEach((now, index) => {
          switch (now.do) {
            case "join": {
              const record = joined(now.group, now.owner, index);
              assert.equal(table.join(record).length, 1);
              assert.deepEqual(table.join(record), [], "the same again changes nothing");
              model.push(table.get(record) as JoinRecord);
              break;
            }
            case "leave": {
              const record = model[now.which % (model.length || 1)];
              if (record === undefined) break;
              assert.equal(table.leave(record).length, 1);
              assert.deepEqual(table.leave(record), []);
              model = model.filter((known) => known !== record);
              break;
            }
            case "release":
              table.release(now.owner, KILLED);
              model = model.filter(({ id }) => id !== now.owner);
              break;
            case "releaseNode":
              table.releaseNode(now.node as NodeId, KILLED);
              model = model.filter(({ id }) => nodeOf(id) !== now.node);
              break;
            case "restart": {
              table = new GroupTable();
              const keys = now.order[Symbol.iterator]();
              const shuffled = model.map((record) => ({ record, key: keys.next().value ?? 0 }))
                .sort((a, b) => a.key - b.key);
              for (const { record } of shuffled) table.restore(record);
            }
          }
          for (const group of groups) {
            const members = table.members(group).map((
              { id, mark },
            ): [ActorId, number] => [id, mark]);
            const expected = model.filter((record) => record.group === group)
              .map(({ id, mark }) => [id, mark]);
            assert.deepEqual(members, expected, "members in order of joining");
          }
          assert.equal(table.size, new Set(model.map(({ group }) => group)).size);
        });
      }),
      { numRuns: 1_000 },
    );
  });
});
