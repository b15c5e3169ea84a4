// Makes src/lab/report/client.gen.ts from src/lab/report/client/: `npm run report:client`, or with --check to see that it is up to date.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { root } from "./files.mjs";

const target = join(root, "src/lab/report/client.gen.ts");
const { outputFiles } = await build({
  entryPoints: [join(root, "src/lab/report/client/main.ts")],
  bundle: true,
  minify: true,
  format: "iife",
  target: "es2022",
  charset: "ascii",
  legalComments: "none",
  write: false,
});
// Nothing in it may end the script element that it stands in.
const script = outputFiles[0].text.trim().replaceAll("</", "<\\/");
const text = `/** Made by \`npm run report:client\` from client/: the script of a report. */
export const CLIENT: string = ${JSON.stringify(script)};
`;
if (!process.argv.includes("--check")) writeFileSync(target, text);
else if (readFileSync(target, "utf8") !== text) {
  console.error(
    "src/lab/report/client.gen.ts is not made of what is in client/: run npm run report:client",
  );
  process.exitCode = 1;
}
