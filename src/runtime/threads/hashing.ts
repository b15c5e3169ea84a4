import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { Hasher, Hashing } from "../../actor/mod.ts";

/** Hash functions of `node:crypto`: with the processor's SHA instructions, faster than any WebAssembly (`platform.md` §3.2). */
export function threadHashing(): Hashing {
  return { sha256: () => new Sha256() };
}

class Sha256 implements Hasher {
  readonly #hash: Hash = createHash("sha256");

  update(bytes: Uint8Array): Hasher {
    this.#hash.update(bytes);
    return this;
  }

  digest(): Uint8Array {
    // A plain copy: node:crypto's Buffer may be a part of a pool, which cannot be transferred.
    return new Uint8Array(this.#hash.digest());
  }
}
