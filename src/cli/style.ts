/** What decides whether a stream gets colours. */
export interface ColorSource {
  /** The value of `--color`. */
  readonly option: "auto" | "always" | "never";
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isTTY: boolean;
}

/** Colours for one stream, or none. */
export interface Style {
  readonly enabled: boolean;
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

/**
 * Whether a stream gets colours: `--color` > NO_COLOR > FORCE_COLOR > a terminal that is not dumb. The stream's own
 * `hasColors()` is not asked: on Deno it says true of a pipe.
 */
export function wantsColor({ option, env, isTTY }: ColorSource): boolean {
  if (option !== "auto") return option === "always";
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTTY && env["TERM"] !== "dumb";
}

/** The colours, or functions that change nothing. */
export function makeStyle(enabled: boolean): Style {
  const paint = (open: number, close: number) => (text: string): string =>
    enabled && text !== "" ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  return {
    enabled,
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    green: paint(32, 39),
    yellow: paint(33, 39),
    cyan: paint(36, 39),
  };
}
