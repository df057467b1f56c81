// A progress bar on a terminal; nothing where there is none.

import type { WriteStream } from "node:tty";

/** The least time between two drawings, in milliseconds. */
const INTERVAL = 80;
const WIDTH = 30;

export class Progress {
  readonly #out: WriteStream;
  readonly #total: number;
  #done = 0;
  #actions = 0;
  #drawn = 0;

  constructor(total: number, out: WriteStream) {
    this.#total = total;
    this.#out = out;
  }

  step(): void {
    this.#actions += 1;
    this.#draw(false);
  }

  sessionDone(): void {
    this.#done += 1;
    this.#draw(this.#done === this.#total);
  }

  /** Takes the bar away. */
  clear(): void {
    if (this.#out.isTTY) this.#out.write("\r\x1b[K");
  }

  #draw(always: boolean): void {
    const now = performance.now();
    if (!this.#out.isTTY || (!always && now - this.#drawn < INTERVAL)) return;
    this.#drawn = now;
    this.#out.write(`\r\x1b[K${bar(this.#done, this.#total)}  ${this.#actions} actions`);
  }
}

/** Such as `[#####-----]  50/100 sessions`. */
export function bar(done: number, total: number): string {
  const full = Math.floor((WIDTH * done) / Math.max(1, total));
  return `[${"#".repeat(full)}${"-".repeat(WIDTH - full)}]  ${done}/${total} sessions`;
}
