import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stormyRun } from "./stormy_run.ts";

/** Of seed 1. Another value on some runtime: what engines do their own way has reached a decision. A change of behaviour: write down the new one. */
const PINNED = "b90dd27c440284160f663e4c97385f7f878b4c886a8d5d08085d97f2cd4f2e2b";

/** The first line in which two traces differ, with those around it. */
function difference(a: readonly string[], b: readonly string[]): string {
  const i = a.findIndex((line, n) => line !== b[n]);
  return `from line ${i} on:\n${a.slice(i - 2, i + 3).join("\n")}\n---\n${
    b.slice(i - 2, i + 3).join("\n")
  }`;
}

describe("a run of five peers with crashes, a partition and downloads", () => {
  it("is the same, byte for byte, when its seed is run again, on every runtime", async () => {
    const [first, second] = [await stormyRun(1), await stormyRun(1)];
    assert.equal(first.hash, second.hash, difference(first.lines, second.lines));
    assert.ok(first.lines.length > 3_000, `${first.lines.length} lines`);
    for (
      const what of [
        "@ link p2p.peer.peer-1 p2p.peer.peer-3",
        "! node.down",
        "! download.done",
        "! election.win",
      ]
    ) {
      assert.ok(first.lines.some((line) => line.includes(` ${what} `)), `no ${what}`);
    }
    assert.equal(first.hash, PINNED);
  });

  it("is another with another seed", async () => {
    assert.notEqual((await stormyRun(2)).hash, (await stormyRun(3)).hash);
  });
});
