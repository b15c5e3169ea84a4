/** A SHA-256 in the making. */
export interface Hasher {
  update(bytes: Uint8Array): Hasher;
  /** The 32 bytes; the hasher is used up. */
  digest(): Uint8Array;
}

/** Hash functions of the runtime, for actors that may not import them. */
export interface Hashing {
  sha256(): Hasher;
}
