import {
  type DurableRecord,
  type Effect,
  type ElectionOptions,
  type Event,
  firstRecord,
  initialState,
  isServing,
  type Message,
  type Outgoing,
  type RecordRead,
  resolveOptions,
  type Settings,
  type State,
  stepOf,
  type TraceEvent,
} from "../../../src/election/mod.ts";
import { makeHeap } from "./heap.ts";
import { between, seeded } from "./random.ts";

/** Ms from and to, uniform. */
export type Range = readonly [number, number];

/** How a {@linkcode Network} is made. */
export interface NetworkOptions {
  readonly peers: number;
  readonly seed: number;
  readonly election?: Partial<ElectionOptions>;
  readonly latency?: Range;
  readonly disk?: Range;
  /** Clock rate of each peer; 1 unless told. */
  readonly rate?: (peer: number) => number;
  readonly uri?: (id: string) => string;
}

/** A peer under virtual time. */
export interface Node {
  readonly id: string;
  readonly settings: Settings;
  readonly rate: number;
  readonly rnd: () => number;
  state: State;
  up: boolean;
  life: number;
  disk: RecordRead;
  /** Events that wait while it is paused; undefined while it runs. */
  inbox: Event[] | undefined;
  writing: (Effect & { kind: "persist" })[];
  diskBusyUntil: number;
  /** Writes do not end while it is set. */
  diskStalled: boolean;
}

/** What an observer is told. */
export interface Observer {
  trace?(node: Node, event: TraceEvent): void;
  send?(from: Node, to: string, message: Message): void;
  write?(node: Node, record: DurableRecord): void;
  /** After every step. */
  stepped?(node: Node, event: Event, effects: readonly Effect[]): void;
}

type Item = () => void;

/** See {@linkcode makeNetwork}. */
export interface Network {
  readonly ids: readonly string[];
  readonly links: { latency: Range; loss: number; dup: number; slowVotes: number };
  readonly wins: readonly { readonly at: number; readonly peer: string; readonly epoch: number }[];
  readonly now: number;
  node(id: string): Node;
  all(): readonly Node[];
  /** The time that the peer's own clock shows. */
  clock(node: Node): number;
  feed(id: string, event: Event): void;
  /** Calls `fn` at `at`. */
  at(at: number, fn: () => void): void;
  start(id: string): void;
  startAll(): void;
  /** The thread ends. Of its unfinished writes the first may have reached the disk. */
  crash(id: string, reached?: "none" | "first"): void;
  /** A crash that loses the disk as well. */
  wipe(id: string): void;
  /** The event loop stands still; timers and messages pile up. */
  pause(id: string): void;
  resume(id: string): void;
  /** Writes do not end any more. */
  stallDisk(id: string): void;
  unstallDisk(id: string): void;
  /** One direction. */
  block(from: string, to: string): void;
  unblock(from: string, to: string): void;
  /** Both directions. */
  cut(a: string, b: string): void;
  /** Only links within one of the groups remain. */
  partition(...groups: readonly (readonly string[])[]): void;
  /** Every link as it was at first. */
  heal(): void;
  /** Loses that share of the messages of one direction. */
  lose(from: string, to: string, share: number): void;
  run(until: number): void;
  /** Runs until `met`, at most `within` ms; gives whether it was met. */
  runUntil(met: () => boolean, within: number): boolean;
  /** The peer that serves now. */
  serving(): string | undefined;
  /** The tracker that all of `among` (default all) that are up follow in one epoch. */
  agreed(among?: readonly string[]): string | undefined;
}

