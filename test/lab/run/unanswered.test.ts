import assert from "node:assert/strict";
import { test } from "node:test";
import { createCluster } from "../../../src/mod.ts";
import { unanswered } from "../../../src/lab/run/recovery.ts";

test("only what waits for an answer for ever is unanswered, not what follows a tracker", () => {
  const nodes = [
    { node: "main" as never, untimedAsks: {} },
    { node: "t1" as never, untimedAsks: { outlive: 1 } },
    { node: "t2" as never, untimedAsks: { outlive: 1, bundle: 2, chunk: 1 } },
  ];
  assert.deepEqual(unanswered({ nodes }), { t2: 3 });
});

test("a question that nobody answers is found in the thread that asks, on a cluster at work", async () => {
  await using cluster = await createCluster({ runtime: "simulation", peers: 3, seed: 7 });
  const { tracker } = await cluster.tracker();
  assert.deepEqual(unanswered(await cluster.inspect()), {});
  cluster.faults.pause(tracker);
  cluster.peer(tracker).files().catch(() => {});
  await cluster.world.advance(100);
  assert.deepEqual(unanswered(await cluster.inspect()), { main: 1 });
});
