import type {
  Effect,
  Event,
  Message,
  PeerId,
  RecordRead,
  Settings,
  State,
  StepFunction,
} from "../../election/mod.ts";
import { initialState, leaseUntil } from "../../election/mod.ts";
import { Draws } from "../../runtime/simulation/draws.ts";
import type { Observed } from "../invariants/mod.ts";

type Write = Effect & { readonly kind: "persist" };

/** More than doubles lose where times are millions of ms, and nothing that matters. */
const ROUNDING = 1e-6;

/** How a peer's clock runs: `ms * rate + offset`. */
export interface ClockFault {
  readonly rate: number;
  readonly offset: number;
}

/** The world around a {@linkcode Voter}. Times are true milliseconds. */
export interface Surroundings {
  readonly now: number;
  send(from: Voter, to: PeerId, message: Message): void;
  /** Calls `voter.timer` at `at`. */
  timer(voter: Voter, at: number, generation: number): void;
  /** Calls `voter.written` when the first write that is on its way is on disk. */
  write(voter: Voter): void;
  register(voter: Voter, epoch: number): void;
  unregister(voter: Voter, epoch: number): void;
  saw(voter: Voter, event: Observed): void;
}

/** One election core with its disk and clock, and no actor around it. */
export class Voter {
  readonly settings: Settings;
  readonly index: number;
  readonly clock: ClockFault;
  state: State;
  up = false;
  /** Counts starts and ends, so that what belongs to an earlier life is known. */
  life = 0;
  disk: RecordRead;
  diskStalled = false;
  readonly #step: StepFunction;
  readonly #around: Surroundings;
  readonly #key: string;
  #draws: Draws;
  #drawn = 0;
  readonly #rnd = (): number => this.#draws.at(this.#drawn++, 0);
  #writing: Write[] = [];
  /** What waits while it is paused; undefined while it runs. */
  #inbox: Event[] | undefined;

  constructor(
    index: number,
    settings: Settings,
    disk: RecordRead,
    clock: ClockFault,
    step: StepFunction,
    seed: string,
    around: Surroundings,
  ) {
    this.index = index;
    this.settings = settings;
    this.clock = clock;
    this.state = initialState(settings);
    this.disk = disk;
    this.#step = step;
    this.#around = around;
    this.#key = `${seed}/peer/${index}`;
    this.#draws = new Draws(this.#key);
  }

  get id(): PeerId {
    return this.settings.peerId;
  }

  get paused(): boolean {
    return this.#inbox !== undefined;
  }

  /** Its own clock's time. */
  get time(): number {
    return this.#around.now * this.clock.rate + this.clock.offset;
  }

  /** When its clock shows `own`; not before, whatever rounding says, or a timer would find itself early for ever. */
  trueTime(own: number): number {
    const at = (own - this.clock.offset) / this.clock.rate;
    return at * this.clock.rate + this.clock.offset < own ? at + ROUNDING : at;
  }

  start(): void {
    if (this.up) return;
    this.up = true;
    this.life++;
    this.#inbox = undefined;
    this.#draws = new Draws(`${this.#key}/${this.life}`);
    this.#drawn = 0;
    this.state = initialState(this.settings);
    this.feed({ kind: "boot", disk: this.disk });
  }

  /** Ends it at once. Writes on their way are lost, but for the first if it `reached` the disk. */
  crash(reached: boolean): void {
    if (!this.up) return;
    const [first] = this.#writing;
    if (reached && first !== undefined) this.#store(first);
    this.#leaveOffice(this.state, undefined);
    this.up = false;
    this.life++;
    this.#writing = [];
    this.#inbox = undefined;
    this.#around.saw(this, { kind: "down" });
  }

  pause(): void {
    if (this.up) this.#inbox ??= [];
  }

  resume(): void {
    const inbox = this.#inbox ?? [];
    this.#inbox = undefined;
    for (const event of inbox) this.feed(event);
  }

  /** The first write that is on its way is on disk. */
  written(): void {
    const write = this.#writing.shift();
    if (write === undefined) return;
    this.#store(write);
    for (const { to, message } of write.then) this.#around.send(this, to, message);
    this.feed({ kind: "persisted", write: write.write, incarnation: write.record.incarnation });
  }

  /** The first write that is on its way fails. */
  unwritten(): void {
    const write = this.#writing.shift();
    if (write === undefined) return;
    const { incarnation } = write.record;
    this.feed({ kind: "persist_failed", write: write.write, incarnation, why: "a fault" });
  }

  get writing(): number {
    return this.#writing.length;
  }

  feed(event: Event): void {
    if (!this.up) return;
    if (this.#inbox !== undefined) {
      this.#inbox.push(event);
      return;
    }
    const before = this.state;
    const { state, effects } = this.#step(before, event, this.time, this.#rnd);
    this.state = state;
    if (before.role === "tracker") this.#leaveOffice(before, state);
    for (let i = 0; i < effects.length; i++) this.#perform(effects[i]!);
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return this.#around.send(this, effect.to, effect.message);
      case "timer":
        return this.#around.timer(this, this.trueTime(effect.at), effect.generation);
      case "persist":
        this.#writing.push(effect);
        return this.#around.write(this);
      case "emit":
        return this.#around.saw(this, effect.event);
      case "register":
        return this.#around.register(this, effect.epoch);
      case "unregister":
        return this.#around.unregister(this, effect.epoch);
    }
  }

  #store({ record }: Write): void {
    this.disk = { kind: "ok", record };
    const { epoch, votedFor } = record;
    this.#around.saw(this, { kind: "stored", epoch, votedFor });
  }

  #leaveOffice(before: State, after: State | undefined): void {
    if (before.role !== "tracker" || after?.role === "tracker") return;
    const until = Math.min(this.#around.now, this.trueTime(leaseUntil(before)));
    this.#around.saw(this, { kind: "served", epoch: before.epoch, until });
  }
}
