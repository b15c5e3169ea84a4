import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

/** Cases of supervision, which run twice. */
const TWICE = [...range(1, 92), 105, 107, 108];
const ALL = range(1, 116);
/** A new list of children at run time is not offered. */
const NOT_OFFERED = 93;

const here = join(root(), "test", "conformance");

test("every case of the list occurs, those of supervision in both folders", () => {
  const [core, threads] = [casesIn("core"), casesIn("threads")];
  for (const number of ALL) {
    if (number === NOT_OFFERED) continue;
    const files = [...core.get(number) ?? [], ...threads.get(number) ?? []];
    assert.ok(files.length > 0, `case ${number} occurs in no test`);
    if (!TWICE.includes(number)) continue;
    assert.ok(core.has(number), `case ${number} occurs in no test of core/`);
    assert.ok(threads.has(number), `case ${number} occurs in no test of threads/`);
  }
});

test("the table in README.md says where each case is", () => {
  const [core, threads] = [casesIn("core"), casesIn("threads")];
  const rows = readFileSync(join(here, "README.md"), "utf8").split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()).slice(1, -1))
    .filter(([number]) => /^\d+$/.test(number ?? ""));
  const show = (files: readonly string[] = []): string => files.join(", ") || "–";
  assert.deepEqual(
    rows.map(([number, , inCore, inThreads]) => [number, inCore, inThreads]),
    ALL.map((number) => [`${number}`, show(core.get(number)), show(threads.get(number))]),
  );
});

test("every file of threads/ runs on the simulation as well, but what is about processes", () => {
  const here = readFileSync(join(root(), "test/conformance/simulation/threads.test.ts"), "utf8");
  const files = readdirSync(join(root(), "test/conformance/threads"))
    .filter((name) => name.endsWith(".test.ts") && name !== "programs.test.ts");
  for (const file of files) assert.ok(here.includes(`"../threads/${file}"`), file);
});

/** The cases that tests of `folder` are named after, each with its files. */
function casesIn(folder: string): Map<number, string[]> {
  const cases = new Map<number, string[]>();
  const files = readdirSync(join(here, folder)).filter((name) => name.endsWith(".test.ts")).sort();
  for (const file of files) {
    const source = readFileSync(join(here, folder, file), "utf8");
    for (const number of new Set(numbersIn(source))) {
      cases.set(number, [...cases.get(number) ?? [], file.slice(0, -".test.ts".length)]);
    }
  }
  return cases;
}

/** Of texts that begin as `9, 10, 11 name` or `76–77 name: ...`. */
function numbersIn(source: string): number[] {
  const names = source.matchAll(/["`](\d+(?:(?:, |–)\d+)*)(?: [A-Za-z]|:)/g);
  const numbers = [...names].flatMap(([, list = ""]) =>
    list.split(", ").flatMap((part) => {
      const [first = NaN, last = first] = part.split("–").map(Number);
      return range(first, last);
    })
  );
  return numbers.filter((number) => ALL.includes(number));
}

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** The folder of deno.json, from the sources and from what is compiled of them. */
function root(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, "deno.json"))) {
    const above = dirname(folder);
    if (above === folder) throw new Error("No folder above the test has a deno.json");
    folder = above;
  }
  return folder;
}
