import type { RunResult } from "../../lab/run/mod.ts";
import type { LiveRegion } from "../live_region.ts";
import { formatDuration } from "../text/duration.ts";

const WIDTH = 16;

/** Tells how far the runs of a scenario are, and how long the rest will take. */
export class RunProgress implements Disposable {
  readonly #region: LiveRegion;
  readonly #name: string;
  readonly #all: number;
  readonly #began = performance.now();
  #done = 0;
  #failed = 0;

  constructor(region: LiveRegion, name: string, all: number) {
    this.#region = region;
    this.#name = name;
    this.#all = all;
    this.#show();
  }

  add({ verdict }: RunResult): void {
    this.#done++;
    if (verdict === "fail") this.#failed++;
    this.#show();
  }

  #show(): void {
    this.#region.set("runs", this.text);
  }

  /** As one line. */
  get text(): string {
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
    this.#region.remove("runs");
  }
}
