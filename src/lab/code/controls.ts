import type { Agreement, Cluster, PeerView } from "../../cluster/mod.ts";
import { INVARIANT_NAMES } from "../checks/elections.ts";
import { Experiment } from "../run/experiment.ts";
import { nextOnGrid } from "../run/grid.ts";
import type { CheckResult, Failover } from "../run/run_result.ts";
import type { RunOptions } from "../run/run_schedule.ts";
import { readDuration, readSpan } from "../scenario/quantities.ts";
import type { ClusterPlan, PlannedFault, PlannedWork, Who } from "../scenario/schedule.ts";
import { DemandError, NeverHappenedError } from "./errors.ts";
import type { PartitionControls } from "./partition_controls.ts";
import { partitionControls } from "./partition_controls.ts";
import type { Duration, Happened, Within } from "./waits.ts";
import { Waits } from "./waits.ts";
import { Expectation } from "./expectation.ts";

/** A fault that was carried out. */
export interface FaultHandle extends AsyncDisposable {
  readonly id: string;
  /** Those that it struck. */
  readonly peers: readonly string[];
  /** Ends it, if it lasts still. Idempotent. */
  undo(): Promise<void>;
}

interface Lasting {
  /** How long; to the end of the run, or until it is undone, unless told. */
  readonly for?: Duration;
}

/** What a scenario does to its cluster; every act settles when it has been done. Targets are words as in files, or ids. */
export class Controls implements AsyncDisposable {
  readonly signal: AbortSignal | undefined;
  readonly #options: RunOptions;
  readonly #checks: CheckResult[] = [];
  readonly #work: PlannedWork[] = [];
  #plan: ClusterPlan = {};
  #experiment: Experiment | undefined;
  #faults = 0;
  #ended: () => void = () => {};
  #waiting: Waits | undefined;

  constructor(options: RunOptions) {
    this.#options = options;
    this.signal = options.signal;
  }

  // ------------------------------------------------------------ the cluster

  /** Starts the cluster; settles when it has its first tracker. Once. */
  async start(plan: ClusterPlan = {}): Promise<void> {
    if (this.#experiment !== undefined) throw new Error("c.start() was called twice");
    this.#plan = plan;
    this.#experiment = await Experiment.open({
      ...this.#options,
      seed: String(this.#options.seed),
      plan,
      only: Object.values(INVARIANT_NAMES),
    });
    // Time passes as long as the program runs: it is what everything waits for.
    const body = new Promise<void>((resolve) => this.#ended = resolve);
    void this.cluster.time.wait("the end of the scenario", body);
  }

  get #running(): Experiment {
    if (this.#experiment === undefined) throw new Error("c.start() comes first");
    return this.#experiment;
  }

  get #waits(): Waits {
    // One for the whole run: it remembers which failovers were measured.
    return this.#waiting ??= new Waits(this.#running, this.signal);
  }

  /** The cluster itself, for what has no word here. What is done through it is not in the schedule of the run. */
  get cluster(): Cluster {
    return this.#running.cluster;
  }

  /** What is known of every peer now. */
  get peers(): readonly PeerView[] {
    return this.cluster.view();
  }

  /** Ms from the start of the run. */
  get now(): number {
    return this.#running.now();
  }

  /** Lets time pass. */
  async sleep(time: Duration): Promise<void> {
    await this.#running.until(this.now + readDuration(time));
  }

