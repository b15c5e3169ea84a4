import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { pathToFileURL } from "node:url";
import ts from "typescript";
import { root } from "../files.mjs";

/** As tsconfig.json has it, without what concerns types and packages. */
const compilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  rewriteRelativeImportExtensions: true,
  verbatimModuleSyntax: true,
};

/**
 * What `source` is as JavaScript; types are not looked at.
 *
 * @param {string} file
 * @param {string} source
 */
export function compile(file, source) {
  const { outputText, diagnostics = [] } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions,
    reportDiagnostics: true,
  });
  const [first] = diagnostics;
  if (first === undefined) return outputText;
  throw new SyntaxError(`${file}: ${ts.flattenDiagnosticMessageText(first.messageText, " ")}`);
}

/**
 * `files` and all that they import from this project, relative to its folder.
 *
 * @param {readonly string[]} files
 */
function withImports(files) {
  const found = new Set(files);
  for (const file of found) {
    const { importedFiles } = ts.preProcessFile(readFileSync(join(root, file), "utf8"));
    for (const { fileName } of importedFiles) {
      if (fileName.startsWith(".")) found.add(posix.join(posix.dirname(file), fileName));
    }
  }
  return found;
}

/**
 * A temporary copy of the tests and all they need, compiled, as many times as mutants are looked at side by side. The working
 * tree is only read.
 *
 * @param {readonly string[]} tests
 * @param {number} lanes
 */
export function openWorkshop(tests, lanes) {
  const folder = mkdtempSync(join(tmpdir(), "troupe-mutation-"));
  // Not in an `exit` handler alone: a signal's default would not run it.
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.once(signal, () => process.exit(130));
  }
  const first = join(folder, "0");
  for (const file of withImports(tests)) {
    const target = join(first, compiledOf(file));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, compile(file, readFileSync(join(root, file), "utf8")));
  }
  writeFileSync(join(first, "package.json"), `{ "type": "module" }`);
  writeFileSync(join(first, "all_tests.js"), entry(tests));
  const copies = Array.from({ length: lanes }, (_, lane) => join(folder, String(lane)));
  for (const copy of copies.slice(1)) cpSync(first, copy, { recursive: true });
  for (const copy of copies) {
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "junction");
  }
  return copies;
}

/** @param {string} file */
export function compiledOf(file) {
  return file.replace(/\.ts$/, ".js");
}

/**
 * The tests in the order given, in one process. Properties draw from a fixed seed: who kills a mutant does not change from run
 * to run.
 *
 * @param {readonly string[]} tests
 */
function entry(tests) {
  const seed = `(await import("fast-check")).default.configureGlobal({ seed: 1 });\n`;
  /** @param {string} test */
  const drawing = (test) => readFileSync(join(root, test), "utf8").includes(`from "fast-check"`);
  return tests
    .map((test) => `${drawing(test) ? seed : ""}await import("./${compiledOf(test)}");\n`)
    .join("");
}

/** The reporter that {@linkcode openWorkshop}'s tests are run with. */
export const reporter = pathToFileURL(join(root, "scripts/mutation/first_failure.mjs")).href;
