//! How skewed the rounds of a game are, and what the normal interval of a simulated RTP makes of that.

use std::f64::consts::TAU;

use reelhouse_domain::game::profile::SpinDistribution;

/// The mean, the variance, and the third and fourth cumulant, in bets.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cumulants([f64; 4]);

impl Cumulants {
    /// Those of a whole round: a paid spin with all the free games that come of it.
    pub(crate) fn of_round(base: &SpinDistribution, free: Option<&SpinDistribution>) -> Self {
        compound(&weighed(base), free.map(|free| awarded(&weighed(free))).unwrap_or_default())
    }

    /// The third standardized moment.
    pub(crate) fn skewness(self) -> f64 {
        self.0[2] / self.0[1].powf(1.5)
    }

    /// The fourth standardized moment less that of the normal distribution.
    pub(crate) fn excess(self) -> f64 {
        self.0[3] / self.0[1].powi(2)
    }

    /// How often the interval of `z` standard errors about the mean of so many rounds holds the true one, of a
    /// hundred: the nominal share, and what skewness and kurtosis add to it in the order of 1/n (P. Hall, "The
    /// Bootstrap and Edgeworth Expansion", 1992, chapter 2: the Studentized mean).
    pub(crate) fn coverage(self, confidence: f64, z: f64, rounds: f64) -> f64 {
        let (skewness, excess, square) = (self.skewness(), self.excess(), z * z);
        let density = (-square / 2.0).exp() / TAU.sqrt();
        let second = excess / 12.0 * (square - 3.0)
            - skewness * skewness / 18.0 * (square * square + 2.0 * square - 3.0)
            - (square + 3.0) / 4.0;
        confidence + 100.0 * 2.0 * z * second * density / rounds
    }
}

/// A spin's win in bets and its free games, with their probability.
type Weighed = (f64, f64, f64);

#[allow(clippy::cast_precision_loss, reason = "wins of real games are far below 2^53 bets")]
fn weighed(spins: &SpinDistribution) -> Vec<Weighed> {
    // Digits of any number read as a float.
    let float = |number: &dyn ToString| number.to_string().parse::<f64>().unwrap_or(f64::NAN);
    let cycle = float(&spins.cycle);
    let spins = spins.ways.iter();
    spins.map(|(gain, ways)| (gain.win as f64, f64::from(gain.free_games), float(ways) / cycle)).collect()
}

/// What one awarded free game comes to with all that it brings about: `T = x + T₁ + … + T_a`. By the law of total
/// cumulance each cumulant of it is what those before it make of the right side, plus `E a` times itself.
fn awarded(free: &[Weighed]) -> Cumulants {
    let again: f64 = free.iter().map(|(_, games, probability)| games * probability).sum();
    let mut each = Cumulants::default();
    for order in 0..4 {
        each.0[order] = compound(free, each).0[order] / (1.0 - again);
    }
    each
}

/// The cumulants of a spin's win with those of independent copies of `each`, one for every free game.
fn compound(spins: &[Weighed], each: Cumulants) -> Cumulants {
    let mut raw = [0.0; 4];
    for (win, games, probability) in spins {
        let [mean, variance, third, fourth] = each.0.map(|cumulant| cumulant * games);
        let mean = mean + win;
        // The moments about zero of a sum whose cumulants are these.
        let given = [
            mean,
            variance + mean.powi(2),
            third + 3.0 * mean * variance + mean.powi(3),
            fourth + 4.0 * mean * third + 3.0 * variance.powi(2) + 6.0 * mean.powi(2) * variance + mean.powi(4),
        ];
        raw.iter_mut().zip(given).for_each(|(sum, moment)| *sum += probability * moment);
    }
    let [first, second, third, fourth] = raw;
    let variance = second - first.powi(2);
    let central_third = third - 3.0 * first * second + 2.0 * first.powi(3);
    let central_fourth = fourth - 4.0 * first * third + 6.0 * first.powi(2) * second - 3.0 * first.powi(4);
    Cumulants([first, variance, central_third, central_fourth - 3.0 * variance.powi(2)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(value: f64, expected: f64) {
        assert!((value - expected).abs() < 1e-9 * expected.abs().max(1.0), "{value} is not {expected}");
    }

    /// A free game that wins one bet and brings another one with probability 0.4 is a geometric sum.
    #[test]
    fn a_chain_of_free_games_has_the_cumulants_of_a_geometric_distribution() {
        let (go, end): (f64, f64) = (0.4, 0.6);
        let each = awarded(&[(1.0, 0.0, end), (1.0, 1.0, go)]);
        near(each.0[0], 1.0 / end);
        near(each.0[1], go / end.powi(2));
        near(each.skewness(), (1.0 + go) / go.sqrt());
        near(each.excess(), 6.0 + end.powi(2) / go);
    }

    #[test]
    fn a_spin_alone_has_its_own_cumulants() {
        // A fair coin: no skew, and an excess kurtosis of -2.
        let coin = compound(&[(0.0, 0.0, 0.5), (2.0, 0.0, 0.5)], Cumulants::default());
        near(coin.0[0], 1.0);
        near(coin.0[1], 1.0);
        near(coin.skewness(), 0.0);
        near(coin.excess(), -2.0);
    }

    #[test]
    fn skew_narrows_what_an_interval_holds_and_rounds_mend_it() {
        let skewed = Cumulants([1.0, 1.0, 30.0, 2000.0]);
        let few = skewed.coverage(99.0, 2.575_829, 10_000.0);
        let many = skewed.coverage(99.0, 2.575_829, 20_000_000.0);
        assert!(few < 99.0 && many < 99.0 && few < many && many > 98.99, "{few} {many}");
        // (2000/12 · 3.6349 - 900/18 · 54.29 - 2.4087) · 2 · 2.575829 · 0.0144598 / 10^4, in percent.
        assert!((few - (99.0 - 1.572_65)).abs() < 2e-3, "{few}");
    }
}
