import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ActorContext } from "../../src/actor.ts";
import { actor } from "../../src/actor.ts";
import { everySeed, SeedFailedError, simulate } from "../../src/testing.ts";

const reminder = actor((ctx: ActorContext) => {
  let rung = 0;
  return {
    set: (ms: number) => void ctx.after(ms, () => void rung++),
    rung: () => rung,
    draw: () => ctx.random.below(10),
  };
});

describe("troupe/testing", () => {
  it("gives actors virtual time in a few lines", async () => {
    await using world = await simulate({ seed: 1 });
    const ref = await world.spawn(reminder);
    ref.tell.set(60_000);
    await world.advance(59_990);
    assert.equal(await ref.ask.rung(), 0);
    await world.advance(20);
    assert.equal(await ref.ask.rung(), 1);
    assert.ok(world.now >= 60_010);
    const { tree } = await world.inspect();
    assert.ok(tree.some(({ id, state }) => id === ref.id && state === "idle"));
    assert.deepEqual([world.seed, world.world.places().length], ["1", 3]);
  });

  it("runs a test in many worlds, and names the seed of the first that fails", async () => {
    const seen: number[] = [];
    const error = await everySeed(50, async (world) => {
      const ref = await world.spawn(reminder, undefined, { name: "gambler" });
      seen.push(await ref.ask.draw());
      assert.notEqual(seen.at(-1), 7);
    }).then(() => undefined, (error: unknown) => error);
    assert.ok(error instanceof SeedFailedError);
    assert.equal(error.seed, seen.length);
    assert.match(error.message, new RegExp(`simulate\\(\\{ seed: ${error.seed} \\}\\)`));
    await using again = await simulate({ seed: error.seed });
    const ref = await again.spawn(reminder, undefined, { name: "gambler" });
    assert.equal(await ref.ask.draw(), 7);
  });
});
