import { attach } from "./attach.ts";
import type { CliCommand } from "./command.ts";
import { demo } from "./demo.ts";
import { down } from "./down.ts";
import { ps } from "./ps.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** Every command of `troupe`, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [demo, up, ps, attach, down, verify];
