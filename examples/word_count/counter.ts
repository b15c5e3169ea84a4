/** Counts words in a thread of its own. Some texts are too much for it. */
import type { ActorDefinition } from "../../src/actor.ts";
import { actor } from "../../src/actor.ts";

export type CounterProtocol = {
  count(text: string): Record<string, number>;
};

const counter: ActorDefinition<void, CounterProtocol> = actor((): CounterProtocol => ({
  count(text) {
    const words = text.toLowerCase().match(/\p{L}+/gu);
    // A bug, for the supervisor to live with: a text without words.
    if (words === null) throw new TypeError("a text without words");
    const counts: Record<string, number> = {};
    for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
    return counts;
  },
}));

export default counter;
