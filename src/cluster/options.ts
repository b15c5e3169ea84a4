import { statSync } from "node:fs";
import { InvalidOptionError } from "../actor/mod.ts";
import { checkLimits } from "../peer/mod.ts";
import type { ClusterOptions } from "./api.ts";

/** The most peers that one process is asked to run. */
export const MAX_PEERS = 100;

const PROFILES: readonly string[] = ["default", "fast", "turbo", "seed"];

/**
 * Checks what can be checked before anything is started; the election's own options are checked by the election.
 *
 * @throws InvalidOptionError naming option, value and what was expected
 */
export function validateOptions(options: ClusterOptions): void {
  const { peers = 5, profile = "default", shared, quorum } = options;
  if (!Number.isInteger(peers) || peers < 1 || peers > MAX_PEERS) {
    throw new InvalidOptionError("peers", peers, `a whole number from 1 to ${MAX_PEERS}`);
  }
  if (!PROFILES.includes(profile)) {
    throw new InvalidOptionError("profile", profile, `one of ${PROFILES.join(", ")}`);
  }
  if (quorum !== undefined && (!Number.isInteger(quorum) || quorum < 1 || quorum > peers)) {
    throw new InvalidOptionError(
      "quorum",
      quorum,
      `a whole number from 1 to ${peers}, the number of peers`,
    );
  }
  checkLimits(options.limits ?? {});
  if (shared !== undefined && !isFolder(shared)) {
    throw new InvalidOptionError("shared", shared, "a folder that exists");
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
