/** How an example of docs/cli.md is run where it cannot be run as it stands, and why. */
export interface Otherwise {
  /** Words behind it. */
  readonly with?: string;
  /** What is typed before. */
  readonly after?: string;
  /** Its exit code; 0 unless given. */
  readonly exit?: number;
  /** It ends by Ctrl-C only. */
  readonly endless?: true;
  readonly why: string;
}

const watches = { endless: true, exit: 130, why: "it goes on until Ctrl-C" } as const;

/** Those that are not run word for word, or that do not end with 0. */
export const OTHERWISE: Readonly<Record<string, Otherwise>> = {
  "troupe demo": { with: "--size 4MiB", why: "the large file takes a slow disk long" },
  "troupe demo -q": { with: "--size 4MiB", why: "as before" },
  "troupe demo --json": { with: "--size 4MiB", why: "as before" },
  "troupe replay latest": { exit: 1, why: "the run of these tests fails, and so it does again" },
  "troupe replay latest --seed 67 --json": { exit: 1, why: "as before" },
  "troupe fuzz --minutes 2 --jobs 2": {
    with: "--seed 1 --runs 4",
    why: "two minutes, and what a new seed finds is no matter of the page",
  },
  "troupe fuzz --seed 1 --mutant no-stickiness --bail": { exit: 1, why: "it finds the bug" },
  "troupe ps --watch": watches,
  "troupe status brisk-otter --watch": watches,
  "troupe tree --watch": watches,
  "troupe logs -f": watches,
  "troupe events -f --type 'election.*'": watches,
  "troupe down --all": { after: "troupe up -d -n 2 -q", why: "the only cluster is gone by then" },
  "troupe shrink latest": { with: "--within 1s", why: "most of a minute" },
  "troupe shrink 1128-1050 --seed 67 --out bug.yaml": { with: "--within 1s", why: "as before" },
  "troupe verify --peers 3 --epochs 3 --restarts 1": { with: "--epochs 2", why: "half a minute" },
  "troupe verify --protocol seed-literal": { exit: 1, why: "it finds two trackers" },
  "troupe bench": { with: "--rounds 1 --size 1", why: "half a minute" },
  "troupe bench --rounds 9 --json": { with: "--rounds 1 --size 1", why: "most of a minute" },
};

/** The examples of docs/cli.md, by the group that their command stands under, as they are typed. */
export function examplesOf(page: string): ReadonlyMap<string, readonly string[]> {
  const [, commands = ""] = /<!-- commands -->([^]*)<!-- \/commands -->/.exec(page) ?? [];
  const groups = commands.split(/^### /m).slice(1).map((group) => {
    const [name = ""] = group.split("\n");
    const blocks = [...group.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
    const lines = blocks.join("").split("\n").map((line) => line.split(/ {4}# /)[0] ?? "");
    return [name, lines.filter((line) => line !== "")] as const;
  });
  return new Map(groups);
}

/** What `line` should have written on stdout and did not; undefined if all is well. */
export function amiss(line: string, stdout: string): string | undefined {
  if (/^source | > /.test(line)) return stdout === "" ? undefined : "expected nothing on stdout";
  if (stdout === "") return "expected something on stdout";
  if (!line.includes("--json")) return undefined;
  for (const text of stdout.trimEnd().split("\n")) {
    try {
      if (JSON.parse(text).v === 1) continue;
    } catch {
      // Told below.
    }
    return `expected JSON with "v":1, got ${text}`;
  }
  return undefined;
}
