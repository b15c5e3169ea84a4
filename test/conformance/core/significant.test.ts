import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExitReason } from "../../../src/actor/mod.ts";
import type { AutoShutdown } from "../../../src/supervision/mod.ts";
import type { Scheduler } from "./scheduler.ts";
import { CRASH, spec, World } from "./world.ts";

const MODES: readonly AutoShutdown[] = ["never", "any_significant", "all_significant"];
const KILLED: ExitReason = { kind: "killed" };
const NORMAL: ExitReason = { kind: "normal" };

/** Two children that count and one that does not. */
function two(autoShutdown: AutoShutdown, restart: "temporary" | "transient"): World {
  return World.of({ autoShutdown, intensity: 9 }, [
    spec("other"),
    spec("a", { restart, significant: true }),
    spec("b", { restart, significant: true }),
  ]).start();
}

describe("supervision core: significant children", () => {
  for (
    const [name, restart] of [["83 nonsignificant_temporary", "temporary"], [
      "84 nonsignificant_transient",
      "transient",
    ]] as const
  ) {
    for (const autoShutdown of MODES) {
      it(`${name}: killed, crashed, normal, by API: no auto-shutdown (${autoShutdown})`, () => {
        const world = World.of({ autoShutdown, intensity: 9 }, []).start();
        for (const reason of [KILLED, CRASH, NORMAL, { kind: "shutdown" } as const]) {
          world.startChild(spec("a", { restart }));
          world.crash("a", reason);
          world.terminate("a");
          world.delete("a");
        }
        assert.equal(world.ended, undefined);
      });
    }
  }

  for (const reason of [KILLED, CRASH, NORMAL]) {
    it(`85 significant_temporary: any_significant, ${reason.kind}: ends`, () => {
      const world = two("any_significant", "temporary");
      world.take();
      world.crash("a", reason);
      assert.deepEqual(world.ended, { kind: "shutdown" });
      assert.deepEqual(world.moves(), ["stop b", "stop other"]);
    });

    it(`85 significant_temporary: all_significant, ${reason.kind}: ends only after the last`, () => {
      const world = two("all_significant", "temporary");
      world.crash("b", reason);
      assert.equal(world.ended, undefined);
      world.crash("a", reason);
      assert.deepEqual(world.ended, { kind: "shutdown" });
    });
  }

  for (const restart of ["temporary", "transient"] as const) {
    it(`85–86 significant_${restart}: terminated by API: no`, () => {
      for (const autoShutdown of ["any_significant", "all_significant"] as const) {
        const world = two(autoShutdown, restart);
        assert.equal(world.terminate("a"), "ok");
        assert.equal(world.terminate("b"), "ok");
        assert.equal(world.ended, undefined);
      }
    });
  }

  it("86 significant_transient: kill and crash restart, normal triggers", () => {
    const world = two("any_significant", "transient");
    world.crash("a", KILLED);
    world.crash("a", CRASH);
    assert.equal(world.ended, undefined);
    assert.deepEqual(world.children(), ["other=other.1", "a=a.3", "b=b.1"]);
    world.take();
    world.crash("a", NORMAL);
    assert.deepEqual(world.ended, { kind: "shutdown" });
    assert.ok(world.take().includes("auto_shutdown a"));
  });

  it("86 significant_transient: all_significant, one that is being restarted is still there", () => {
    const world = World.of({
      autoShutdown: "all_significant",
      intensity: 9,
      backoff: { min: 10, max: 10 },
    }, [
      spec("a", { restart: "transient", significant: true }),
      spec("b", { restart: "transient", significant: true }),
    ]).start();
    world.die("a");
    world.run(5);
    world.crash("b", NORMAL, 0);
    assert.equal(world.ended, undefined);
    world.run(100);
    world.crash("a", { kind: "shutdown" });
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  for (const restart of ["temporary", "transient"] as const) {
    it(`87 significant_simple: ${restart} dynamic children, too`, () => {
      const one = World.dynamic({ autoShutdown: "any_significant" }, { restart, significant: true })
        .start();
      one.startDynamic();
      one.startDynamic();
      one.terminate("child.1");
      assert.equal(one.ended, undefined);
      one.crash("child", NORMAL);
      assert.deepEqual(one.ended, { kind: "shutdown" });

      const all = World.dynamic({ autoShutdown: "all_significant" }, { restart, significant: true })
        .start();
      all.startDynamic();
      all.startDynamic();
      all.crash("child", NORMAL);
      assert.equal(all.ended, undefined);
      all.crash("child", NORMAL);
      assert.deepEqual(all.ended, { kind: "shutdown" });
    });
  }

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    for (const autoShutdown of ["any_significant", "all_significant"] as const) {
      it(`88 significant_bystander: a sibling's group restart stops it: no (${strategy}, ${autoShutdown})`, () => {
        const world = World.of({ strategy, autoShutdown }, [
          spec("crashes"),
          spec("temporary", { restart: "temporary", significant: true }),
          spec("transient", { restart: "transient", significant: true }),
        ]).start();
        world.crash("crashes");
        assert.equal(world.ended, undefined);
        assert.deepEqual(world.children(), ["crashes=crashes.2", "transient=transient.2"]);
      });
    }
  }

  for (const significant of [true, false]) {
    it(`89 significant_escalation: inner is ${significant ? "" : "not "}significant: outer ${significant ? "ends" : "lives"}`, () => {
      const inner = (scheduler: Scheduler): World =>
        World.of(
          { autoShutdown: "any_significant" },
          [
            spec("leaf", { restart: "transient", significant: true }),
          ],
          {},
          scheduler,
        );
      const world = World.of({ autoShutdown: "any_significant" }, [
        spec("inner", { restart: "transient", type: "supervisor", significant }),
        spec("other"),
      ], { inner: { tree: inner } }).start();
      world.tree("inner").crash("leaf", NORMAL);
      world.settle();
      assert.equal(world.ended?.kind, significant ? "shutdown" : undefined);
      assert.deepEqual(world.alive, significant ? [] : ["other.1"]);
    });
  }

  it("90 T22: the first is stopped by API, the last ends: all_significant triggers", () => {
    for (const restart of ["temporary", "transient"] as const) {
      const world = two("all_significant", restart);
      world.terminate("a");
      world.crash("b", NORMAL);
      assert.deepEqual(world.ended, { kind: "shutdown" });
    }
  });
});
