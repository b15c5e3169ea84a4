import assert from "node:assert/strict";
import type {
  ActorDefinition,
  ActorRef,
  ActorSystem,
  AnyRef,
  Random,
  SupervisorProtocol,
} from "../../src/actor.ts";
import {
  child,
  createSystem,
  fromModule,
  keyedRandom,
  moduleUrl,
  supervisor,
} from "../../src/actor.ts";
import { eventually } from "../support/eventually.ts";
import type { Census, Memory } from "./census.ts";
import { leastMemory, takeCensus } from "./census.ts";
import type askerActor from "./fixtures/asker.ts";
import type { AskerProtocol } from "./fixtures/asker.ts";
import type victimActor from "./fixtures/victim.ts";
import type { VictimProtocol } from "./fixtures/victim.ts";
import type { Plan } from "./plan.ts";
import { KILLED_MID_CALL } from "./plan.ts";
import { threadState } from "./thread_state.ts";
import type { Tally } from "./volley.ts";
import { busySignal, fire, NO_ASKS, sum, TIMEOUT } from "./volley.ts";

/** Threads that are born and die side by side. */
const THREAD_SLOTS = 4;
const LOCAL_SLOTS = 2;
/** Restarts until a child is taken out and another one is put in. */
const SPAN = 10;
/** Of a volley whose target is killed meanwhile, so many asks wait for the kill. */
const HELD = 0.2;
/** Milliseconds in which a target is killed after it was asked. */
const SUDDEN = 5;
/** Milliseconds after which timers of waits that were settled in time have run out. */
const TIMERS_WITHIN = TIMEOUT + 5_000;
/** Milliseconds after which a look itself has left no timer: that of the registry's default timeout is the last. */
const LOOK_OVER = 6_000;
/** Milliseconds that everything else may take to be given back. */
const GRACE = 10_000;

const victim: typeof victimActor = fromModule<typeof victimActor>(
  moduleUrl("./fixtures/victim.ts", import.meta.url),
);
const asker: typeof askerActor = fromModule<typeof askerActor>(
  moduleUrl("./fixtures/asker.ts", import.meta.url),
);

/** Tolerates everything. */
const TEAM: ActorDefinition<void, SupervisorProtocol> = supervisor({
  intensity: 1_000_000,
  periodMs: 1_000,
}, []);

type Team = ActorRef<SupervisorProtocol>;
type Victim = ActorRef<VictimProtocol>;
type Ending = "crash" | "kill" | "uncaught" | "exit" | "terminate";

const OF_ACTORS: readonly Ending[] = ["crash", "kill"];
const OF_THREADS: readonly Ending[] = ["crash", "kill", "uncaught", "exit", "terminate"];

/** What a soak did and what it left. */
export interface Figures {
  readonly cycles: number;
  readonly killedMidCall: number;
  readonly asks: Tally;
  readonly seconds: number;
  /** At rest, before and after. */
  readonly census: readonly [Census, Census];
  readonly memory: readonly [Memory | undefined, Memory | undefined];
}

/** A place for one child after the other. */
interface Slot {
  readonly name: string;
  readonly placement: "thread" | "local";
  readonly endings: readonly Ending[];
  readonly random: Random;
  /** Whether the main thread asks, or a thread that has a link to each victim. */
  readonly fromMain: boolean;
}

/** Spawns, asks, kills and restarts as `plan` says; gives what was there before and after. Throws if anything goes wrong. */
export async function soak(
  plan: Plan,
  progress: (cycles: number) => void = () => {},
): Promise<Figures> {
  const { signal } = new AbortController();
  // Inside of `eventually` both times, which has a timer of its own.
  const before = await eventually("a look", () => threadState(signal).resources);
  const figures = await soakSystem(plan, progress);
  await eventually("the system's end to leave nothing behind", () => {
    assert.deepEqual(threadState(signal).resources, before);
    return true;
  });
  return figures;
}

async function soakSystem(
  plan: Plan,
  progress: (cycles: number) => void,
): Promise<Figures> {
  await using system = await createSystem({ seed: plan.seed, threads: { askers: { size: 1 } } });
  const run = await Run.open(system, plan, progress);
  await run.cycles(plan.warmUp, plan.warmUp);
  const before = await run.atRest();
  const memoryBefore = await run.memory();
  const startedAt = performance.now();
  run.reset();
  await run.cycles(plan.threadCycles, plan.localCycles);
  const seconds = (performance.now() - startedAt) / 1_000;
  const after = await run.atRest(before);
  return {
    cycles: run.done,
    killedMidCall: run.killedMidCall,
    asks: run.asks,
    seconds,
    census: [before, after],
    memory: [memoryBefore, await run.memory()],
  };
}

class Run {
  readonly #system: ActorSystem;
  readonly #plan: Plan;
  readonly #asker: ActorRef<AskerProtocol>;
  /** Every ask of the main thread listens to it: what is left of that shows. */
  readonly #signal: AbortSignal = busySignal();
  readonly #progress: (cycles: number) => void;
  #random: Random;
  done = 0;
  killedMidCall = 0;
  asks: Tally = NO_ASKS;

