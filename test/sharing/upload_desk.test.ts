import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UploadDesk } from "../../src/sharing/mod.ts";
import { wait } from "./download_world.ts";
import { virtualClock } from "./virtual_clock.ts";

const signal = new AbortController().signal;

describe("a desk that serves chunks", () => {
  it("serves one who asks little beside one who asks much", async () => {
    const clock = virtualClock();
    const desk = new UploadDesk(clock, { uploads: 1 });
    const order: string[] = [];
    const ask = (asker: string): Promise<void> =>
      desk.serve(asker, 2 ** 20, signal, async () => {
        await wait(clock, 1);
        order.push(asker);
      });
    const much = Array.from({ length: 60 }, () => ask("greedy"));
    await clock.run(ask("modest"));
    assert.ok(order.length <= 10, `${order.length} were served before`);
    await clock.run(Promise.all(much).then(() => {}));
    assert.equal(desk.served, 61 * 2 ** 20);
  });

  it("refuses a flood, then hears the flooder no more, for a while", async () => {
    const clock = virtualClock();
    const desk = new UploadDesk(clock);
    const blocked = new Promise<void>(() => {});
    const codes: string[] = [];
    for (let i = 0; i < 400; i++) {
      desk.serve("flooder", 1, signal, () => blocked).catch((error) => codes.push(error.code));
    }
    await desk.serve("other", 1, signal, () => Promise.resolve());
    assert.deepEqual([codes.at(0), codes.at(-1)], ["busy", "muted"]);
    assert.equal(codes.length, 400 - 128);
    await clock.run(wait(clock, 10_001));
    // One of its requests is under way meanwhile, so there is room for one.
    void desk.serve("flooder", 1, signal, () => blocked);
    await assert.rejects(desk.serve("flooder", 1, signal, () => blocked), { code: "busy" });
  });

  it("keeps to its rate, and does not work for who gave up", async () => {
    const clock = virtualClock();
    const desk = new UploadDesk(clock, { bytesPerSecond: 1_000 });
    const controller = new AbortController();
    let served = 0;
    const ask = (given: AbortSignal): Promise<void> =>
      desk.serve("a", 500, given, () => Promise.resolve(void served++));
    const all = Array.from({ length: 10 }, () => ask(signal));
    const gone = assert.rejects(ask(controller.signal), /gone/);
    controller.abort(new Error("gone"));
    await clock.run(Promise.all(all).then(() => {}));
    await gone;
    assert.equal(served, 10);
    assert.ok(clock.now() >= 4_000 && clock.now() < 5_500, `${clock.now()} ms`);
    desk.set({ bytesPerSecond: Infinity });
    await desk.serve("a", 1e9, signal, () => Promise.resolve());
  });

  it("passes on what the work throws", async () => {
    const desk = new UploadDesk(virtualClock());
    await assert.rejects(desk.serve("a", 1, signal, () => Promise.reject(new Error("no"))), /no/);
  });
});
