import type { Command } from "commander";
import { Option } from "commander";
import type { CrashKind } from "../../cluster/api.ts";
import { CRASH_KINDS } from "../breaking/breaking.ts";
import { downText } from "../breaking/told.ts";
import { peerOf } from "../breaking/words.ts";
import type { CliCommand } from "./command.ts";
import type { LastingOption } from "./on_cluster.ts";
import { addLastingOptions, changingPeer } from "./on_cluster.ts";

interface CrashOptions extends LastingOption {
  readonly how: CrashKind;
  readonly hold?: boolean;
}

/** `troupe crash`: crashes a peer of a running cluster. */
export const crash: CliCommand = {
  name: "crash",
  group: "Break",
  summary: "crash a peer of a running cluster",
  examples: [
    ["troupe crash tracker", "its supervisor starts it again"],
    ["troupe crash random --how hang", "a peer whose event loop blocks"],
    ["troupe crash 2 --for 5s", "down for five seconds"],
    ["troupe crash brisk-otter/3 --hold", "stays down until troupe restart"],
  ],
  completes: ["peer"],
  configure(command: Command): void {
    const whom = command.argument("<[cluster/]peer>", "peer-3, 3, tracker or random");
    addLastingOptions(whom, "it stays down so long, as 5s")
      .addOption(
        new Option("--how <kind>", "what happens to its thread").choices(CRASH_KINDS)
          .default("terminate"),
      )
      .addOption(new Option("--hold", "it stays down until it is restarted").conflicts("for"));
  },
  run: changingPeer<CrashOptions>(async (cluster, peer, { how, hold = false, for: forMs }) => {
    const id = peerOf(peer, cluster.view());
    const was = cluster.view().find((view) => view.id === id);
    await cluster.breaking.crash(id, how, { hold, forMs });
    const office = was?.role === "tracker" ? `, it was tracker of epoch ${was.epoch}` : "";
    const text = `crashed ${id} (${how})${office}${downText({ hold, forMs })}`;
    return { text, fields: { crashed: id, how, hold, forMs, role: was?.role } };
  }),
};
