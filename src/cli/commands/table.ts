import type { CliCommand } from "./command.ts";
import { demo } from "./demo.ts";
import { up } from "./up.ts";

/** Every command of `troupe`, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [demo, up];
