import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { VERSION } from "../../src/cli/version.ts";
import { tempDir } from "../support/temp_dir.ts";
import { run } from "./fake_io.ts";
import { root } from "./root.ts";

describe("troupe", () => {
  it("prints help and ends well, called bare, with --help and as help", async () => {
    const ran = await Promise.all([[], ["--help"], ["help"]].map((argv) => run(argv)));
    for (const { code, stdout, stderr } of ran) {
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Usage: troupe .*\n/);
      assert.match(stdout, /^Run\n {2}demo .*\n/m);
      assert.match(stdout, /^Examples:\n {2}troupe demo/m);
      assert.match(stdout, /^Exit codes:/m);
    }
  });

  it("explains a command with its defaults and examples", async () => {
    for (const argv of [["up", "--help"], ["help", "up"]]) {
      const { code, stdout } = await run(argv);
      assert.equal(code, 0);
      assert.match(stdout, /--peers <n> .*\(default: 5, env: TROUPE_PEERS\)/);
      assert.match(stdout, /--color <when>/);
      assert.match(stdout, /^Examples:\n(.*\n)+/m);
    }
  });

  it("prints its version, that of the package files", async () => {
    for (const flag of ["-V", "--version"]) {
      assert.deepEqual(await run([flag]).then(({ code, stdout }) => [code, stdout]), [
        0,
        `${VERSION}\n`,
      ]);
    }
    for (const name of ["package.json", "deno.json"]) {
      const { version } = JSON.parse(readFileSync(join(root(), name), "utf8"));
      assert.equal(version, VERSION, name);
    }
  });

  const wrong: [argv: string[], says: RegExp][] = [
    [["upp"], /Unknown command "upp"; did you mean "up"\?/],
    [["help", "dmeo"], /Unknown command "dmeo"; did you mean "demo"\?/],
    [["up", "--peers", "0"], /'--?.*peers <n>' argument '0' is invalid.*from 1 to 100/],
    [["up", "--peers", "101"], /argument '101' is invalid/],
    [["up", "--peers", "2.5"], /argument '2.5' is invalid/],
    [["up", "--peers"], /argument missing/],
    [["up", "--profile", "slow"], /argument 'slow' is invalid.*default, fast, turbo, seed/],
    [["up", "--for", "5"], /argument '5' is invalid.*500ms, 10s or 1m30s/],
    [["up", "--share", "/no/such/folder"], /--share is "\/no\/such\/folder".*no such folder/],
    [["up", "--quorum", "2"], /quorum is 2, expected a majority/],
    [["up", "--sed", "1"], /unknown option '--sed'\n\(Did you mean --seed\?\)/],
    [["up", "extra"], /too many arguments/],
    [["up", "--color", "blue"], /argument 'blue' is invalid/],
    [["demo", "--size", "big"], /argument 'big' is invalid/],
  ];
  for (const [argv, says] of wrong) {
    it(`refuses: ${argv.join(" ")}`, async () => {
      await using dir = await tempDir();
      const { code, stdout, stderr } = await run(argv, { cwd: dir.path });
      assert.equal(code, 2);
      assert.equal(stdout, "");
      assert.match(stderr, says);
      assert.doesNotMatch(stderr, / {4}at /);
      assert.equal(existsSync(join(dir.path, ".troupe", "runs", "latest")), false);
    });
  }

  it("refuses a file where a folder must be, naming both", async () => {
    await using dir = await tempDir();
    const file = await dir.write("file.txt", "x");
    for (const option of ["--share", "--downloads"]) {
      const { code, stderr } = await run(["up", option, file]);
      assert.equal(code, 2);
      assert.ok(stderr.includes(`${option} is "${file}", expected a folder: it is a file`), stderr);
    }
  });
});
