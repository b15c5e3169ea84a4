import assert from "node:assert/strict";
import type { SystemEvent } from "../../src/actor.ts";
import type { ClusterOptions } from "../../src/cluster/mod.ts";
import { violationLines, watchCluster } from "../../src/lab/invariants/mod.ts";

/** Watches the invariants of the election while a cluster runs under test. */
export class InvariantAlarm {
  /** For `createCluster`. */
  readonly onEvent: (event: SystemEvent) => void;
  readonly #lines: string[] = [];

  constructor(options: ClusterOptions = {}) {
    const watch = watchCluster(options, (violation) => {
      this.#lines.push(...violationLines(violation));
    });
    this.onEvent = (event) => {
      watch(event);
      options.onEvent?.(event);
    };
  }

  /** Fails if an invariant broke, with the evidence. */
  check(): void {
    assert.deepEqual(this.#lines, []);
  }
}
