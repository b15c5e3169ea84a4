import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backoffDelay, checkBackoff, ladderLength } from "../../../src/supervision/backoff.ts";
import { CRASH, spec, World } from "./world.ts";

const BOOM = new Error("boom");
const backoff = { min: 100, max: 1_000 };
const patient = { intensity: 100, periodMs: 5_000 };

function pauses(world: World): number[] {
  return world.take().filter((line) => line.startsWith("pause")).map((line) =>
    Number(line.split(" ")[2])
  );
}

describe("supervision core: backoff (Pekko)", () => {
  it("108 delay: min·2ⁿ up to max, then up to randomFactor more", () => {
    const ladder = checkBackoff({ min: 100, max: 5_000, randomFactor: 0.2 }, "backoff");
    const low = [0, 1, 2, 5, 6, 2_000].map((n) => backoffDelay(ladder, n, 0));
    assert.deepEqual(low, [100, 200, 400, 3_200, 5_000, 5_000]);
    assert.equal(backoffDelay(ladder, 0, 1), 120);
    assert.equal(backoffDelay(ladder, 6, 1), 6_000, "jitter comes after the cap");
  });

  it("108 defaults: resetAfter is the average, randomFactor 0.2, restarts without limit", () => {
    assert.deepEqual(checkBackoff(backoff, "backoff"), {
      ...backoff,
      randomFactor: 0.2,
      resetAfter: 550,
      maxRestarts: Infinity,
    });
  });

  it("108 a ladder's length", () => {
    assert.equal(ladderLength(checkBackoff(backoff, "b"), 0), 1);
    assert.equal(ladderLength(checkBackoff(backoff, "b"), 100), 2);
    assert.equal(ladderLength(checkBackoff(backoff, "b"), 299), 2);
    assert.equal(ladderLength(checkBackoff({ ...backoff, maxRestarts: 2 }, "b"), 1e9), 2);
  });

  it("108 restart after exponential backoff; a failing start backs off, too", () => {
    const world = World.of({ ...patient, backoff }, [spec("a")], {
      a: { start: (n) => n > 1 && n < 6 ? BOOM : "up" },
    }).start();
    world.take();
    world.crash("a");
    assert.deepEqual(pauses(world), [100, 200, 400, 800, 1_000]);
    assert.deepEqual(world.children(), ["a=a.6"]);
    assert.equal(world.scheduler.now, 2_500);
  });

  it("108 the pause is drawn with the given randomness, one draw per pause", () => {
    let draws = 0;
    const world = World.of({ ...patient, backoff: { ...backoff, randomFactor: 0.5 } }, [spec("a")])
      .start();
    world.random = () => (draws++, 0.5);
    world.take();
    world.crash("a");
    assert.deepEqual(pauses(world), [125]);
    assert.equal(draws, 1);
  });

  it("108 reset exponential backoff count after reset timeout", () => {
    const world = World.of({ ...patient, backoff: { ...backoff, resetAfter: 500 } }, [spec("a")])
      .start();
    const crashAfter = (ms: number): number | undefined => {
      world.run(ms);
      world.take();
      world.die("a");
      world.run(0);
      const [pause] = pauses(world);
      world.run(pause ?? 0);
      return pause;
    };
    assert.equal(crashAfter(0), 100);
    assert.equal(crashAfter(499), 200);
    assert.equal(crashAfter(499), 400);
    assert.equal(crashAfter(500), 100);
  });

  it("108 a child without backoff is not paused; its own goes before the supervisor's", () => {
    const world = World.of({ ...patient, backoff }, [spec("a", { backoff: { min: 7, max: 7 } })])
      .start();
    world.take();
    world.crash("a");
    assert.deepEqual(pauses(world), [7]);
  });

  it("108 fail if reaching maximum number of restarts with backoff", () => {
    const world = World.of({ ...patient, backoff: { ...backoff, maxRestarts: 2 } }, [
      spec("a"),
      spec("b"),
    ], {
      a: { start: (n) => n > 1 ? BOOM : "up" },
    }).start();
    world.take();
    world.crash("a");
    const log = world.take("down");
    assert.equal(log.filter((line) => line === "start a").length, 2);
    assert.deepEqual(log.slice(-3), ["gave_up a", "stop b", "exit shutdown"]);
  });

  it("108 each attempt counts toward intensity", () => {
    const world = World.of({ intensity: 2, periodMs: 5_000, backoff }, [spec("a")], {
      a: { start: (n) => n > 1 ? BOOM : "up" },
    }).start();
    world.take();
    world.crash("a");
    assert.equal(world.moves().length, 2);
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("108 while it waits the child is restarting, with every row of §3.7", () => {
    const world = World.of({ ...patient, backoff: { min: 1e5, max: 1e5 } }, [spec("a")]).start();
    world.die("a");
    world.run(10);
    assert.deepEqual(world.children(), ["a=restarting"]);
    assert.equal(world.restart("a"), "restarting");
    assert.equal(world.delete("a"), "restarting");
    assert.equal(world.startChild(spec("a")), "already_present");
    assert.equal(world.counts().active, 0);
    world.take();
    assert.equal(world.terminate("a"), "ok");
    assert.deepEqual(world.take(), ["cancel"]);
    assert.deepEqual(world.children(), ["a=stopped"]);
    world.run(1e6);
    assert.deepEqual(world.moves(), [], "the timer is cancelled");
  });

  it("108 stop during the pause: at once", () => {
    const world = World.of({ ...patient, backoff: { min: 1e5, max: 1e5 } }, [spec("a"), spec("b")])
      .start();
    world.die("a");
    world.run(10);
    world.stop(undefined, 0);
    assert.deepEqual(world.ended, { kind: "shutdown" });
  });

  it("108 stop children when backoff: the group is stopped before the pause and started after it", () => {
    for (
      const [strategy, before, after] of [
        ["one_for_all", ["stop c", "stop a"], ["start a", "start b", "start c"]],
        ["rest_for_one", ["stop c"], ["start b", "start c"]],
      ] as const
    ) {
      const world = World.of(
        { ...patient, strategy, backoff },
        ["a", "b", "c"].map((id) => spec(id)),
      ).start();
      world.take();
      world.die("b");
      world.run(50);
      assert.deepEqual(world.moves(), before);
      world.run(50);
      assert.deepEqual(world.moves(), after);
    }
  });

  it("108 a sibling that is started by hand meanwhile is restarted with the group", () => {
    const world = World.of({ ...patient, strategy: "one_for_all", backoff }, [spec("a"), spec("b")])
      .start();
    world.die("a");
    world.run(10);
    assert.equal(world.restart("b"), "b.2");
    world.take();
    world.run(200);
    assert.deepEqual(world.moves(), ["stop b", "start a", "start b"]);
  });

  it("108 an earlier child's restart takes over the one that waits (rest_for_one)", () => {
    const world = World.of({ ...patient, strategy: "rest_for_one" }, [
      spec("a"),
      spec("b", { backoff: { min: 1_000, max: 1_000 } }),
    ]).start();
    world.die("b");
    world.run(10);
    world.take();
    world.die("a", CRASH);
    world.run(5_000);
    assert.deepEqual(world.moves(), ["start a", "start b"]);
    assert.deepEqual(world.children(), ["a=a.2", "b=b.2"]);
  });

  it("108 a named child with backoff is expected back from its start until it is gone for good", () => {
    const named = (id: string, more: object = {}) => spec(id, { name: `the ${id}`, ...more });
    const world = World.of({ ...patient, backoff: { min: 100, max: 100 } }, [
      named("a"),
      spec("nameless"),
      named("b", { restart: "transient" }),
    ]);
    const expected = (): string[] => [...world.state.expected].sort();
    assert.deepEqual(expected(), []);
    world.start(0);
    world.run(1);
    assert.deepEqual(expected(), ["the a", "the b"]);
    world.die("a");
    world.run(10);
    assert.deepEqual(world.children(), ["a=restarting", "nameless=nameless.1", "b=b.1"]);
    assert.deepEqual(expected(), ["the a", "the b"], "while it waits");
    assert.equal(world.terminate("a"), "ok");
    assert.deepEqual(expected(), ["the b"], "nobody starts it any more");
    world.restart("a");
    world.run(1);
    assert.deepEqual(expected(), ["the a", "the b"]);
    world.die("b", { kind: "normal" });
    world.run(1);
    assert.deepEqual(expected(), ["the a"], "it has finished");
    world.post({ kind: "shutdown", reason: { kind: "shutdown" } });
    world.run(1);
    assert.deepEqual(expected(), []);
  });

  it("108 the others of its group are expected back, too, and those without backoff are not", () => {
    const specs = ["a", "b"].map((id) => spec(id, { name: `the ${id}` }));
    const group = World.of({ ...patient, strategy: "one_for_all", backoff }, specs).start();
    group.die("a");
    group.run(10);
    assert.deepEqual(group.children(), ["a=restarting", "b=stopped"]);
    assert.deepEqual([...group.state.expected], ["the a", "the b"]);
    const plain = World.of({ ...patient, strategy: "one_for_all" }, specs).start();
    assert.equal(plain.state.expected.size, 0);
  });
});
