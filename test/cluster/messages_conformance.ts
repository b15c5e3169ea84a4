import assert from "node:assert/strict";
import { test } from "node:test";
import type { LinkFault } from "../../src/cluster/mod.ts";
import type { FaultBed, MakeBed } from "./faults_conformance.ts";

/** Nobody loses patience with a tracker while links are bad. */
const PATIENT = { heartbeat: 20, timeoutMin: 4_000, timeoutMax: 5_000 };
/** Clocks of threads may differ by so many milliseconds. */
const CLOCKS = 1;

/** What is known of one message. */
interface Traced {
  readonly mid: string;
  readonly message: string;
  readonly from: string;
  readonly to: string;
  readonly sent: number;
  readonly received: number[];
  readonly dropped: string[];
}

/** What every runtime tells of messages, and does to them. */
export function messagesConform(runtime: string, make: MakeBed): void {
  const it = (name: string, fn: () => Promise<void>): void => void test(`${runtime}: ${name}`, fn);

  /** A tracker and a follower, with what `fault` does to the words of the tracker from now on. */
  async function heartbeats(
    fault: LinkFault,
    then: (bed: FaultBed, mine: () => Traced[], undo: () => Promise<void>) => Promise<void>,
  ): Promise<void> {
    await using bed = await make({ peers: 2, traceMessages: true, timers: PATIENT });
    const { cluster } = bed;
    const { tracker } = await cluster.tracker();
    const begun = cluster.time.now();
    const other = cluster.peers.find((peer) => peer !== tracker) as string;
    const { undo } = cluster.faults.link([tracker], [other], fault);
    const mine = (): Traced[] =>
      messagesOf(bed).filter(({ message, from, sent }) =>
        message === "heartbeat" && from === tracker && sent > begun + CLOCKS
      );
    await then(bed, mine, undo);
    await cluster.faults.undoAll();
  }

  it("every message that arrives was sent, once, and nothing is told of others", async () => {
    await using bed = await make({ peers: 3, traceMessages: true });
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    await cluster.crash(tracker, "terminate", { hold: true });
    await cluster.tracker({ above: epoch });
    const messages = messagesOf(bed);
    for (const { mid, received, sent } of messages) {
      assert.ok(received.length <= 1, `${mid} arrived ${received.length} times`);
      for (const at of received) {
        assert.ok(at >= sent - CLOCKS, `${mid} arrived before it was sent`);
      }
    }
    const kinds = new Set(
      messages.filter(({ received }) => received.length > 0).map(
        ({ message }) => message,
      ),
    );
    for (const kind of ["prevote", "prevote_reply", "vote", "vote_reply", "heartbeat"]) {
      assert.ok(kinds.has(kind), `no ${kind} in ${[...kinds].join(", ")}`);
    }
    // What was sent before anyone listened is not known, nor the last words of who was crashed.
    const known = new Set(messages.map(({ mid }) => mid));
    const first = new Map<string, number>();
    for (const { mid, from } of messages) first.set(from, first.get(from) ?? numberOf(mid));
    for (const { kind, data } of bed.events) {
      const { mid, from } = data as Record<"mid" | "from", string>;
      if (kind !== "message.received" || from === tracker) continue;
      assert.ok(known.has(mid) || numberOf(mid) < (first.get(from) ?? Infinity), `${mid} was sent`);
    }
  });

  it("a win is traced back to the last vote, and a pre-vote to the timer", async () => {
    await using bed = await make({ peers: 3, traceMessages: true });
    const { cluster } = bed;
    const { tracker, epoch } = await cluster.tracker();
    await cluster.crash(tracker, "terminate", { hold: true });
    await cluster.tracker({ above: epoch });
    const step = (kind: string) =>
      bed.events.find((event) => event.kind === kind && Number(event.data["epoch"]) > epoch);
    const win = step("election.win");
    const last = messagesOf(bed).find(({ mid }) => mid === win?.data["cause"]);
    // The last vote may be the candidate's own, which it gave after the last pre-vote and which takes its disk a while.
    assert.match(last?.message ?? "", /^(vote|prevote)_reply$/);
    assert.equal(last?.to, win?.data["peer"]);
    const asked = bed.events.filter(({ kind, data }) =>
      kind === "election.prevote" && data["peer"] === win?.data["peer"]
    ).at(-1);
    assert.equal(asked?.data["cause"], "timer");
  });

  it("nothing is told of messages, nor what led to what, unless that is asked for", async () => {
    await using bed = await make({ peers: 3 });
    await bed.cluster.tracker();
    const told = bed.events.filter(({ kind, data }) =>
      kind.startsWith("message.") || data["cause"] !== undefined
    );
    assert.deepEqual(told, []);
  });

  it("what is sent over a blocked link is dropped, and told so", () =>
    heartbeats({ blocked: true }, async (bed, mine) => {
      await bed.until(
        "drops",
        () => mine().filter(({ dropped }) => dropped.length > 0).length >= 3,
      );
      for (const { received, dropped } of mine()) {
        assert.deepEqual(received, []);
        for (const why of dropped) assert.match(why, /^(blocked|shut_out)$/);
      }
    }));

  it("messages are late by the delay of a link, and stay in order", () =>
    heartbeats({ delay: 60, jitter: 40 }, async (bed, mine) => {
      const arrived = (): Traced[] => mine().filter(({ received }) => received.length > 0);
      await bed.until("messages", () => arrived().length >= 12);
      for (const { mid, sent, received: [at = 0] } of arrived()) {
        assert.ok(at - sent >= 60 - CLOCKS, `${mid} took ${at - sent} ms`);
      }
      assert.equal(overtaken(arrived()), 0);
    }));

  it("a part of the messages is lost on a lossy link, and told so", () =>
    heartbeats({ loss: 0.5 }, async (bed, mine) => {
      await bed.until(
        "some of both",
        () =>
          mine().filter(({ dropped }) => dropped.length > 0).length >= 3 &&
          mine().filter(({ received }) => received.length > 0).length >= 3,
      );
      for (const { received, dropped } of mine()) {
        assert.ok(received.length === 0 || dropped.length === 0);
        assert.ok(dropped.every((why) => why === "lost"));
      }
    }));

  it("messages arrive twice where a link doubles them", () =>
    heartbeats({ duplication: 1 }, async (bed, mine) => {
      await bed.until(
        "copies",
        () => mine().filter(({ received }) => received.length === 2).length >= 3,
      );
      assert.ok(mine().every(({ received }) => received.length <= 2));
    }));

  it("messages overtake each other where a link reorders them", () =>
    heartbeats({ jitter: 80, reordering: 0.5 }, async (bed, mine) => {
      const arrived = (): Traced[] => mine().filter(({ received }) => received.length > 0);
      await bed.until("one to be overtaken", () => overtaken(arrived()) > 0);
    }));

  it("what a link holds back arrives in order when it is let go", () =>
    heartbeats({ held: true }, async (bed, mine, undo) => {
      await bed.until("messages", () => mine().length >= 5);
      const held = mine();
      assert.deepEqual(held.flatMap(({ received }) => received), []);
      await undo();
      const now = (): Traced[] => mine().filter(({ mid }) => held.some((each) => each.mid === mid));
      await bed.until("all of them", () => now().every(({ received }) => received.length === 1));
      assert.equal(overtaken(now()), 0);
    }));

  it("a question over a blocked link times out, and one to the dead fails at once", async () => {
    await using bed = await make({ peers: 3, timers: PATIENT });
    const { cluster } = bed;
    const { tracker } = await cluster.tracker();
    const other = cluster.peers.find((peer) => peer !== tracker) as string;
    const fault = cluster.faults.link([other], [tracker], { blocked: true });
    const begun = cluster.time.now();
    await assert.rejects(cluster.peer(other).network(), { code: "no_tracker" });
    assert.ok(cluster.time.now() - begun >= 5_000 - CLOCKS);
    await fault.undo();
    await cluster.peer(other).network();
  });
}

