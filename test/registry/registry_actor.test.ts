import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { ActorContext, ActorId } from "../../src/actor/mod.ts";
import { KILLED } from "../../src/actor/mod.ts";
import type { Holding, RegistryProtocol } from "../../src/registry/mod.ts";
import { BadRegistryRequestError, registry } from "../../src/registry/mod.ts";
import { actorOf, joined, named, node, settle } from "./support.ts";

const NOTHING: Holding = { names: [], joins: [], ranks: [] };

interface Told {
  readonly to: ActorId;
  readonly method: string;
  readonly args: unknown[];
}

/** The registry's methods, and what it tells nodes. */
function start(): { methods: RegistryProtocol; told: Told[] } {
  const told: Told[] = [];
  const ctx = {
    self: { id: actorOf("r", 1) },
    refTo: (to: ActorId) => ({
      tell: new Proxy({}, {
        get: (_target, method: string) => (...args: unknown[]) => told.push({ to, method, args }),
      }),
    }),
  } as unknown as ActorContext;
  return { methods: registry.init(ctx, undefined as never) as RegistryProtocol, told };
}

describe("the registry actor", () => {
  it("answers nothing before every node has reclaimed, then in order", async () => {
    const { methods } = start();
    const order: string[] = [];
    const claim = Promise.resolve(methods.claim(named("a", actorOf("t2", 1), 1)));
    void claim.then(() => order.push("claim"));
    void Promise.resolve(methods.list({})).then((list) => order.push(`list ${list.length}`));
    await settle();
    assert.deepEqual(order, []);
    methods.reclaim(node("t1"), { ...NOTHING, names: [named("a", actorOf("t1", 1), 1)] });
    methods.open();
    await settle();
    assert.deepEqual(order, ["claim", "list 1"]);
    assert.equal((await claim)?.id, "t1/1", "the name was somebody's");
  });

  it("gives a name to nobody who ended while the claim waited", async () => {
    const { methods } = start();
    const claim = methods.claim(named("a", actorOf("t1", 1), 1));
    const join = methods.join(joined("g", actorOf("t1", 1), 2));
    const elsewhere = methods.claim(named("b", actorOf("t2", 1), 1));
    methods.release(actorOf("t1", 1));
    methods.nodeDown(node("t2"), KILLED);
    methods.open();
    assert.deepEqual(await Promise.all([claim, join, elsewhere]), [
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(methods.list({}), []);
    assert.deepEqual(methods.members("g"), []);
  });

  it("believes no words of a dead thread that come after the news of its death", () => {
    const { methods } = start();
    methods.nodeDown(node("t1"), KILLED);
    const late = {
      names: [named("a", actorOf("t1", 1), 1)],
      joins: [joined("g", actorOf("t1", 1), 2, 1)],
      ranks: [],
    };
    assert.deepEqual(methods.reclaim(node("t1"), late), late.names, "they are lost");
    methods.open();
    assert.deepEqual(methods.list({}), []);
    assert.deepEqual(methods.members("g"), []);
  });

  it("tells a node that comes late which names others have by now", () => {
    const { methods } = start();
    methods.open();
    methods.claim(named("a", actorOf("t1", 1), 1));
    const late = [named("a", actorOf("t2", 1), 1), named("b", actorOf("t2", 1), 2)];
    assert.deepEqual(methods.reclaim(node("t2"), { ...NOTHING, names: late }), late.slice(0, 1));
  });

  it("keeps memberships in order of joining, whichever node tells of them first", () => {
    const { methods } = start();
    const [a, b, c] = [1, 2, 3].map((n) => joined("g", actorOf(`t${n}`, 1), 1, n * 10));
    assert.ok(a !== undefined && b !== undefined && c !== undefined);
    for (const join of [c, a, b]) methods.reclaim(node("t1"), { ...NOTHING, joins: [join] });
    methods.open();
    const last = joined("g", actorOf("t4", 1), 1);
    assert.deepEqual(methods.join(last), { ...last, order: 31 });
    assert.deepEqual(methods.members("g"), [a, b, c, { ...last, order: 31 }]);
  });

  it("tells every node of a rank before it answers, and those who cached a name of its change once", () => {
    const { methods, told } = start();
    for (const each of ["main", "t1"]) methods.reclaim(node(each), NOTHING);
    methods.open();
    methods.raise(named("top", actorOf("t1", 1), 1, { rank: 5 }));
    assert.deepEqual(told.map(({ to, method }) => `${to} ${method}`), [
      "main/0 registryRank",
      "t1/0 registryRank",
    ]);
    told.length = 0;
    methods.raise(named("top", actorOf("t1", 1), 2, { rank: 5 }));
    assert.deepEqual(told, [], "refused: nothing changed");
    methods.lookup("top", node("t1"));
    methods.lookup("free", node("t1"));
    methods.release(actorOf("t1", 1));
    methods.claim(named("top", actorOf("t1", 2), 3));
    methods.claim(named("free", actorOf("t1", 2), 4));
    assert.deepEqual(told, [{ to: "t1/0", method: "registryChanged", args: ["top"] }]);
  });

  it("lives on and changes nothing, whatever it is sent", async () => {
    const { methods } = start();
    methods.open();
    methods.claim(named("kept by its owner", actorOf("keeper", 1), 1));
    const kept = { prefix: "kept by" };
    const before = await methods.list(kept);
    const junk = fc.oneof(
      fc.anything(),
      fc.constant(undefined),
      fc.constant(""),
      fc.record({
        name: fc.anything(),
        id: fc.constant("t1/1"),
        mark: fc.anything(),
        rank: fc.anything(),
        meta: fc.anything(),
      }),
    );
    const method = fc.constantFrom<keyof RegistryProtocol & string>(
      "claim",
      "raise",
      "unregister",
      "lookup",
      "list",
      "join",
      "leave",
      "members",
      "watch",
      "unwatch",
      "release",
      "nodeDown",
      "reclaim",
    );
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(method, fc.array(junk, { maxLength: 3 }), async (name, args) => {
        try {
          await (methods[name] as (...args: unknown[]) => unknown)(...args);
        } catch (error) {
          assert.ok(error instanceof BadRegistryRequestError, `${name}: ${error}`);
          refused++;
        }
      }),
      { numRuns: 3_000 },
    );
    assert.ok(refused > 1_000);
    assert.equal(before.length, 1);
    assert.deepEqual(await methods.list(kept), before);
  });
});
