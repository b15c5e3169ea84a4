import { firstRecord } from "./durable.ts";
import type { Event } from "./events.ts";
import type { PeerId } from "./identity.ts";
import { resolveOptions } from "./options.ts";
import { initialState, type State } from "./state.ts";
import { step } from "./step.ts";
import type { Outgoing } from "./wire.ts";

const CAST: readonly PeerId[] = ["a", "b", "c"];

/**
 * Plays two elections among three imaginary peers, and gives how many epochs were won; nothing else comes of it. Engines compile a function when it is first called, and what
 * an election calls is called in elections only: without a rehearsal, a peer compiles while the others wait for its vote.
 *
 * @example
 * ```ts
 * rehearse(); // a millisecond or two, once per thread
 * ```
 */
export function rehearse(): number {
  const stage = new Stage();
  stage.timeout("a");
  stage.tick("a");
  stage.tell("a", { kind: "resign" });
  stage.timeout("b");
  stage.tick("b");
  return stage.won;
}

/** Peers whose messages arrive at once and whose disks take no time. */
class Stage {
  readonly #states = new Map<PeerId, State>();
  #mail: (Outgoing & { readonly from: PeerId })[] = [];
  #now = 0;
  won = 0;

  constructor() {
    const disk = { kind: "ok", record: firstRecord(CAST) } as const;
    for (const peerId of CAST) {
      const { settings } = resolveOptions({ peerId, uri: peerId, electorate: CAST });
      this.#states.set(peerId, initialState(settings));
      this.tell(peerId, { kind: "boot", disk });
    }
  }

  /** Nobody hears a tracker any more, and `peer` is the first to see. */
  timeout(peer: PeerId): void {
    this.#now += 1_000;
    this.#fire(peer);
  }

  /** The next heartbeat of `peer` is due. */
  tick(peer: PeerId): void {
    this.#now = this.#states.get(peer)!.deadline;
    this.#fire(peer);
  }

  #fire(peer: PeerId): void {
    this.tell(peer, { kind: "timer", generation: this.#states.get(peer)!.generation });
  }

  /** What happens to `peer`, and all that comes of it. */
  tell(peer: PeerId, event: Event): void {
    this.#step(peer, event);
    for (let next = this.#mail.shift(); next !== undefined; next = this.#mail.shift()) {
      const { from, to, message } = next;
      this.#step(to, { kind: "message", from, message });
    }
  }

  #step(peer: PeerId, event: Event): void {
    const { state, effects } = step(this.#states.get(peer)!, event, this.#now, () => 0.5);
    this.#states.set(peer, state);
    for (const effect of effects) {
      if (effect.kind === "register") this.won++;
      if (effect.kind === "send") this.#mail.push({ ...effect, from: peer });
      if (effect.kind !== "persist") continue;
      for (const reply of effect.then) this.#mail.push({ ...reply, from: peer });
      const { incarnation } = effect.record;
      this.#step(peer, { kind: "persisted", write: effect.write, incarnation });
    }
  }
}
