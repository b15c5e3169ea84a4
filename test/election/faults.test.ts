import assert from "node:assert/strict";
import { test } from "node:test";
import { isServing } from "../../src/election/mod.ts";
import { bootedPeer, feed, receive, timeOut, written } from "./support/by_hand.ts";
import { makeNetwork, type Network, settledNetwork } from "./support/network.ts";
import { seeded } from "./support/random.ts";
import { watchedNetwork } from "./support/watched.ts";

/** Wins in `ms` from now. */
function winsWithin(network: Network, ms: number): number {
  const before = network.wins.length;
  network.run(network.now + ms);
  return network.wins.length - before;
}

test("37 S1: stragglers that see one core peer each do not disturb the core", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 371 });
  const others = network.ids.filter((id) => id !== tracker);
  const [b, c, d, e] = others as [string, string, string, string];
  network.partition([tracker, b, c], [b, d], [c, e]);
  assert.equal(winsWithin(network, 20_000), 0);
  assert.equal(network.serving(), tracker);
});

test("37 S2: a tracker that reaches only a bridge gives way to one that the bridge lets win", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 372 });
  const [bridge, ...rest] = network.ids.filter((id) => id !== tracker) as [string, ...string[]];
  network.partition([tracker, bridge], [bridge, ...rest]);
  assert.ok(winsWithin(network, 20_000) <= 2);
  assert.ok(network.serving() !== undefined && network.serving() !== tracker);
});

test("37 S3: a chain with the tracker at its end keeps it", () => {
  const { network, tracker } = watchedNetwork({ peers: 3, seed: 373 });
  const [middle, far] = network.ids.filter((id) => id !== tracker) as [string, string];
  network.partition([tracker, middle], [middle, far]);
  assert.equal(winsWithin(network, 20_000), 0);
});

test("37 S4: a peer that sends but does not hear disturbs nobody", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 374 });
  const deaf = network.ids.find((id) => id !== tracker)!;
  for (const id of network.ids) network.block(id, deaf);
  assert.equal(winsWithin(network, 20_000), 0);
});

test("37 S5, S6: a tracker that does not hear, or is not heard, is replaced once", () => {
  for (const direction of ["in", "out"]) {
    const { network, tracker } = watchedNetwork({ peers: 5, seed: 375 });
    for (const id of network.ids) {
      if (direction === "in") network.block(id, tracker);
      else network.block(tracker, id);
    }
    assert.equal(winsWithin(network, 20_000), 1, direction);
    assert.notEqual(network.serving(), tracker);
  }
});

test("37 S7: a follower whose link comes and goes disturbs nobody", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 377 });
  const flapping = network.ids.find((id) => id !== tracker)!;
  const rest = network.ids.filter((id) => id !== flapping);
  for (let at = 0; at < 20_000; at += 800) {
    network.at(network.now + at, () => network.partition(rest));
    network.at(network.now + at + 400, () => network.heal());
  }
  assert.equal(winsWithin(network, 20_000), 0);
});

test("38: a tracker killed again and again is replaced each time, within a second", () => {
  const { network } = watchedNetwork({ peers: 5, seed: 38 });
  const rnd = seeded(38);
  for (let kill = 0; kill < 60; kill++) {
    const tracker = network.agreed()!;
    network.crash(tracker);
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 1200), `kill ${kill}`);
    network.start(tracker);
    network.run(network.now + 300 + rnd() * 700);
  }
});

test("38: a stalker that kills each new winner within 5 ms stops nothing but itself", () => {
  const { network } = watchedNetwork({ peers: 5, seed: 39 });
  for (let kill = 0; kill < 30; kill++) {
    const wins = network.wins.length;
    network.crash(network.wins.at(-1)!.peer);
    assert.ok(network.runUntil(() => network.wins.length > wins, 3000));
    network.run(network.now + 3);
    for (const id of network.ids) network.start(id);
  }
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
});

test("39: voters whose candidate dies during the vote elect another", () => {
  for (let seed = 1; seed <= 50; seed++) {
    let killed = 0;
    const network: Network = makeNetwork({ peers: 5, seed }, [{
      trace(node, event) {
        if (event.kind !== "candidate" || killed++ > 0) return;
        network.at(network.now + 0.3, () => network.crash(node.id));
      },
    }]);
    network.startAll();
    assert.ok(
      network.runUntil(
        () => killed > 0 && network.agreed() !== undefined && network.all().some(({ up }) => !up),
        3000,
      ),
    );
  }
});

