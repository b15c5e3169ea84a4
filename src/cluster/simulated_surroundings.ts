import { peerName } from "../peer/mod.ts";
import type { DiskTrouble, LinkRule, WorldControls } from "../runtime/mod.ts";
import type { Surroundings } from "./surroundings.ts";

/** Faults of a simulated world. */
export class SimulatedSurroundings implements Surroundings {
  readonly #world: WorldControls;
  /** Milliseconds by which wall clocks are ahead now. */
  readonly #skews = new Map<string, number>();

  constructor(world: WorldControls) {
    this.#world = world;
  }

  refusal(): undefined {
    return undefined;
  }

  link(from: string, to: string, rule: LinkRule): void {
    this.#world.link(peerName(from), peerName(to), rule);
  }

  disk(peer: string, trouble: DiskTrouble): void {
    this.#world.disk(peerName(peer)).disturb(trouble);
  }

  pause(peer: string, paused: boolean): void {
    const place = peerName(peer);
    if (paused) this.#world.hang(place);
    else if (this.#world.places().includes(place)) this.#world.resume(place);
  }

  slow(peer: string, ms: number): void {
    this.#world.slow(peerName(peer), ms);
  }

  clock(peer: string, { rate, skew }: { readonly rate: number; readonly skew: number }): void {
    const before = this.#skews.get(peer) ?? 0;
    this.#skews.set(peer, skew);
    this.#world.clock(peerName(peer), { rate, wall: skew - before });
  }

  jump(peer: string, ms: number): void {
    this.#world.clock(peerName(peer), { ahead: ms });
  }

  gone(peer: string): void {
    this.#skews.delete(peer);
  }
}
