import type { FoundFile } from "../../../cluster/api.ts";
import { ConsoleError } from "../../errors.ts";
import { formatBytes } from "../../text/bytes.ts";
import { count, shortId } from "../../text/listing.ts";
import { printable } from "../../text/printable.ts";
import { formatTable } from "../../text/table.ts";
import { unlessAborted } from "../../waiting.ts";
import type { ConsoleCommand } from "../command.ts";
import { usageOf } from "../command.ts";
import type { Choice, Session } from "../session.ts";

/** `search [name]` */
export const search: ConsoleCommand = {
  name: "search",
  aliases: ["s"],
  usage: "[name]",
  summary: "find a file by name, part of a name, pattern or id; then get <number>",
  words: [0, Infinity],
  completes: ["file"],
  async run(session, args, signal) {
    const name = args.length > 0 ? args.join(" ") : await askName(session);
    if (name === undefined) return;
    const found = await unlessAborted(session.handle.search(name), signal);
    session.remember(found);
    session.choices = found.flatMap((file) => file.holders.map((holder) => ({ file, holder })));
    session.print(
      found.length === 0 ? `Nothing matches "${printable(name)}"` : results(session, name, found),
    );
  },
};

async function askName(session: Session): Promise<string | undefined> {
  if (session.ask === undefined) {
    throw new ConsoleError(`Search for what? Usage: ${usageOf(search)}`);
  }
  const answer = (await session.ask("name of the file: "))?.trim();
  return answer === "" ? undefined : answer;
}

function results(session: Session, name: string, found: readonly FoundFile[]): string {
  const holders = new Set(found.flatMap((file) => file.holders));
  const head = `${printable(name)}: ${count(found.length, "file")}, ${
    count(holders.size, "holder")
  }`;
  const table = formatTable(
    [
      { title: "#", align: "right" },
      "name",
      { title: "size", align: "right" },
      "file id",
      "holder",
    ],
    session.choices.map(({ file, holder }: Choice, index) => [
      String(index + 1),
      printable(file.name),
      formatBytes(file.size),
      shortId(file.fileId),
      holder === session.peer ? `${holder} (this peer)` : holder,
    ]),
  );
  return `${head}\n${table}`;
}
