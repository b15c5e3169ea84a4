import type { Random } from "../../actor/mod.ts";

/** The shapes of partitions. */
export const SHAPES = [
  "groups",
  "halves",
  "isolate",
  "bridge",
  "ring",
  "chain",
  "one-way",
] as const;

/** The shape of a partition. */
export type Shape = typeof SHAPES[number];

/** Who does not reach whom: from one peer to others. */
export type Cuts = readonly (readonly [from: string, to: readonly string[]])[];

/** Who is cut off, and how the others lie. */
export interface Layout {
  readonly shape: Exclude<Shape, "groups">;
  readonly peers: readonly string[];
  /** Who is isolated, in the middle of a bridge, in the smaller half, or not heard (`one-way`). */
  readonly who: readonly string[];
}

/** The cuts that make a shape. Those that the shape does not place are placed by chance. */
export function cutsOf({ shape, peers, who }: Layout, random: Random): Cuts {
  const rest = inAnyOrder(peers.filter((peer) => !who.includes(peer)), random);
  const all = [...who, ...rest];
  const reach = (hears: (from: string, to: string) => boolean): Cuts => {
    const cuts: [string, string[]][] = peers.map((from) => [
      from,
      peers.filter((to) => to !== from && !hears(from, to)),
    ]);
    return cuts.filter(([, to]) => to.length > 0);
  };
  switch (shape) {
    case "isolate":
      return reach((from, to) => who.includes(from) === who.includes(to));
    case "one-way":
      return reach((from) => !who.includes(from));
    case "halves": {
      const small = all.slice(0, Math.max(who.length, Math.floor((peers.length - 1) / 2)));
      return reach((from, to) => small.includes(from) === small.includes(to));
    }
    case "bridge": {
      const centre = who.length > 0 ? who : rest.slice(0, 1);
      const sides = all.filter((peer) => !centre.includes(peer));
      const left = sides.slice(0, Math.floor(sides.length / 2));
      return reach((from, to) =>
        centre.includes(from) || centre.includes(to) || left.includes(from) === left.includes(to)
      );
    }
    case "ring":
      return reach((from, to) => near(all, from, to, true));
    case "chain":
      return reach((from, to) => near(all, from, to, false));
  }
}

/** The cuts between groups; who is in no group is alone. `oneWay`: only from earlier groups to later ones. */
export function cutsBetween(
  groups: readonly (readonly string[])[],
  peers: readonly string[],
  oneWay: boolean,
): Cuts {
  const alone = peers.filter((peer) => !groups.some((group) => group.includes(peer)));
  const all = [...groups, ...alone.map((peer) => [peer])];
  const place = (peer: string): number => all.findIndex((group) => group.includes(peer));
  return peers.map((from): [string, string[]] => [
    from,
    peers.filter((to) => oneWay ? place(from) < place(to) : place(from) !== place(to)),
  ]).filter(([, to]) => to.length > 0);
}

function near(order: readonly string[], a: string, b: string, closed: boolean): boolean {
  const distance = Math.abs(order.indexOf(a) - order.indexOf(b));
  return distance === 1 || (closed && distance === order.length - 1);
}

function inAnyOrder(items: readonly string[], random: Random): string[] {
  const left = [...items];
  const result: string[] = [];
  while (left.length > 0) result.push(...left.splice(random.below(left.length), 1));
  return result;
}
