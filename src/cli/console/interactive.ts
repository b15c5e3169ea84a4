import type { Io } from "../io.ts";
import { count } from "../text/listing.ts";
import { unlessAborted } from "../waiting.ts";
import type { Completion, Known } from "./complete.ts";
import { complete } from "./complete.ts";
import { LineEditor } from "./line_editor.ts";
import { promptText } from "./prompt.ts";
import { runLine } from "./run_line.ts";
import type { Session } from "./session.ts";

/** Milliseconds that Tab waits for the network's file names; those seen before must do after that. */
const NAMES_WITHIN = 300;

/** How a console at a terminal ended. */
export type End = "quit" | "input" | "interrupt" | "signal";

/** A console for a person: prompt, history, completion. Returns when it is left. */
export async function runInteractive(
  session: Session,
  io: Io,
  signal: AbortSignal,
): Promise<End> {
  const { region, cluster } = session;

  const queue: string[] = [];
  let running: AbortController | undefined;
  let warned = false;
  let leave: (end: End) => void = () => {};
  const left = new Promise<End>((resolve) => leave = resolve);

  const show = (): void =>
    editor.prompt(
      running === undefined ? promptText(session.peer, session.view, session.style) : "",
    );
  const runQueue = async (): Promise<void> => {
    if (running !== undefined) return;
    for (let line = queue.shift(); line !== undefined; line = queue.shift()) {
      running = new AbortController();
      editor.prompt("");
      await runLine(session, line, running.signal);
      running = undefined;
      if (session.quitting) return leave("quit");
    }
    show();
    region.redraw();
  };
  // Whoever started the cluster would stop it by a key pressed once too often.
  const confirmEnd = async (): Promise<void> => {
    if (session.guest !== undefined || inputIsOver(io) || session.quitting) return leave("input");
    editor[Symbol.dispose]();
    editor = makeEditor();
    const answer = await editor.ask(`${whatStops(session)}. Stop? [y/N] `);
    if (editor.closed || /^y(es)?$/i.test(answer?.trim() ?? "")) return leave("input");
    show();
    region.redraw();
  };
  const makeEditor = (): LineEditor =>
    new LineEditor(
      io.stdin,
      io.stdout,
      region,
      {
        line(line) {
          warned = false;
          session.history.add(line);
          queue.push(line);
          void runQueue();
        },
        interrupt() {
          if (running !== undefined) {
            queue.length = 0;
            return running.abort();
          }
          if (warned) return leave("interrupt");
          warned = true;
          region.log(
            session.guest === undefined
              ? `${whatStops(session)}; Ctrl-C again to stop`
              : "Ctrl-C again to detach",
          );
        },
        end: () => void confirmEnd(),
        complete: (line) => completion(line, session),
        key: (name, alt) => pressed(session, name, alt, show),
      },
      session.history.lines,
    );
  let editor = makeEditor();
  using _last = { [Symbol.dispose]: () => editor[Symbol.dispose]() };
  session.ask = (question) => editor.ask(question);
  using _changes = cluster.on("*", show);
  signal.addEventListener("abort", () => leave("signal"), { once: true });
  if (signal.aborted) leave("signal");
  show();
  const end = await left;
  session.quitting = true;
  for (const download of session.downloads) download.abort(new Error("the console was left"));
  return end;
}

/** Whether the terminal is gone: nobody could answer a question. */
function inputIsOver({ stdin }: Io): boolean {
  const { readableEnded, destroyed } = stdin as { readableEnded?: boolean; destroyed?: boolean };
  return readableEnded === true || destroyed === true;
}

/** Ctrl-O hides what happens, or shows it; Ctrl-T tells the state; Alt and a digit goes to that peer. */
function pressed(session: Session, name: string, alt: boolean, show: () => void): void {
  const { region, cluster } = session;
  if (alt) {
    const peer = cluster.peers[Number(name) - 1];
    if (peer === undefined || !/^[1-9]$/.test(name)) return;
    session.use(peer);
    show();
  } else if (name === "o") {
    session.noticeLevel = session.noticeLevel === "off" ? "headline" : "off";
    region.log(session.noticeLevel === "off" ? "notices are off" : "notices are on");
  } else if (name === "t") region.log(stateLine(session));
}

/** `peer-2 is tracker of epoch 3, 4 of 5 peers are up, 1 download` */
function stateLine({ cluster, downloads }: Session): string {
  const view = cluster.view();
  const up = view.filter((peer) => peer.up);
  const [tracker] = up.filter(({ role }) => role === "tracker").sort((a, b) => b.epoch - a.epoch);
  const who = tracker === undefined
    ? "there is no tracker"
    : `${tracker.id} is tracker of epoch ${tracker.epoch}`;
  return `${who}, ${up.length} of ${count(view.length, "peer")} are up, ${
    count(downloads.size, "download")
  }`;
}

function whatStops({ cluster, downloads }: Session): string {
  const running = downloads.size === 0 ? "" : ` and ${count(downloads.size, "download")}`;
  return `This would stop ${count(cluster.peers.length, "peer")}${running}`;
}

function completion(line: string, session: Session): Completion | Promise<Completion> {
  const known = (): Known => ({ peers: session.cluster.peers, files: [...session.fileNames] });
  const [candidates, replaces] = complete(line, known());
  if (candidates.length > 0 || !/^\s*(s|search|g|get)\s/i.test(line)) return [candidates, replaces];
  return learnNames(session).then(() => complete(line, known()));
}

async function learnNames(session: Session): Promise<void> {
  try {
    const network = session.handle.network();
    session.remember(await unlessAborted(network, AbortSignal.timeout(NAMES_WITHIN)));
  } catch {
    // Tab is no place for errors: without a tracker there is nothing to add.
  }
}
