import type { ActorRef } from "../src/actor.ts";
import { actor } from "../src/actor.ts";
import { everySeed, SeedFailedError, simulate } from "../src/testing.ts";
import type { TestWorld } from "../src/testing.ts";

/** Keeps a balance. */
const account = actor(() => {
  let balance = 100;
  return { read: () => balance, write: (now: number) => void (balance = now) };
});
type Account = ActorRef<{ read(): number; write(now: number): void }>;

/** Broken on purpose: between its read and its write another cashier may have paid out, too. */
const cashier = actor((_ctx, of: Account) => ({
  async payOut(amount: number): Promise<boolean> {
    const balance = await of.ask.read();
    if (balance < amount) return false;
    await of.ask.write(balance - amount);
    return true;
  },
}));

/** Two customers, a moment apart, each at a cashier of their own. */
async function twoCustomers(world: TestWorld): Promise<void> {
  const money = await world.spawn(account);
  const first = await world.spawn(cashier, money as never);
  const second = await world.spawn(cashier, money as never);
  const paying = first.ask.payOut(60);
  await world.advance(1.2);
  const paid = [await second.ask.payOut(30), await paying];
  const left = await money.ask.read();
  if (left !== 10) throw new Error(`paid out: ${paid}, and there are ${left} left of 100`);
}

try {
  await everySeed(200, twoCustomers);
  console.log("No race in 200 worlds");
} catch (error) {
  if (!(error instanceof SeedFailedError)) throw error;
  console.log(error.message);
  // The seed alone is enough to see it again.
  await using world = await simulate({ seed: error.seed });
  await twoCustomers(world).catch(({ message }) => console.log(`Again: ${message}`));
}
