// Writes what the commands say of themselves into docs/cli.md: `npm run build && node scripts/cli_reference.mjs && npm run fmt`.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./files.mjs";

// Deno reads the sources themselves, without a build.
const [from, end] = "Deno" in globalThis ? ["../src/cli", "ts"] : ["../dist/src/cli", "js"];
const { makeProgram } = await import(`${from}/program.${end}`);
const { processIo } = await import(`${from}/process_io.${end}`);
const { reference } = await import(`${from}/reference.${end}`);

const path = join(root, "docs", "cli.md");
const [opening, closing] = ["<!-- commands -->", "<!-- /commands -->"];
const text = readFileSync(path, "utf8");
const stopping = { signal: new AbortController().signal, interrupt: () => {} };
const program = makeProgram(processIo(), stopping, { json: false, ran: () => {} });
const [head = "", rest = ""] = text.split(opening);
const tail = rest.split(closing)[1] ?? "";
writeFileSync(path, `${head}${opening}\n\n${reference(program)}\n${closing}${tail}`);
