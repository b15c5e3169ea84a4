import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { step } from "../../src/election/mod.ts";
import { ElectionProtocol } from "../../src/lab/model/election_protocol.ts";
import { everySending, everySendingPlainly } from "./plain_search.ts";

describe("the model checker's shortcuts lose nothing: it", () => {
  for (
    const [peers, epochs, restart, writes] of [
      [2, 1, 1, 1],
      [2, 1, 1, 9],
      [2, 2, 0, 1],
      [3, 1, 0, 1],
    ] as const
  ) {
    it(`sends what a search without any shortcut sends, and nothing else: ${peers} peers, ${epochs} epochs, ${restart} restarts, ${writes} writes kept apart`, () => {
      const faults = { restart, wipe: 0, diskFault: 0 };
      const model = { step, peers, epochs, faults };
      const plain = everySendingPlainly(new ElectionProtocol({ ...model, writes: 9 }), faults);
      const reduced = everySending(new ElectionProtocol({ ...model, writes }), faults);
      assert.ok(plain.size > 5, `${plain.size} sets`);
      assert.deepEqual([...reduced].sort(), [...plain].sort());
    });
  }
});
