import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import ts from "typescript";
import { RUNTIME } from "../../src/actor.ts";
import { type Program, programsOf } from "./programs.ts";

const run = promisify(execFile);
const deno = RUNTIME === "deno";
/** The compiled tests are in dist/. */
const root = fileURLToPath(new URL(deno ? "../../" : "../../../", import.meta.url));

/** A folder inside the package, so that Node finds the package by its own name. */
async function workshop(): Promise<string> {
  const parent = join(root, ".troupe");
  await mkdir(parent, { recursive: true });
  return await mkdtemp(join(parent, "docs-"));
}

async function outputOf({ files, main }: Program): Promise<string> {
  const folder = await workshop();
  try {
    for (const [name, code] of files) {
      if (deno) await writeFile(join(folder, name), code);
      else await writeFile(join(folder, name.replace(/ts$/, "js")), compiled(code));
    }
    const map = join(folder, "imports.json");
    await writeFile(map, JSON.stringify({ imports: await ownNames() }));
    const args = deno
      ? ["run", "-A", "--no-check", "--import-map", map, join(folder, main)]
      : [join(folder, main.replace(/ts$/, "js"))];
    return (await run(process.execPath, args, { cwd: folder, timeout: 60_000 })).stdout;
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function compiled(code: string): string {
  const { ES2022 } = ts.ScriptTarget;
  const options = {
    target: ES2022,
    module: ts.ModuleKind.ES2022,
    rewriteRelativeImportExtensions: true,
  };
  return ts.transpileModule(code, { compilerOptions: options }).outputText;
}

/** What the package is called in programs, for Deno. */
async function ownNames(): Promise<Record<string, string>> {
  const { exports } = JSON.parse(await readFile(join(root, "deno.json"), "utf8"));
  const names = Object.entries(exports as Record<string, string>);
  return Object.fromEntries(
    names.map(([name, path]) => [`troupe${name.slice(1)}`, new URL(path, `file://${root}`).href]),
  );
}

const pages = [
  "README.md",
  ...(await readdir(join(root, "docs"))).filter((name) => name.endsWith(".md")).map((name) =>
    `docs/${name}`
  ),
  ...(await readdir(join(root, "docs/how-to"))).map((name) => `docs/how-to/${name}`),
];
for (const page of pages.sort()) {
  for (const program of programsOf(page, await readFile(join(root, page), "utf8"))) {
    test(`the program ${program.name} prints what the page says`, async () => {
      const lines = (await outputOf(program)).trimEnd().split("\n");
      const prints = program.prints;
      if (prints.length > 0) assert.deepEqual(lines, prints);
      else assert.notDeepEqual(lines, [""]);
    });
  }
}

test("every page with programs was read", () => {
  assert.ok(pages.includes("docs/how-to/write_an_actor.md"));
});
