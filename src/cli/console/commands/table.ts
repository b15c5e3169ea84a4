import type { ConsoleCommand } from "../command.ts";
import { election } from "./election.ts";
import { crash, restart } from "./faults.ts";
import { heal, link, partition, timers } from "./network.ts";
import { cancel, get } from "./get.ts";
import { makeHelp } from "./help.ts";
import { listMy, listNet, refresh } from "./lists.ts";
import { quit, use } from "./moving.ts";
import { search } from "./search.ts";
import { verify } from "./verify.ts";
import { history, log, peers, status, transfers } from "./state.ts";

/** Every command of the console, in the order of `help`: the seed's seven first, in its words. */
export const CONSOLE_COMMANDS: readonly ConsoleCommand[] = [
  search,
  listMy,
  listNet,
  refresh,
  status,
  election,
  quit,
  get,
  transfers,
  cancel,
  verify,
  use,
  peers,
  crash,
  restart,
  partition,
  heal,
  link,
  timers,
  log,
  history,
  makeHelp(() => CONSOLE_COMMANDS),
];
