import type { Command } from "commander";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import { UsageError } from "../errors.ts";
import { EXIT } from "../exit_codes.ts";
import { possibleFolder } from "../run_folder.ts";
import { sampleFilesOf } from "../sample_files.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";

const PEERS = 5;

const SCENARIO = `scenario: failover
teaches: A tracker that dies is replaced before its peers have waited two timeouts.
cluster: { peers: ${PEERS} }
faults:
  - { at: 1s..1.2s, do: crash, who: tracker }
  - { at: 3s, do: partition, who: [tracker], for: 1s }
expect:
  always: [one-winner-per-epoch, votes-backed]
  eventually: { agreed: 2s }
  stats: { failover.p90: "< 900ms" }
until: 6s
`;

/** `troupe init`: something to begin with. */
export const init: CliCommand = {
  name: "init",
  group: "Help",
  summary: "make folders to share and a first scenario",
  examples: [
    ["troupe init", "in this folder"],
    ["troupe init lab && cd lab && troupe up --share files", "in a new one, and a cluster on it"],
  ],
  configure: (command: Command) => void command.argument("[dir]", "where; here unless given"),
  async run(_options, { io, json, args: [dir = "."] }) {
    const folder = await possibleFolder("dir", dir, io.cwd);
    const files = contents().map(([path, text]) => [join(folder, path), text] as const);
    const there = files.find(([path]) => existsSync(path));
    if (there !== undefined) {
      throw new UsageError(`${relative(io.cwd, there[0])} is there already; nothing was written`);
    }
    for (const [path, text] of files) {
      await mkdir(resolve(path, ".."), { recursive: true });
      await writeFile(path, text, { flag: "wx" });
    }
    const made = files.map(([path]) => relative(io.cwd, path));
    io.stdout.write(json ? jsonLine({ folder, files: made }) : `${made.join("\n")}\n`);
    return EXIT.ok;
  },
};

function contents(): [path: string, text: string][] {
  const shared = Array.from(
    { length: PEERS },
    (_, index) =>
      sampleFilesOf(index + 1, PEERS).map(([name, text]): [string, string] => [
        join("files", `peer-${index + 1}`, name),
        text,
      ]),
  ).flat();
  return [["failover.yaml", SCENARIO], ...shared];
}
