/**
 * A map from strings that never changes: setting gives a new map that shares almost everything with the old one. The
 * pure core keeps its children in such maps, so that a state costs neither a copy of a hundred thousand children
 * nor the old state.
 */
export interface PersistentMap<V> {
  readonly size: number;
  readonly root: Node<V> | undefined;
}

type Entry<V> = readonly [key: string, value: V];
/** Entries whose hashes are equal; nearly always one. */
interface Leaf<V> {
  readonly hash: number;
  readonly entries: readonly Entry<V>[];
}
interface Branch<V> {
  readonly slots: readonly (Node<V> | undefined)[];
}
type Node<V> = Leaf<V> | Branch<V>;

const BITS = 4;
const WIDTH = 1 << BITS;
const NO_SLOTS: readonly undefined[] = Object.freeze(new Array<undefined>(WIDTH).fill(undefined));

const EMPTY: PersistentMap<never> = Object.freeze({ size: 0, root: undefined });

/** A map without entries. */
export function emptyMap<V>(): PersistentMap<V> {
  return EMPTY;
}

/** The value of `key`; undefined if there is none. */
export function mapGet<V>(map: PersistentMap<V>, key: string): V | undefined {
  const hash = hashOf(key);
  let node = map.root;
  for (let shift = 0; node !== undefined && "slots" in node; shift += BITS) {
    node = node.slots[slotOf(hash, shift)];
  }
  return node === undefined ? undefined : find(node, key)?.[1];
}

/** `map` with `key` set to `value`. */
export function mapSet<V>(map: PersistentMap<V>, key: string, value: V): PersistentMap<V> {
  const added = mapGet(map, key) === undefined ? 1 : 0;
  return { size: map.size + added, root: insert(map.root, hashOf(key), 0, [key, value]) };
}

/** `map` without `key`. */
export function mapDelete<V>(map: PersistentMap<V>, key: string): PersistentMap<V> {
  if (mapGet(map, key) === undefined) return map;
  return { size: map.size - 1, root: remove(map.root, hashOf(key), 0, key) };
}

/** The values, in no particular order. */
export function mapValues<V>(map: PersistentMap<V>): V[] {
  const values: V[] = [];
  collect(map.root, values);
  return values;
}

function collect<V>(node: Node<V> | undefined, into: V[]): void {
  if (node === undefined) return;
  if ("slots" in node) { for (const slot of node.slots) collect(slot, into); }
  else for (const [, value] of node.entries) into.push(value);
}

function insert<V>(
  node: Node<V> | undefined,
  hash: number,
  shift: number,
  entry: Entry<V>,
): Node<V> {
  if (node === undefined) return { hash, entries: [entry] };
  if ("slots" in node) {
    const slot = slotOf(hash, shift);
    return replace(node, slot, insert(node.slots[slot], hash, shift + BITS, entry));
  }
  if (node.hash === hash) {
    return { hash, entries: [...node.entries.filter(([key]) => key !== entry[0]), entry] };
  }
  const split = replace({ slots: NO_SLOTS }, slotOf(node.hash, shift), node);
  return insert(split, hash, shift, entry);
}

function remove<V>(
  node: Node<V> | undefined,
  hash: number,
  shift: number,
  key: string,
): Node<V> | undefined {
  if (node === undefined) return undefined;
  if ("slots" in node) {
    const slot = slotOf(hash, shift);
    const left = replace(node, slot, remove(node.slots[slot], hash, shift + BITS, key));
    return left.slots.every((part) => part === undefined) ? undefined : left;
  }
  const entries = node.entries.filter(([other]) => other !== key);
  return entries.length === 0 ? undefined : { hash: node.hash, entries };
}

function replace<V>(node: Branch<V>, slot: number, part: Node<V> | undefined): Branch<V> {
  const slots = node.slots.slice();
  slots[slot] = part;
  return { slots };
}

function find<V>(leaf: Leaf<V>, key: string): Entry<V> | undefined {
  return leaf.entries.find(([other]) => other === key);
}

function slotOf(hash: number, shift: number): number {
  return (hash >>> shift) & (WIDTH - 1);
}

/** FNV-1a over UTF-16 code units, finished so that the low bits depend on all of it. */
function hashOf(key: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) h = Math.imul(h ^ key.charCodeAt(i), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