function numberOf(mid: string): number {
  return Number(mid.slice(mid.lastIndexOf(".") + 1));
}

function messagesOf({ events }: FaultBed): Traced[] {
  const messages = new Map<string, Traced>();
  for (const { kind, at: sent, data } of events) {
    if (kind !== "message.sent") continue;
    const { mid, message, peer: from, to } = data as Record<string, string>;
    assert.ok(!messages.has(mid as string), `${mid} was sent twice`);
    const known = { mid, message, from, to, sent, received: [], dropped: [] };
    messages.set(mid as string, known as unknown as Traced);
  }
  for (const { kind, at, data } of events) {
    const known = messages.get(String(data["mid"]));
    if (known === undefined) continue;
    if (kind === "message.received") {
      assert.equal(data["from"], known.from);
      assert.equal(data["peer"], known.to);
      known.received.push(at);
    } else if (kind === "message.dropped") {
      assert.equal(data["to"], known.to);
      known.dropped.push(String(data["why"]));
    }
  }
  return [...messages.values()];
}

/** How many arrived after one that was sent later. */
function overtaken(arrived: readonly Traced[]): number {
  const inOrder = [...arrived].sort((a, b) => a.sent - b.sent);
  let first = Infinity;
  let late = 0;
  for (const { received: [at = 0] } of inOrder.reverse()) {
    if (at > first) late++;
    first = Math.min(first, at);
  }
  return late;
}
