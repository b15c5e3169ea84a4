import { InvalidOptionError } from "../actor/mod.ts";
import type { Active, Lasting } from "./active_faults.ts";
import { clockOf, diskOf, isPaused, linkChanges, slowness } from "./active_faults.ts";
import type { ActiveFault, FaultVerb, Undo } from "./faults.ts";
import { rulesOf } from "./link_table.ts";
import type { Surroundings } from "./surroundings.ts";

/** What {@linkcode LastingFaults} need of their cluster. */
export interface FaultGround {
  readonly surroundings: Surroundings;
  isUp(peer: string): boolean;
  /** Ms since the cluster was made. */
  now(): number;
  announce(kind: string, data: Readonly<Record<string, unknown>>): void;
  /** Starts the name server, or stops it. */
  registry(up: boolean): Promise<void>;
}

/** The faults that last. Has the surroundings of the peers be what all of them come to together. */
export class LastingFaults {
  readonly #ground: FaultGround;
  readonly #active = new Map<number, Active>();
  #count = 0;
  /** Whether the name server is up, and what is done about that. */
  #registryUp = true;
  #registry: Promise<void> = Promise.resolve();

  constructor(ground: FaultGround) {
    this.#ground = ground;
  }

  /** Makes known that something is done to `peers`; gives its number. */
  tell(
    verb: FaultVerb,
    peers: readonly string[],
    data: Readonly<Record<string, unknown>>,
  ): number {
    const id = ++this.#count;
    const [peer] = peers;
    const one = peers.length === 1 && { peer };
    this.#ground.announce(`fault.${verb}`, { ...data, id, peers, ...one });
    return id;
  }

  /** @throws InvalidOptionError where this cannot be done */
  begin(
    lasting: Lasting,
    peers: readonly string[],
    data: Readonly<Record<string, unknown>>,
  ): Undo {
    const { verb } = lasting;
    const why = this.#ground.surroundings.refusal(verb);
    if (why !== undefined) throw new InvalidOptionError("fault", verb, `another one: ${why}`);
    const id = this.tell(verb, peers, data);
    const fault: Active = { id, peers, since: this.#ground.now(), ...lasting };
    this.#active.set(id, fault);
    this.#apply(fault);
    const undo = (): Promise<void> => this.#end(fault);
    return { id, undo, [Symbol.asyncDispose]: undo };
  }

  #end(fault: Active): Promise<void> {
    const { id, verb, peers } = fault;
    if (this.#active.delete(id)) {
      this.#apply(fault);
      const [peer] = peers;
      const one = peers.length === 1 && { peer };
      this.#ground.announce("fault.undone", { id, verb, peers, ...one });
    }
    return verb === "registry" ? this.#registry : Promise.resolve();
  }

  /** What `fault` concerns becomes what all that last come to. */
  #apply(fault: Active): void {
    const { surroundings } = this.#ground;
    const active = [...this.#active.values()];
    switch (fault.verb) {
      case "link":
      case "partition":
        for (const { from, to, rule } of rulesOf(linkChanges(active), fault.change.pairs)) {
          surroundings.link(from, to, rule);
        }
        return;
      case "disk":
        for (const peer of fault.peers) surroundings.disk(peer, diskOf(active, peer));
        return;
      case "pause":
        return this.#eachUp(fault, (peer) => surroundings.pause(peer, isPaused(active, peer)));
      case "slow":
        return this.#eachUp(fault, (peer) => surroundings.slow(peer, slowness(active, peer)));
      case "clock":
        return this.#eachUp(fault, (peer) => surroundings.clock(peer, clockOf(active, peer)));
      case "registry":
        this.#registry = this.#registry.then(() => this.#setRegistry());
        // Whoever undoes it hears of a failure.
        return void this.#registry.catch(() => {});
    }
  }

  #eachUp({ peers }: Active, fn: (peer: string) => void): void {
    for (const peer of peers) if (this.#ground.isUp(peer)) fn(peer);
  }

  async #setRegistry(): Promise<void> {
    const up = ![...this.#active.values()].some(({ verb }) => verb === "registry");
    if (up === this.#registryUp) return;
    this.#registryUp = up;
    await this.#ground.registry(up);
  }

  active(): readonly ActiveFault[] {
    return [...this.#active.values()].map(({ id, verb, peers, since }) => ({
      id,
      verb,
      peers,
      since,
    }));
  }

  /** Ends them all, links first; gives what they were. */
  async undoAll(): Promise<readonly ActiveFault[]> {
    const undone = this.active();
    const faults = [...this.#active.values()];
    for (const fault of faults.filter((each) => "change" in each)) await this.#end(fault);
    for (const fault of faults) await this.#end(fault);
    return undone;
  }

  /** A peer has ended: what stopped it is over. All else meets the next one under its name. */
  gone(peer: string): void {
    for (const fault of [...this.#active.values()]) {
      if (fault.verb === "pause" && fault.peers.includes(peer)) void this.#end(fault);
    }
    this.#ground.surroundings.gone(peer);
  }

  /** A peer is up again. */
  back(peer: string): void {
    for (const fault of this.#active.values()) {
      if (fault.verb === "slow" || fault.verb === "clock") {
        if (fault.peers.includes(peer)) this.#apply(fault);
      }
    }
  }
}
