import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorError } from "../../../src/actor.ts";
import { actor } from "../../../src/actor.ts";
import type { MemberProtocol } from "./fixtures/member.ts";
import { Stage } from "./stage.ts";
import { eventsOf, oneSystem, rejection, SHUTDOWN } from "./support.ts";

/** Longer than any test: whoever waits so long is seen waiting. */
const LONG = { min: 60_000, max: 60_000 };
const ROOM = { intensity: 100, periodMs: 60_000 };

describe("supervision on threads: backoff (Pekko)", () => {
  const system = oneSystem();

  it("108 restart after exponential backoff: the pauses are made, failing starts back off too", async (t) => {
    const stage = await Stage.open(t, system());
    const restarts = eventsOf(t, system(), "supervisor.restart");
    const failures = eventsOf(t, system(), "supervisor.start_failed");
    stage.part("a", (n) => ({ init: n === 1 || n === 5 ? "ok" : "throw" }));
    const backoff = { min: 20, max: 80, randomFactor: 0, resetAfter: 60_000 };
    const top = await stage.supervisor({ ...ROOM, backoff }, stage.members("a b"));
    await stage.end("a");
    await stage.shows(top, ["a=a.5", "b=b.1"]);
    assert.deepEqual(restarts.map(({ data }) => data["delay"]), [20, 40, 80, 80]);
    for (const [i, { at }] of failures.entries()) {
      const { at: begun, data } = restarts[i] as typeof restarts[number];
      assert.ok(at - begun >= (data["delay"] as number) - 1, `attempt ${i + 1} came too early`);
    }
  });

  it("108 reset exponential backoff count after reset timeout", async (t) => {
    const stage = await Stage.open(t, system());
    const restarts = eventsOf(t, system(), "supervisor.restart");
    const backoff = { min: 1, max: 8, randomFactor: 0, resetAfter: 30 };
    const top = await stage.supervisor({ ...ROOM, backoff }, stage.members("a"));
    const crash = async (): Promise<void> => {
      const n = stage.starts("a");
      await stage.end("a");
      await stage.shows(top, [`a=a.${n + 1}`]);
    };
    await crash();
    const up = system().now();
    await stage.until("the reset", () => system().now() > up + 31);
    await crash();
    assert.deepEqual(restarts.map(({ data }) => data["delay"]), [1, 1]);
  });

  it("108 fail if reaching maximum number of restarts with backoff", async (t) => {
    const stage = await Stage.open(t, system());
    const gaveUp = eventsOf(t, system(), "supervisor.gave_up");
    stage.part("a", (n) => ({ init: n === 1 ? "ok" : "throw" }));
    const backoff = { min: 1, max: 2, maxRestarts: 2 };
    const top = await stage.supervisor({ ...ROOM, backoff }, stage.members("a b"));
    const down = system().down(top);
    await stage.end("a");
    assert.deepEqual((await down).reason, SHUTDOWN);
    assert.equal(stage.starts("a"), 3);
    assert.deepEqual(gaveUp.map(({ data }) => data["why"]), ["max_restarts"]);
  });

  it("108 stop children when backoff: the group is stopped before the pause; stop ends the pause", async (t) => {
    const stage = await Stage.open(t, system());
    const options = { strategy: "one_for_all", backoff: LONG } as const;
    const top = await stage.supervisor(options, stage.members("a b c"));
    stage.take();
    await stage.end("b");
    assert.deepEqual(await stage.children(top), ["a=stopped", "b=restarting", "c=stopped"]);
    assert.deepEqual(stage.take("gone"), [
      "gone b error: b crashed",
      "gone c shutdown",
      "gone a shutdown",
    ]);
    assert.deepEqual(await system().stop(top, { timeout: 2_000 }), { kind: "shutdown" });
    assert.deepEqual(stage.take("start"), []);
  });

  it("108 messages while backing off are stashed, and go to the next incarnation in order", async (t) => {
    const stage = await Stage.open(t, system());
    const backoff = { min: 50, max: 50, randomFactor: 0 };
    await stage.supervisor({ ...ROOM, backoff }, [stage.member("a", { name: "backing_off" })]);
    const via = system().registry.via<MemberProtocol>("backing_off");
    await stage.end("a");
    const asked = via.ask.ping();
    const told: string[] = [];
    const ear = await system().spawn(
      actor(() => ({ hear: (line: string) => void told.push(line) })),
      undefined,
    );
    for (let i = 0; i < 100; i++) via.tell.repeat(ear as never, `${i}`);
    assert.equal(await asked, "a", "kept until it is up again");
    assert.equal(stage.starts("a"), 2);
    await stage.until("all that was told", () => told.length === 100);
    assert.deepEqual(told, Array.from({ length: 100 }, (_, i) => `${i}`));
  });

  it("108 publish dropped messages while backing off and stash is full", async (t) => {
    const stage = await Stage.open(t, system());
    const dropped = eventsOf(t, system(), "deadletter");
    const top = await stage.supervisor({ backoff: LONG }, [stage.member("a", { name: "away" })]);
    const via = system().registry.via<MemberProtocol>("away");
    await stage.end("a");
    await stage.shows(top, ["a=restarting"]);
    for (let i = 0; i < 1_002; i++) via.tell.ping();
    await stage.until("two dead letters", () => dropped.length === 2);
    assert.deepEqual(dropped.map(({ data }) => data["why"]), ["stash_full", "stash_full"]);
    assert.equal((await rejection(via.ask.ping())).code, "stash_full");
    await top.ask.terminateChild("a");
    await stage.until("the others", () => dropped.length === 1_002);
    assert.equal((await rejection(via.ask.ping())).code, "noproc", "nobody expects it any more");
  });

  it("108 what waits for a child that never comes back fails: in time, by its signal, or when the supervisor ends", async (t) => {
    const stage = await Stage.open(t, system());
    const top = await stage.supervisor({ backoff: LONG }, [stage.member("a", { name: "lost" })]);
    const via = system().registry.via<MemberProtocol>("lost");
    await stage.end("a");
    await stage.shows(top, ["a=restarting"]);
    const late = await rejection(via.with({ timeout: 20 }).ask.ping());
    assert.deepEqual([late.code, (late as ActorError).delivered], ["timeout", "no"]);
    const controller = new AbortController();
    const aborted = rejection(via.with({ signal: controller.signal }).ask.ping());
    const ended = rejection(via.ask.ping());
    await rejection(via.with({ timeout: 1 }).ready());
    controller.abort();
    assert.equal((await aborted).code, "aborted");
    await system().stop(top, { timeout: 2_000 });
    assert.equal((await ended).code, "noproc");
  });
});
