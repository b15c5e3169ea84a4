import { statSync } from "node:fs";
import { InvalidOptionError } from "../actor/mod.ts";
import { checkLimits } from "../peer/mod.ts";
import { ElectionOptionError, resolveOptions } from "../election/mod.ts";
import type { ElectionSettings } from "../peer/mod.ts";
import type { ClusterOptions, ClusterSettings } from "./api.ts";
import { peerId } from "./targets.ts";

/** The most peers that one process is asked to run. */
export const MAX_PEERS = 100;

/**
 * Checks what can be checked before anything is started, the election's options by the election's own rules.
 *
 * @throws InvalidOptionError naming option, value and what was expected
 */
export function validateOptions(options: ClusterSettings): void {
  const { peers = 5, voters = peers } = options;
  if (!Number.isInteger(peers) || peers < 1 || peers > MAX_PEERS) {
    throw new InvalidOptionError("peers", peers, `a whole number from 1 to ${MAX_PEERS}`);
  }
  if (!Number.isInteger(voters) || voters < 1 || voters > peers) {
    const expected = `a whole number from 1 to ${peers}, the number of peers`;
    throw new InvalidOptionError("voters", voters, expected);
  }
  const { watch = true } = options;
  if (typeof watch !== "boolean") throw new InvalidOptionError("watch", watch, "true or false");
  checkLimits(options.limits ?? {});
  validateElection(options, voters);
}

/** @throws InvalidOptionError */
export function validateFolders({ shared }: ClusterOptions): void {
  if (shared !== undefined && !isFolder(shared)) {
    throw new InvalidOptionError("shared", shared, "a folder that exists");
  }
}

function validateElection(options: ClusterSettings, voters: number): void {
  const electorate = Array.from({ length: voters }, (_, i) => peerId(i + 1));
  try {
    resolveOptions({
      peerId: peerId(1),
      uri: peerId(1),
      electorate,
      ...electionSettings(options),
    });
  } catch (error) {
    if (!(error instanceof ElectionOptionError)) throw error;
    throw new InvalidOptionError(error.field, error.value, error.expected);
  }
}

/** What of the options every peer's election is told. */
export function electionSettings(options: ClusterSettings): ElectionSettings {
  const { profile = "default", timers, protocol, quorum, unsafe, downDetector } = options;
  return {
    profile,
    ...(timers !== undefined && { timers }),
    ...(protocol !== undefined && { protocol }),
    ...(quorum !== undefined && { quorum }),
    ...(unsafe !== undefined && { unsafe }),
    ...(downDetector !== undefined && { downDetector }),
  };
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
