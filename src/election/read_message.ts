import type { Message } from "./wire.ts";

/** Far above what elections reach in a lifetime, and low enough to be counted on from. */
const HIGHEST = 2 ** 48;

/** More than one process runs, and few enough to be looked through. */
const MOST_VOTERS = 1_024;

const isCount = (value: unknown): boolean =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < HIGHEST;
const isFlag = (value: unknown): boolean => typeof value === "boolean";
const isText = (value: unknown): boolean => typeof value === "string" && value.length <= 1_024;

/** As in a record: at least one, each once. */
const isVoters = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 0 && value.length <= MOST_VOTERS &&
  value.every((voter) => isText(voter) && voter !== "") && new Set(value).size === value.length;

type Fields = Readonly<Record<string, (value: unknown) => boolean>>;

const COMMON: Fields = {
  epoch: isCount,
  uri: isText,
  incarnation: isCount,
  configEpoch: isCount,
  configVersion: isCount,
};

const OWN: Readonly<Record<Message["kind"], Fields>> = {
  PREVOTE: {},
  PREVOTE_R: { granted: isFlag, myEpoch: isCount },
  VOTE: {},
  VOTE_R: { granted: isFlag, myEpoch: isCount },
  HB: { seq: isCount },
  HB_R: { seq: isCount, myEpoch: isCount },
  RESIGN: {},
  CONFIG: { voters: isVoters },
};

/**
 * `value` as a message, where it is one: what comes from another peer is looked at before it is believed.
 *
 * @example
 * ```ts
 * const message = readMessage(received);
 * if (message === undefined) return; // a stranger's, or a broken peer's
 * ```
 */
export function readMessage(value: unknown): Message | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const message = value as Readonly<Record<string, unknown>>;
  const { kind } = message;
  if (typeof kind !== "string" || !Object.hasOwn(OWN, kind)) return undefined;
  const fields = { ...COMMON, ...OWN[kind as Message["kind"]] };
  const whole = Object.entries(fields).every(([name, fits]) => fits(message[name]));
  return whole ? value as Message : undefined;
}
