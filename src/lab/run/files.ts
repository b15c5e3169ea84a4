import { keyedRandom } from "../../actor/mod.ts";
import type { ClusterPlan } from "../scenario/schedule.ts";
import { draw } from "./draws.ts";

/** A file that a run knows the content of: it is a function of its name, its size and the seed. */
export interface KnownFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Who shares it from the first, by peer id. */
  readonly holders: readonly string[];
}

/** The files that a cluster of this plan starts with, by name. */
export function initialFiles(
  plan: ClusterPlan,
  peers: readonly string[],
  seed: string,
): ReadonlyMap<string, KnownFile> {
  const files = new Map<string, KnownFile>();
  if (plan.files === undefined) return files;
  const { perPeer, size, holders = 1 } = plan.files;
  for (const [i, peer] of peers.entries()) {
    for (let k = 1; k <= perPeer; k++) {
      const name = `${peer}-${k}.bin`;
      const length = Math.round(draw(size, keyedRandom(seed).stream(`size of ${name}`)));
      files.set(name, {
        name,
        bytes: contentOf(seed, name, length),
        holders: Array.from({ length: holders }, (_, h) => peers[(i + h) % peers.length]!),
      });
    }
  }
  return files;
}

/** `length` bytes that seed and name determine, and that do not repeat soon. */
export function contentOf(seed: string, name: string, length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = keyedRandom(seed).stream(`content of ${name}`).below(2 ** 32) || 1;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer, 0, length);
}
