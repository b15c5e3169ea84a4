import { toError } from "../../actor/mod.ts";
import type { CheckResult, RunResult, Verdict } from "../run/run_result.ts";
import type { RunOptions } from "../run/run_schedule.ts";
import type { ClusterPlan, Schedule } from "../scenario/schedule.ts";
import { judgeRun } from "../checks/judge.ts";
import { DEMANDED } from "../scenario/to_schedule.ts";
import { Controls } from "./controls.ts";
import { NeverHappenedError } from "./errors.ts";

/** What is done to a cluster, written as a program. */
export type ScenarioBody = (c: Controls) => Promise<void>;

/** What is told of a scenario besides what it does. */
export interface ScenarioOptions {
  /** What it teaches, one sentence. */
  readonly teaches?: string;
  /** Ms that the cluster gets to recover at the end; default 5 000. */
  readonly quiet?: number;
}

/** A scenario written as a program: the default export of a `*.scenario.ts` file. */
export interface CodeScenario {
  readonly kind: "scenario";
  readonly name: string;
  readonly teaches?: string;
  /** Runs it once. Its faults are logged as those of any schedule: `concretise(schedule, result.fired)` is what it came to. */
  run(options: RunOptions): Promise<CodeRun>;
}

/** A run of a program, and what the schedule of it says besides its faults. */
export interface CodeRun {
  readonly result: RunResult;
  readonly schedule: Schedule;
}

/** Ms that the cluster gets to recover, unless told. */
const QUIET = 5_000;

/**
 * Makes a scenario of a program. The same program runs on threads and in simulation.
 *
 * @example
 * ```ts
 * import { scenario } from "troupe/lab";
 * export default scenario("kill the tracker, then its successor", async (c) => {
 *   await c.start({ peers: 5 });
 *   await c.crash(await c.tracker());
 *   const next = await c.until.candidate({ within: "2s" });
 *   await c.crash(next.peer, { for: "1s" });
 *   const { all } = await c.measure.failover();
 *   c.expect(all, "failover").below("2s");
 *   await c.eventually.agreed({ within: "3s" });
 * });
 * ```
 */
export function scenario(
  name: string,
  body: ScenarioBody,
  options: ScenarioOptions = {},
): CodeScenario {
  const { teaches } = options;
  return {
    kind: "scenario",
    name,
    ...(teaches !== undefined && { teaches }),
    run: (runOptions) => runBody(name, body, options, runOptions),
  };
}

async function runBody(
  name: string,
  body: ScenarioBody,
  { teaches, quiet = QUIET }: ScenarioOptions,
  options: RunOptions,
): Promise<CodeRun> {
  const began = performance.now();
  await using controls = new Controls(options);
  const { verdict: story, message } = await told(controls, body);
  const { experiment, plan } = controls;
  if (experiment === undefined) {
    throw new Error(`${name}: ${message || "it never called c.start()"}`);
  }
  const schedule = scheduleOf(name, plan, experiment.now(), quiet, teaches, controls);
  const seen = await experiment.cluster.time.wait("recovery", experiment.finish(schedule));
  const judged = judgeRun(seen);
  const checks: CheckResult[] = [
    ...(story === "pass" ? [] : [{ check: "scenario", verdict: story, message }]),
    ...controls.checks,
    ...judged.checks,
  ];
  const result: RunResult = {
    v: 1,
    name,
    seed: String(options.seed),
    mode: options.mode,
    verdict: worst(checks),
    checks,
    fired: seen.fired,
    stats: seen.stats,
    undone: experiment.undone,
    ms: experiment.now(),
    tookMs: performance.now() - began,
  };
  return { result, schedule };
}

function scheduleOf(
  name: string,
  cluster: ClusterPlan,
  until: number,
  quiet: number,
  teaches: string | undefined,
  { work }: Controls,
): Schedule {
  return {
    v: 1,
    name,
    ...(teaches !== undefined && { teaches }),
    cluster,
    faults: [],
    work,
    checks: DEMANDED,
    until,
    quiet,
  };
}

/** Runs the program to its end; what it threw is a verdict, unless the run was given up. */
async function told(
  controls: Controls,
  body: ScenarioBody,
): Promise<{ readonly verdict: Verdict; readonly message: string }> {
  try {
    await body(controls);
    return { verdict: "pass", message: "" };
  } catch (error) {
    controls.signal?.throwIfAborted();
    const verdict = error instanceof NeverHappenedError ? "inconclusive" : "fail";
    return { verdict, message: toError(error).message };
  } finally {
    controls.bodyEnded();
  }
}

function worst(checks: readonly CheckResult[]): Verdict {
  const has = (verdict: Verdict): boolean => checks.some((check) => check.verdict === verdict);
  return has("fail") ? "fail" : has("inconclusive") ? "inconclusive" : "pass";
}

/** Whether a module's default export is a scenario. */
export function isScenario(value: unknown): value is CodeScenario {
  return typeof value === "object" && value !== null &&
    (value as { readonly kind?: unknown }).kind === "scenario" && "run" in value;
}
