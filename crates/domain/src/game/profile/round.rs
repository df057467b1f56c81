//! The mean and the variance of a whole paid round: a paid spin with all the free games that come of it.
//!
//! Let `(X, A)` be what a paid spin wins and how many free games it awards, and `(x, a)` the same of a
//! free game; both are exact distributions over a full cycle. Stops are drawn anew for every spin, so
//! the free games are independent of each other and of the spin that awarded them. Let `T` be what one
//! awarded free game comes to with all the free games that it brings about, directly or not:
//! `T = x + T₁ + … + T_a` with copies of `T`. By the laws of total expectation and total variance,
//! given `(x, a)`:
//!
//! ```text
//! E T   = E x + E a · E T               so  E T   = E x / (1 − E a)
//! Var T = E a · Var T + Var(x + a·E T)  so  Var T = Var(x + a·E T) / (1 − E a)
//! E R   = E X + E A · E T
//! Var R = E A · Var T + Var(X + A·E T)
//! ```
//!
//! for the round `R`. The spin's own win and its award are not independent, so the covariance in
//! `Var(X + A·E T)` counts. With `x = 1` this is the total progeny of a Galton–Watson process, whose
//! mean is `1/(1 − m)` and whose variance is `σ²/(1 − m)³`: T. E. Harris, "The Theory of Branching
//! Processes" (1963), chapter I. The parser has made sure that `E a` is at most 0.9.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::gain::SpinDistribution;

/// A mean and a variance, of whatever they are of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moments {
    /// The mean.
    pub mean: BigRational,
    /// The variance.
    pub variance: BigRational,
}

/// The moments of a game's rounds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundMoments {
    /// What a paid spin wins without its free games, in line bets.
    pub spin: Moments,
    /// What a whole round wins, in line bets.
    pub win: Moments,
    /// How many free games a whole round has.
    pub free_games: Moments,
    /// What one awarded free game wins with those that it brings about, in line bets; zero without free games.
    pub awarded: Moments,
}

/// First and second moments of a spin's win and award.
struct Raw {
    win: BigRational,
    award: BigRational,
    win_win: BigRational,
    win_award: BigRational,
    award_award: BigRational,
}

impl Raw {
    fn of(spins: &SpinDistribution) -> Self {
        let mut sums: [BigInt; 5] = std::array::from_fn(|_| BigInt::zero());
        for (gain, ways) in &spins.ways {
            let (win, award) = (u128::from(gain.win), u128::from(gain.free_games));
            // Below 10^18 · 10^18: each product fits 128 bits, times the ways it need not.
            for (sum, term) in sums.iter_mut().zip([win, award, win * win, win * award, award * award]) {
                *sum += BigInt::from(ways * term);
            }
        }
        let [win, award, win_win, win_award, award_award] =
            sums.map(|sum| BigRational::new(sum, BigInt::from(spins.cycle.clone())));
        Self { win, award, win_win, win_award, award_award }
    }

    /// The variance of `of_win` times the win, plus `each` for every free game awarded.
    fn variance(&self, of_win: &BigRational, each: &BigRational) -> BigRational {
        let mean = &self.win * of_win + &self.award * each;
        let two = BigRational::from_integer(BigInt::from(2));
        &self.win_win * of_win * of_win + &self.win_award * of_win * each * two + &self.award_award * each * each
            - &mean * &mean
    }
}

/// The moments of a round, from the distributions of a paid spin and of a free game.
#[must_use]
pub fn round_moments(base: &SpinDistribution, free: Option<&SpinDistribution>) -> RoundMoments {
    let (one, zero) = (BigRational::one(), BigRational::zero());
    let base = Raw::of(base);
    let (mut awarded, mut progeny) = (Moments::zero(), Moments::zero());
    if let Some(free) = free.map(Raw::of) {
        let kept = &one - &free.award;
        let mean = &free.win / &kept;
        awarded = Moments { variance: free.variance(&one, &mean) / &kept, mean };
        let mean = kept.recip();
        progeny = Moments { variance: free.variance(&zero, &mean) / &kept, mean };
    }
    let compound = |own: &BigRational, each: &Moments| Moments {
        mean: &base.win * own + &base.award * &each.mean,
        variance: &base.award * &each.variance + base.variance(own, &each.mean),
    };
    RoundMoments {
        spin: Moments { mean: base.win.clone(), variance: base.variance(&one, &zero) },
        win: compound(&one, &awarded),
        free_games: compound(&zero, &progeny),
        awarded,
    }
}

impl Moments {
    fn zero() -> Self {
        Self { mean: BigRational::zero(), variance: BigRational::zero() }
    }
}
