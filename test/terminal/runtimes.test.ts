import process from "node:process";
import { test } from "node:test";
import { RUNTIME } from "../../src/actor.ts";
import { otherRuntime } from "./other_runtime.ts";
import { NO_TERMINAL, Terminal, TROUPE } from "./terminal.ts";

const other = otherRuntime();
const missing = "missing" in other ? other.missing : undefined;
const here = { name: RUNTIME, troupe: TROUPE };
const there = "missing" in other ? { name: "other", troupe: "" } : other;
/** Where everything was promised, its absence is a failure. */
const skip = NO_TERMINAL || (missing !== undefined && !process.env["CI"] && missing);

for (const [host, guest] of [[here, there], [there, here]] as const) {
  test(
    `a console on ${guest.name} speaks for a peer of a cluster on ${host.name}`,
    { skip },
    async () => {
      if (missing !== undefined) throw new Error(missing);
      await using terminal = await Terminal.open();
      await terminal.type(`${host.troupe} up --detach -n 3 --seed 8 --name mixed -q`);
      await terminal.see(/mixed runs in the background/);
      await terminal.type(`clear; ${guest.troupe} ps`);
      await terminal.see(new RegExp(`mixed +3/3 +peer-\\d .* ${host.name} `));

      await terminal.type(`clear; ${guest.troupe} attach mixed/2`);
      await terminal.see(/peer-2 e\d+ \S+>$/);
      await terminal.type("search unique_to_peer3");
      await terminal.see(/unique_to_peer3: 1 file, 1 holder\n#.*\n1 +unique_to_peer3.txt/);
      await terminal.type("1");
      await terminal.see(/downloaded unique_to_peer3.txt: \d+ B/);
      await terminal.type("status");
      await terminal.see(/role +(TRACKER|follower)\n +epoch +\d+\n[^]*starts +1/);
      await terminal.type("crash tracker");
      await terminal.see(/crashed peer-\d \(terminate\)[^]*peer-2 e([2-9]|\d\d) \S+>$/);
      await terminal.press("C-d");
      await terminal.see(/detached; mixed runs on[^]*\$$/);
      await terminal.type(`clear; ${guest.troupe} down mixed; ${host.troupe} ps`);
      await terminal.see(/stopped mixed\n[^]*No cluster runs/);
    },
  );
}