test("40: changing graphs of links break no invariant, and heal", () => {
  const { network } = watchedNetwork({ peers: 5, seed: 40 });
  const rnd = seeded(40);
  const ring = (shift: number) =>
    network.ids.map((_, i) => [0, 1, 2].map((k) => network.ids[(i + k + shift) % 5]!));
  const shapes: readonly (() => void)[] = [
    () => network.partition(...ring(0)),
    () => network.partition(network.ids.slice(0, 2), network.ids.slice(2)),
    () => network.partition(network.ids.slice(0, 3), network.ids.slice(3)),
    () => {
      network.heal();
      for (const a of network.ids) {
        for (const b of network.ids) if (rnd() < 0.3) network.block(a, b);
      }
    },
  ];
  for (let i = 0; i < 60; i++) {
    network.at(network.now + i * 1000, shapes[Math.floor(rnd() * shapes.length)]!);
  }
  network.run(network.now + 60_000);
  network.heal();
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
});

test("41: slow votes delay an election and break nothing", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 41 });
  network.links.slowVotes = 60;
  network.crash(tracker);
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 4000));
});

test("42: duplicates, a second of disorder and 30 % loss break no invariant", () => {
  const { network } = watchedNetwork({ peers: 5, seed: 42 });
  Object.assign(network.links, { dup: 0.5, latency: [0.1, 1000], loss: 0.3 });
  network.run(network.now + 30_000);
  network.heal();
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 5000));
});

test("42: 30 % loss with heartbeats of a third of the timeout leaves a tracker most of the time", () => {
  const { network } = watchedNetwork({ peers: 5, seed: 43 });
  network.links.loss = 0.3;
  let serving = 0;
  for (let i = 0; i < 1000; i++) {
    network.run(network.now + 20);
    if (network.serving() !== undefined) serving++;
  }
  assert.ok(serving > 800, `${serving / 10} %`);
});

test("43: a tracker that hung longer than its lease does not serve on waking, and withdraws its name", () => {
  for (const share of [0.5, 1, 3]) {
    const { network, tracker } = watchedNetwork({ peers: 5, seed: 44 });
    network.pause(tracker);
    network.run(network.now + share * 150);
    const node = network.node(tracker);
    if (share > 0.9) assert.equal(isServing(node.state, network.clock(node)), false);
    network.resume(tracker);
    if (share === 3) assert.equal(node.state.role, "follower");
    assert.ok(network.runUntil(() => network.agreed() !== undefined, 3000));
  }
});

test("43: a timer that waited behind a heartbeat causes no election", () => {
  const peer = bootedPeer("c", ["a", "b", "c"]);
  receive(peer, "a", { kind: "HB", epoch: 1 });
  written(peer);
  const { generation, armed } = peer.state;
  peer.now = armed + 5;
  receive(peer, "a", { kind: "HB", epoch: 1, seq: 2 });
  feed(peer, { kind: "timer", generation });
  assert.equal(peer.state.role, "follower");
  assert.deepEqual(peer.effects, [{
    kind: "timer",
    at: peer.state.deadline,
    generation: peer.state.generation,
  }]);
  feed(peer, { kind: "timer", generation });
  assert.deepEqual(peer.effects, [], "a stale generation");
  timeOut(peer);
  assert.equal(peer.state.role, "precandidate");
});

test("44: a tracker whose disk stalls goes on, and once it cannot be followed any more has a successor", () => {
  const { network, tracker } = watchedNetwork({ peers: 5, seed: 45 });
  network.stallDisk(tracker);
  assert.equal(winsWithin(network, 2000), 0);
  const rest = network.ids.filter((id) => id !== tracker);
  network.partition(rest);
  assert.equal(winsWithin(network, 2000), 1);
  network.heal();
  network.run(network.now + 2000);
  assert.equal(network.agreed(rest), network.serving());
});

test("a whole cluster that restarts together agrees again", () => {
  const { network } = settledNetwork({ peers: 5, seed: 46 });
  for (const id of network.ids) network.crash(id);
  network.startAll();
  assert.ok(network.runUntil(() => network.agreed() !== undefined, 2000));
});

test("a run is determined by its seed", () => {
  const story = (seed: number): string => {
    const events: string[] = [];
    const network = makeNetwork({ peers: 5, seed }, [{
      trace: (node, event) => void events.push(`${node.id} ${JSON.stringify(event)}`),
    }]);
    network.startAll();
    network.at(500, () => network.crash(network.agreed() ?? network.ids[0]!));
    network.run(2000);
    return events.join("\n");
  };
  assert.equal(story(1), story(1));
  assert.notEqual(story(1), story(2));
});
