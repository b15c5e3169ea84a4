/** What the codes of errors mean, and what helps; the message of an error says which value it was about. */
export const CODES: Readonly<Record<string, string>> = {
  aborted: "Whoever waited took it back: a signal was aborted, or the caller ended.",
  already_present: "A supervisor has a child of that id already, which is not running.",
  already_registered: "Another actor has the name; names belong to one actor at a time.",
  already_started: "A supervisor has a running child of that id already.",
  ambiguous:
    "The name stands for several files with different content; give the file's id, or its number in a search.",
  bad_chunk:
    "A holder sent bytes that are not those of the manifest; they were thrown away, and another holder is asked.",
  bad_manifest: "A holder sent a manifest that does not belong to the file's id.",
  bad_message: "What came is no message of the protocol; it was refused, and nothing changed.",
  bad_name: "A file's name would lead out of the folder, or cannot be a name on some systems.",
  busy: "A holder has no upload slot free; it is asked again.",
  calling_self: "An actor asked itself and would wait for ever.",
  connection_lost:
    "The connection to a cluster in another process is closed: it was stopped, or killed.",
  console: "A command of the console could not do what it was asked; the message says why.",
  deadlock: "In a simulation everybody waits for somebody, and no timer is left.",
  disk_failed: "The system refused to read or write a file; the message has its words.",
  exists: "There is something at that path already that is not to be overwritten.",
  gone: "What was asked for is not there any more.",
  interrupted: "The command was ended by a signal.",
  invalid_option:
    "A value is not what is expected; the message names the option, the value, and what is.",
  mailbox_full:
    "An actor has as many messages waiting as it takes; it is slower than those who send.",
  no_cluster:
    "No cluster of yours runs under that name on this machine; troupe ps lists those that do.",
  no_holder: "Nobody that is up has the file, or all who have it failed.",
  no_space: "The disk is full.",
  no_such_method: "An actor has no method of that name.",
  no_tracker: "The peer knows no tracker: an election is under way, or no quorum is up.",
  noproc: "The actor is not there: it ended, or nobody has that name. For a peer: it is down.",
  not_cloneable:
    "A value cannot be sent to another thread: a function, a socket, a class with private state.",
  not_found: "Nothing matches the name, as far as the tracker knows.",
  not_shared: "The peer does not share that file any more.",
  not_tracker: "The peer is not the tracker, so it cannot do what only a tracker may.",
  out_of_memory: "A thread reached the limit of its heap and was ended.",
  refused_fault: "This runtime cannot do that fault; simulated clusters can do more.",
  restarting: "The actor is being restarted by its supervisor.",
  running: "It runs already.",
  scenario: "A scenario's file is wrong; every mistake is told with its line.",
  stalled: "A download made no progress although holders were asked.",
  start_failed: "An actor did not start: its init threw, or took too long.",
  system_closed: "The system of actors was shut down.",
  timeout: "No reply came in time; the error says whether the request may have been delivered.",
  unresponsive: "A thread gave no sign of life for so long that it is taken for stuck.",
  usage: "The command line is wrong; the message names the value and what was expected.",
};

/** What the exit codes of troupe mean. */
export const EXIT_CODES: Readonly<Record<string, string>> = {
  0: "Everything asked for was done, and every check held.",
  1: "A check failed, or a command did.",
  2: "The command line, an option or a file that it names is wrong.",
  3: "Nothing failed, but not everything was looked at.",
  70: "A fault of troupe itself; please report it with the stack that was printed.",
  130: "Ended by Ctrl-C.",
  143: "Ended by SIGTERM.",
};
