/** Where FNV-1a of 32 bits begins. */
export const FNV_BASIS = 0x811c9dc5;

/** FNV-1a over UTF-16 code units from `basis`, then {@linkcode mix}: spreads a name over 32 bits. */
export function hash(text: string, basis: number): number {
  let h = basis;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix(h);
}

/** Murmur3's finalizer: every bit of the input reaches every bit of the output. */
export function mix(h: number): number {
  h ^= h >>> 16;
  h = Math.imul(h, 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
