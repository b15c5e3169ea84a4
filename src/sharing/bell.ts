/** What one side rings and the other waits for. A ring while nobody waits is kept. */
export class Bell {
  #rung = false;
  #resolve: (() => void) | undefined;

  ring(): void {
    this.#rung = true;
    this.#resolve?.();
  }

  /** Settles at the next ring, or at once if it rang since the last wait. One waits at a time. */
  async wait(): Promise<void> {
    if (!this.#rung) await new Promise<void>((resolve) => this.#resolve = resolve);
    this.#rung = false;
    this.#resolve = undefined;
  }
}
