import { EXIT } from "../exit_codes.ts";
import type { CliCommand } from "./command.ts";

/** `troupe schema`: what scenario files may say, for editors. */
export const schema: CliCommand = {
  name: "schema",
  group: "Check",
  summary: "print the JSON Schema of scenario files",
  examples: [[
    "troupe schema > scenario.schema.json",
    "for an editor that completes and checks YAML",
  ]],
  configure() {},
  async run(_options, { io }) {
    const { jsonSchema } = await import("../../lab/scenario/file_schema.ts");
    io.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    return EXIT.ok;
  },
};
