import type { ActorId, Clock, NodeId } from "../../src/actor/mod.ts";
import { Sealed } from "../../src/actor/codec.ts";
import type { Home } from "../../src/actor/refs.ts";
import type { JoinRecord, NameRecord } from "../../src/registry/mod.ts";
import { RegistryClient } from "../../src/registry/mod.ts";

export const node = (name: string): NodeId => name as NodeId;
export const actorOf = (nodeName: string, number: number): ActorId =>
  `${nodeName}/${number}` as ActorId;

/** Enough microtasks for a call and whatever awaits it. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

export function named(
  name: string,
  id: ActorId,
  mark: number,
  more: Partial<NameRecord> = {},
): NameRecord {
  return { name, id, mark, rank: 0, meta: {}, ...more };
}

export function joined(group: string, id: ActorId, mark: number, order = 0): JoinRecord {
  return { group, id, mark, order };
}

/** A request that a client sent to the registry and that waits for the test to answer it. */
export interface Sent {
  readonly to: ActorId;
  readonly method: string;
  readonly args: unknown[];
  /** Undefined for a tell. */
  readonly resolve: ((answer: unknown) => void) | undefined;
  readonly reject: ((error: Error) => void) | undefined;
}

/** A client whose registry is the test. */
export interface ClientWorld {
  readonly client: RegistryClient;
  readonly sent: Sent[];
  /** Takes out the oldest request for `method`. */
  take(method: string): Sent;
  /** Moves the clock. */
  advance(ms: number): Promise<void>;
  /** Makes a home; an actor's if it is given what posts. */
  home(more?: Partial<Home>): Home;
}

export function clientWorld(): ClientWorld {
  const sent: Sent[] = [];
  let now = 0;
  const timers = new Set<{ at: number; fn: () => void }>();
  const clock: Clock = {
    now: () => now,
    wall: () => now,
    setTimeout(fn, ms) {
      const timer = { at: now + ms, fn };
      timers.add(timer);
      return { [Symbol.dispose]: () => void timers.delete(timer) };
    },
  };
  const plain: Home = {
    ask: (to, method, args) =>
      new Promise((resolve, reject) =>
        sent.push({ to, method, args: plainly(args), resolve, reject })
      ),
    tell: (to, method, args) =>
      void sent.push({ to, method, args: plainly(args), resolve: undefined, reject: undefined }),
    clock,
    room: () => Promise.resolve(),
    drop: () => {},
    resolve: (name, stale) => client.resolve(name, stale),
  };
  const client: RegistryClient = new RegistryClient({
    node: node("n1"),
    clock,
    home: plain,
    announce: () => Promise.resolve(),
  });
  return {
    client,
    sent,
    take(method) {
      const index = sent.findIndex((request) => request.method === method);
      if (index < 0) {
        throw new Error(`nothing was sent for ${method}, only ${sent.map((s) => s.method)}`);
      }
      return sent.splice(index, 1)[0] as Sent;
    },
    async advance(ms) {
      now += ms;
      for (const timer of [...timers].sort((a, b) => a.at - b.at)) {
        if (timer.at > now || !timers.delete(timer)) continue;
        timer.fn();
        await settle();
      }
    },
    home: (more = {}) => ({ ...plain, ...more }),
  };
}

function plainly(args: unknown[] | Sealed): unknown[] {
  return args instanceof Sealed ? args.encoded.value as unknown[] : args;
}
