import { EXIT } from "../exit_codes.ts";
import { jsonLine } from "../text/json.ts";
import type { CliCommand } from "./command.ts";

/** `troupe schema`: what scenario files may say, for editors. */
export const schema: CliCommand = {
  name: "schema",
  group: "Check",
  summary: "print the JSON Schema of scenario files",
  examples: [
    ["troupe schema > scenario.schema.json", "for an editor that completes and checks YAML"],
    ["troupe schema --json", "on one line, as the field schema"],
  ],
  configure() {},
  async run(_options, { io, json }) {
    const { jsonSchema } = await import("../../lab/scenario/file_schema.ts");
    const schema = jsonSchema();
    io.stdout.write(json ? jsonLine({ schema }) : `${JSON.stringify(schema, null, 2)}\n`);
    return EXIT.ok;
  },
};
