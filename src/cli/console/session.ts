import type { FoundFile, PeerHandle, PeerView } from "../../cluster/api.ts";
import type { Breaking } from "../breaking/breaking.ts";
import type { ShownCluster } from "../control/shown_cluster.ts";
import { codeOf, ConsoleError } from "../errors.ts";
import type { LiveRegion } from "../live_region.ts";
import { peerOf } from "../breaking/words.ts";
import type { NoticeLevel } from "./notices.ts";
import type { Style } from "../style.ts";

/** A numbered line of the last search: one version of a file at one of its holders. */
export interface Choice {
  readonly file: FoundFile;
  readonly holder: string;
}

/** A console in another process than the cluster's. */
export interface Guest {
  /** The name of the cluster. */
  readonly cluster: string;
  /** The peer that it was opened for. */
  readonly peer: string;
}

/** What a session is made of. */
export interface SessionOptions {
  readonly cluster: ShownCluster;
  readonly breaking: Breaking;
  /** Undefined for the console of whoever started the cluster. */
  readonly guest?: Guest | undefined;
  readonly style: Style;
  /** Where notices and progress go. */
  readonly region: LiveRegion;
  /** Prints a result. */
  print(text: string): void;
  /** Prints what went wrong. */
  complain(text: string): void;
  /** Whether downloads go on while other commands are typed. */
  readonly background: boolean;
  /** What was typed before; nothing where nobody types. */
  readonly history?: TypedLines;
}

/** What was typed, oldest first. */
export interface TypedLines {
  readonly lines: readonly string[];
  add(line: string): void;
}

/** One console: the peer it stands at, what it found last, what it downloads. */
export class Session {
  readonly cluster: ShownCluster;
  readonly breaking: Breaking;
  readonly guest: Guest | undefined;
  readonly style: Style;
  readonly region: LiveRegion;
  readonly print: (text: string) => void;
  readonly complain: (text: string) => void;
  /** Asks the person; undefined if they do not answer. Absent where nobody can be asked. */
  ask: ((question: string) => Promise<string | undefined>) | undefined;
  readonly background: boolean;
  /** Numbered from 1 for the person. */
  choices: readonly Choice[] = [];
  /** Names seen in lists and searches, for completion. */
  readonly fileNames: Set<string> = new Set();
  /** Downloads under way. */
  readonly downloads: Set<AbortController> = new Set();
  readonly history: TypedLines;
  /** Which of the things that happen are told as they do. */
  noticeLevel: NoticeLevel = "headline";
  /** Whether the person wants to leave. */
  quitting = false;
  #peer: string;

  constructor(options: SessionOptions) {
    this.cluster = options.cluster;
    this.breaking = options.breaking;
    this.guest = options.guest;
    this.style = options.style;
    this.region = options.region;
    this.print = options.print;
    this.complain = options.complain;
    this.background = options.background;
    this.history = options.history ?? { lines: [], add: () => {} };
    this.#peer = options.guest?.peer ?? options.cluster.peers[0] ?? "peer-1";
  }

  /** The id of the peer that commands are for. */
  get peer(): string {
    return this.#peer;
  }

  /** That peer. */
  get handle(): PeerHandle {
    return this.cluster.peer(this.#peer);
  }

  /** What is known of that peer. */
  get view(): PeerView | undefined {
    return this.cluster.view().find(({ id }) => id === this.#peer);
  }

  /** Moves to another peer. */
  use(peer: string): void {
    this.#peer = peer;
    this.choices = [];
  }

  /** The id of the peer that a person calls `word`: `peer-3`, `3`, `tracker`, `random`. */
  peerCalled(word: string): string {
    const name = word.toLowerCase();
    const peers = this.cluster.view();
    const known = /^\d+$/.test(name) ? `peer-${Number(name)}` : name;
    if (name === "tracker" && !peers.some(({ up, role }) => up && role === "tracker")) {
      throw new ConsoleError("There is no tracker now");
    }
    if (!["tracker", "random", ...this.cluster.peers].includes(known)) {
      const [first, last] = [this.cluster.peers[0], this.cluster.peers.at(-1)];
      throw new ConsoleError(
        `There is no peer "${word}"; expected ${first} to ${last}, a number, tracker or random`,
      );
    }
    return peerOf(known, peers);
  }

  /** Remembers names, so that they complete. */
  remember(files: readonly { readonly name: string }[]): void {
    for (const { name } of files) this.fileNames.add(name);
  }

  /** What to do about `error`, where that is not plain from its message. */
  hintFor(error: unknown): string | undefined {
    if (this.view?.up === false && codeOf(error) === "noproc") {
      return `${this.peer} is down: "restart" starts it, "use <peer>" goes to another`;
    }
    return codeOf(error) === "ambiguous"
      ? "search for it and take its number, or give its id"
      : undefined;
  }
}
