import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Restart } from "../../../src/actor.ts";
import type { Ending } from "./stage.ts";
import { POOL, Stage } from "./stage.ts";
import { DETAIL, NORMAL, oneSystem, SHUTDOWN } from "./support.ts";

const ABNORMAL: readonly Ending[] = ["crash", "kill"];

const cases: readonly [string, Restart, readonly Ending[], string[]][] = [
  ["32 permanent_normal: restarted", "permanent", [NORMAL], ["a=a.2"]],
  ["33 permanent_shutdown: restarted", "permanent", [SHUTDOWN, DETAIL], ["a=a.2"]],
  ["34 permanent_abnormal: restarted", "permanent", ABNORMAL, ["a=a.2"]],
  ["35 transient_normal: the spec stays", "transient", [NORMAL], ["a=stopped"]],
  ["36 transient_shutdown: the spec stays", "transient", [SHUTDOWN, DETAIL], ["a=stopped"]],
  ["37 transient_abnormal: restarted", "transient", ABNORMAL, ["a=a.2"]],
  ["38 temporary_normal: gone", "temporary", [NORMAL], []],
  ["39 temporary_shutdown: gone", "temporary", [SHUTDOWN, DETAIL], []],
  ["40 temporary_abnormal: gone", "temporary", ABNORMAL, []],
];

describe("supervision on threads: restart type and reason", () => {
  const system = oneSystem();

  for (const [name, restart, endings, children] of cases) {
    it(name, async (t) => {
      for (const ending of endings) {
        const stage = await Stage.open(t, system());
        const top = await stage.supervisor({}, [stage.member("a", { restart })]);
        await stage.end("a", ending);
        assert.deepEqual(await stage.children(top), children, JSON.stringify(ending));
      }
    });
  }

  for (const placement of ["local", { pool: POOL }, "thread"] as const) {
    const where = typeof placement === "object" ? "pool" : placement;
    it(`35, 38 transient_normal, temporary_normal: it ends as soon as it is up (${where})`, async (t) => {
      const stage = await Stage.open(t, system());
      for (const id of ["a", "b"]) stage.part(id, () => ({ init: "ends" }));
      const top = await stage.supervisor({ intensity: 0 }, [
        stage.member("a", { restart: "transient", placement }),
        stage.member("b", { restart: "temporary", placement }),
      ]);
      await stage.shows(top, ["a=stopped"]);
      assert.deepEqual([stage.starts("a"), stage.starts("b")], [1, 1]);
    });
  }

  for (const how of ["kill", "terminate thread", "exit thread"] as const) {
    it(`34, 37, 40 *_abnormal: a child with a thread of its own, by ${how}`, async (t) => {
      const stage = await Stage.open(t, system());
      const restarts: Restart[] = ["permanent", "transient", "temporary"];
      const placement = "thread";
      const top = await stage.supervisor(
        { intensity: 3 },
        restarts.map((restart) => stage.member(restart, { restart, placement })),
      );
      for (const id of restarts) {
        const reason = await stage.end(id, how);
        assert.equal(reason.kind, how === "kill" ? "killed" : "nodedown");
      }
      assert.deepEqual(await stage.children(top), [
        "permanent=permanent.2",
        "transient=transient.2",
      ]);
    });
  }

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    it(`41 temporary_bystander: ${strategy} stops the temporary one and forgets it`, async (t) => {
      const stage = await Stage.open(t, system());
      const top = await stage.supervisor({ strategy }, [
        stage.member("permanent"),
        stage.member("temporary", { restart: "temporary" }),
      ]);
      stage.take();
      await stage.end("permanent");
      assert.deepEqual(await stage.children(top), ["permanent=permanent.2"]);
      assert.deepEqual(stage.take("stop", "start"), [
        "stop permanent error",
        "stop temporary shutdown",
        "start permanent",
      ]);
    });
  }
});
