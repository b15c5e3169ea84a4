import { isServing, majority, precedes } from "../../../src/election/mod.ts";
import type { DurableRecord, Message, TraceEvent } from "../../../src/election/mod.ts";
import type { Network, Node, Observer } from "./network.ts";

/** A broken invariant of §1.8. */
export class Broken extends Error {
  readonly invariant: string;

  constructor(invariant: string, message: string) {
    super(`${invariant}: ${message}`);
    this.name = "Broken";
    this.invariant = invariant;
  }
}

/** What happened, for coverage. */
export interface Checker extends Observer {
  readonly seen: ReadonlyMap<string, number>;
  /** I6 looks at all peers. */
  watch(network: Network, drift?: boolean): void;
}

/** Checks I1 to I6 and I8 to I10 while a network runs; throws at the first that breaks. */
export function makeChecker(): Checker {
  const seen = new Map<string, number>();
  const winners = new Map<number, string>();
  const voted = new Map<string, Set<string>>();
  const given = new Map<string, { to: string; life: number }[]>();
  const ceded = new Set<string>();
  const closed = new Set<string>();
  const epochs = new Map<string, number>();
  const candidacies = new Set<number>([0]);
  const backing = new Map<string, Set<string>>();
  let network: Network | undefined;

  const at = (peer: string, epoch: number): string => `${peer}@${epoch}`;
  const inner = <K, V>(map: Map<K, V>, key: K, make: () => V): V => {
    let value = map.get(key);
    if (value === undefined) map.set(key, value = make());
    return value;
  };

  function won(node: Node, { epoch, tally, quorum }: TraceEvent & { kind: "win" }): void {
    const other = winners.get(epoch);
    if (other !== undefined) throw new Broken("I1", `${other} and ${node.id} win epoch ${epoch}`);
    winners.set(epoch, node.id);
    const voters = node.state.config.voters;
    const backed = [...new Set(tally)].filter((p) =>
      voters.includes(p) && voted.get(at(p, epoch))?.has(node.id)
    );
    if (backed.length < quorum) {
      throw new Broken(
        "I2",
        `${node.id} wins ${epoch} with ${tally}, of which ${backed} have it on disk`,
      );
    }
  }

  /** A vote counts from when it is on disk: what a crash took before was seen by nobody (I10). */
  function gave(node: Node, epoch: number, to: string): void {
    const list = inner(given, at(node.id, epoch), () => []);
    const last = list.at(-1);
    if (last?.to === to) return;
    list.push({ to, life: node.life });
    if (last === undefined) return;
    const { uri } = node.settings;
    const toUri = network!.node(to).settings.uri;
    const cede = list.length === 2 && last.to === node.id && last.life === node.life &&
      ceded.has(at(node.id, epoch)) && precedes(toUri, to, uri, node.id) &&
      !closed.has(at(node.id, epoch));
    if (!cede) {
      throw new Broken("I3", `${node.id} votes in ${epoch} for ${list.map((vote) => vote.to)}`);
    }
  }

  function traced(node: Node, event: TraceEvent): void {
    const tag = "why" in event
      ? `${event.kind}:${event.kind === "persist_failed" ? "" : event.why}`
      : event.kind;
    seen.set(tag, (seen.get(tag) ?? 0) + 1);
    switch (event.kind) {
      case "win":
        closed.add(at(node.id, event.epoch));
        return won(node, event);
      case "candidate": {
        candidacies.add(event.epoch);
        const backers = backing.get(at(node.id, event.epoch))?.size ?? 0;
        if (backers + 1 < majority(node.state.config.voters.length)) {
          throw new Broken(
            "I8",
            `${node.id} stands for ${event.epoch} backed by ${backers} others`,
          );
        }
        return;
      }
      case "cede":
        return void ceded.add(at(node.id, event.epoch));
      case "count":
        if (ceded.has(at(node.id, event.epoch)) || closed.has(at(node.id, event.epoch))) {
          throw new Broken(
            "I4",
            `${node.id} counts a vote of ${event.from} in ${event.epoch}, which is over`,
          );
        }
        return;
      case "stepdown":
        return event.role === "candidate" ? void closed.add(at(node.id, event.epoch)) : undefined;
      case "prevote_grant":
        return void inner(backing, at(event.candidate, event.epoch), () => new Set()).add(node.id);
      case "adopt":
        if (!candidacies.has(event.epoch)) {
          throw new Broken("I8", `Nobody stood for ${event.epoch}`);
        }
        return;
      case "follow":
        if (winners.get(event.epoch) !== event.tracker) {
          throw new Broken(
            "I9",
            `${node.id} follows ${event.tracker} in ${event.epoch}, won by ${
              winners.get(event.epoch)
            }`,
          );
        }
        return;
      case "violation":
        throw new Broken(event.invariant, `${node.id} saw ${event.peers} in ${event.epoch}`);
    }
  }

  function wrote(node: Node, { epoch, votedFor }: DurableRecord): void {
    if (epoch < (epochs.get(node.id) ?? 0)) {
      throw new Broken("I5", `${node.id} goes back to ${epoch}`);
    }
    epochs.set(node.id, epoch);
    if (votedFor === undefined) return;
    inner(voted, at(node.id, epoch), () => new Set()).add(votedFor);
    gave(node, epoch, votedFor);
  }

  function sent(node: Node, to: string, message: Message): void {
    if (node.disk.kind !== "ok" || node.state.role === "learner") return;
    const { epoch, votedFor } = node.disk.record;
    const grants = message.kind === "VOTE_R" && message.granted;
    if (grants && !(epoch === message.epoch && votedFor === to)) {
      const later = epoch > message.epoch && voted.get(at(node.id, message.epoch))?.has(to);
      if (!later) {
        throw new Broken("I10", `${node.id} grants ${to} in ${message.epoch} before it is on disk`);
      }
    }
    if (message.kind === "HB_R" && message.myEpoch === message.epoch && epoch < message.epoch) {
      throw new Broken("I10", `${node.id} answers ${to} in ${message.epoch} before it is on disk`);
    }
  }

  return {
    seen,
    trace: traced,
    write: wrote,
    send: sent,
    stepped(_node, event, effects) {
      const preVote = event.kind === "message" && event.message.kind === "PREVOTE";
      // Any message may show a tracker that its electorate is outdated (§1.6): then that alone is written.
      const told = effects.flatMap((effect) => effect.kind === "emit" ? [effect.event.kind] : []);
      const rewrites = told.includes("config") && !told.includes("adopt") &&
        !told.includes("candidate");
      if (preVote && !rewrites && effects.some((effect) => effect.kind === "persist")) {
        throw new Broken("I8", "a PREVOTE was written to disk");
      }
      const serving: string[] = [];
      for (const n of network!.all()) {
        if (n.up && n.inbox === undefined && isServing(n.state, network!.clock(n))) {
          serving.push(n.id);
        }
      }
      if (serving.length > 1) throw new Broken("I6", `${serving} serve at once`);
    },
    watch(watched) {
      network = watched;
    },
  };
}
