import type { AskEnvelope, Envelope, ReplyEnvelope, TellEnvelope } from "../../actor/envelope.ts";

/**
 * The envelopes of one turn, one after another: a number that tells the kind, then the fields. Structured clone takes several
 * times longer for an object per envelope than for all their fields in one array (`bench/`).
 */
export type Packed = unknown[];

const ASK = 0;
const TELL = 1;
const REPLY = 2;
/** All other kinds are rare, and travel as they are. */
const OTHER = 3;

/** Appends `envelope` to `packed`. */
export function pack(packed: Packed, envelope: Envelope): void {
  switch (envelope.kind) {
    case "ask": {
      const { to, id, method, args, coded, cost, left, meta, chain } = envelope;
      packed.push(ASK, to, id, method, args, coded, cost, left, meta, chain);
      return;
    }
    case "tell": {
      const { to, method, args, coded, cost, meta } = envelope;
      packed.push(TELL, to, method, args, coded, cost, meta);
      return;
    }
    case "reply": {
      const { id, value, coded, failed } = envelope;
      packed.push(REPLY, id, value, coded, failed);
      return;
    }
    default:
      packed.push(OTHER, envelope);
  }
}

/** @throws TypeError for what {@linkcode pack} did not make */
export function unpack(packed: Packed): Envelope[] {
  const envelopes: Envelope[] = [];
  let at = 0;
  while (at < packed.length) {
    switch (packed[at++]) {
      case ASK:
        envelopes.push({
          kind: "ask",
          to: packed[at++],
          id: packed[at++],
          method: packed[at++],
          args: packed[at++],
          coded: packed[at++],
          cost: packed[at++],
          left: packed[at++],
          meta: packed[at++],
          chain: packed[at++],
        } as AskEnvelope);
        break;
      case TELL:
        envelopes.push({
          kind: "tell",
          to: packed[at++],
          method: packed[at++],
          args: packed[at++],
          coded: packed[at++],
          cost: packed[at++],
          meta: packed[at++],
        } as TellEnvelope);
        break;
      case REPLY:
        envelopes.push({
          kind: "reply",
          id: packed[at++],
          value: packed[at++],
          coded: packed[at++],
          failed: packed[at++],
        } as ReplyEnvelope);
        break;
      case OTHER:
        envelopes.push(packed[at++] as Envelope);
        break;
      default:
        throw new TypeError(`A batch with an unknown kind at ${at - 1}`);
    }
  }
  return envelopes;
}
