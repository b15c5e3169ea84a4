import { decode } from "./codec.ts";
import type { Deaths } from "./deaths.ts";
import type { DownEnvelope, Envelope, ReplyEnvelope, RequestEnvelope } from "./envelope.ts";
import { NoProcError } from "./errors.ts";
import type { ExitReason } from "./exit_reason.ts";
import { NOPROC } from "./exit_reason.ts";
import type { ActorId, NodeId } from "./ids.ts";
import type { Linking } from "./linking.ts";
import type { MessagesOut } from "./messages_out.ts";
import type { Monitoring } from "./monitoring.ts";
import type { NodeBase } from "./node_base.ts";
import type { EncodedReason } from "./reason_codec.ts";
import { decodeReason } from "./reason_codec.ts";
import { Request } from "./request.ts";

/** Takes what comes to a node, and hands it to whom it is for. */
export class MessagesIn {
  readonly #base: NodeBase;
  readonly #out: MessagesOut;
  readonly #monitoring: Monitoring;
  readonly #linking: Linking;
  readonly #deaths: Deaths;

  constructor(
    base: NodeBase,
    out: MessagesOut,
    monitoring: Monitoring,
    linking: Linking,
    deaths: Deaths,
  ) {
    this.#base = base;
    this.#out = out;
    this.#monitoring = monitoring;
    this.#linking = linking;
    this.#deaths = deaths;
  }

  receive(envelope: Envelope, from: NodeId): void {
    const { cells } = this.#base;
    switch (envelope.kind) {
      case "ask":
      case "tell":
        return this.#request(envelope, from);
      case "reply":
        return this.#reply(envelope);
      case "cancel": {
        const why = new Error("the caller gave up");
        return cells.get(envelope.to)?.cancel(from, envelope.id, why);
      }
      case "monitor":
        return this.#monitoring.receiveMonitor(envelope, from);
      case "demonitor":
        return this.#monitoring.receiveDemonitor(envelope);
      case "down":
        return this.#down(envelope);
      case "link":
        return this.#linking.receiveLink(envelope.to, envelope.by);
      case "unlink":
        return this.#linking.receiveUnlink(envelope.to, envelope.by);
      case "exit":
        return this.#linking.exit(envelope.to, envelope.by, this.#reasonOf(envelope));
      case "stop":
        return cells.get(envelope.to)?.requestEnd(this.#reasonOf(envelope));
      case "kill":
        return cells.get(envelope.to)?.kill(this.#reasonOf(envelope));
      case "poll":
        return this.#poll(envelope.to, from);
      case "credit":
        return this.#out.outflow.credit(envelope);
      case "gone":
        return this.#deaths.heardOf(envelope.of, this.#reasonOf(envelope));
    }
  }

  #request(envelope: RequestEnvelope, from: NodeId): void {
    const cell = this.#base.cells.get(envelope.to);
    if (envelope.kind === "tell") {
      if (cell === undefined) {
        return this.#base.deadLetter(envelope.to, envelope.method, "noproc");
      }
      return cell.offer(new Request(envelope, from, Infinity));
    }
    const { left } = envelope;
    const deadline = left === Infinity ? Infinity : this.#base.host.clock.now() + left;
    const request = new Request(envelope, from, deadline);
    if (cell !== undefined) return cell.offer(request);
    const error = new NoProcError(envelope.to, envelope.method, NOPROC, "no");
    this.#out.reply(request, { error });
  }

  #reply(envelope: ReplyEnvelope): void {
    const { asks } = this.#out;
    const ask = asks.close(envelope.id);
    if (ask === undefined) {
      const late = asks.late(envelope.id);
      if (late === undefined) return;
      const { to, method } = late.ask;
      return this.#base.event("ask.late_reply", undefined, { to, method, lateBy: late.lateBy });
    }
    const value = decode(envelope, ask.home);
    if (envelope.failed) ask.reject(value as Error);
    else ask.resolve(value);
  }

  #down(envelope: DownEnvelope): void {
    const reason = this.#reasonOf(envelope);
    const target = this.#monitoring.targetOf(envelope);
    if (target !== undefined) this.#deaths.heardOf(target, reason);
    this.#monitoring.receiveDown(envelope, reason);
  }

  #poll(to: ActorId, from: NodeId): void {
    const cell = this.#base.cells.get(to);
    if (cell !== undefined && cell.state !== "dead") return cell.inbox.poll(from);
    this.#deaths.turnAway(to, [from], cell?.reason ?? NOPROC);
  }

  #reasonOf(encoded: EncodedReason): ExitReason {
    return decodeReason(encoded, this.#base.outside);
  }
}