/** Peers, links, disks and clocks under virtual time: all that happens follows from the seed. */
export function makeNetwork(options: NetworkOptions, observers: readonly Observer[] = []): Network {
  const heap = makeHeap<Item>();
  const rnd = seeded(options.seed);
  const ids = Array.from({ length: options.peers }, (_, i) => `p${String(i + 1).padStart(3, "0")}`);
  const nodes = new Map<string, Node>();
  const blocked = new Set<string>();
  const lost = new Map<string, number>();
  const links: Network["links"] = {
    latency: options.latency ?? [0.1, 0.4] as Range,
    loss: 0,
    dup: 0,
    slowVotes: 0,
  };
  const wins: { at: number; peer: string; epoch: number }[] = [];
  let time = 0;

  for (const [index, id] of ids.entries()) {
    const uri = options.uri?.(id) ?? `peer://${id}`;
    const election = { peerId: id, uri, electorate: ids, ...options.election };
    const { settings } = resolveOptions(election);
    nodes.set(id, {
      id,
      settings,
      rate: options.rate?.(index) ?? 1,
      rnd: seeded(options.seed * 1009 + index),
      state: initialState(settings),
      up: false,
      life: 0,
      disk: { kind: "ok", record: firstRecord(settings.electorate) },
      inbox: undefined,
      writing: [],
      diskBusyUntil: 0,
      diskStalled: false,
    });
  }

  const node = (id: string): Node => nodes.get(id)!;
  const clock = (n: Node): number => time * n.rate;

  function feed(n: Node, event: Event): void {
    if (!n.up) return;
    if (n.inbox !== undefined) {
      n.inbox.push(event);
      return;
    }
    const { state, effects } = stepOf(n.settings.protocol)(n.state, event, clock(n), n.rnd);
    n.state = state;
    for (const effect of effects) perform(n, effect);
    for (const observer of observers) observer.stepped?.(n, event, effects);
  }

  function perform(n: Node, effect: Effect): void {
    switch (effect.kind) {
      case "send":
        return transmit(n, effect);
      case "persist":
        n.writing.push(effect);
        return scheduleWrite(n);
      case "timer": {
        const { life } = n;
        const { generation } = effect;
        // Rounding must not let it come too early, or it would be asked for again and again at one instant.
        const at = Math.max(time, effect.at / n.rate) + 1e-6;
        return heap.push(at, () => {
          if (n.life === life) feed(n, { kind: "timer", generation });
        });
      }
      case "emit":
        if (effect.event.kind === "win") {
          wins.push({ at: time, peer: n.id, epoch: effect.event.epoch });
        }
        for (const observer of observers) observer.trace?.(n, effect.event);
    }
  }

  function scheduleWrite(n: Node): void {
    if (n.diskStalled) return;
    const { life } = n;
    const took = between(rnd, ...(options.disk ?? [0.1, 0.5] as Range));
    n.diskBusyUntil = Math.max(n.diskBusyUntil, time) + took;
    heap.push(n.diskBusyUntil, () => {
      if (n.life === life && !n.diskStalled) finishWrite(n);
    });
  }

  function finishWrite(n: Node): void {
    const write = n.writing.shift();
    if (write === undefined) return;
    store(n, write.record);
    for (const outgoing of write.then) transmit(n, outgoing);
    feed(n, { kind: "persisted", write: write.write, incarnation: write.record.incarnation });
  }

  function store(n: Node, record: DurableRecord): void {
    for (const observer of observers) observer.write?.(n, record);
    n.disk = { kind: "ok", record };
  }

  function transmit(n: Node, { to, message }: Outgoing): void {
    for (const observer of observers) observer.send?.(n, to, message);
    const link = `${n.id}>${to}`;
    if (blocked.has(link) || rnd() < links.loss || rnd() < (lost.get(link) ?? 0)) return;
    const copies = rnd() < links.dup ? 2 + Math.floor(rnd() * 9) : 1;
    for (let i = 0; i < copies; i++) {
      const slow = message.kind.startsWith("VOTE") ? rnd() * links.slowVotes : 0;
      heap.push(time + between(rnd, ...links.latency) + slow, () => {
        if (!blocked.has(link)) feed(node(to), { kind: "message", from: n.id, message });
      });
    }
  }

  const network: Network = {
    ids,
    links,
    wins,
    node,
    clock,
    get now() {
      return time;
    },
    all: (): Node[] => [...nodes.values()],
    feed: (id: string, event: Event) => feed(node(id), event),
    at: (at: number, fn: () => void) => heap.push(at, fn),
    start(id: string): void {
      const n = node(id);
      if (n.up) return;
      n.up = true;
      n.life++;
      n.inbox = undefined;
      n.diskBusyUntil = 0;
      n.state = initialState(n.settings);
      feed(n, { kind: "boot", disk: n.disk });
    },
    startAll(): void {
      for (const id of ids) network.start(id);
    },
    crash(id: string, reached: "none" | "first" = "none"): void {
      const n = node(id);
      if (!n.up) return;
      const first = n.writing.shift();
      if (reached === "first" && first !== undefined) store(n, first.record);
      n.up = false;
      n.life++;
      n.writing = [];
      n.diskStalled = false;
    },
    wipe(id: string): void {
      network.crash(id);
      node(id).disk = { kind: "missing" };
    },
    pause(id: string): void {
      const n = node(id);
      if (n.up) n.inbox ??= [];
    },
    resume(id: string): void {
      const n = node(id);
      const inbox = n.inbox ?? [];
      n.inbox = undefined;
      for (const event of inbox) feed(n, event);
    },
    stallDisk(id: string): void {
      node(id).diskStalled = true;
    },
    unstallDisk(id: string): void {
      const n = node(id);
      if (!n.diskStalled) return;
      n.diskStalled = false;
      for (let i = 0; i < n.writing.length; i++) scheduleWrite(n);
    },
    block: (from: string, to: string) => void blocked.add(`${from}>${to}`),
    cut(a: string, b: string): void {
      network.block(a, b);
      network.block(b, a);
    },
    unblock: (from: string, to: string) => void blocked.delete(`${from}>${to}`),
    partition(...groups: readonly (readonly string[])[]): void {
      blocked.clear();
      for (const a of ids) {
        for (const b of ids) {
          if (a !== b && !groups.some((group) => group.includes(a) && group.includes(b))) {
            network.block(a, b);
          }
        }
      }
    },
    heal(): void {
      blocked.clear();
      lost.clear();
      Object.assign(links, {
        loss: 0,
        dup: 0,
        slowVotes: 0,
        latency: options.latency ?? [0.1, 0.4],
      });
    },
    lose: (from: string, to: string, share: number) => void lost.set(`${from}>${to}`, share),
    run(until: number): void {
      while (heap.next() <= until) {
        const { at, item } = heap.pop()!;
        time = at;
        item();
      }
      time = until;
    },
    runUntil(met: () => boolean, within: number): boolean {
      const end = time + within;
      while (!met()) {
        if (heap.next() > end) {
          time = end;
          return met();
        }
        const { at, item } = heap.pop()!;
        time = at;
        item();
      }
      return true;
    },
    serving: (): string | undefined =>
      network.all().find((n) => n.up && isServing(n.state, clock(n)))?.id,
    agreed(among: readonly string[] = ids): string | undefined {
      const up = among.map(node).filter((n) => n.up);
      const first = up[0]?.state;
      if (first?.tracker === undefined) return undefined;
      const { tracker, epoch } = first;
      if (!node(tracker).up || node(tracker).state.role !== "tracker") return undefined;
      return up.every(({ state }) => state.tracker === tracker && state.epoch === epoch)
        ? tracker
        : undefined;
    },
  };
  return network;
}

/** A started network whose peers agree on a tracker that serves. */
export function settledNetwork(
  options: NetworkOptions,
  observers: readonly Observer[] = [],
): { readonly network: Network; readonly tracker: string } {
  const network = makeNetwork(options, observers);
  network.startAll();
  const settled = () => {
    const tracker = network.agreed();
    return tracker !== undefined && network.serving() === tracker;
  };
  if (!network.runUntil(settled, 10_000)) {
    throw new Error(`No tracker after 10 s, seed ${options.seed}`);
  }
  return { network, tracker: network.agreed()! };
}
