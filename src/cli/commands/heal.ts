import type { Command } from "commander";
import { healedText } from "../breaking/told.ts";
import type { CliCommand } from "./command.ts";
import { addClusterOption, changing } from "./on_cluster.ts";

/** `troupe heal`: undoes what lasts. */
export const heal: CliCommand = {
  name: "heal",
  group: "Break",
  summary: "undo every partition, link fault and pause",
  examples: [
    ["troupe heal", "everything, whoever did it"],
    ["troupe heal --json", "what was undone, for a program"],
  ],
  configure: (command: Command) => void addClusterOption(command),
  run: changing(async ({ breaking }) => {
    const healed = await breaking.heal();
    return { text: healedText(healed), fields: { healed } };
  }),
};
