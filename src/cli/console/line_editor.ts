import type { Interface } from "node:readline";
import { createInterface } from "node:readline";
import type { Input, Output } from "../io.ts";
import type { LiveRegion, PromptLine } from "../live_region.ts";
import type { Completion } from "./complete.ts";

/** What a {@linkcode LineEditor} reports. */
export interface LineEditorEvents {
  line(line: string): void;
  /** Ctrl-C on an empty line. */
  interrupt(): void;
  /** Ctrl-D, or the terminal is gone. */
  end(): void;
  /** A key with Ctrl, or with Alt, that the line itself may have no use for. */
  key?(name: string, alt: boolean): void;
  /** A promise only where it must be: keys that are typed while Tab waits come before what it completes. */
  complete(line: string): Completion | Promise<Completion>;
}

/** A key as readline tells it. */
interface Key {
  readonly name?: string;
  readonly ctrl?: boolean;
  readonly meta?: boolean;
}

/** readline below a {@linkcode LiveRegion}: the line that is typed survives whatever is printed meanwhile. */
export class LineEditor implements Disposable {
  readonly #input: Input;
  readonly #output: Output;
  readonly #region: LiveRegion;
  readonly #rl: Interface;
  readonly #resized: () => void;
  readonly #escape: (char: unknown, key: Key | undefined) => void;
  #closed = false;
  #question: { resolve(answer: string | undefined): void; readonly before: string } | undefined;

  /** @param history what was typed before, oldest first */
  constructor(
    input: Input,
    output: Output,
    region: LiveRegion,
    events: LineEditorEvents,
    history: readonly string[] = [],
  ) {
    this.#input = input;
    this.#output = output;
    this.#region = region;
    const rl = this.#rl = createInterface({
      input,
      output,
      terminal: true,
      historySize: 500,
      history: [...history].reverse(),
      removeHistoryDuplicates: true,
      prompt: "",
      completer: (line: string, done: (error: null, completion: Completion) => void) => {
        const completion = events.complete(line);
        if (completion instanceof Promise) void completion.then((late) => done(null, late));
        else done(null, completion);
      },
    });
    rl.on("line", (line) => {
      region.entered(rl.getPrompt() + line);
      if (this.#question !== undefined) this.#answer(line);
      else events.line(line);
    });
    rl.on("SIGINT", () => {
      if (rl.line !== "") this.#clear();
      else if (this.#question !== undefined) this.#answer(undefined);
      else events.interrupt();
    });
    rl.on("close", () => {
      this.#closed = true;
      // What is printed from now on begins where the prompt was.
      output.write(`\r${up(rl.getCursorPos().rows)}\x1b[J`);
      region.attach(undefined);
      this.#answer(undefined);
      events.end();
    });
    this.#escape = (_char, key) => {
      if (key?.name === "escape" && this.#question !== undefined) {
        this.#clear();
        this.#answer(undefined);
        region.redraw();
      } else if (key?.ctrl === true || key?.meta === true) {
        events.key?.(key.name ?? "", key.meta === true);
      }
    };
    input.on("keypress", this.#escape);
    this.#resized = () => resized(rl);
    output.prependListener("resize", this.#resized);
    region.attach(promptLine(rl, () => this.#closed));
  }

  /** Changes the prompt, and draws it if it is another than before. */
  prompt(text: string): void {
    if (this.#question !== undefined || this.#closed || text === this.#rl.getPrompt()) return;
    this.#rl.setPrompt(text);
    this.#region.redraw();
  }

  /** Asks; undefined if the person does not want to answer (Ctrl-C, Esc, Ctrl-D). */
  ask(question: string): Promise<string | undefined> {
    if (this.#closed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      this.#question = { resolve, before: this.#rl.getPrompt() };
      this.#rl.setPrompt(question);
      this.#region.redraw();
    });
  }

  /** Whether it was left: nothing can be typed any more. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Gives the terminal back. */
  [Symbol.dispose](): void {
    this.#input.off("keypress", this.#escape);
    this.#output.off("resize", this.#resized);
    if (!this.#closed) this.#rl.close();
    this.#input.pause();
  }

  #answer(answer: string | undefined): void {
    const question = this.#question;
    if (question === undefined) return;
    this.#question = undefined;
    this.#rl.setPrompt(question.before);
    question.resolve(answer);
  }

  /** Forgets what is typed, as Ctrl-U does. */
  #clear(): void {
    this.#rl.write(null, { ctrl: true, name: "e" });
    this.#rl.write(null, { ctrl: true, name: "u" });
  }
}

function promptLine(rl: Interface, closed: () => boolean): PromptLine {
  return {
    rows: () => closed() ? 0 : rl.getCursorPos().rows,
    draw(): void {
      if (closed()) return;
      // The region has been at the first row already.
      goesUpBy(rl, 0);
      rl.prompt(true);
    },
  };
}

/** The terminal has wrapped the typed line anew before readline draws it, from where it was in the old width. */
function resized(rl: Interface): void {
  goesUpBy(rl, rl.getCursorPos().rows);
}

/** readline goes up by this many rows before it draws. */
function goesUpBy(rl: Interface, rows: number): void {
  (rl as { prevRows?: number }).prevRows = rows;
}

function up(rows: number): string {
  return rows === 0 ? "" : `\x1b[${rows}A`;
}
