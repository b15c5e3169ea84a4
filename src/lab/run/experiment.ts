import type { SystemEvent } from "../../actor/mod.ts";
import type { Cluster, FaultVerb } from "../../cluster/mod.ts";
import type { Observations } from "../checks/observations.ts";
import type { ClusterPlan, PlannedFault, PlannedWork, Schedule } from "../scenario/schedule.ts";
import { arm } from "./arm.ts";
import { drawsOf } from "./draws.ts";
import { RefusedFaultError } from "./errors.ts";
import { FaultDesk } from "./fault_desk.ts";
import type { KnownFile } from "./files.ts";
import { initialFiles } from "./files.ts";
import { Recorder } from "./recorder.ts";
import { recover } from "./recovery.ts";
import type { RunOptions } from "./run_schedule.ts";
import type { Stage } from "./stage.ts";
import { openStage, peersOf } from "./stage.ts";
import { statsOf } from "./stats.ts";
import { ViolationWatch } from "./violations.ts";
import { Workload } from "./workload.ts";

/** Ms of the cluster's time in which a first tracker is expected; without one the run begins all the same. */
const WARM_UP = 5_000;

/** How an experiment is set up. */
export interface ExperimentOptions extends RunOptions {
  readonly seed: string;
  readonly plan: ClusterPlan;
  /** Ids of the invariants that are watched. */
  readonly only: readonly string[];
}

/** A cluster under experiment: it has a first tracker, and time runs from there. */
export class Experiment implements AsyncDisposable {
  readonly faults: FaultDesk;
  readonly workload: Workload;
  readonly recorder: Recorder;
  readonly #stage: Stage;
  readonly #options: ExperimentOptions;
  readonly #files: Map<string, KnownFile>;
  readonly #violations: ViolationWatch;
  /** When the run started, on the cluster's clock: whole ms. */
  readonly #start: number;
  #undone: readonly string[] = [];

