import type { SystemEvent } from "../actor/mod.ts";
import type { Facts } from "./event_facts.ts";
import { factsOf } from "./event_facts.ts";
import type { Style } from "./style.ts";
import { formatBytes } from "./text/bytes.ts";
import { formatDuration } from "./text/duration.ts";

/** An event in words. */
export interface Narration {
  readonly text: string;
  /** `headline`: everybody wants to know. `detail`: whoever looks at that peer does. */
  readonly level: "headline" | "detail";
  readonly tone: "good" | "bad" | "plain";
  readonly peer: string | undefined;
}

/** `event` as one line; undefined if a person has no use for it. */
export function narrate(event: SystemEvent): Narration | undefined {
  const tell = TELLERS[event.kind];
  if (tell === undefined) return undefined;
  const facts = factsOf(event);
  const told = tell(facts);
  return told === undefined
    ? undefined
    : { level: "headline", tone: "plain", peer: facts.peer, ...told };
}

/** The words in the colour of their tone. */
export function inTone({ text, tone }: Narration, style: Style): string {
  return tone === "bad" ? style.red(text) : tone === "good" ? style.green(text) : text;
}

type Told = Pick<Narration, "text"> & Partial<Pick<Narration, "level" | "tone">>;

const TELLERS: Readonly<Record<string, (facts: Facts) => Told | undefined>> = {
  "peer.role": tellRole,
  "peer.up": ({ peer }) => ({ text: `${peer} is up`, tone: "good" }),
  "peer.down": ({ peer, text }) => ({
    text: `${peer} is down${because(text("reason"))}`,
    tone: "bad",
  }),
  "election.candidate": ({ peer, epoch }) => ({ text: `${peer} asks for votes${inEpoch(epoch)}` }),
  "election.stepdown": ({ peer, role, epoch, text }) => ({
    text: `${peer} ${role === "tracker" ? "steps down" : "gives up standing"}${inEpoch(epoch)}` +
      because(words(text("why"))),
    level: role === "tracker" ? "headline" : "detail",
  }),
  "election.cede": ({ peer, epoch, text }) => ({
    text: `${peer} gives way to ${text("to") ?? "another candidate"}${inEpoch(epoch)}`,
    level: "detail",
  }),
  "election.win": ({ peer, epoch, list, number }) => {
    const votes = list("tally")?.length;
    if (votes === undefined) return undefined;
    return {
      text: `${peer} has ${votes} votes${inEpoch(epoch)}, needs ${number("quorum") ?? "a quorum"}`,
      level: "detail",
    };
  },
  "election.learner": ({ peer, text }) => ({
    text: `${peer} may not vote${because(words(text("why")))}`,
    tone: "bad",
  }),
  "election.violation": ({ epoch, list }) => ({
    text: `TWO TRACKERS${inEpoch(epoch)}: ${list("peers")?.join(", ") ?? "unknown"}`,
    tone: "bad",
  }),
  "fault.crash": ({ peer, text }) => ({
    text: `crash ${peer}${text("how") === undefined ? "" : ` (${text("how")})`}`,
    tone: "bad",
  }),
  "supervisor.restart": ({ peer }) => ({ text: `${peer} is restarted`, level: "detail" }),
  "catalogue.complete": ({ peer, number }) => ({
    text: `${peer} has every peer's list${files(number("files"))}`,
    level: "detail",
  }),
  "download.done": ({ peer, text, number }) => ({
    text: `${peer} has downloaded ${quoted(text("name"))}${amount(number("size"), number("ms"))}`,
    level: "detail",
    tone: "good",
  }),
  "download.failed": ({ peer, text }) => ({
    text: `${peer} could not download ${quoted(text("name"))}${because(text("error"))}`,
    level: "detail",
    tone: "bad",
  }),
};

function tellRole({ peer, role, epoch, tracker }: Facts): Told | undefined {
  if (role === "tracker") return { text: `${peer} is TRACKER${of(epoch)}`, tone: "good" };
  if (role !== "follower") return undefined;
  return tracker === undefined
    ? { text: `${peer} knows no tracker`, level: "detail" }
    : { text: `${peer} follows ${tracker}${of(epoch)}`, level: "detail" };
}

function of(epoch: number | undefined): string {
  return epoch === undefined ? "" : ` of epoch ${epoch}`;
}

function inEpoch(epoch: number | undefined): string {
  return epoch === undefined ? "" : ` in epoch ${epoch}`;
}

function because(reason: string | undefined): string {
  return reason === undefined ? "" : `: ${reason}`;
}

/** `lease_lost` as words. */
function words(code: string | undefined): string | undefined {
  return code?.replaceAll("_", " ");
}

function files(count: number | undefined): string {
  return count === undefined ? "" : `: ${count} files`;
}

function quoted(name: string | undefined): string {
  return name === undefined ? "a file" : `"${name}"`;
}

function amount(size: number | undefined, ms: number | undefined): string {
  if (size === undefined || ms === undefined) return "";
  return `, ${formatBytes(size)} in ${formatDuration(ms)}`;
}
