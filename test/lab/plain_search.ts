import { AutomataMaker } from "../../src/lab/model/automaton.ts";
import { minimise } from "../../src/lab/model/minimise.ts";
import type { Budget, Fault, Outcome, Protocol, Sent } from "../../src/lab/model/protocol.ts";
import { Search } from "../../src/lab/model/search.ts";

/** The sets of messages that a search without shortcuts finds: no classes, no silent steps put off, nothing forgotten. */
export function everySendingPlainly<L>(protocol: Protocol<L>, budget: Budget): Set<string> {
  interface Whole {
    readonly locals: readonly L[];
    readonly air: ReadonlyMap<string, Sent>;
    readonly left: Budget;
  }
  const keyOf = ({ locals, air, left }: Whole): string =>
    JSON.stringify([locals.map((local) => protocol.key(local)), [...air.keys()].sort(), left]);
  const start = Array.from({ length: protocol.peers }, (_, peer) => protocol.start(peer));
  const first: Whole = { locals: start, air: new Map(), left: budget };
  const queue = [first];
  const seen = new Set([keyOf(first)]);
  const sets = new Set<string>();
  const known = new Map<string, readonly Outcome<L>[]>();
  const outcomesOf = (peer: number, local: L, sent?: Sent): readonly Outcome<L>[] => {
    const key = `${peer} ${protocol.key(local)} ${sent === undefined ? "" : messageKey(sent)}`;
    let outcomes = known.get(key);
    if (outcomes === undefined) {
      outcomes = sent === undefined
        ? protocol.spontaneous(peer, local)
        : protocol.delivered(peer, local, sent);
      const idle = (outcome: Outcome<L>): boolean =>
        outcome.sent.length === 0 && protocol.key(outcome.local) === protocol.key(local);
      known.set(key, outcomes = outcomes.filter((outcome) => !idle(outcome)));
    }
    return outcomes;
  };
  for (const whole of queue) {
    sets.add(setKey(whole.air.values()));
    whole.locals.forEach((local, peer) => {
      const outcomes = [...outcomesOf(peer, local)];
      for (const sent of whole.air.values()) outcomes.push(...outcomesOf(peer, local, sent));
      for (const { local: after, sent, fault } of outcomes) {
        const left = without(whole.left, fault);
        if (left === undefined) continue;
        const air = new Map(whole.air);
        for (const message of sent) air.set(messageKey(message), message);
        const next = { locals: whole.locals.with(peer, after), air, left };
        const key = keyOf(next);
        if (seen.has(key)) continue;
        seen.add(key);
        queue.push(next);
      }
    });
  }
  return sets;
}

/** Those that the model checker finds; it may forget messages of epochs that all have left. */
export function everySending<L>(protocol: Protocol<L>, budget: Budget): Set<string> {
  const maker = new AutomataMaker(remembering(protocol), 1);
  while (!maker.advance(1000));
  const { messages, peers } = maker.automata;
  const search = new Search(
    { messages, peers: peers.map((peer) => minimise(peer).automaton) },
    budget,
  );
  while (!search.ended) search.advance(1000);
  const sets = new Set<string>();
  for (let row = 0; row < search.states; row++) {
    const [air] = search.rowOf(row).slice(protocol.peers);
    const sent = Array.from({ length: messages.size }, (_, id) => id)
      .filter((id) => (air! >>> id & 1) === 1)
      .map((id) => messages.get(id));
    sets.add(setKey(sent));
  }
  return sets;
}

/** The same, but that nothing is ever over. */
function remembering<L>(protocol: Protocol<L>): Protocol<L> {
  return {
    peers: protocol.peers,
    start: (peer) => protocol.start(peer),
    key: (local) => protocol.key(local),
    spontaneous: (peer, local) => protocol.spontaneous(peer, local),
    delivered: (peer, local, sent) => protocol.delivered(peer, local, sent),
    isOver: () => false,
    conflict: (a, b) => protocol.conflict(a, b),
    name: (peer) => protocol.name(peer),
    describe: (local) => protocol.describe(local),
  };
}

function without(left: Budget, fault: Fault | undefined): Budget | undefined {
  if (fault === undefined) return left;
  return left[fault] === 0 ? undefined : { ...left, [fault]: left[fault] - 1 };
}

function messageKey({ from, to, text }: Sent): string {
  return `${from}>${to} ${text}`;
}

function setKey(air: Iterable<Sent>): string {
  return [...air].map(messageKey).sort().join("\n");
}
