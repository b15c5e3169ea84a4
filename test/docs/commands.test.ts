import assert from "node:assert/strict";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { tempDir } from "../support/temp_dir.ts";
import { ON_DENO, ROOT, troupe } from "./troupe.ts";

/** What the console of `troupe up` is told. */
const TYPED = "list net\nquit\n";

function read(page: string): Promise<string> {
  return readFile(new URL(page, ROOT), "utf8");
}

/** The lines of a page that begin with `program`, without it. */
function linesOf(text: string, program: string): string[][] {
  const lines = text.split("\n").filter((line) => line.startsWith(`${program} `));
  return lines.map((line) => line.slice(program.length + 1).split(" "));
}

/** What a reader has before the commands of a page: the examples, the folder to share, the scenario that the page shows. */
async function prepare(folder: string, text: string): Promise<void> {
  const examples = fileURLToPath(new URL("examples", ROOT));
  await cp(examples, join(folder, "examples"), { recursive: true });
  await mkdir(join(folder, "folders"));
  const [, scenario] = /^```yaml\n([\s\S]*?)^```$/m.exec(text) ?? [];
  const [, name] = /Save this as `(\S+)`/.exec(text) ?? [];
  if (scenario !== undefined && name !== undefined) await writeFile(join(folder, name), scenario);
}

/** What a command must at least say. */
function expected([command]: readonly string[]): RegExp {
  switch (command) {
    case "run":
      return /verdict {2}ok/;
    case "report":
      return /report\.html$/m;
    case "up":
      return /stopping the cluster/;
    case "check":
      return /^1 file is right$/m;
    default:
      return /./;
  }
}

const howTo = (await readdir(new URL("docs/how-to", ROOT))).map((name) => `docs/how-to/${name}`);
for (const page of ["README.md", ...howTo.sort()]) {
  const text = await read(page);
  const commands = linesOf(text, "npx troupe");
  if (commands.length === 0) continue;
  test(`the commands of ${page} do what it says, one after the other`, async () => {
    await using dir = await tempDir();
    await prepare(dir.path, text);
    for (const argv of commands) {
      const { code, output } = await troupe(argv, dir.path, { typed: TYPED });
      assert.equal(code, 0, `troupe ${argv.join(" ")}\n${output}`);
      assert.match(output, expected(argv), `troupe ${argv.join(" ")}`);
    }
  });
}

test("a cluster runs under Deno with no more permissions than the page names", {
  skip: !ON_DENO && "Node has no permissions",
}, async () => {
  await using dir = await tempDir();
  const [line = []] = linesOf(await read("docs/how-to/run_under_deno.md"), "deno run");
  const permissions = line.filter((word) => word.startsWith("--"));
  assert.ok(permissions.length >= 4 && !permissions.includes("-A"), permissions.join(" "));
  const { code, output } = await troupe(["up"], dir.path, { typed: TYPED, permissions });
  assert.equal(code, 0, output);
  assert.match(output, /unique_to_peer2\.txt/);
});
