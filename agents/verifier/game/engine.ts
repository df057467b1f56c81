// A game ready for play: what it pays for a stake, exactly.

import type { Draws } from "../stream.ts";
import { isPlain, maxStake, unitBet } from "./bound.ts";
import type { Definition, Mode } from "./model.ts";
import { Mechanics, type Outcome, type Step } from "./spin.ts";
import type { Win } from "./wins.ts";

/** A game ready for play. */
export class Engine {
  /** In units of 0.0001 credits, as all amounts here. */
  readonly unitBet: bigint;
  readonly maxStake: bigint;
  /** Whether the game is one of plain lines, whose events tell neither `draws` nor `steps`. */
  readonly plain: boolean;
  readonly #game: Definition;
  readonly #mechanics: Record<Mode, Mechanics>;

  constructor(game: Definition) {
    this.#game = game;
    this.unitBet = unitBet(game);
    this.maxStake = maxStake(game);
    this.plain = isPlain(game);
    this.#mechanics = { base: new Mechanics(game, "base"), free: new Mechanics(game, "free") };
  }

  /** Plays one spin. */
  spin(mode: Mode, draws: Draws): Outcome {
    return this.#mechanics[mode].spin(draws);
  }

  /** The name of a symbol. */
  name(symbol: number): string {
    return this.#game.symbols[symbol]?.name ?? "";
  }

  /** What a win of a window pays for a stake. */
  winPayout(stake: bigint, step: Step, win: Win): bigint {
    // A stake is a whole number of unit bets, so that this leaves no rest.
    const bet = stake / BigInt(this.#game.bets);
    return bet * BigInt(win.pay) * BigInt(step.multiplier * step.fullGrid);
  }

  /** What the wins of a window pay for a stake. */
  stepPayout(stake: bigint, step: Step): bigint {
    return step.wins.reduce((sum, win) => sum + this.winPayout(stake, step, win), 0n);
  }

  /** What an outcome pays for a stake. */
  payout(stake: bigint, { steps, scatters }: Outcome): bigint {
    const wins = steps.reduce((sum, step) => sum + this.stepPayout(stake, step), 0n);
    return scatters.reduce((sum, win) => sum + stake * BigInt(win.pay), wins);
  }
}
