// Mean reward, episode length and reward variance, in one pass and constant memory, with confidence intervals.

/** The quantile of the normal distribution that leaves 2.5 % on each side. */
const Z_95 = 1.959963984540054;

/** An estimate with the interval that holds the true mean in 95 of 100 such samples, for samples that are not small. */
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}

/**
 * Mean and variance of a stream of numbers.
 * Source: B. P. Welford, Technometrics 4 (1962) 419; merging: Chan, Golub and LeVeque, COMPSTAT (1982) 30.
 */
export class Welford {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): this {
    this.#count += 1;
    const off = value - this.#mean;
    this.#mean += off / this.#count;
    this.#squares += off * (value - this.#mean);
    return this;
  }

  /** Adds all that another stream has seen. */
  merge(other: Welford): this {
    const count = this.#count + other.#count;
    if (count === 0) return this;
    const off = other.#mean - this.#mean;
    this.#squares += other.#squares + (off * off * this.#count * other.#count) / count;
    this.#mean += (off * other.#count) / count;
    this.#count = count;
    return this;
  }

  get count(): number {
    return this.#count;
  }

  /** The mean; NaN of nothing. */
  get mean(): number {
    return this.#count === 0 ? Number.NaN : this.#mean;
  }

  /** The sample variance, with n - 1 below; NaN of fewer than two numbers. */
  get variance(): number {
    return this.#count < 2 ? Number.NaN : this.#squares / (this.#count - 1);
  }

  /** The mean with its 95 % interval by the central limit theorem; NaN bounds of fewer than two numbers. */
  get estimate(): Estimate {
    const half = Z_95 * Math.sqrt(this.variance / this.#count);
    return { mean: this.mean, low: this.mean - half, high: this.mean + half };
  }
}

/** How a step leaves its episode: going on, over for good (cashed out, bust), or cut off. */
export type Ending = "open" | "terminated" | "truncated";

/** The figures of a set of episodes, whose steps come one episode after the other. */
export class EpisodeMetrics {
  /** The rewards of all steps: `mean` is the mean reward, `variance` the reward variance. */
  readonly reward = new Welford();
  /** The sums of the rewards of each ended episode. */
  readonly episodeReturn = new Welford();
  /** The numbers of steps of each ended episode. */
  readonly episodeLength = new Welford();
  terminated = 0;
  truncated = 0;
  #sum = 0;
  #steps = 0;

  /** Takes in a step with its reward, and with how it leaves the episode. */
  step(reward: number, ending: Ending): this {
    this.reward.add(reward);
    this.#sum += reward;
    this.#steps += 1;
    if (ending === "open") return this;
    this[ending] += 1;
    this.episodeReturn.add(this.#sum);
    this.episodeLength.add(this.#steps);
    [this.#sum, this.#steps] = [0, 0];
    return this;
  }

  /** Takes in a whole episode. */
  episode(rewards: readonly number[], ending: Exclude<Ending, "open">): this {
    for (const [at, reward] of rewards.entries())
      this.step(reward, at + 1 < rewards.length ? "open" : ending);
    return this;
  }

  get episodes(): number {
    return this.terminated + this.truncated;
  }
}
