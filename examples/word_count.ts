/**
 * A program with no peers in it: a pool of supervised threads counts words. One text crashes whoever counts it; its supervisor starts a
 * successor, and the other texts are counted all the same.
 */
import type { ActorError } from "../src/actor.ts";
import { child, createSystem, fromModule, moduleUrl, supervisor } from "../src/actor.ts";
import type counter from "./word_count/counter.ts";
import type { CounterProtocol } from "./word_count/counter.ts";

const THREADS = 2;
const texts = [
  "the quick brown fox jumps over the lazy dog",
  "the dog sleeps",
  "12345",
  "a fox and a dog",
];

const module = fromModule<typeof counter>(moduleUrl("./word_count/counter.ts", import.meta.url));
const names = Array.from({ length: THREADS }, (_, i) => `counter/${i}`);
const pool = supervisor(
  { strategy: "one_for_one", intensity: 5, periodMs: 1_000 },
  names.map((name) => child({ id: name, start: module, name, placement: "thread" })),
);

await using system = await createSystem({ root: pool });
const restarted = new Promise<void>((resolve) =>
  void system.on("supervisor.restart", ({ data }) => {
    console.log(`${data["id"]} crashed and is started again`);
    resolve();
  })
);

const total = new Map<string, number>();
for (const [i, text] of texts.entries()) {
  const name = names[i % THREADS] as string;
  const ref = await system.registry.waitFor<CounterProtocol>(name);
  try {
    for (const [word, n] of Object.entries(await ref.ask.count(text))) {
      total.set(word, (total.get(word) ?? 0) + n);
    }
  } catch (error) {
    console.log(`"${text}" could not be counted: ${(error as ActorError).message}`);
    await restarted;
  }
}
const top = [...total].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3);
console.log(top.map(([word, n]) => `${word} ${n}`).join(", "));
