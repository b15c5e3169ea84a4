import type { PeerView } from "../../cluster/mod.ts";
import type { StepFunction } from "../../election/mod.ts";
import { Draws } from "../../runtime/simulation/draws.ts";
import { type Latency, uniform } from "../../runtime/simulation/latency.ts";
import type { Voter } from "../elections/voter.ts";
import { ElectionWorld } from "../elections/world.ts";
import type { ClusterPlan } from "../scenario/schedule.ts";

/** Peers of a plan that does not say how many. */
const PEERS = 5;
/** As in a simulated cluster: of links, of a vote's write, and until a supervisor has started a peer again. */
const LATENCY = uniform(0.05, 0.5);
const WRITE = uniform(0.2, 2);
const RESTART = uniform(5, 15);
/** Ms from a request for an election until the tracker has resigned and the peer asks. */
const CAMPAIGN = 1;

/** What is different about a link. */
export interface LinkChange {
  readonly delay?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly duplication?: number;
  readonly reordering?: number;
  readonly blocked?: boolean;
  readonly held?: boolean;
}

/** Bare elections with the ids, timing and faults of a simulated cluster. */
export class BareCluster {
  readonly world: ElectionWorld;
  readonly #plan: ClusterPlan;
  readonly #latency: Latency;
  readonly #draws: Draws;
  #drawn = 0;
  /** Per ordered pair: changes that last, each by what made it. */
  readonly #links = new Map<string, Map<object, LinkChange>>();

  constructor(plan: ClusterPlan, seed: string, step: StepFunction, only: readonly string[]) {
    const { peers = PEERS, voters = peers, profile, timers, quorum, unsafe, downDetector } = plan;
    this.#plan = plan;
    this.#latency = latencyOf(plan);
    this.#draws = new Draws(`${seed}/bare`);
    this.world = new ElectionWorld({
      peers: voters,
      seed,
      latency: this.#latency,
      disk: WRITE,
      step,
      only,
      name: (peer) => `peer-${peer + 1}`,
      uri: (peer) => `troupe:peer-${peer + 1}`,
      election: {
        ...(profile !== undefined && { profile }),
        ...(timers !== undefined && { timers }),
        ...(quorum !== undefined && { quorum }),
        ...(unsafe !== undefined && { unsafe }),
        ...(downDetector !== undefined && { downDetector }),
        ...(plan.protocol !== undefined && { protocol: plan.protocol }),
      },
    });
  }

  view(): PeerView[] {
    return this.world.voters.map(({ id, up, state: { role, epoch, tracker } }) =>
      up
        ? { id, up, role, epoch, tracker }
        : { id, up, role: "down" as const, epoch, tracker: undefined }
    );
  }

  /** Those of `ids` that vote. */
  voters(ids: readonly string[]): Voter[] {
    return this.world.voters.filter(({ id }) => ids.includes(id));
  }

  get agreed(): boolean {
    return this.world.agreed(this.world.voters) !== undefined;
  }

  crash(voter: Voter, held: boolean): void {
    const { world } = this;
    voter.crash(false);
    if (this.#plan.downDetector) {
      for (const other of world.voters) other.feed({ kind: "peer_down", peer: voter.id });
    }
    if (held || this.#plan.restart === false) return;
    const { life } = voter;
    world.at(world.now + RESTART(this.#draw()), () => voter.life === life && voter.start());
  }

  restart(voter: Voter): void {
    voter.feed({ kind: "stop" });
    voter.crash(true);
    this.world.at(this.world.now + RESTART(this.#draw()), () => voter.start());
  }

  wipe(voter: Voter): void {
    this.crash(voter, false);
    voter.disk = { kind: "missing" };
  }

  /** As the console's `election`: first the tracker goes. */
  campaign(voters: readonly Voter[]): void {
    const { world } = this;
    const trackers = world.voters.filter(({ up, state }) => up && state.role === "tracker");
    for (const tracker of trackers) tracker.feed({ kind: "resign" });
    world.at(world.now + CAMPAIGN, () => {
      for (const voter of voters) voter.feed({ kind: "campaign" });
    });
  }

  /** Adds `change` to the links until the given function is called. */
  link(pairs: readonly (readonly [Voter, Voter])[], change: LinkChange): () => void {
    const key = {};
    for (const [from, to] of pairs) {
      if (from === to) continue;
      const name = `${from.index} ${to.index}`;
      const changes = this.#links.get(name) ?? new Map<object, LinkChange>();
      this.#links.set(name, changes.set(key, change));
      this.#apply(from, to, changes);
    }
    return () => {
      for (const [from, to] of pairs) {
        const changes = this.#links.get(`${from.index} ${to.index}`);
        if (changes?.delete(key)) this.#apply(from, to, changes);
      }
    };
  }

  #apply(from: Voter, to: Voter, changes: ReadonlyMap<object, LinkChange>): void {
    const all = [...changes.values()];
    const some = (name: "blocked" | "held"): boolean => all.some((change) => change[name] === true);
    const sum = (name: "delay" | "jitter"): number =>
      all.reduce((total, change) => total + (change[name] ?? 0), 0);
    const either = (name: "loss" | "duplication" | "reordering"): number =>
      1 - all.reduce((product, change) => product * (1 - (change[name] ?? 0)), 1);
    const [delay, jitter] = [sum("delay"), sum("jitter")];
    this.world.link(from.index, to.index, {
      latency: delay + jitter === 0 ? this.#latency : (u) => this.#latency(u) + delay + jitter * u,
      loss: either("loss"),
      duplication: either("duplication"),
      reordering: either("reordering"),
      blocked: some("blocked"),
      held: some("held"),
    });
  }

  #draw(): number {
    return this.#draws.at(this.#drawn++, 0);
  }
}

function latencyOf({ latency }: ClusterPlan): Latency {
  if (latency === undefined) return LATENCY;
  return typeof latency === "number"
    ? uniform(latency, latency)
    : uniform(latency.min, latency.max);
}
