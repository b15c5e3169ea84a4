import type { DamagedFile } from "../../../cluster/api.ts";
import { formatBytes } from "../../text/bytes.ts";
import { count } from "../../text/listing.ts";
import { printable } from "../../text/printable.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";

/** `verify` */
export const verify: ConsoleCommand = {
  name: "verify",
  aliases: [],
  usage: "",
  summary: "hash again what this peer shares, and mend it from others",
  words: [0, 0],
  async run(session, _args, signal) {
    const { files, bytes, damaged, changed } = await unlessAborted(session.handle.verify(), signal);
    const { style } = session;
    for (const file of damaged) {
      if (file.repaired) session.print(style.green(damageOf(file)));
      else session.complain(damageOf(file));
    }
    for (const { name, why } of changed) session.print(`${printable(name)}: ${printable(why)}`);
    session.print(
      `${session.peer} verified ${count(files, "file")}, ${formatBytes(bytes)}` +
        (damaged.length === 0 ? ": all as they were" : ""),
    );
  },
};

function damageOf({ name, chunks, repaired, why }: DamagedFile): string {
  const fate = repaired ? "mended" : `not mended: ${printable(why ?? "nobody has it")}`;
  return `${printable(name)}: chunks ${chunks} were damaged, ${fate}`;
}