  /** Starts the cluster and waits for its first tracker. */
  static async open(options: ExperimentOptions): Promise<Experiment> {
    const { plan, seed, mode, onLine, mutant, folder, signal, only } = options;
    signal?.throwIfAborted();
    const files = new Map(initialFiles(plan, peersOf(plan), seed));
    const recorder = new Recorder(onLine);
    const violations = new ViolationWatch(plan, only);
    recorder.hear((event, seq) => violations.see(event, seq));
    const stage = await openStage(mode, {
      plan,
      seed,
      files,
      mutant,
      folder,
      onEvent: recorder.see,
      // On threads each of them costs a message of its own.
      messages: mode === "sim" || onLine !== undefined,
    });
    try {
      const { cluster } = stage;
      await cluster.tracker({ timeout: WARM_UP, ...(signal && { signal }) }).catch(() => {
        signal?.throwIfAborted();
      });
      const start = Math.ceil(cluster.time.now());
      const begun = new Promise<void>((resolve) => void cluster.time.at(start, resolve));
      await cluster.time.wait("the start of the run", begun);
      recorder.startAt(start);
      return new Experiment(options, stage, recorder, violations, files, start);
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(
    options: ExperimentOptions,
    stage: Stage,
    recorder: Recorder,
    violations: ViolationWatch,
    files: Map<string, KnownFile>,
    start: number,
  ) {
    this.#options = options;
    this.#stage = stage;
    this.#violations = violations;
    this.#files = files;
    this.#start = start;
    this.recorder = recorder;
    const { seed } = options;
    const now = (): number => this.now();
    const at = (time: number, fn: () => void): Disposable => this.at(time, fn);
    const hold = options.plan.restart === false;
    this.faults = new FaultDesk({ cluster: stage.cluster, recorder, seed, hold, now, at });
    this.workload = new Workload({ stage, recorder, seed, files, now, at });
  }

  get cluster(): Cluster {
    return this.#stage.cluster;
  }

  /** Ids of the faults that the end of the run undid. */
  get undone(): readonly string[] {
    return this.#undone;
  }

  /** Ms from the start of the run. */
  now(): number {
    return this.cluster.time.now() - this.#start;
  }

  /** Calls `fn` at `time`, ms from the start of the run. */
  at(time: number, fn: () => void): Disposable {
    return this.cluster.time.at(this.#start + time, fn);
  }

  /** Settles at `time`, ms from the start of the run, or rejects when the run is given up. */
  until(time: number): Promise<void> {
    const { signal } = this.#options;
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        timer[Symbol.dispose]();
        reject(signal?.reason);
      };
      const timer = this.at(time, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      });
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
    });
  }

  /** @throws RefusedFaultError naming each of `faults` that cannot be done here */
  refuse(faults: readonly PlannedFault[]): void {
    const refusals = faults.flatMap(({ id, verb, with: details }) => {
      const mix = details?.["mix"] as readonly { readonly verb: string }[] | undefined;
      const verbs = verb === "nemesis" ? mix?.map((entry) => entry.verb) ?? [] : [verb];
      return verbs.flatMap((each) => {
        const why = each === "undo" ? undefined : this.cluster.faults.refusal(each as FaultVerb);
        return why === undefined ? [] : [{ id, verb: each, why }];
      });
    });
    if (refusals.length > 0) throw new RefusedFaultError(this.#options.mode, refusals);
  }

  /** Does all that `schedule` says, and tells what was seen. */
  async play(schedule: Schedule): Promise<Observations> {
    this.refuse(schedule.faults);
    return await this.cluster.time.wait("the end of the scenario", this.#play(schedule));
  }

  async #play(schedule: Schedule): Promise<Observations> {
    const armed = [
      ...schedule.faults.map((fault) => this.#armFault(fault, schedule.until)),
      ...schedule.work.map((work) => this.#armWork(work, schedule.until)),
    ];
    try {
      await this.until(schedule.until);
    } finally {
      for (const trigger of armed) trigger[Symbol.dispose]();
    }
    return await this.finish(schedule);
  }

  /** Undoes everything, lets the cluster recover, and tells what was seen. */
  async finish(schedule: Schedule): Promise<Observations> {
    const { seed, mode, signal = new AbortController().signal } = this.#options;
    this.#undone = await this.faults.undoAll();
    const recovery = await recover({
      cluster: this.cluster,
      within: schedule.quiet,
      dead: this.faults.dead,
      files: this.#files.size > 0,
      signal,
      busy: () => this.workload.busy,
      now: () => this.now(),
      pause: (ms) => this.until(this.now() + ms),
    });
    this.workload.end();
    this.recorder.close();
    const { journal } = this.recorder;
    const { downloads } = this.workload;
    return {
      schedule,
      seed,
      mode,
      fired: this.faults.fired,
      violations: this.#violations.found,
      journal,
      downloads,
      recovery,
      stats: statsOf(journal, this.recorder.messages, downloads, this.now()),
    };
  }

  #desk(id: string, until: number): Parameters<typeof arm>[1] {
    return {
      now: () => this.now(),
      at: (time, fn) => this.at(time, fn),
      hear: (fn: (event: SystemEvent) => void) => this.recorder.hear(fn),
      random: (count) => drawsOf(this.#options.seed, id, count),
      until,
    };
  }

  #armFault(fault: PlannedFault, until: number): Disposable {
    return arm(fault.when, this.#desk(fault.id, until), (count, event) => {
      if (fault.verb !== "undo") return void this.faults.fire(fault, count, event);
      const ids = fault.with?.["faults"] as readonly string[] | undefined;
      for (const id of ids ?? this.faults.fired.map((fired) => fired.id)) {
        void this.faults.undo(id);
      }
    });
  }

  #armWork(work: PlannedWork, until: number): Disposable {
    return arm(
      work.when,
      this.#desk(work.id, until),
      (count, event) => this.workload.fire(work, count, event),
    );
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#stage[Symbol.asyncDispose]());
  }
}
