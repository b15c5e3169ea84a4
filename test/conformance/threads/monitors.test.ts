import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorRef, ExitReason, Placement } from "../../../src/actor.ts";
import { describeReason, fromModule, moduleUrl } from "../../../src/actor.ts";
import type watcher from "./fixtures/watcher.ts";
import type { WatcherProtocol } from "./fixtures/watcher.ts";
import { memberModule, POOL, SINGLE, Stage } from "./stage.ts";
import { DETAIL, NORMAL, oneSystem, SHUTDOWN } from "./support.ts";

const watcherModule = fromModule<typeof watcher>(
  moduleUrl("./fixtures/watcher.ts", import.meta.url),
);

const NOPROC: ExitReason = { kind: "noproc" };

/** Who watches, and who is watched: in one thread, in two, and in threads of the main one. */
const PLACES: readonly (readonly [string, Placement, Placement])[] = [
  ["in one thread", { pool: SINGLE }, { pool: SINGLE }],
  ["from thread to thread", { pool: SINGLE }, { pool: POOL }],
  ["from the main thread", "local", { pool: SINGLE }],
  ["into a thread of its own", "local", "thread"],
];

describe("monitors and links", () => {
  const system = oneSystem();

  const watch = (placement: Placement): Promise<ActorRef<WatcherProtocol>> =>
    system().spawn(watcherModule, undefined, { placement });

  /** Starts `a`, controlled by `stage`. */
  async function target(stage: Stage, placement: Placement): Promise<ReturnType<Stage["ref"]>> {
    return await system().spawn(memberModule, stage.args("a"), { placement });
  }

  it("97, 102 a monitor on what was seen to end is noproc at once, also in a thread of its own", async (t) => {
    for (let i = 0; i < 5; i++) {
      const stage = await Stage.open(t, system());
      const ref = await target(stage, "thread");
      await system().stop(ref);
      const late = [system().down(ref).then(({ reason }) => reason), system().stop(ref)];
      assert.deepEqual(await Promise.all([...late, system().kill(ref)]), [NOPROC, NOPROC, NOPROC]);
    }
  });

  it("97 who hears of an actor only after its end is told noproc, as long as its thread may still last", async (t) => {
    for (const placement of ["local", "thread", { pool: SINGLE }] as const) {
      const stage = await Stage.open(t, system());
      // In a thread that has never heard of the target.
      const strangers = await Promise.all([watch({ pool: POOL }), watch({ pool: POOL })]);
      const [watching, trapping] = strangers as [typeof strangers[0], typeof strangers[0]];
      await trapping.ask.trap();
      const dying = await target(stage, placement);
      await stage.endNow("a", NORMAL);
      await Promise.all([watching.ask.watch(dying, 1), trapping.ask.link(dying)]);
      await stage.until(
        "the news",
        async () =>
          (await watching.ask.heard()).length === 1 && (await trapping.ask.heard()).length === 1,
      );
      assert.deepEqual(await watching.ask.heard(), ["down noproc"]);
      assert.deepEqual(await trapping.ask.heard(), ["exit noproc"]);
      for (const stranger of strangers) await system().kill(stranger);
    }
  });

  it("94 named_down, V1: when the DOWN arrives, the name is free", async (t) => {
    for (const placement of ["local", "thread", { pool: SINGLE }] as const) {
      for (const how of ["crash", "kill"] as const) {
        const stage = await Stage.open(t, system());
        const options = { placement, name: "named_down" };
        await system().spawn(memberModule, stage.args("a"), options);
        await stage.endNow("a", how);
        assert.equal(await system().registry.whereis("named_down"), undefined);
        // Refused if anybody could still see the old one.
        await system().spawn(memberModule, stage.args("a"), options);
        await stage.endNow("a", "kill");
      }
    }
  });

  for (const [where, from, to] of PLACES) {
    it(`95 V2: sends a, b, dies: a, b, DOWN; as many DOWNs as monitors (${where})`, async (t) => {
      const stage = await Stage.open(t, system());
      const [dying, watching] = await Promise.all([target(stage, to), watch(from)]);
      await watching.ask.watch(dying, 2);
      await watching.ask.watchTwiceAndForgetOne(dying);
      dying.tell.speakAndCrash(watching as never, ["a", "b"]);
      await stage.until("all news", async () => (await watching.ask.heard()).length >= 5);
      const down = "down error: a crashed";
      assert.deepEqual(await watching.ask.heard(), ["a", "b", down, down, down]);
      await system().kill(watching);
    });

    it(`96 demonitor_flush: taken back after the DOWN was queued: nothing arrives (${where})`, async (t) => {
      const stage = await Stage.open(t, system());
      const [dying, watching] = await Promise.all([target(stage, to), watch(from)]);
      await watching.ask.forgetWhenQueued(dying);
      await watching.ask.hear("later");
      assert.deepEqual(await watching.ask.heard(), ["later"]);
      await system().kill(watching);
    });
  }

  const failed: ExitReason = { kind: "error", error: new RangeError("by itself") };
  const reasons: readonly [string, Placement, Parameters<Stage["endNow"]>[1], string][] = [
    ["it finished", { pool: POOL }, NORMAL, "normal"],
    ["it shut down", { pool: POOL }, SHUTDOWN, "shutdown"],
    ["it shut down with a detail", { pool: POOL }, DETAIL, "shutdown: enough"],
    ["it threw", { pool: POOL }, "crash", "error: a crashed"],
    ["it ended with an error", { pool: POOL }, failed, "error: by itself"],
    ["it was killed", { pool: POOL }, "kill", "killed"],
    ["it was killed, in a thread of its own", "thread", "kill", "killed"],
    ["its thread was ended", "thread", "terminate thread", "nodedown"],
    ["its thread ended itself", "thread", "exit thread", "nodedown"],
  ];
  for (const [what, placement, ending, expected] of reasons) {
    it(`97 T13: ${what}: everybody is told ${expected}, whoever looks later noproc`, async (t) => {
      const stage = await Stage.open(t, system());
      const dying = await target(stage, placement);
      const watchers = await Promise.all([watch("local"), watch({ pool: POOL })]);
      for (const watching of watchers) await watching.ask.watch(dying, 1);
      const reason = await stage.endNow("a", ending);
      const told = expected === "nodedown" ? reason.kind : describeReason(reason);
      assert.equal(told, expected);
      for (const watching of watchers) {
        await stage.until("the news", async () => (await watching.ask.heard()).length === 1);
        await watching.ask.watch(dying, 1);
        await stage.until("noproc", async () => (await watching.ask.heard()).length === 2);
        const [first, second] = await watching.ask.heard();
        assert.ok(first?.startsWith(`down ${expected}`), first);
        assert.equal(second, "down noproc");
        await system().kill(watching);
      }
      assert.deepEqual((await system().down(dying)).reason, { kind: "noproc" });
    });
  }

  for (const [where, from, to] of PLACES) {
    it(`97 U8, U9: links: abnormal ends spread, normal ones do not, a trap is told (${where})`, async (t) => {
      const stage = await Stage.open(t, system());
      const [bound, trapping] = await Promise.all([watch(from), watch(from)]);
      await trapping.ask.trap();
      let dying = await target(stage, to);
      for (const one of [bound, trapping]) await one.ask.link(dying);
      await stage.endNow("a", NORMAL);
      await stage.until("the trap", async () => (await trapping.ask.heard()).length === 1);
      assert.deepEqual(await bound.ask.heard(), []);

      dying = await target(stage, to);
      for (const one of [bound, trapping]) await one.ask.link(dying);
      const down = system().down(bound);
      // Answered after the monitor is set: both travel on the one link to its thread.
      await bound.ask.heard();
      await stage.endNow("a", "crash");
      assert.equal(describeReason((await down).reason), "error: a crashed");
      await stage.until("the trap", async () => (await trapping.ask.heard()).length === 2);
      await trapping.ask.link(dying);
      await stage.until("noproc", async () => (await trapping.ask.heard()).length === 3);
      assert.deepEqual(await trapping.ask.heard(), [
        "exit normal",
        "exit error: a crashed",
        "exit noproc",
      ]);
      await system().kill(trapping);
    });
  }

  for (const placement of ["local", { pool: SINGLE }, "thread"] as const) {
    const where = typeof placement === "object" ? "pool" : placement;
    it(`102 stop1…stop10, U7: the reason is what was asked for; too late is a kill; dead is noproc (${where})`, async (t) => {
      for (const reason of [undefined, NORMAL, SHUTDOWN, DETAIL, failed]) {
        const stage = await Stage.open(t, system());
        const ref = await target(stage, placement);
        const options = reason === undefined ? {} : { reason };
        const { kind } = await system().stop(ref, options);
        assert.equal(kind, reason?.kind ?? "shutdown");
        assert.ok(stage.log.includes(`stop a ${kind}`));
        assert.deepEqual(await system().stop(ref), { kind: "noproc" });
      }
      const stage = await Stage.open(t, system());
      stage.part("a", () => ({ stop: "never" }));
      const ref = await target(stage, placement);
      assert.deepEqual(await system().stop(ref, { timeout: 20 }), { kind: "killed" });
      const last = await target(stage, placement);
      await system().kill(last);
      assert.deepEqual(await system().stop(last), { kind: "noproc" });
    });
  }

  it("104 undef_in_terminate: terminate throws: the exit reason is that error", async (t) => {
    for (const placement of ["local", { pool: SINGLE }, "thread"] as const) {
      const stage = await Stage.open(t, system());
      stage.part("a", () => ({ stop: "throw" }));
      const reason = await system().stop(await target(stage, placement));
      assert.ok(reason.kind === "error" && reason.error instanceof RangeError);
      assert.equal(reason.error.message, "a cannot stop");
    }
  });

  it("104 crash: the exit reason is what was thrown, and the caller sees it", async (t) => {
    const stage = await Stage.open(t, system());
    const ref = await target(stage, { pool: SINGLE });
    const down = system().down(ref);
    await assert.rejects(ref.ask.crash(), { message: "a crashed" });
    const { reason } = await down;
    assert.ok(reason.kind === "error");
    assert.equal(reason.error.message, "a crashed");
    assert.ok(stage.log.includes("stop a error"), "terminate runs");
  });
});
