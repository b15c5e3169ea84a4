import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExitReason, NodeId } from "../../../src/actor/mod.ts";
import type { Restart } from "../../../src/supervision/mod.ts";
import { CRASH, DETAIL, spec, World } from "./world.ts";

const NORMAL: ExitReason = { kind: "normal" };
const SHUTDOWN: ExitReason = { kind: "shutdown" };
const KILLED: ExitReason = { kind: "killed" };
const NODEDOWN: ExitReason = { kind: "nodedown", node: "t1" as NodeId };

const cases: readonly [string, Restart, readonly ExitReason[], string[]][] = [
  ["32 permanent_normal: restarted", "permanent", [NORMAL], ["a=a.2"]],
  ["33 permanent_shutdown: restarted, also with a detail", "permanent", [SHUTDOWN, DETAIL], [
    "a=a.2",
  ]],
  ["34 permanent_abnormal: restarted", "permanent", [CRASH, KILLED, NODEDOWN, { kind: "noproc" }], [
    "a=a.2",
  ]],
  ["35 transient_normal: not restarted, the spec stays", "transient", [NORMAL], ["a=stopped"]],
  ["36 transient_shutdown: not restarted, the spec stays", "transient", [SHUTDOWN, DETAIL], [
    "a=stopped",
  ]],
  ["37 transient_abnormal: restarted", "transient", [CRASH, KILLED, NODEDOWN, { kind: "noproc" }], [
    "a=a.2",
  ]],
  ["38 temporary_normal: not restarted, the spec is gone", "temporary", [NORMAL], []],
  ["39 temporary_shutdown: not restarted, the spec is gone", "temporary", [SHUTDOWN, DETAIL], []],
  [
    "40 temporary_abnormal: not restarted, the spec is gone",
    "temporary",
    [CRASH, KILLED, NODEDOWN],
    [],
  ],
];

describe("supervision core: restart type and reason", () => {
  for (const [name, restart, reasons, children] of cases) {
    it(name, () => {
      for (const reason of reasons) {
        const world = World.of({}, [spec("a", { restart })]).start();
        world.crash("a", reason);
        assert.deepEqual(world.children(), children);
        assert.equal(world.ended, undefined);
      }
    });
  }

  it("reports ends as OTP does: all of permanent children, abnormal ones of others", () => {
    const reported = (restart: Restart, reason: ExitReason): boolean => {
      const world = World.of({}, [spec("a", { restart })]).start();
      world.crash("a", reason);
      return world.log.includes("child_failed a");
    };
    assert.equal(reported("permanent", NORMAL), true);
    assert.equal(reported("transient", NORMAL), false);
    assert.equal(reported("transient", CRASH), true);
    assert.equal(reported("temporary", SHUTDOWN), false);
    assert.equal(reported("temporary", KILLED), true);
  });

  for (const strategy of ["one_for_all", "rest_for_one"] as const) {
    it(`41 temporary_bystander: ${strategy} stops the temporary one and forgets it`, () => {
      const world = World.of({ strategy }, [
        spec("permanent"),
        spec("temporary", { restart: "temporary" }),
      ]).start();
      world.take();
      world.crash("permanent");
      assert.deepEqual(world.moves(), ["stop temporary", "start permanent"]);
      assert.deepEqual(world.children(), ["permanent=permanent.2"]);
      assert.equal(world.ended, undefined);
    });
  }
});
