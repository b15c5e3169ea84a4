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

type Unread = Readonly<Record<string, unknown>>;

/** Spelt out: every heartbeat passes here. */
function hasCommon({ epoch, uri, incarnation, configEpoch, configVersion }: Unread): boolean {
  return isCount(epoch) && isText(uri) && isCount(incarnation) && isCount(configEpoch) &&
    isCount(configVersion);
}

const OWN: Readonly<Record<Message["kind"], (message: Unread) => boolean>> = {
  PREVOTE: () => true,
  PREVOTE_R: ({ granted, myEpoch }) => isFlag(granted) && isCount(myEpoch),
  VOTE: () => true,
  VOTE_R: ({ granted, myEpoch }) => isFlag(granted) && isCount(myEpoch),
  HB: ({ seq }) => isCount(seq),
  HB_R: ({ seq, myEpoch }) => isCount(seq) && isCount(myEpoch),
  RESIGN: () => true,
  CONFIG: ({ voters }) => isVoters(voters),
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
  const message = value as Unread;
  const { kind } = message;
  if (typeof kind !== "string" || !Object.hasOwn(OWN, kind)) return undefined;
  const whole = hasCommon(message) && OWN[kind as Message["kind"]](message);
  return whole ? value as Message : undefined;
}
