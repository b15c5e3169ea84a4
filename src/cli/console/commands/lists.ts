import { printable } from "../../text/printable.ts";
import { count, listNetwork, listShared } from "../../text/listing.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";

/** `list my` */
export const listMy: ConsoleCommand = {
  name: "list my",
  aliases: ["lm"],
  usage: "",
  summary: "files that this peer shares",
  words: [0, 0],
  async run(session, _args, signal) {
    const files = await unlessAborted(session.handle.files(), signal);
    session.remember(files);
    session.print(files.length === 0 ? `${session.peer} shares no files` : listShared(files));
  },
};

/** `list net` */
export const listNet: ConsoleCommand = {
  name: "list net",
  aliases: ["ln"],
  usage: "",
  summary: "files of the network and who holds them, as the tracker knows",
  words: [0, 0],
  async run(session, _args, signal) {
    const files = await unlessAborted(session.handle.network(), signal);
    session.remember(files);
    session.print(files.length === 0 ? "The network has no files" : listNetwork(files));
  },
};

/** `refresh` */
export const refresh: ConsoleCommand = {
  name: "refresh",
  aliases: ["r"],
  usage: "",
  summary: "scan the shared folder again and tell the tracker",
  words: [0, 0],
  async run(session, _args, signal) {
    const { files, added, removed, refused } = await unlessAborted(
      session.handle.refresh(),
      signal,
    );
    const { style } = session;
    session.remember(files);
    for (const name of added) session.print(style.green(`+ ${printable(name)}`));
    for (const name of removed) session.print(style.red(`- ${printable(name)}`));
    session.print(
      `${session.peer} shares ${count(files.length, "file")}` +
        (added.length + removed.length === 0 ? ", as before" : ""),
    );
    for (const { name, why } of refused) {
      session.complain(`not shared: ${printable(name)}: ${printable(why)}`);
    }
  },
};
