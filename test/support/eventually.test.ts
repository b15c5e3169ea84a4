import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { describe, it } from "node:test";
import { eventually, NeverHappenedError } from "./eventually.ts";

describe("eventually()", () => {
  it("answers what the probe answers once it holds", async () => {
    let looks = 0;
    const seen = await eventually("the third look", () => ++looks === 3 && `look ${looks}`, {
      intervalMs: 1,
    });
    assert.equal(seen, "look 3");
  });

  it("takes zero and the empty text as answers", async () => {
    assert.equal(await eventually("a count", () => 0), 0);
    assert.equal(await eventually("a text", () => Promise.resolve("")), "");
  });

  it("lets a probe be made of assertions", async () => {
    let looks = 0;
    await eventually("two looks", () => {
      assert.equal(++looks, 2);
      return true;
    }, { intervalMs: 1 });
    assert.equal(looks, 2);
  });

  it("says what it waited for and what it saw last", async () => {
    const late = eventually("three peers", () => assert.equal(1, 3, "one peer"), {
      timeoutMs: 20,
    });
    await assert.rejects(late, (error) => {
      assert.ok(error instanceof NeverHappenedError);
      assert.match(error.message, /^Waited for three peers: not so within 20 ms \(\d+ looks\)/);
      assert.match(error.message, /last seen: thrown .*one peer/);
      assert.ok(error.cause instanceof assert.AssertionError);
      return true;
    });
  });

  it("gives up on a probe that does not answer", async () => {
    const stuck = eventually("an answer", () => new Promise<true>(() => {}), { timeoutMs: 20 });
    await assert.rejects(stuck, /Waited for an answer.*\(1 looks\); last seen: no answer/);
  });

  it("gives up when its signal is aborted, before or meanwhile", async () => {
    const options = { signal: AbortSignal.abort(), timeoutMs: 60_000 };
    await assert.rejects(
      eventually("anything", () => true, options),
      /signal was aborted \(0 looks/,
    );
    const controller = new AbortController();
    const waiting = eventually("never", () => false, { signal: controller.signal });
    controller.abort();
    await assert.rejects(waiting, /signal was aborted/);
  });

  it("looks only when a change is announced", async () => {
    const emitter = new EventEmitter();
    let looks = 0;
    const waiting = eventually("two changes", () => ++looks === 3 && looks, {
      wakeOn: on(emitter, "change"),
    });
    for (const expected of [1, 2]) {
      await turn();
      assert.equal(looks, expected);
      emitter.emit("change");
    }
    assert.equal(await waiting, 3);
    assert.equal(emitter.listenerCount("change"), 0);
  });

  it("does not miss a change announced during a look", async () => {
    const emitter = new EventEmitter();
    let looks = 0;
    const seen = await eventually("a second look", async () => {
      if (++looks === 2) return true;
      emitter.emit("change");
      await turn();
      return false;
    }, { wakeOn: on(emitter, "change") });
    assert.equal(seen, true);
  });
});

function on(emitter: EventEmitter, event: string): (wake: () => void) => () => void {
  return (wake) => {
    emitter.on(event, wake);
    return () => emitter.off(event, wake);
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
