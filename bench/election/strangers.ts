import { cpus } from "node:os";
import process from "node:process";

/** What other processes take of the machine: they lengthen every election that is measured beside them. */
export class Strangers {
  readonly #began: number = performance.now();
  readonly #idle: number = idleMs();
  readonly #own: NodeJS.CpuUsage = process.cpuUsage();

  /** The share of all cores that this process neither had nor could have had since this was made: 0 to 1. */
  share(): number {
    const { user, system } = process.cpuUsage(this.#own);
    const all = (performance.now() - this.#began) * cpus().length;
    return Math.max(0, 1 - (idleMs() - this.#idle + (user + system) / 1000) / all);
  }
}

function idleMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.idle, 0);
}