  private constructor(
    system: ActorSystem,
    plan: Plan,
    asker: ActorRef<AskerProtocol>,
    progress: (cycles: number) => void,
  ) {
    this.#progress = progress;
    this.#system = system;
    this.#plan = plan;
    this.#asker = asker.with({ timeout: Infinity });
    this.#random = keyedRandom(plan.seed).stream("warm-up");
  }

  static async open(
    system: ActorSystem,
    plan: Plan,
    progress: (cycles: number) => void,
  ): Promise<Run> {
    const asking = await system.spawn(asker, undefined, { placement: { pool: "askers" } });
    return new Run(system, plan, asking, progress);
  }

  /** Begins to count; draws anew. */
  reset(): void {
    this.done = 0;
    this.killedMidCall = 0;
    this.asks = NO_ASKS;
    this.#random = keyedRandom(this.#plan.seed).stream("soak");
  }

  /** So many deaths and restarts of each kind. */
  async cycles(inThreads: number, local: number): Promise<void> {
    const slots: Promise<void>[] = [];
    for (let n = 0; n < THREAD_SLOTS; n++) {
      slots.push(
        this.#fill(this.#slot(`thread-${n}`, "thread", n), share(inThreads, THREAD_SLOTS, n)),
      );
    }
    for (let n = 0; n < LOCAL_SLOTS; n++) {
      slots.push(this.#fill(this.#slot(`local-${n}`, "local", n), share(local, LOCAL_SLOTS, n)));
    }
    await Promise.all(slots);
  }

  #slot(name: string, placement: "thread" | "local", n: number): Slot {
    return {
      name: `soak/${name}`,
      placement,
      endings: placement === "thread" ? OF_THREADS : OF_ACTORS,
      random: this.#random.stream(name),
      fromMain: n % 2 === 0,
    };
  }

  /** One after the other, under a supervisor of their own: a supervisor starts one child at a time. */
  async #fill(slot: Slot, cycles: number): Promise<void> {
    const team = await this.#system.spawn(TEAM, undefined);
    for (let left = cycles; left > 0; left -= SPAN) {
      await this.#life(slot, team.with({ timeout: TIMEOUT }), Math.min(SPAN, left));
    }
    await this.#system.stop(team);
  }

  /** A child from its start to its orderly end, with `deaths` and restarts between. */
  async #life(slot: Slot, team: Team, deaths: number): Promise<void> {
    const { name, placement } = slot;
    const started = await team.ask.startChild(
      child({ id: name, start: victim, name, placement, restart: "permanent" }),
    );
    let living = (started as AnyRef).as<VictimProtocol>();
    for (let n = 0; n < deaths; n++) living = await this.#cycle(slot, living);
    await team.ask.terminateChild(name);
    await team.ask.deleteChild(name);
  }

  /** Asks `target`, ends it, and gives its successor. */
  async #cycle(slot: Slot, target: Victim): Promise<Victim> {
    const { random, endings, name } = slot;
    const midCall = random.next() < KILLED_MID_CALL;
    const ending = endings[random.below(endings.length)] as Ending;
    const asks = this.#plan.asksPerCycle;
    const down = this.#system.down(target);
    const volley = this.#volley(slot, target, asks, midCall ? Math.floor(asks * HELD) : 0);
    if (midCall) {
      this.killedMidCall++;
      await pause(random.below(SUDDEN));
    } else await volley;
    this.#end(target, ending);
    await down;
    const tally = await volley;
    this.asks = sum(this.asks, tally);
    this.#progress(++this.done);
    // Its name was free before its end was told: whoever has it now is the successor.
    const successor = await this.#system.registry.waitFor(name, { timeout: TIMEOUT });
    return successor.as<VictimProtocol>();
  }

  #volley(slot: Slot, target: Victim, asks: number, held: number): Promise<Tally> {
    return slot.fromMain
      ? fire(target, { asks, held }, this.#signal)
      : this.#asker.ask.volley(target, { asks, held });
  }

  #end(target: Victim, ending: Ending): void {
    if (ending === "kill") void this.#system.kill(target);
    else if (ending === "terminate") this.#system.terminate(target.node);
    else target.tell[ending]();
  }

  /** What is there when nothing happens any more. Fails if that is not, at last, exactly what is `expected`. */
  async atRest(expected?: Census): Promise<Census> {
    const { thorough } = this.#plan;
    const look = (): Promise<Census> =>
      takeCensus(this.#system, this.#asker, this.#signal, thorough);
    if (thorough && expected === undefined) await pause(TIMERS_WITHIN);
    let last = await look();
    const still = async (): Promise<boolean> => {
      const now = await look();
      const wanted = expected ?? last;
      last = now;
      assert.deepEqual(now, wanted);
      return true;
    };
    await eventually("everything to be given back", still, {
      timeoutMs: (thorough ? TIMERS_WITHIN : 0) + GRACE,
      intervalMs: thorough ? LOOK_OVER : 200,
    });
    return last;
  }

  async memory(): Promise<Memory | undefined> {
    return this.#plan.thorough ? await leastMemory(this.#asker, this.#signal) : undefined;
  }
}

/** The n-th of `parts` parts of `whole`, which differ by one at most. */
function share(whole: number, parts: number, n: number): number {
  return Math.floor((whole + n) / parts);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
