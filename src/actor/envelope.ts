import type { ActorId } from "./ids.ts";

/** A request that waits for a reply. */
export interface AskEnvelope {
  readonly kind: "ask";
  readonly to: ActorId;
  /** Unique among the asks of the sending node. */
  readonly id: number;
  readonly method: string;
  /** Encoded by the codec; `coded` says that it must be decoded. */
  readonly args: unknown;
  readonly coded: boolean;
  /** See `costOf`. */
  readonly cost: number;
  /** Milliseconds that the caller still waits when this is sent, or Infinity. Two threads share no clock. */
  readonly left: number;
  readonly meta: Readonly<Record<string, string>> | undefined;
  /** The actors that wait for this request, the first asker first; the last one sent it. */
  readonly chain: readonly ActorId[] | undefined;
}

/** A message that nobody answers. */
export interface TellEnvelope {
  readonly kind: "tell";
  readonly to: ActorId;
  readonly method: string;
  readonly args: unknown;
  readonly coded: boolean;
  readonly cost: number;
  readonly meta: Readonly<Record<string, string>> | undefined;
}

/** The answer to an ask: a value, or an error where `failed`. */
export interface ReplyEnvelope {
  readonly kind: "reply";
  readonly id: number;
  readonly value: unknown;
  readonly coded: boolean;
  readonly failed: boolean;
}

/** The caller of ask `id` gave up. */
export interface CancelEnvelope {
  readonly kind: "cancel";
  readonly to: ActorId;
  readonly id: number;
}

/** `by` wants to be told when `to` ends; `id` is unique on `by`'s node. */
export interface MonitorEnvelope {
  readonly kind: "monitor";
  readonly to: ActorId;
  readonly id: number;
  readonly by: ActorId;
}

export interface DemonitorEnvelope {
  readonly kind: "demonitor";
  readonly to: ActorId;
  readonly id: number;
  readonly by: ActorId;
}

/** The target of monitor `id` ended. `reason` is encoded. */
export interface DownEnvelope {
  readonly kind: "down";
  readonly id: number;
  readonly reason: unknown;
  readonly coded?: true;
}

/** `by` and `to` end together from now on (or no longer). */
export interface LinkEnvelope {
  readonly kind: "link" | "unlink";
  readonly to: ActorId;
  readonly by: ActorId;
}

/** The linked actor `by` ended. `reason` is encoded. */
export interface ExitEnvelope {
  readonly kind: "exit";
  readonly to: ActorId;
  readonly by: ActorId;
  readonly reason: unknown;
  readonly coded?: true;
}

/** `to` shall end: `stop` lets it finish its message and terminate, `kill` does not. */
export interface StopEnvelope {
  readonly kind: "stop" | "kill";
  readonly to: ActorId;
  readonly reason: unknown;
  readonly coded?: true;
}

/** The sender wants to know what room there is for more messages to `to`. */
export interface PollEnvelope {
  readonly kind: "poll";
  readonly to: ActorId;
}

/** There is room for more messages to `of`. */
export interface CreditEnvelope {
  readonly kind: "credit";
  readonly of: ActorId;
  /** What the messages of the node that polled cost, of those that have come and wait in the mailbox. */
  readonly waiting: number;
  /** What may be on the way and wait, at most. */
  readonly window: number;
}

/** There is nobody to grant room for messages to `of` any more. `reason` is encoded. */
export interface GoneEnvelope {
  readonly kind: "gone";
  readonly of: ActorId;
  readonly reason: unknown;
  readonly coded?: true;
}

/** Everything that travels between two nodes. */
export type Envelope =
  | AskEnvelope
  | TellEnvelope
  | ReplyEnvelope
  | CancelEnvelope
  | MonitorEnvelope
  | DemonitorEnvelope
  | DownEnvelope
  | LinkEnvelope
  | ExitEnvelope
  | StopEnvelope
  | PollEnvelope
  | CreditEnvelope
  | GoneEnvelope;

/** Whether faults of a link may not lose `envelope`: signals between nodes only wait, as those of a runtime must. */
export function isReliable({ kind }: Envelope): boolean {
  return kind !== "ask" && kind !== "tell" && kind !== "reply";
}

/** What waits for room: all others go at once. */
export type RequestEnvelope = AskEnvelope | TellEnvelope;
