import type { Downloaded, DownloadOptions } from "../../../cluster/api.ts";
import { codeOf, ConsoleError } from "../../errors.ts";
import { Progress } from "../../progress.ts";
import { count } from "../../text/listing.ts";
import { printable } from "../../text/printable.ts";
import { speedText } from "../../text/progress.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";
import { getFolder, isFolder } from "./get_folder.ts";
import type { Session } from "../session.ts";
import { tell } from "../tell.ts";

/** `get <name|id|n|folder/> [from <peer>]` */
export const get: ConsoleCommand = {
  name: "get",
  aliases: ["g"],
  usage: "<name|id|number|folder/> [from <peer>]",
  summary: "download a file: by name, id or number of the last search; or all of a folder/",
  words: [1, Infinity],
  completes: ["file", ["from"], "peer"],
  async run(session, args, signal) {
    const wanted = wantedBy(session, args);
    const controller = new AbortController();
    session.downloads.add(controller);
    const { signal: given } = controller;
    const done =
      (isFolder(wanted.file)
        ? getFolder(session, wanted.file, wanted.holder, given)
        : fetch(session, wanted, given))
        .finally(() => session.downloads.delete(controller));
    if (session.background) {
      done.catch((error) => session.quitting || tell(session, error));
      return;
    }
    await unlessAborted(done, signal).catch((error) => {
      controller.abort(error);
      throw error;
    });
  },
};

/** `cancel <id>` */
export const cancel: ConsoleCommand = {
  name: "cancel",
  aliases: [],
  usage: "<id>",
  summary: "stop a download of this peer; what is verified is kept",
  words: [1, 1],
  async run(session, [id = ""], signal) {
    if (!await unlessAborted(session.handle.cancel(id), signal)) {
      throw new ConsoleError(`${session.peer} has no transfer "${id}"; "transfers" lists them`);
    }
    session.print(`cancelled ${id}`);
  },
};

interface Wanted {
  /** What the person calls it. */
  readonly name: string;
  /** What the peer is asked for: a name or an id. */
  readonly file: string;
  readonly holder: string | undefined;
}

function wantedBy(session: Session, args: readonly string[]): Wanted {
  const from = args.length > 2 && args.at(-2)?.toLowerCase() === "from" ? args.at(-1) : undefined;
  if (args.length === 2 && args[1]?.toLowerCase() === "from") {
    throw new ConsoleError(`From which peer? Usage: ${usageOf(get)}`);
  }
  const holder = from === undefined ? undefined : session.peerCalled(from);
  const words = from === undefined ? args : args.slice(0, -2);
  const file = words.join(" ");
  if (words.length > 1 || !/^\d{1,7}$/.test(file)) return { name: file, file, holder };
  const choice = session.choices[Number(file) - 1];
  if (choice === undefined) {
    throw new ConsoleError(
      session.choices.length === 0
        ? `Number ${file} of what? Search first`
        : `The last search has no number ${file}, only 1 to ${session.choices.length}`,
    );
  }
  return {
    name: choice.file.name,
    file: choice.file.fileId,
    holder: holder ?? otherThan(session, choice.holder),
  };
}

/** Whoever chooses itself gets the file from the others. */
function otherThan(session: Session, holder: string): string | undefined {
  return holder === session.peer ? undefined : holder;
}

let number = 0;

async function fetch(session: Session, wanted: Wanted, signal: AbortSignal): Promise<void> {
  const progress = new Progress(session.region, `get ${++number}`);
  const { handle } = session;
  try {
    const options: DownloadOptions = {
      signal,
      onProgress: (transfer) => progress.update(transfer),
      ...(wanted.holder === undefined ? {} : { holder: wanted.holder }),
    };
    const done = await handle.download(wanted.file, options);
    progress.end();
    session.print(resultOf(done, session));
  } catch (error) {
    // The console may stand at another peer by now.
    if (codeOf(error) !== "noproc") throw error;
    throw new ConsoleError(
      `${handle.id} went down before it had ${printable(wanted.name)}; what is verified is kept`,
      { cause: error },
    );
  } finally {
    progress.end();
  }
}

function resultOf(done: Downloaded, { style }: Session): string {
  const name = printable(done.name);
  if (done.already) return `${name} is there already: ${printable(done.path)}`;
  const from = Object.keys(done.from);
  const source = from.length > 2 ? count(from.length, "holder") : from.join(" and ");
  return `${style.green("downloaded")} ${name}: ${speedText(done)}` +
    `${source === "" ? "" : ` from ${source}`} -> ${printable(done.path)}`;
}
