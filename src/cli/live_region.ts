import type { Output } from "./io.ts";
import { fit, widthOf } from "./text/width.ts";

/** The line with the cursor that stays below everything, as readline keeps it. */
export interface PromptLine {
  /** Rows from its first one to the cursor. */
  rows(): number;
  /** Draws it, with what is typed, where the cursor is. */
  draw(): void;
}

/** How a {@linkcode LiveRegion} is made. */
export interface LiveRegionOptions {
  readonly out: Output;
  /** Whether lines are redrawn; without, every line is written once and stays. */
  readonly live: boolean;
  columns(): number;
}

/** Milliseconds between two redraws of bars: faster is not seen, and costs. */
const FRAME_MS = 33;
/** The terminal shows what is between these at once. */
const SYNC_ON = "\x1b[?2026h";
const SYNC_OFF = "\x1b[?2026l";

/**
 * The lower end of a terminal: lines scroll above, bars and the prompt stay below. On anything but a terminal it
 * writes lines and no bars.
 */
export class LiveRegion implements Disposable {
  readonly live: boolean;
  readonly #out: Output;
  readonly #columns: () => number;
  readonly #bars = new Map<string, string>();
  /** Widths of the bars on the screen; their rows follow from them, also after the window was made narrower. */
  #drawn: number[] = [];
  #prompt: PromptLine | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lastFrame = -Infinity;

  constructor({ out, live, columns }: LiveRegionOptions) {
    this.#out = out;
    this.live = live;
    this.#columns = columns;
  }

  get bars(): number {
    return this.#bars.size;
  }

  /** Writes lines above the bars and the prompt. */
  log(text: string): void {
    if (this.live) this.#draw(`${text}\n`);
    else this.#out.write(`${text}\n`);
  }

  /** Shows or changes the bar `id`. */
  set(id: string, line: string): void {
    if (!this.live) return;
    this.#bars.set(id, line);
    const wait = this.#lastFrame + FRAME_MS - performance.now();
    if (wait <= 0) this.#draw("");
    else this.#timer ??= setTimeout(() => this.#draw(""), wait);
  }

  /** Takes the bar `id` away, and writes `text` above the others in its place. */
  remove(id: string, text?: string): void {
    const had = this.#bars.delete(id);
    if (text !== undefined) this.log(text);
    else if (had && this.live) this.#draw("");
  }

  /** From now on `prompt` stays below the bars; without one nothing does. */
  attach(prompt: PromptLine | undefined): void {
    this.#prompt = prompt;
  }

  /** Draws everything again, as when the prompt has changed. */
  redraw(): void {
    if (this.live) this.#draw("");
  }

  /**
   * The person pressed Enter: readline has gone to a new line below what was typed. The bars above it would stay there for
   * ever, so they are taken away and `typed` is written in their place.
   */
  entered(typed: string): void {
    if (!this.live || this.#drawn.length === 0) return;
    const rows = this.#rowsDrawn() + this.#rowsOf(widthOf(typed));
    this.#drawn = [];
    this.#out.write(`${SYNC_ON}\r\x1b[${rows}A\x1b[J${typed}\n${SYNC_OFF}`);
  }

  /** Takes the bars away. */
  [Symbol.dispose](): void {
    this.#bars.clear();
    if (this.live && this.#drawn.length > 0) this.#draw("");
    clearTimeout(this.#timer);
    this.#prompt = undefined;
  }

  #draw(above: string): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#lastFrame = performance.now();
    const up = this.#rowsDrawn() + (this.#prompt?.rows() ?? 0);
    const bars = [...this.#bars.values()].map((bar) => fit(bar, this.#columns() - 1));
    this.#drawn = bars.map(widthOf);
    const erase = `\r${up > 0 ? `\x1b[${up}A` : ""}\x1b[J`;
    this.#out.write(`${SYNC_ON}${erase}${above}${bars.map((bar) => `${bar}\n`).join("")}`);
    this.#prompt?.draw();
    this.#out.write(SYNC_OFF);
  }

  #rowsDrawn(): number {
    return this.#drawn.reduce((rows, width) => rows + this.#rowsOf(width), 0);
  }

  #rowsOf(width: number): number {
    return Math.max(1, Math.ceil(width / this.#columns()));
  }
}
