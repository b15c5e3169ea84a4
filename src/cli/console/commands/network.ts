import { LINK_WORDS, linkFaultOf } from "../../breaking/link_words.ts";
import { forText, groupsText, healedText } from "../../breaking/told.ts";
import { groupsOf, lastingOf } from "../../breaking/words.ts";
import { ConsoleError } from "../../errors.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";

/** `partition <a,b / c,d> [for <time>]` */
export const partition: ConsoleCommand = {
  name: "partition",
  aliases: [],
  usage: "<peers / peers> [one-way] [for <time>]",
  summary: "cut the network between groups: partition tracker / rest",
  words: [1, Infinity],
  completes: ["peer", "peer", "peer", "peer", "peer"],
  async run(session, args, signal) {
    const { words, forMs } = lastingOf(args);
    const oneWay = words.at(-1)?.toLowerCase() === "one-way";
    const groups = groupsOf(oneWay ? words.slice(0, -1) : words, session.cluster.view());
    await unlessAborted(session.breaking.partition(groups, { oneWay, forMs }), signal);
    session.print(`partitioned ${groupsText(groups)}${forText(forMs)}`);
  },
};

/** `heal` */
export const heal: ConsoleCommand = {
  name: "heal",
  aliases: [],
  usage: "",
  summary: "undo every partition, link fault and pause",
  words: [0, 0],
  async run(session, _args, signal) {
    session.print(healedText(await unlessAborted(session.breaking.heal(), signal)));
  },
};

/** `link <from> <to> delay 50ms drop 10% [for <time>]` */
export const link: ConsoleCommand = {
  name: "link",
  aliases: [],
  usage: "<from> <to> <delay|jitter <time>, drop|dup|reorder <part>, block> [for <time>]",
  summary: "change the messages from one peer to another: link 1 2 delay 50ms drop 10%",
  words: [3, Infinity],
  completes: ["peer", "peer", LINK_WORDS],
  async run(session, args, signal) {
    const { words: [from = "", to = "", ...rest], forMs } = lastingOf(args);
    const [start, end] = [session.peerCalled(from), session.peerCalled(to)];
    const work = session.breaking.link(start, end, linkFaultOf(rest), { forMs });
    await unlessAborted(work, signal);
    session.print(`the link from ${start} to ${end} is changed${forText(forMs)}`);
  },
};

/** `timers align|spread [peers]` */
export const timers: ConsoleCommand = {
  name: "timers",
  aliases: [],
  usage: "<align|spread> [peers]",
  summary: "let election timers end at one moment (a split vote), or far from each other",
  words: [1, Infinity],
  completes: [["align", "spread"], "peer", "peer", "peer"],
  async run(session, [word = "", ...rest], signal) {
    const how = word.toLowerCase();
    if (how !== "align" && how !== "spread") {
      throw new ConsoleError(`What is "${word}"? Usage: ${usageOf(timers)}`);
    }
    const peers = rest.flatMap((part) => part.split(",")).filter(Boolean).map((part) =>
      session.peerCalled(part)
    );
    await unlessAborted(session.breaking.timers(how, peers), signal);
    session.print(`timers of ${peers.length === 0 ? "all peers" : peers.join(", ")}: ${how}`);
  },
};
