/** What the exit code of `troupe` says; written down for users in docs/cli.md. */
export const EXIT = {
  /** Everything asked for was done, and every check held. */
  ok: 0,
  /** A check failed, or a command of a script did. */
  failed: 1,
  /** The command line, an option or a file that it names is wrong. */
  usage: 2,
  /** Nothing failed, but not everything was looked at. */
  inconclusive: 3,
  /** A fault of troupe itself. */
  internal: 70,
  /** Ended by Ctrl-C. */
  interrupted: 130,
  /** Ended by SIGTERM. */
  terminated: 143,
} as const;
