import type { RunResult } from "../../lab/run/mod.ts";
import type { LiveRegion } from "../live_region.ts";
import { formatDuration } from "../text/duration.ts";

const WIDTH = 16;
/** Ms between two lines where nothing is redrawn but somebody may wonder: on a build service. */
const HEARTBEAT = 10_000;

/** Tells how far the runs of a scenario are, and how long the rest will take; nothing where the output is piped. */
export class RunProgress implements Disposable {
  readonly #region: LiveRegion;
  readonly #name: string;
  readonly #all: number;
  readonly #began = performance.now();
  readonly #timer: ReturnType<typeof setInterval> | undefined;
  #done = 0;
  #failed = 0;

  /** @param heartbeat tells where lines are kept, as a log */
  constructor(region: LiveRegion, name: string, all: number, heartbeat?: (line: string) => void) {
    this.#region = region;
    this.#name = name;
    this.#all = all;
    if (heartbeat !== undefined) {
      this.#timer = setInterval(() => heartbeat(this.#text()), HEARTBEAT);
    }
    this.#show();
  }

  add({ verdict }: RunResult): void {
    this.#done++;
    if (verdict === "fail") this.#failed++;
    this.#show();
  }

  #show(): void {
    this.#region.set("runs", this.#text());
  }

  #text(): string {
    const filled = Math.round(this.#done / this.#all * WIDTH);
    const bar = `[${"#".repeat(filled)}${"-".repeat(WIDTH - filled)}]`;
    const spent = performance.now() - this.#began;
    const left = this.#done === 0
      ? ""
      : `  eta ${formatDuration(spent / this.#done * (this.#all - this.#done))}`;
    const failed = this.#failed === 0 ? "" : `  ${this.#failed} failed`;
    return `  ${this.#name}   ${bar}  ${this.#done}/${this.#all}${failed}${left}`;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#region.remove("runs");
  }
}
