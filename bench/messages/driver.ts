import * as Comlink from "comlink";
import type { MessagePort } from "node:worker_threads";
import type { ActorRef } from "../../src/actor.ts";
import type { ActorId } from "../../src/actor.ts";
import type { Link } from "../../src/runtime/threads/link.ts";
import type { EchoProtocol, Past } from "../fixtures/echo.ts";
import type { RawMessage } from "./servers.ts";
import { openLink } from "./servers.ts";

/** By what a message travels. */
export type Way = "actor" | Past;

/** What is sent: one request at a time, many at a time, or messages that nobody answers. */
export type Load =
  | { readonly kind: "one" }
  | { readonly kind: "many"; readonly inFlight: number }
  | { readonly kind: "tells" };

/** Tells between two turns of the event loop, and between two waits until all have arrived. */
const BURST = 100;
const BURSTS = 100;

/** Sends loads to an echo actor's thread by the three ways, and counts. Runs in any thread, the main one too. */
export class Driver {
  readonly #target: ActorRef<EchoProtocol>;
  readonly #raw: MessagePort;
  readonly #comlink: Comlink.Remote<{ say(n: number): number }>;
  readonly #link: Link;
  readonly #waiting = new Map<number, (value: number) => void>();
  #lastId = 0;
  #pong: (() => void) | undefined;

  constructor(
    target: ActorRef<EchoProtocol>,
    { raw, comlink, link }: Readonly<Record<Past, MessagePort>>,
  ) {
    this.#target = target;
    this.#raw = raw;
    this.#link = openLink(link, () => this.#pong?.());
    this.#comlink = Comlink.wrap(comlink as unknown as Comlink.Endpoint);
    raw.on("message", (message: number | { id: number; value: number }) => {
      if (typeof message === "number") return this.#pong?.();
      const resolve = this.#waiting.get(message.id);
      this.#waiting.delete(message.id);
      resolve?.(message.value);
    });
  }

  /** Sends `load` for about `ms` milliseconds. Gives messages per second. */
  run(way: Way, load: Load, ms: number): Promise<number> {
    if (load.kind === "one" && way === "raw") return this.#pingPong((n) => this.#post(n), ms);
    if (load.kind === "one" && way === "link") return this.#pingPong((n) => this.#send(n), ms);
    if (way === "link") throw new Error("a bare link is for one message at a time");
    if (load.kind === "tells") return this.#tells(way, ms);
    return asks(this.#asker(way), load.kind === "one" ? 1 : load.inFlight, ms);
  }

  #asker(way: Exclude<Way, "link">): (n: number) => Promise<number> {
    switch (way) {
      case "actor":
        return (n) => this.#target.ask.say(n);
      case "comlink":
        return (n) => this.#comlink.say(n);
      case "raw":
        return (n) => this.#call({ method: "say", args: [n] });
    }
  }

  #call(message: { method: "say" | "noted"; args: number[] }): Promise<number> {
    return new Promise((resolve) => {
      const id = ++this.#lastId;
      this.#waiting.set(id, resolve);
      this.#post({ id, ...message });
    });
  }

  #post(message: RawMessage): void {
    this.#raw.postMessage(message);
  }

  /** What an ask is on its way, with nobody at its ends. */
  #send(n: number): void {
    this.#link.send({
      kind: "ask",
      to: this.#target.id as ActorId,
      id: n,
      method: "say",
      args: [n],
      coded: false,
      cost: 1,
      left: 5_000,
      meta: undefined,
      chain: undefined,
    }, []);
  }

  /** The least that a round trip can cost by a way: there and back, no promise. */
  #pingPong(send: (n: number) => void, ms: number): Promise<number> {
    return new Promise((resolve) => {
      const begun = performance.now();
      let done = 0;
      let over = false;
      setTimeout(() => (over = true), ms);
      this.#pong = () => {
        done++;
        if (!over) return send(done);
        this.#pong = undefined;
        resolve(perSecond(done, begun));
      };
      send(done);
    });
  }

  async #tells(way: Way, ms: number): Promise<number> {
    const send = way === "actor"
      ? (n: number): void => this.#target.tell.note(n)
      : (n: number): void => this.#post({ method: "note", args: [n] });
    const arrived = way === "actor"
      ? (): Promise<number> => this.#target.ask.noted()
      : (): Promise<number> => this.#call({ method: "noted", args: [] });
    const begun = performance.now();
    let done = 0;
    do {
      for (let burst = 0; burst < BURSTS; burst++) {
        for (let i = 0; i < BURST; i++) send(done++);
        await turn();
      }
      await arrived();
    } while (performance.now() - begun < ms);
    return perSecond(done, begun);
  }
}

/** Keeps `inFlight` requests under way: each answer makes room for the next. */
async function asks(
  ask: (n: number) => Promise<number>,
  inFlight: number,
  ms: number,
): Promise<number> {
  const begun = performance.now();
  let done = 0;
  let over = false;
  setTimeout(() => (over = true), ms);
  await Promise.all(Array.from({ length: inFlight }, async () => {
    while (!over) {
      await ask(done);
      done++;
    }
  }));
  return perSecond(done, begun);
}

function perSecond(done: number, begun: number): number {
  return done / (performance.now() - begun) * 1e3;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
