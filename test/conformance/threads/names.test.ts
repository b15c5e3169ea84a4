import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventually } from "./host.ts";
import type { MemberProtocol } from "./fixtures/member.ts";
import { memberModule, POOL, Stage } from "./stage.ts";
import { oneSystem, rejection } from "./support.ts";

describe("names (Elixir's registry)", () => {
  const system = oneSystem();
  const placement = { pool: POOL };

  it("106 unique across threads: of those that ask at once one gets the name, a second init does not run", async (t) => {
    const stage = await Stage.open(t, system());
    const ids = ["a", "b", "c", "d"];
    const spawned = await Promise.allSettled(
      ids.map((id) =>
        system().spawn(memberModule, stage.args(id), { placement, name: "only/one" })
      ),
    );
    const owner = await system().registry.whereis("only/one");
    const winners = spawned.flatMap((result) =>
      result.status === "fulfilled" ? [result.value.id] : []
    );
    assert.deepEqual(winners, [owner?.id]);
    assert.equal(ids.filter((id) => stage.starts(id) > 0).length, 1);
    for (const result of spawned) {
      if (result.status === "fulfilled") continue;
      assert.equal(result.reason.code, "already_registered");
      assert.equal(result.reason.owner, owner?.id);
    }
  });

  it("106 a crash cleans up every name of the actor, and listeners are told once each", async (t) => {
    const stage = await Stage.open(t, system());
    const { registry } = system();
    const told: string[] = [];
    const watching = registry.watch({ prefix: "many/" }, (event) => {
      if (event.type === "synced") told.push("synced");
      else told.push(`${event.type} ${event.entry.name}`);
    });
    t.after(() => watching[Symbol.dispose]());
    const ref = await system().spawn(memberModule, stage.args("a"), { placement, name: "many/1" });
    await registry.register("many/2", ref);
    await stage.endNow("a");
    assert.deepEqual(await registry.list({ prefix: "many/" }), []);
    await eventually("all news", () => told.length >= 5);
    assert.deepEqual(told, [
      "synced",
      "registered many/1",
      "registered many/2",
      "unregistered many/1",
      "unregistered many/2",
    ]);
  });

  it("106 via: a ref by name reaches whoever has the name, and is noproc where nobody has", async (t) => {
    const stage = await Stage.open(t, system());
    const via = system().registry.via<MemberProtocol>("via");
    assert.equal((await rejection(via.ask.ping())).code, "noproc");
    for (const id of ["a", "b"]) {
      await system().spawn(memberModule, stage.args(id), { placement, name: "via" });
      assert.equal(await via.ask.ping(), id);
      await stage.endNow(id);
      assert.equal((await rejection(via.ask.ping())).code, "noproc");
    }
  });
});