  /** The tracker, once all peers that are up agree on one. @throws NeverHappenedError */
  async tracker(options: Within = {}): Promise<string> {
    return (await this.#waits.agreed(options)).tracker;
  }

  // ------------------------------------------------------------ faults

  /** With `for` or `hold` the peer stays down; else its supervisor starts it again. */
  crash(
    who: Who,
    options: Lasting & { readonly how?: string; readonly hold?: boolean } = {},
  ): Promise<FaultHandle> {
    const { for: lasts, ...details } = options;
    return this.fault("crash", { who, for: lasts, with: details });
  }

  restart(who: Who = "crashed"): Promise<FaultHandle> {
    return this.fault("restart", { who });
  }

  /** Takes a peer's state away; it comes back as a learner. */
  wipe(who: Who): Promise<FaultHandle> {
    return this.fault("wipe", { who });
  }

  pause(who: Who, options: Lasting = {}): Promise<FaultHandle> {
    return this.fault("pause", { who, ...options });
  }

  slow(who: Who, by: Duration, options: Lasting = {}): Promise<FaultHandle> {
    return this.fault("slow", { who, ...options, with: { ms: readDuration(by) } });
  }

  /** Changes the links from one of `from` to one of `to`; `*` means all. */
  link(
    from: Who,
    to: Who,
    rules: Lasting & {
      readonly delay?: Duration;
      readonly jitter?: Duration;
      readonly loss?: number;
      readonly duplication?: number;
      readonly reordering?: number;
      readonly blocked?: boolean;
      readonly held?: boolean;
      readonly both?: boolean;
    },
  ): Promise<FaultHandle> {
    const { for: lasts, delay, jitter, ...rest } = rules;
    return this.fault("link", {
      who: from === "*" ? "all" : from,
      for: lasts,
      with: {
        to: to === "*" ? "all" : to,
        ...rest,
        ...(delay !== undefined && { delay: readDuration(delay) }),
        ...(jitter !== undefined && { jitter: readDuration(jitter) }),
      },
    });
  }

  /** Cuts the network into a shape. */
  readonly partition: PartitionControls = partitionControls((options) =>
    this.fault("partition", options)
  );

  /** Any fault by its verb, with details as schedules have them. */
  async fault(
    verb: PlannedFault["verb"],
    { who, for: lasts, with: details = {} }: {
      readonly who?: Who | undefined;
      readonly for?: Duration | undefined;
      readonly with?: Readonly<Record<string, unknown>>;
    } = {},
  ): Promise<FaultHandle> {
    const experiment = this.#running;
    const at = nextOnGrid(this.now);
    const fault: PlannedFault = {
      id: `f${++this.#faults}`,
      when: { at },
      verb,
      ...(who !== undefined && { who }),
      ...(lasts !== undefined && { for: readSpan(lasts) }),
      with: details,
    };
    experiment.refuse([fault]);
    await experiment.until(at);
    const { id, peers } = experiment.faults.fire(fault, 1);
    await experiment.faults.done(id);
    const undo = async (): Promise<void> => void await experiment.faults.undo(id);
    return { id, peers, undo, [Symbol.asyncDispose]: undo };
  }

  /** Undoes every partition and change of links. */
  async heal(): Promise<void> {
    for (const { id, verb } of this.#running.faults.fired) {
      if (verb === "partition" || verb === "link") await this.#running.faults.undo(id);
    }
  }

  /** Undoes all that lasts; gives the ids of what that was. */
  undoAll(): Promise<string[]> {
    return this.#running.faults.undoAll();
  }

  // ------------------------------------------------------------ work

  /** Lets peers do something, as their users would: `download`, `search`, `refresh`, `addFile`, `removeFile`. Does not wait for it. */
  do(
    work: PlannedWork["work"],
    who: Who = "one",
    details: Readonly<Record<string, unknown>> = {},
  ): void {
    const planned: PlannedWork = {
      id: `w${this.#work.length + 1}`,
      when: { at: nextOnGrid(this.now) },
      work,
      who,
      with: details,
    };
    this.#work.push(planned);
    this.#running.at(
      (planned.when as { readonly at: number }).at,
      () => this.#running.workload.fire(planned, 1),
    );
  }

  // ------------------------------------------------------------ waiting

  /** Waits for what may happen. Each rejects with a NeverHappenedError, which makes the run inconclusive. */
  readonly until: {
    event(
      kind: string,
      options?: Within & { readonly where?: Readonly<Record<string, unknown>> },
    ): Promise<Happened>;
    candidate(options?: Within): Promise<Happened>;
    win(options?: Within): Promise<Happened>;
    agreed(options?: Within & { readonly above?: number }): Promise<Agreement>;
  } = {
    event: (kind, options) => this.#waits.event(kind, options),
    candidate: (options) => this.#waits.event("election.candidate", options),
    win: (options) => this.#waits.event("election.win", options),
    agreed: (options) => this.#waits.agreed(options),
  };

  /** Demands what must come about. Each rejects with a DemandError, which makes the run fail. */
  readonly eventually: { agreed(options?: Within): Promise<Agreement> } = {
    agreed: (options) =>
      this.#waits.agreed(options).catch((error) => {
        if (!(error instanceof NeverHappenedError)) throw error;
        throw new DemandError(error.message, { cause: error });
      }),
  };

  /** Measures what the last fault led to. */
  readonly measure: { failover(options?: Within): Promise<Failover> } = {
    failover: (options) => this.#waits.failover(options),
  };

  // ------------------------------------------------------------ demands

  /** A demand on a value; `what` names it in the verdict. What does not hold makes the run fail, and the program goes on. */
  expect(value: number, what: string = "value"): Expectation {
    return new Expectation(value, what, (check) => this.#checks.push(check));
  }

  /** Demands that `holds`. */
  check(what: string, holds: boolean, message: string = holds ? "holds" : "does not hold"): void {
    this.#checks.push({ check: what, verdict: holds ? "pass" : "fail", message });
  }

  // ------------------------------------------------------------ for the runner

  /** @internal */
  get experiment(): Experiment | undefined {
    return this.#experiment;
  }

  /** @internal */
  get plan(): ClusterPlan {
    return this.#plan;
  }

  /** @internal */
  get checks(): readonly CheckResult[] {
    return this.#checks;
  }

  /** @internal */
  get work(): readonly PlannedWork[] {
    return this.#work;
  }

  /** @internal */
  bodyEnded(): void {
    this.#ended();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended();
    await this.#experiment?.[Symbol.asyncDispose]();
  }
}
