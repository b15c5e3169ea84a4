import type { CliCommand } from "./command.ts";
import { demo } from "./demo.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** Every command of `troupe`, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [demo, up, verify];
