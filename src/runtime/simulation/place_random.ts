import type { NodeId, Random } from "../../actor/mod.ts";
import { keyedRandom } from "../../actor/mod.ts";

/**
 * The randomness of a simulated thread. Actors are named by their place and their number in it, not by the number of the
 * thread: an actor more or less elsewhere changes nobody's draws.
 *
 * @param seed names the world's seed, the place, and how many threads it had before
 */
export function placeRandom(seed: string, node: NodeId): Random {
  const random = keyedRandom(seed);
  const prefix = `${node}/`;
  return {
    next: () => random.next(),
    below: (below) => random.below(below),
    hex: (length) => random.hex(length),
    stream: (name) =>
      random.stream(name.startsWith(prefix) ? `#${name.slice(prefix.length)}` : name),
  };
}
