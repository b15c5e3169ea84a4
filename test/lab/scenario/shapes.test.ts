import assert from "node:assert/strict";
import { test } from "node:test";
import { keyedRandom } from "../../../src/actor.ts";
import type { Cuts } from "../../../src/lab/scenario/shapes.ts";
import { cutsBetween, cutsOf } from "../../../src/lab/scenario/shapes.ts";
import { resolveWho } from "../../../src/lab/run/targets.ts";

const PEERS = ["peer-1", "peer-2", "peer-3", "peer-4", "peer-5"];

/** How many others each peer still reaches, in order of the peers. */
function reach(cuts: Cuts): number[] {
  return PEERS.map((peer) => 4 - (cuts.find(([from]) => from === peer)?.[1].length ?? 0));
}

const shaped = (shape: Parameters<typeof cutsOf>[0]["shape"], who: string[] = []): number[] =>
  reach(cutsOf({ shape, peers: PEERS, who }, keyedRandom(1)));

test("each shape leaves the links that its name says", () => {
  assert.deepEqual(shaped("isolate", ["peer-2"]), [3, 0, 3, 3, 3]);
  assert.deepEqual(shaped("halves", ["peer-1"]).sort(), [1, 1, 2, 2, 2]);
  assert.equal(shaped("halves", ["peer-1"])[0], 1, "who is named is in the smaller half");
  assert.deepEqual(shaped("bridge", ["peer-3"]), [2, 2, 4, 2, 2]);
  assert.deepEqual(shaped("ring"), [2, 2, 2, 2, 2]);
  assert.deepEqual(shaped("chain").sort(), [1, 1, 2, 2, 2]);
  assert.deepEqual(shaped("one-way", ["peer-5"]), [4, 4, 4, 4, 0]);
});

test("groups cut both ways, or one way from earlier to later; who is in none is alone", () => {
  const groups = [["peer-1", "peer-2"], ["peer-3", "peer-4"]];
  assert.deepEqual(reach(cutsBetween(groups, PEERS, false)), [1, 1, 1, 1, 0]);
  assert.deepEqual(reach(cutsBetween(groups, PEERS, true)), [1, 1, 3, 3, 4]);
});

const VIEW = PEERS.map((id, i) => ({
  id,
  up: i !== 4,
  role: (["tracker", "follower", "candidate", "tracker", "down"] as const)[i]!,
  epoch: [7, 7, 8, 3, 2][i]!,
  tracker: "peer-1",
}));

test("targets are words for roles and numbers, and never strike who is down", () => {
  const who = (word: string | string[], data = {}): string[] =>
    resolveWho(word, {
      peers: VIEW,
      event: { kind: "x", at: 0, node: "n1" as never, actor: undefined, name: undefined, data },
    }, keyedRandom(3));
  assert.deepEqual(who("tracker"), ["peer-1"], "of two, the one of the higher epoch");
  assert.deepEqual(who("candidate"), ["peer-3"]);
  assert.deepEqual(who("crashed"), ["peer-5"]);
  assert.deepEqual(who("followers"), ["peer-2"]);
  assert.equal(who("minority").length, 2);
  assert.equal(who("majority").length, 3);
  assert.equal(who("minority-third").length, 1);
  assert.ok(![...who("majority"), ...who("one")].includes("peer-5"));
  assert.deepEqual(who(["tracker", "4", "rest"]), [
    "peer-1",
    "peer-4",
    "peer-2",
    "peer-3",
    "peer-5",
  ]);
  assert.deepEqual(who("@event.peer", { peer: "peer-2" }), ["peer-2"]);
  assert.deepEqual(who("@event.holders.1", { holders: ["peer-4", "peer-2"] }), ["peer-2"]);
  assert.deepEqual(who("@event.candidate", { candidate: "peer-3#a1" }), ["peer-3"]);
  assert.deepEqual(who("nobody"), []);
});
