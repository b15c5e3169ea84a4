import type { TraceLine } from "../../lab/run/mod.ts";
import type { Style } from "../style.ts";

/** What is told of a run while it is replayed; the rest is in its trace. */
const TOLD: Readonly<Record<string, (line: TraceLine) => string>> = {
  "lab.fault": ({ data = {} }) =>
    `${data["verb"]} ${(data["peers"] as readonly string[]).join(" ")}${lasting(data)}`,
  "lab.undone": ({ data = {} }) => `${data["id"]} is undone`,
  "lab.failed": ({ data = {} }) => `${data["id"]} could not be done: ${data["why"]}`,
  "peer.up": () => "is up",
  "peer.down": () => "is down",
  "election.prevote": ({ epoch }) => `asks whether it would be elected in epoch ${epoch}`,
  "election.candidate": ({ epoch }) => `asks for votes in epoch ${epoch}`,
  "election.grant": ({ epoch, data = {} }) => `votes for ${data["candidate"]} in epoch ${epoch}`,
  "election.cede": ({ epoch, data = {} }) => `cedes to ${data["to"]} in epoch ${epoch}`,
  "election.win": ({ epoch, data = {} }) =>
    `is TRACKER of epoch ${epoch} with ${(data["tally"] as readonly string[]).join(" ")}`,
  "election.stepdown": ({ epoch, data = {} }) => `steps down in epoch ${epoch}: ${data["why"]}`,
  "download.done": ({ data = {} }) => `has ${data["name"]}`,
};

/** A line of the trace as people read it; undefined for what they are not told. */
export function traceText(line: TraceLine, style: Style): string | undefined {
  const told = TOLD[line.kind];
  if (told === undefined) return undefined;
  const time = `${(line.t / 1_000).toFixed(3)}s`.padStart(9);
  const who = (line.peer ?? "").padEnd(8);
  const text = told(line);
  if (line.kind.startsWith("lab.")) return `${time}  ${style.yellow(`        ${text}`)}`;
  return `${time}  ${who}${line.kind === "election.win" ? style.green(text) : text}`;
}

function lasting(data: Readonly<Record<string, unknown>>): string {
  return data["for"] === undefined ? "" : ` for ${data["for"]} ms`;
}
