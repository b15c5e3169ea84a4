import type {
  AskEnvelope,
  Envelope,
  ReplyEnvelope,
  RequestEnvelope,
  TellEnvelope,
} from "../../actor/envelope.ts";

/**
 * The envelopes of one turn, one after another: a number that tells the kind, then the fields. Structured clone takes several
 * times longer for an object per envelope than for all their fields in one array, and most of its time for texts and lists
 * (`bench/`): so whom requests are for is said once for all that follow, and arguments stand in the array itself.
 */
export type Packed = unknown[];

/** Whom the requests behind it are for: `to, method, meta, length of the chain (-1: none is known), ...chain`. */
const TARGET = 0;
/** `id, left, weight, number of arguments, ...arguments` */
const ASK = 1;
/** `weight, number of arguments, ...arguments` */
const TELL = 2;
/** `id, value, state`; no value is null, and said by the state: so a batch of plain things can cross as a text */
const REPLY = 3;
/** All other kinds are rare, and travel as they are. */
const OTHER = 4;

/** What of a request is said once: undefined before the first. */
type Target = Pick<AskEnvelope, "to" | "method" | "meta" | "chain">;

/** Packs envelopes that travel together. */
export class Packer {
  #packed: Packed = [];
  #target: Target | undefined;

  get empty(): boolean {
    return this.#packed.length === 0;
  }

  add(envelope: Envelope): void {
    switch (envelope.kind) {
      case "ask":
        this.#aim(envelope, envelope.chain);
        this.#packed.push(ASK, envelope.id, envelope.left);
        return this.#content(envelope);
      case "tell":
        this.#aim(envelope, this.#target?.chain);
        this.#packed.push(TELL);
        return this.#content(envelope);
      case "reply": {
        const { id, value, coded, failed } = envelope;
        const nothing = value === undefined;
        const state = (nothing ? 4 : 0) + (failed ? 2 : 0) + (coded ? 1 : 0);
        this.#packed.push(REPLY, id, nothing ? null : value, state);
        return;
      }
      default:
        this.#packed.push(OTHER, envelope);
    }
  }

  /** What was added since the last time. */
  take(): Packed {
    const packed = this.#packed;
    this.#packed = [];
    this.#target = undefined;
    return packed;
  }

  #aim({ to, method, meta }: RequestEnvelope, chain: Target["chain"]): void {
    const last = this.#target;
    if (
      last !== undefined && last.to === to && last.method === method && last.meta === meta &&
      last.chain === chain
    ) return;
    this.#target = { to, method, meta, chain };
    this.#packed.push(TARGET, to, method, meta ?? null, chain?.length ?? -1);
    if (chain !== undefined) { for (const actor of chain) this.#packed.push(actor); }
  }

  #content({ args, cost, coded }: RequestEnvelope): void {
    const list = args as readonly unknown[];
    this.#packed.push(cost * 2 + (coded ? 1 : 0), list.length);
    for (const part of list) this.#packed.push(part);
  }
}

/** @throws TypeError for what {@linkcode Packer} did not make */
export function unpack(packed: Packed): Envelope[] {
  return new Unpacker(packed).envelopes();
}

class Unpacker {
  readonly #packed: Packed;
  #at = 0;
  #target: Target | undefined;

  constructor(packed: Packed) {
    this.#packed = packed;
  }

  envelopes(): Envelope[] {
    const envelopes: Envelope[] = [];
    while (this.#at < this.#packed.length) {
      const kind = this.#next();
      if (kind === TARGET) this.#aim();
      else envelopes.push(this.#envelope(kind));
    }
    return envelopes;
  }

  #next(): unknown {
    return this.#packed[this.#at++];
  }

  #aim(): void {
    const [to, method] = [this.#next(), this.#next()];
    const meta = this.#next() ?? undefined;
    const chain = this.#listOrNone();
    this.#target = { to, method, meta, chain } as Target;
  }

  #envelope(kind: unknown): Envelope {
    switch (kind) {
      case ASK:
        return this.#ask();
      case TELL:
        return this.#tell();
      case REPLY:
        return this.#reply();
      case OTHER:
        return this.#next() as Envelope;
      default:
        throw new TypeError(`A batch with an unknown kind at ${this.#at - 1}`);
    }
  }

  #ask(): AskEnvelope {
    const { to, method, meta, chain } = this.#aimed();
    const id = this.#next() as number;
    const left = this.#next() as number;
    const weight = this.#next() as number;
    const [coded, cost] = [(weight & 1) === 1, weight >>> 1];
    return { kind: "ask", to, id, method, args: this.#list(), coded, cost, left, meta, chain };
  }

  #tell(): TellEnvelope {
    const { to, method, meta } = this.#aimed();
    const weight = this.#next() as number;
    const [coded, cost] = [(weight & 1) === 1, weight >>> 1];
    return { kind: "tell", to, method, args: this.#list(), coded, cost, meta };
  }

  #reply(): ReplyEnvelope {
    const id = this.#next() as number;
    const value = this.#next();
    const state = this.#next() as number;
    const [coded, failed] = [(state & 1) === 1, (state & 2) === 2];
    return { kind: "reply", id, value: (state & 4) === 4 ? undefined : value, coded, failed };
  }

  #aimed(): Target {
    if (this.#target === undefined) throw new TypeError("A batch with a request for nobody");
    return this.#target;
  }

  #listOrNone(): unknown[] | undefined {
    if (this.#packed[this.#at] !== -1) return this.#list();
    this.#at++;
    return undefined;
  }

  /** Its length, and what is in it. */
  #list(): unknown[] {
    const from = ++this.#at;
    this.#at += this.#packed[from - 1] as number;
    return this.#packed.slice(from, this.#at);
  }
}
