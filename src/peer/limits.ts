/** How much a peer may send and fetch; what is left out is not limited. */
export interface TransferLimits {
  /** Bytes a second of all downloads together, above 0. */
  readonly downBytesPerSecond?: number;
  /** Bytes a second to all others together, above 0. */
  readonly upBytesPerSecond?: number;
  /** Downloads at once, 1 to 16; the others wait, by priority. Default 3. */
  readonly downloads?: number;
  /** Peers that are served at once, 1 or more; the others wait for their turn. */
  readonly uploads?: number;
}

/** Downloads at once unless told. */
export const DEFAULT_DOWNLOADS = 3;

/** The most downloads at once: each may use a buffer of 16 MiB. */
export const MAX_DOWNLOADS = 16;
