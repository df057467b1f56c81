// What many sessions came to.

import { type ActionAnswer, amount, type Session, units } from "@reelhouse/client";
import { EpisodeMetrics, type Estimate, type Welford } from "@reelhouse/rl-model-runner";

/** Exact sums of money and streaming figures over the sessions that were played. */
export class Tally {
  readonly episodes = new EpisodeMetrics();
  sessions = 0;
  actions = 0;
  #sums = { wagered: 0n, won: 0n, fees: 0n, net: 0n };
  #rounds = 0;
  #hits = 0;
  #biggest = 0n;

  /** Takes in a session as it ended, with the answers to its actions. */
  add(session: Session, answers: readonly ActionAnswer[]): void {
    this.sessions += 1;
    this.actions += answers.length;
    if (answers.length > 0) {
      const ending = session.state === "completed" ? "terminated" : "truncated";
      this.episodes.episode(
        answers.map(({ event }) => event.reward),
        ending,
      );
    }
    const { metrics } = session;
    for (const name of ["wagered", "won", "fees", "net"] as const) this.#sums[name] += units(metrics[name]);
    this.#rounds += metrics.spins;
    this.#hits += metrics.hits;
    const biggest = units(metrics.biggest_win);
    if (biggest > this.#biggest) this.#biggest = biggest;
  }

  /** The figures, amounts as the API writes them. */
  get summary(): Summary {
    const { wagered, won, fees, net } = this.#sums;
    return {
      sessions: this.sessions,
      actions: this.actions,
      rounds: this.#rounds,
      wagered: amount(wagered),
      won: amount(won),
      fees: amount(fees),
      net: amount(net),
      biggest_win: amount(this.#biggest),
      observed_rtp: wagered === 0n ? null : Number(won) / Number(wagered),
      hit_frequency: this.#rounds === 0 ? null : this.#hits / this.#rounds,
      reward: figures(this.episodes.reward),
      episode_return: figures(this.episodes.episodeReturn),
      episode_length: figures(this.episodes.episodeLength),
    };
  }
}

export interface Summary {
  sessions: number;
  actions: number;
  rounds: number;
  wagered: string;
  won: string;
  fees: string;
  net: string;
  biggest_win: string;
  /** Won over wagered; null when nothing was wagered. */
  observed_rtp: number | null;
  hit_frequency: number | null;
  reward: Figures;
  episode_return: Figures;
  episode_length: Figures;
}

export interface Figures extends Estimate {
  variance: number;
}

function figures(stream: Welford): Figures {
  return { ...stream.estimate, variance: stream.variance };
}
