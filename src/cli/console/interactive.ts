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

  using editor = new LineEditor(io.stdin, io.stdout, region, {
    line(line) {
      warned = false;
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
    end: () => leave("input"),
    complete: (line) => completion(line, session),
  });
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
