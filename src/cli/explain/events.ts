/** A kind of event: what it carries, and when it comes. */
export interface EventHelp {
  readonly data: string;
  readonly when: string;
}

/** Every kind of event as docs/events.md has it, written by scripts/event_help.mjs; `election.*` stands for those of an election's steps. */
export const EVENTS: Readonly<Record<string, EventHelp>> = {
  "actor.started": { "data": "kind", "when": "init returned its methods" },
  "actor.exited": {
    "data": "reason",
    "when": "it ended; its names are free, its monitors were told",
  },
  "node.down": { "data": "reason", "when": "a thread ended; its actors' monitors were told" },
  "deadletter": {
    "data": "to, method, why",
    "when": "a tell reached nobody: noproc, full, stopped, no_method, not_cloneable",
  },
  "tell.refused": {
    "data": "method, error",
    "when": "a method refused a tell; nobody waited for the answer",
  },
  "ask.late_reply": {
    "data": "method, lateBy",
    "when": "a method finished after its caller had given up",
  },
  "ask.expired": {
    "data": "method",
    "when": "a request waited past its caller's deadline and was skipped",
  },
  "link.refused": {
    "data": "from, message",
    "when": "a thread sent something else than envelopes",
  },
  "thread.stuck": {
    "data": "nodes",
    "when": "threads were not gone when the system had been shut down",
  },
  "link.dropped": {
    "data": "from, to, method, mid, why",
    "when": "a fault lost a message that carries an id to be followed by",
  },
  "supervisor.restart": {
    "data": "id, attempt, delay, reason",
    "when": "a child is started again",
  },
  "supervisor.gave_up": {
    "data": "id, intensity, periodMs",
    "when": "too many restarts; the supervisor ends",
  },
  "supervisor.child_failed": { "data": "id, reason or error", "when": "as OTP's reports" },
  "supervisor.start_failed": { "data": "id, reason or error", "when": "as OTP's reports" },
  "supervisor.shutdown_error": { "data": "id, reason or error", "when": "as OTP's reports" },
  "supervisor.auto_shutdown": { "data": "id, reason or error", "when": "as OTP's reports" },
  "supervisor.warning": { "data": "id, reason or error", "when": "as OTP's reports" },
  "peer.up": { "data": "incarnation; reason", "when": "it is ready; its thread ended" },
  "peer.down": { "data": "incarnation; reason", "when": "it is ready; its thread ended" },
  "peer.role": { "data": "role, epoch, tracker", "when": "one of the three changed" },
  "election.*": {
    "data": "as in src/election/trace.ts",
    "when":
      "every step of an election: prevote, candidate, grant, deny, cede, yield, count, win, stepdown, adopt, follow, forget, persist, lease_lost, config, config_agreed, voter, learner, lag (ms that the event loop is late), warning (text), violation (invariant), refused (a message that is none)...",
  },
  "election.stored": {
    "data": "epoch, votedFor",
    "when": "its record is safe on disk; what depends on it is sent next",
  },
  "election.served": {
    "data": "epoch, until",
    "when": "a tracker left its office; its lease let it serve until then, on the clock of at",
  },
  "tracker.registered": {
    "data": "epoch",
    "when": "the winner has its names; it has them not yet, and tries again",
  },
  "tracker.unregistered": {
    "data": "epoch",
    "when": "the winner has its names; it has them not yet, and tries again",
  },
  "catalogue.complete": {
    "data": "epoch, files; gone",
    "when": "all peers have announced to a tracker; a dead one's files are out",
  },
  "catalogue.removed": {
    "data": "epoch, files; gone",
    "when": "all peers have announced to a tracker; a dead one's files are out",
  },
  "files.scanned": {
    "data": "files, added, removed, refused; error; folder, error; name, why",
    "when":
      "of the folders that it shares: scanned at the start, and when something in them changed; what is refused is told once; an unwatched one needs refresh",
  },
  "files.failed": {
    "data": "files, added, removed, refused; error; folder, error; name, why",
    "when":
      "of the folders that it shares: scanned at the start, and when something in them changed; what is refused is told once; an unwatched one needs refresh",
  },
  "files.unwatched": {
    "data": "files, added, removed, refused; error; folder, error; name, why",
    "when":
      "of the folders that it shares: scanned at the start, and when something in them changed; what is refused is told once; an unwatched one needs refresh",
  },
  "file.refused": {
    "data": "files, added, removed, refused; error; folder, error; name, why",
    "when":
      "of the folders that it shares: scanned at the start, and when something in them changed; what is refused is told once; an unwatched one needs refresh",
  },
  "file.withdrawn": {
    "data": "files, added, removed, refused; error; folder, error; name, why",
    "when":
      "of the folders that it shares: scanned at the start, and when something in them changed; what is refused is told once; an unwatched one needs refresh",
  },
  "announce.failed": {
    "data": "error",
    "when": "the tracker did not take an announcement; it is repeated",
  },
  "download.progress": {
    "data": "id, name, fileId, size, done, rate, holders",
    "when": "at most every 100 ms",
  },
  "download.done": { "data": "id, name...", "when": "" },
  "download.failed": { "data": "id, name...", "when": "" },
  "download.holder_lost": { "data": "id, name...", "when": "" },
  "message.sent": {
    "data": "to, message, epoch, mid, (cause)",
    "when":
      "message is prevote, vote, heartbeat, each with its _reply, resign, config, announce or chunk; epoch is that of a message of an election",
  },
  "message.received": { "data": "from, mid", "when": "it is handled" },
  "message.dropped": {
    "data": "to, mid, why",
    "when":
      "a fault lost it: blocked, shut_out (by the receiver's end, which was blocked meanwhile), lost",
  },
  "fault.crash": { "data": "how", "when": "cluster.crash" },
  "fault.restart": { "data": "", "when": "cluster.restart" },
  "fault.registry": {
    "data": "",
    "when": "cluster.crashRegistry; cluster.faults.registry, which lasts",
  },
  "fault.partition": { "data": "groups, oneWay", "when": "cluster.faults.partition" },
  "fault.link": { "data": "from, to, the fault", "when": "cluster.faults.link" },
  "fault.pause": {
    "data": "",
    "when": "cluster.faults.pause; on threads node.unresponsive follows after a second or more",
  },
  "fault.slow": { "data": "ms", "when": "cluster.faults.slow" },
  "fault.disk": { "data": "the fault", "when": "cluster.faults.disk" },
  "fault.clock": { "data": "rate, jump, skew", "when": "cluster.faults.clock" },
  "fault.tear": { "data": "", "when": "a peer lost its votes" },
  "fault.wipe": { "data": "", "when": "a peer lost its votes" },
  "fault.timers": { "data": "how", "when": "cluster.faults.timers" },
  "fault.resign": { "data": "", "when": "cluster.faults.resign" },
  "fault.undone": {
    "data": "id and verb of which",
    "when": "a fault that lasted is over: undone, or its peer ended",
  },
  "lab.fault": {
    "data": "id, planned, verb, peers, with, for",
    "when": "a fault was carried out, with the peers that it struck",
  },
  "lab.undone": { "data": "id; why", "when": "it was undone; it could not be carried out" },
  "lab.failed": { "data": "id; why", "when": "it was undone; it could not be carried out" },
  "lab.work_failed": {
    "data": "id, work, peer, why",
    "when": "what a peer was asked to do it could not",
  },
};
