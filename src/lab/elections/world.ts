import type { Message, PeerId, TrackerEntry } from "../../election/mod.ts";
import { firstRecord, leaseUntil, step } from "../../election/mod.ts";
import { Draws } from "../../runtime/simulation/draws.ts";
import { EventHeap } from "../../runtime/simulation/heap.ts";
import type { Latency } from "../../runtime/simulation/latency.ts";
import type { LinkRules } from "../../runtime/simulation/link_rules.ts";
import type { Observed, Violation } from "../invariants/mod.ts";
import { TraceChecker } from "../invariants/mod.ts";
import { deliver, type Delivery, doCall, Due, finishWrite, timeOut } from "./due.ts";
import { Mail } from "./mail.ts";
import { RegistryModel } from "./registry_model.ts";
import { Sightings } from "./sightings.ts";
import { TraceHash } from "./trace_hash.ts";
import { type Surroundings, Voter } from "./voter.ts";
import { settingsOf, type WorldOptions } from "./world_options.ts";

/** Events of one instant: more than a burst of messages makes. */
const MOST_AT_ONCE = 100_000;

/** Stands for the registry where peers have their numbers. */
const REGISTRY = -1;

/** Elections without actors: cores on one heap of events, with links, disks and clocks that can be broken. Time is virtual. */
export class ElectionWorld implements Surroundings {
  readonly voters: readonly Voter[];
  readonly violations: Violation[] = [];
  readonly hash: TraceHash = new TraceHash();
  now = 0;
  /** Deliveries, timers, writes and faults so far. */
  events = 0;
  readonly #checker: TraceChecker | undefined;
  readonly #sightings = new Sightings();
  #atOnce = 0;
  #listener: ((peer: PeerId, event: Observed) => void) | undefined;
  readonly #heap = new EventHeap<Due>();
  readonly #byId = new Map<PeerId, number>();
  readonly #mail: Mail<Delivery>;
  readonly #toRegistry: Mail<() => void>;
  /** The last one, which a message to many shares. */
  #delivery: Delivery | undefined;
  readonly #registry = new RegistryModel();
  readonly #disks: readonly { readonly draws: Draws; writes: number; freeAt: number }[];
  readonly #disk: Latency;

  constructor(options: WorldOptions) {
    const { peers, seed, latency, disk, clock, check = true, only } = options;
    const settings = settingsOf(options);
    // One record for all: ten thousand peers would not bear copies of the electorate.
    const record = firstRecord(settings[0]!.electorate);
    this.voters = settings.map((own, peer) =>
      new Voter(
        peer,
        own,
        { kind: "ok", record },
        clock?.(peer) ?? { rate: 1, offset: 0 },
        options.step ?? step,
        String(seed),
        this,
      )
    );
    for (const { id, index } of this.voters) this.#byId.set(id, index);
    const heap = this.#heap;
    const arrivals = this.voters.map((to) => (at: number, message: Delivery): void =>
      heap.push(at, new Due(deliver, to, 0, message))
    );
    this.#mail = new Mail(`${seed}/link`, peers, latency, (to) => arrivals[to]!);
    this.#toRegistry = new Mail(
      `${seed}/registry`,
      peers,
      latency,
      () => (at, call) => heap.push(at, new Due(doCall, this.voters[0]!, 0, call)),
    );
    this.#disk = disk;
    this.#disks = this.voters.map(({ index }) => ({
      draws: new Draws(`${seed}/disk/${index}`),
      writes: 0,
      freeAt: 0,
    }));
    if (!check) return;
    const { electorate, quorum, unsafe } = settings[0]!;
    this.#checker = new TraceChecker({
      voters: electorate,
      complete: true,
      ...(quorum !== undefined && { quorum }),
      unsafe,
      ...(only && { only }),
      uriOf: (peer) => settings[this.#byId.get(peer)!]!.uri,
    }, (violation) => this.violations.push(violation));
  }

  /** How often each kind of trace event happened. */
  get seen(): ReadonlyMap<string, number> {
    return this.#sightings.counts;
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
    this.#mail.change(from, to, changes, this.now);
  }

  /** Whether the registry is out of reach of `peer`; what is said to it then arrives later. */
  registryAway(peer: number, away: boolean): void {
    this.#toRegistry.change(peer, REGISTRY, { held: away }, this.now);
  }

  /** All links as they were at the start. */
  heal(): void {
    this.#mail.heal(this.now);
    this.#toRegistry.heal(this.now);
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
    if (this.#delivery?.message !== message) {
      this.#delivery = { kind: "message", from: from.id, message };
    }
    this.#mail.send(from.index, this.#byId.get(to)!, this.now, this.#delivery);
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
    this.#toRegistry.send(voter.index, REGISTRY, this.now, () => {
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
    this.#toRegistry.send(voter.index, REGISTRY, this.now, remove, true);
  }

  saw(voter: Voter, event: Observed): void {
    const { code } = this.#sightings.count(event.kind);
    this.hash.event(this.now, voter.index, code, "epoch" in event ? event.epoch : 0);
    this.#checker?.see(this.now, voter.id, event);
    this.#listener?.(voter.id, event);
  }
}

function entryOf({ settings }: Voter, epoch: number): TrackerEntry {
  return { uri: settings.uri, peerId: settings.peerId, epoch };
}
