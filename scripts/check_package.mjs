// What users install works: the tarball with npx, as an import with its types on Node and on Deno, and as sources for JSR; its worker
// threads start in each. `node scripts/check_package.mjs`, after a build.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { root } from "./files.mjs";

const DENO = ["npx", "--yes", "deno@2.9.6"];
const work = mkdtempSync(join(tmpdir(), "troupe-package-"));
const app = join(work, "app");
// Short, and nobody else's: a control socket has room for 103 bytes.
const env = { ...process.env, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), "tp-")), NO_COLOR: "1" };

const PROGRAM = `import { createCluster } from "troupe";
import { actor, createSystem } from "troupe/actor";
await using cluster = await createCluster({ peers: 3, folder: "./run" });
const { tracker } = await cluster.tracker();
await using system = await createSystem();
console.log(tracker, cluster.peers.length, typeof actor, typeof system.inspect);
`;

/**
 * Runs a command that must succeed; gives what it printed.
 *
 * @param {string} what
 * @param {string[]} command
 * @param {string} [cwd]
 */
function run(what, command, cwd = app) {
  console.log(`-- ${what}: ${command.join(" ")}`);
  const [program = "", ...args] = command;
  try {
    return execFileSync(program, args, {
      cwd,
      env,
      encoding: "utf8",
      timeout: 240_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { stdout, stderr } = /** @type {{ stdout: string, stderr: string }} */ (error);
    console.error(`${stdout}\n${stderr}`);
    throw new Error(`${what} failed`, { cause: error });
  }
}

/** @param {string} what @param {string} text @param {RegExp} wanted */
function expect(what, text, wanted) {
  if (!wanted.test(text)) throw new Error(`${what}: expected ${wanted}, got:\n${text}`);
}

/**
 * A cluster is started in the background, listed and stopped.
 *
 * @param {string} what
 * @param {string[]} troupe
 */
function tryCommands(what, troupe) {
  expect(what, run(what, [...troupe, "--version"]), /^\d+\.\d+\.\d+\n$/);
  expect(what, run(what, [...troupe, "up", "-d", "-n", "3", "--name", "pack", "--json"]), /"pack"/);
  expect(what, run(what, [...troupe, "ps"]), /^pack +3\/3/m);
  expect(what, run(what, [...troupe, "down"]), /^stopped pack\n$/);
}

try {
  mkdirSync(app);
  const packed = run("pack", ["npm", "pack", "--silent", "--pack-destination", work], root);
  const tarball = join(work, packed.trim().split("\n").at(-1) ?? "");
  writeFileSync(
    join(app, "package.json"),
    '{ "name": "app", "private": true, "type": "module" }\n',
  );
  run("install", ["npm", "install", "--silent", "--no-audit", "--no-fund", tarball]);

  const paths = run("contents", ["tar", "tzf", tarball], work);
  for (const needed of ["dist/src/mod.d.ts", "dist/workers/thread.js", "README.md", "LICENSE"]) {
    expect("the tarball's files", paths, new RegExp(`^package/${needed}$`, "m"));
  }
  if (/package\/(dist\/)?(test|bench)\//.test(paths)) throw new Error("Tests are in the tarball");

  // `await using` is newer than Node 20: what users write is compiled, as here.
  writeFileSync(join(app, "app.ts"), PROGRAM);
  writeFileSync(
    join(app, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        lib: ["es2022", "esnext.disposable", "dom"],
        module: "nodenext",
        strict: true,
        exactOptionalPropertyTypes: true,
        types: ["node"],
        typeRoots: [join(root, "node_modules", "@types")],
        outDir: "out",
      },
      files: ["app.ts"],
    }),
  );
  run("types", [process.execPath, join(root, "node_modules", "typescript", "bin", "tsc")]);
  const wanted = /^peer-\d 3 function function\n$/;
  expect("import on Node", run("import on Node", [process.execPath, "out/app.js"]), wanted);
  const deno = [...DENO, "run", "-A", "--node-modules-dir=manual"];
  expect("import on Deno", run("import on Deno", [...deno, "out/app.js"]), wanted);

  tryCommands("npx", ["npx", "--no-install", "troupe"]);
  const npx = ["npx", "--yes", "--package", tarball, "troupe"];
  expect("npx of the tarball", run("npx of the tarball", [...npx, "--version"], work), /^\d/);
  tryCommands("Deno", [...deno, "node_modules/troupe/dist/src/cli/main.js"]);

  // Deno warns on stderr of two modules of the user's, whose names nobody knows before: docs/decisions.md.
  const dry = `${DENO.join(" ")} publish --dry-run --allow-dirty 2>&1`;
  const said = run("publish to JSR, dry", ["sh", "-c", dry], root);
  const warned = [...said.matchAll(/^warning\[([^\]]+)\][^]*?-->\s*\S*\/(src\/\S+?\.ts):/gm)]
    .map(([, rule, file]) => `${rule} ${file}`).sort();
  const known = ["lab/code/load_scenario.ts", "runtime/threads/load_definition.ts"]
    .map((file) => `unanalyzable-dynamic-import src/${file}`);
  if (`${warned}` !== `${known}` || said.split("warning[").length - 1 !== known.length) {
    throw new Error(`publish to JSR, dry: other warnings than ${known.join(", ")}:\n${said}`);
  }
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  console.log(`troupe ${version}: the package works`);
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(env.XDG_RUNTIME_DIR, { recursive: true, force: true });
}
