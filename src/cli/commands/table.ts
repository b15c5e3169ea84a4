import { attach } from "./attach.ts";
import { check } from "./check.ts";
import type { CliCommand } from "./command.ts";
import { bench } from "./bench.ts";
import { completion } from "./completion.ts";
import { compare } from "./compare.ts";
import { crash } from "./crash.ts";
import { demo } from "./demo.ts";
import { doctor } from "./doctor.ts";
import { down } from "./down.ts";
import { election } from "./election.ts";
import { events } from "./events.ts";
import { explain } from "./explain.ts";
import { exportRun } from "./export.ts";
import { fuzz } from "./fuzz.ts";
import { init } from "./init.ts";
import { logs } from "./logs.ts";
import { heal } from "./heal.ts";
import { link } from "./link.ts";
import { partition } from "./partition.ts";
import { timers } from "./timers.ts";
import { ps } from "./ps.ts";
import { replay } from "./replay.ts";
import { report } from "./report.ts";
import { restart } from "./restart.ts";
import { run } from "./run.ts";
import { runs } from "./runs.ts";
import { schema } from "./schema.ts";
import { show } from "./show.ts";
import { shrink } from "./shrink.ts";
import { status } from "./status.ts";
import { tree } from "./tree.ts";
import { up } from "./up.ts";
import { verify } from "./verify.ts";

/** Every command of `troupe`, in the order of the help. */
export const COMMANDS: readonly CliCommand[] = [
  // Run
  demo,
  up,
  run,
  replay,
  fuzz,
  // Look
  ps,
  status,
  attach,
  logs,
  events,
  tree,
  // Break
  crash,
  restart,
  partition,
  heal,
  link,
  timers,
  election,
  down,
  // Results
  runs,
  show,
  report,
  shrink,
  compare,
  exportRun,
  // Check
  check,
  schema,
  verify,
  bench,
  // Help
  init,
  explain,
  doctor,
  completion,
];
