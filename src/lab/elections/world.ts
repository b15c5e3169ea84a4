import type { Message, PeerId, Settings, StepFunction, TrackerEntry } from "../../election/mod.ts";
import { leaseUntil, resolveOptions, step } from "../../election/mod.ts";
import type { ElectionOptions } from "../../election/mod.ts";
import { Draws } from "../../runtime/simulation/draws.ts";
import { EventHeap } from "../../runtime/simulation/heap.ts";
import type { Latency } from "../../runtime/simulation/latency.ts";
import { Link } from "../../runtime/simulation/link.ts";
import { changedRules, cleanRules, type LinkRules } from "../../runtime/simulation/link_rules.ts";
import type { Observed, Violation } from "../invariants/mod.ts";
import { TraceChecker } from "../invariants/mod.ts";
import { deliver, type Delivery, doCall, Due, finishWrite, timeOut } from "./due.ts";
import { RegistryModel } from "./registry_model.ts";
import { TraceHash } from "./trace_hash.ts";
import { type ClockFault, type Surroundings, Voter } from "./voter.ts";

/** How a world of bare elections is made. */
export interface WorldOptions {
  /** 1 and more. */
  readonly peers: number;
  readonly seed: string | number;
  /** Of every peer. */
  readonly election?: Partial<Omit<ElectionOptions, "peerId" | "uri">>;
  /** Of every link, and to the registry. */
  readonly latency: Latency;
  /** How long a write takes. */
  readonly disk: Latency;
  readonly clock?: (peer: number) => ClockFault;
  readonly uri?: (peer: number) => string;
  /** Instead of the election's own. */
  readonly step?: StepFunction;
  /** The id of each; default `p1`... */
  readonly name?: (peer: number) => PeerId;
  /** Ids of the invariants that are checked; default all. */
  readonly only?: readonly string[];
}

/** Events of one instant: more than a burst of messages makes. */
const MOST_AT_ONCE = 100_000;

/** Elections without actors: cores on one heap of events, with links, disks and clocks that can be broken. Time is virtual. */
export class ElectionWorld implements Surroundings {
  readonly voters: readonly Voter[];
  readonly checker: TraceChecker;
  readonly violations: Violation[] = [];
  readonly hash: TraceHash = new TraceHash();
  now = 0;
  /** Deliveries, timers, writes and faults so far. */
  events = 0;
  /** How often each kind of trace event happened. */
  readonly seen: Map<string, number> = new Map<string, number>();
  #atOnce = 0;
  #listener: ((peer: PeerId, event: Observed) => void) | undefined;
  readonly #heap = new EventHeap<Due>();
  readonly #byId = new Map<PeerId, number>();
  /** From, to. */
  readonly #links: readonly (readonly Link<Delivery>[])[];
  readonly #registry = new RegistryModel();
  readonly #toRegistry: readonly Link<() => void>[];
  readonly #clean: LinkRules;
  readonly #disks: readonly { readonly draws: Draws; writes: number; freeAt: number }[];
  readonly #disk: Latency;

