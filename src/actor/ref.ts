import type { Remote } from "comlink";
import type { ActorId, NodeId } from "./ids.ts";
import type { CallOptions } from "./options.ts";
import type { Ask, Protocol, Tell } from "./protocol.ts";

/** The address of an actor of whatever protocol. Crosses threads anywhere inside a message. */
export interface AnyRef {
  /** The incarnation that is meant. */
  readonly id: ActorId;
  /** Where it lives. */
  readonly node: NodeId;
  /** The name it was spawned under, if any. */
  readonly name: string | undefined;
  /** The same address with its protocol, for those who know it. The types are not checked at run time. */
  as<P extends Protocol>(): ActorRef<P>;
}

/** Something that messages of protocol `P` can be sent to. */
export interface Addressable<P extends Protocol> {
  /** Sends and awaits the reply. Always settles: with the reply, or with an `ActorError` that has a code. */
  readonly ask: Ask<P>;
  /** Sends and forgets. Never throws for a dead or full target; that is a `deadletter` event. */
  readonly tell: Tell<P>;
  /**
   * Settles when the target has room for another message: at once as a rule, later if it does not keep up with its
   * senders. Whoever tells much waits for it first, so that nothing piles up. Takes the options of asks, and is rejected as
   * they are: NoProcError, AskTimeoutError, AskAbortedError, DeadlockError, CallingSelfError. Threads that never talked to each
   * other begin to make their link, which the first message would wait for.
   *
   * @example
   * ```ts
   * import type { ActorRef } from "troupe/actor";
   * async function feed(sink: ActorRef<{ take(line: string): void }>, lines: AsyncIterable<string>) {
   *   for await (const line of lines) {
   *     await sink.ready();
   *     sink.tell.take(line);
   *   }
   * }
   * ```
   */
  ready(): Promise<void>;
  /** The same target with options for its asks. */
  with(options: CallOptions): Addressable<P>;
}

/** One incarnation, like a pid: it dies with the actor and never comes back. */
export interface ActorRef<P extends Protocol> extends AnyRef, Addressable<P> {
  with(options: CallOptions): ActorRef<P>;
  /** The same actor as a plain comlink proxy: every call on it is an ask. */
  remote(): Remote<P>;
}

/** A name, resolved anew for each message: it survives restarts. */
export interface NameRef<P extends Protocol> extends Addressable<P> {
  readonly name: string;
  with(options: CallOptions): NameRef<P>;
}
