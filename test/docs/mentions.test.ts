import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { makeProgram } from "../../src/cli/program.ts";
import { processIo } from "../../src/cli/process_io.ts";
import { ROOT } from "./troupe.ts";

const program = makeProgram(processIo(), {
  signal: new AbortController().signal,
  interrupt: () => {},
}, { json: false, ran: () => {} });

/** What is wrong with `troupe ...` as a page says it: a command or an option that there is not. */
function wrongWith(line: string): string | undefined {
  const [, name = "", ...words] = line.split(/\s+/);
  if (name === "" || name.startsWith("<") || name.startsWith(".")) return undefined;
  const command = name.startsWith("-")
    ? program
    : program.commands.find((known) => known.name() === name);
  if (command === undefined) return `no command ${name}`;
  const known = [...command.options, ...program.options]
    .flatMap(({ long, short }) => [long, short]);
  return words.find((word) => /^--?[a-z]/.test(word) && !known.includes(word.split("=")[0]!));
}

async function pages(): Promise<string[]> {
  const below = await Promise.all(["docs/", "docs/how-to/"].map(async (folder) => {
    const names = await readdir(new URL(folder, ROOT));
    return names.filter((name) => name.endsWith(".md")).map((name) => folder + name);
  }));
  return ["README.md", ...below.flat()];
}

for (const page of await pages()) {
  test(`what ${page} mentions of troupe and npm is there`, async () => {
    const text = await readFile(new URL(page, ROOT), "utf8");
    const { scripts } = JSON.parse(await readFile(new URL("package.json", ROOT), "utf8"));
    const commands = [...text.matchAll(/`(?:npx )?(troupe(?: [^`\n]+)?)`/g)].map(([, line]) =>
      line!
    );
    assert.deepEqual(commands.filter((line) => wrongWith(line) !== undefined), []);
    const missing = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name!)
      .filter((name) => !Object.hasOwn(scripts, name));
    assert.deepEqual(missing, []);
  });
}

test("a command or an option that is not there is noticed", () => {
  assert.equal(wrongWith("troupe nonsense"), "no command nonsense");
  assert.equal(wrongWith("troupe run x.yaml --lively"), "--lively");
  assert.equal(wrongWith("troupe run x.yaml --live"), undefined);
});
