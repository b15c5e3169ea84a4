import type { PeerStatus } from "../../../cluster/api.ts";
import { ConsoleError } from "../../errors.ts";
import { formatBytes } from "../../text/bytes.ts";
import { count } from "../../text/listing.ts";
import { printable } from "../../text/printable.ts";
import { formatTable } from "../../text/table.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { NOTICE_LEVELS } from "../notices.ts";

/** `status [peer]` */
export const status: ConsoleCommand = {
  name: "status",
  aliases: ["st"],
  usage: "[peer]",
  summary: "role, epoch, tracker, votes and transfers of this peer",
  words: [0, 1],
  completes: ["peer"],
  async run(session, [word], signal) {
    const peer = word === undefined ? session.peer : session.peerCalled(word);
    session.print(statusText(await unlessAborted(session.cluster.peer(peer).status(), signal)));
  },
};

/** `peers` */
export const peers: ConsoleCommand = {
  name: "peers",
  aliases: ["p"],
  usage: "",
  summary: "every peer with its role, epoch and tracker",
  words: [0, 0],
  run(session) {
    session.print(formatTable(
      ["peer", "role", { title: "epoch", align: "right" }, "tracker"],
      session.cluster.view().map(({ id, up, role, epoch, tracker }) => [
        id === session.peer ? `${id} *` : id,
        !up ? "DOWN" : role === "tracker" ? "TRACKER" : role,
        String(epoch),
        (up ? tracker : undefined) ?? "-",
      ]),
    ));
    return Promise.resolve();
  },
};

/** `transfers` */
export const transfers: ConsoleCommand = {
  name: "transfers",
  aliases: ["t"],
  usage: "",
  summary: "downloads of this peer that are under way",
  words: [0, 0],
  async run(session, _args, signal) {
    const { transfers } = await unlessAborted(session.handle.status(), signal);
    session.print(
      transfers.length === 0 ? "No downloads under way" : formatTable(
        ["id", "name", { title: "done", align: "right" }, { title: "size", align: "right" }, {
          title: "rate",
          align: "right",
        }, "from"],
        transfers.map(({ id, name, done, size, rate, holders }) => [
          id,
          printable(name),
          size === 0 ? "100%" : `${Math.floor((done / size) * 100)}%`,
          formatBytes(size),
          `${formatBytes(rate)}/s`,
          holders.join(", "),
        ]),
      ),
    );
  },
};

/** `log` */
export const log: ConsoleCommand = {
  name: "log",
  aliases: [],
  usage: `[${NOTICE_LEVELS.join("|")}|peer]`,
  summary: "what is told as it happens; or where the log of a peer is",
  words: [0, 1],
  completes: [NOTICE_LEVELS],
  run(session, [word]) {
    const level = NOTICE_LEVELS.find((known) => known === word?.toLowerCase());
    if (level === undefined) {
      const peer = word === undefined ? session.peer : session.peerCalled(word);
      session.print(session.cluster.folders(peer).log);
    } else {
      session.noticeLevel = level;
      session.print(level === "off" ? "notices are off" : `notices: ${level}`);
    }
    return Promise.resolve();
  },
};

/** `history` */
export const history: ConsoleCommand = {
  name: "history",
  aliases: [],
  usage: "[lines]",
  summary: "what was typed here and in earlier consoles",
  words: [0, 1],
  run(session, [word]) {
    const most = word === undefined ? 20 : Number(word);
    if (!Number.isInteger(most) || most < 1) {
      throw new ConsoleError(`The number of lines is "${word}", expected 1 or more`);
    }
    session.print(session.history.lines.slice(-most).map(printable).join("\n") || "nothing yet");
    return Promise.resolve();
  },
};

/** A status as the seed shows it: one fact a line. */
export function statusText(status: PeerStatus): string {
  const { role, epoch, tracker, votes, candidacy, catalogue } = status;
  const facts: [string, string][] = [
    ["uri", status.uri],
    ["role", role === "tracker" ? "TRACKER" : role],
    ["epoch", String(epoch)],
    ["tracker", tracker ?? "none known"],
    ["votes", votes.map((vote) => `e${vote.epoch} ${vote.candidate}`).join(", ") || "none given"],
  ];
  if (candidacy !== undefined) {
    facts.push([
      "candidacy",
      `${candidacy.votes} of ${candidacy.needed} votes needed, epoch ${candidacy.epoch}`,
    ]);
  }
  if (catalogue !== undefined) {
    const known = catalogue.peers.join(", ");
    facts.push(["catalogue", `${count(catalogue.files, "file")} of ${known || "nobody"}`]);
  }
  facts.push(
    ["files", `${status.files} shared`],
    ["transfers", status.transfers.map(({ name }) => printable(name)).join(", ") || "none"],
    ["starts", String(status.incarnation)],
  );
  return [status.id, ...facts.map(([key, value]) => `  ${key.padEnd(10)} ${value}`)].join("\n");
}