  constructor(options: WorldOptions) {
    const { peers, seed, latency, disk, clock, election, only, name: nameOf = numbered } = options;
    const { uri = (peer) => `peer://${nameOf(peer)}` } = options;
    const electorate = Array.from({ length: peers }, (_, peer) => nameOf(peer));
    const settings = electorate.map((peerId, peer): Settings =>
      resolveOptions({
        peerId,
        uri: uri(peer),
        electorate,
        ...election,
      }).settings
    );
    this.voters = settings.map((own, peer) =>
      new Voter(
        peer,
        own,
        clock?.(peer) ?? { rate: 1, offset: 0 },
        options.step ?? step,
        String(seed),
        this,
      )
    );
    electorate.forEach((id, peer) => this.#byId.set(id, peer));
    this.#clean = cleanRules(latency);
    this.#links = this.voters.map((from) =>
      this.voters.map((to) =>
        new Link<Delivery>(
          `${seed}/link/${from.index}>${to.index}`,
          this.#clean,
          (at, message) => this.#heap.push(at, new Due(deliver, to, 0, message)),
        )
      )
    );
    this.#toRegistry = this.voters.map((from) =>
      new Link<() => void>(
        `${seed}/registry/${from.index}`,
        this.#clean,
        (at, call) => this.#heap.push(at, new Due(doCall, from, 0, call)),
      )
    );
    this.#disk = disk;
    this.#disks = this.voters.map(({ index }) => ({
      draws: new Draws(`${seed}/disk/${index}`),
      writes: 0,
      freeAt: 0,
    }));
    const { quorum, unsafe } = election ?? {};
    this.checker = new TraceChecker(
      {
        voters: electorate,
        complete: true,
        uriOf: (peer) => uri(this.#byId.get(peer)!),
        ...(quorum !== undefined && { quorum }),
        ...(unsafe !== undefined && { unsafe }),
        ...(only && { only }),
      },
      (violation) => this.violations.push(violation),
    );
  }

  startAll(): void {
    for (const voter of this.voters) voter.start();
  }

  /** Tells `fn` what the checker sees, from now on. */
  listen(fn: (peer: PeerId, event: Observed) => void): void {
    this.#listener = fn;
  }

  /** Calls `fn` at `at`. */
  at(at: number, fn: () => void): void {
    this.#heap.push(at, new Due(doCall, this.voters[0]!, 0, fn));
  }

  /** Goes on until `until`. */
  run(until: number): void {
    const heap = this.#heap;
    while (heap.next <= until) this.#next();
    this.now = until;
  }

  /** Goes on until `met`, or `within` ms have passed; gives whether it was. Looked at after every event. */
  runUntil(met: () => boolean, within: number): boolean {
    const end = this.now + within;
    while (!met()) {
      if (this.#heap.next > end) {
        this.now = end;
        return met();
      }
      this.#next();
    }
    return true;
  }

  #next(): void {
    const due = this.#heap.pop()!;
    const { at } = this.#heap;
    if (at > this.now) this.#atOnce = 0;
    else if (++this.#atOnce > MOST_AT_ONCE) throw new Error(`Time stands still at ${at} ms`);
    this.now = at;
    this.events++;
    due.what(due);
  }

  /** Changes how one direction carries messages. */
  link(from: number, to: number, changes: Partial<LinkRules>): void {
    const link = this.#links[from]![to]!;
    link.change(changedRules(link.rules, changes), this.now);
  }

  /** Whether the registry is out of reach of `peer`; what is said to it then arrives later. */
  registryAway(peer: number, away: boolean): void {
    const link = this.#toRegistry[peer]!;
    link.change(changedRules(link.rules, { held: away }), this.now);
  }

  /** All links as they were at the start. */
  heal(): void {
    for (const links of this.#links) for (const link of links) link.change(this.#clean, this.now);
    for (const link of this.#toRegistry) link.change(this.#clean, this.now);
  }

  stallDisk(voter: Voter, stalled: boolean): void {
    voter.diskStalled = stalled;
    if (stalled) return;
    const disk = this.#disks[voter.index]!;
    disk.freeAt = this.now;
    for (let i = 0; i < voter.writing; i++) this.write(voter);
  }

  /** L3: a tracker that no quorum answers any more leaves its office with one of the next heartbeats. */
  checkOffices(): void {
    for (const { id, up, paused, state, time } of this.voters) {
      if (!up || paused || state.role !== "tracker") continue;
      const until = Math.max(leaseUntil(state), state.graceUntil);
      if (time <= until + 2 * state.settings.heartbeat) continue;
      const message = `${id} is still tracker of epoch ${state.epoch}, ${
        (time - until).toFixed(1)
      } ms after its lease`;
      this.violations.push({ invariant: "L3", message, evidence: [] });
    }
  }

  /** The tracker that all of `among` that are up follow; undefined while they do not. */
  agreed(among: readonly Voter[]): Voter | undefined {
    let tracker: Voter | undefined;
    for (const { up, state } of among) {
      if (!up) continue;
      if (state.tracker === undefined) return undefined;
      tracker ??= this.voters[this.#byId.get(state.tracker)!]!;
      if (tracker.id !== state.tracker || tracker.state.epoch !== state.epoch) return undefined;
    }
    return tracker?.up && tracker.state.role === "tracker" ? tracker : undefined;
  }

  // ------------------------------------------------------------ what voters ask for

  send(from: Voter, to: PeerId, message: Message): void {
    const delivery: Delivery = { kind: "message", from: from.id, message };
    this.#links[from.index]![this.#byId.get(to)!]!.send(this.now, delivery);
  }

  timer(voter: Voter, at: number, generation: number): void {
    // A due time that was long ago, or rounding, is now.
    this.#heap.push(Math.max(at, this.now), new Due(timeOut, voter, voter.life, generation));
  }

  write(voter: Voter): void {
    if (voter.diskStalled) return;
    const disk = this.#disks[voter.index]!;
    const took = this.#disk(disk.draws.at(disk.writes++, 0));
    disk.freeAt = Math.max(disk.freeAt, this.now) + took;
    this.#heap.push(disk.freeAt, new Due(finishWrite, voter, voter.life, undefined));
  }

  register(voter: Voter, epoch: number): void {
    const { life } = voter;
    const entry = entryOf(voter, epoch);
    this.#toRegistry[voter.index]!.send(this.now, () => {
      if (!voter.up || voter.life !== life) return;
      const outcome = this.#registry.register(entry);
      if (outcome.kind === "violation") {
        const message =
          `${voter.id} claims a name of epoch ${epoch} that ${outcome.owner.peerId} has`;
        this.violations.push({ invariant: "I7", message, evidence: [] });
        return;
      }
      const { highest } = outcome;
      this.saw(voter, { kind: "registered", epoch, highest });
      if (highest > epoch) voter.feed({ kind: "registry_epoch", epoch: highest });
    }, true);
  }

  unregister(voter: Voter, epoch: number): void {
    const entry = entryOf(voter, epoch);
    const remove = (): void => this.#registry.unregister(entry);
    this.#toRegistry[voter.index]!.send(this.now, remove, true);
  }

  saw(voter: Voter, event: Observed): void {
    const { kind } = event;
    this.seen.set(kind, (this.seen.get(kind) ?? 0) + 1);
    this.hash.event(this.now, voter.id, event);
    this.checker.see(this.now, voter.id, event);
    this.#listener?.(voter.id, event);
  }
}

function numbered(peer: number): PeerId {
  return `p${peer + 1}`;
}

function entryOf({ settings }: Voter, epoch: number): TrackerEntry {
  return { uri: settings.uri, peerId: settings.peerId, epoch };
}
