import assert from "node:assert/strict";
import { it } from "node:test";
import { SystemEventFeed, TraceChecker } from "../../src/lab/invariants/mod.ts";

it("a tracker whose clock is wrong is not said to have served after it left, and a real overlap is seen", () => {
  for (const [begins, overlaps] of [[250, false], [150, true]] as const) {
    let broken = 0;
    const feed = new SystemEventFeed(
      new TraceChecker({ voters: ["a", "b", "c"], only: ["I6"] }, () => broken++),
    );
    const see = (at: number, kind: string, data: Record<string, unknown>): void => {
      feed.see({ kind: `election.${kind}`, at, data } as never);
    };
    see(100, "lease_gained", { peer: "a", epoch: 1 });
    see(begins, "lease_gained", { peer: "b", epoch: 2 });
    // By its own clock, far ahead, it served until 60 200; by the true one until 200.
    see(300, "served", { peer: "a", epoch: 1, until: 60_200, lapsed: 100 });
    see(400, "served", { peer: "b", epoch: 2, until: 400, lapsed: 0 });
    assert.equal(broken > 0, overlaps);
  }
});
