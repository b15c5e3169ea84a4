import type { Change, ChangeRefusal, Config } from "../election/mod.ts";
import { ElectorateError } from "./errors.ts";

const REASONS: Readonly<Record<ChangeRefusal, string>> = {
  not_tracker: "it is not the tracker",
  busy: "another change is under way",
  resign_first: "a tracker does not remove itself; let it resign first",
};

interface Waiting {
  readonly change: Change;
  resolve(config: Config): void;
  reject(error: Error): void;
}

/** Those who wait for a change of the electorate at its tracker. */
export class ElectorateChanges {
  #waiting: readonly Waiting[] = [];

  /** Settles with the electorate once a quorum holds it; rejects if the tracker leaves its office before. */
  wait(change: Change): Promise<Config> {
    return new Promise((resolve, reject) => {
      this.#waiting = [...this.#waiting, { change, resolve, reject }];
    });
  }

  /** A quorum holds `config`. */
  agreed(config: Config): void {
    this.#settle(
      ({ change }) => "add" in change === config.voters.includes(peerIn(change)),
      (waiting) => waiting.resolve(config),
    );
  }

  /** The election does not take `change` on. */
  refused(peer: string, change: Change, why: ChangeRefusal): void {
    this.#settle(
      (waiting) => waiting.change === change,
      ({ reject }) => reject(new ElectorateError(peer, change, REASONS[why])),
    );
  }

  /** The tracker left its office: whether what was begun will hold is its successor's affair. */
  lost(peer: string): void {
    this.#settle(
      () => true,
      ({ change, reject }) => reject(new ElectorateError(peer, change, "it is tracker no longer")),
    );
  }

  #settle(met: (waiting: Waiting) => boolean, settle: (waiting: Waiting) => void): void {
    const before = this.#waiting;
    this.#waiting = before.filter((waiting) => !met(waiting));
    before.filter(met).forEach(settle);
  }
}

function peerIn(change: Change): string {
  return "add" in change ? change.add : change.remove;
}
