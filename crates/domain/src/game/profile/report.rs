//! The figures of the profile's document, from the counts.

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::document::{
    Frequency, MaxWin, RetriggerSeries, RoundProfile, SymbolContribution, WinBucket, WinDistribution,
};
use super::figure::{amount, figure, fraction, one_in, ratio, root};
use super::gain::{SpinDistribution, SpinGain};
use super::round::round_moments;
use super::simulated::volatility;
use super::{BUCKETS, Counted, MAX_LISTED_WINS};

pub(super) fn frequency(spins: &SpinDistribution, asked: impl Fn(&SpinGain) -> bool) -> Frequency {
    let ways = spins.ways_of(asked);
    let probability = share(&ways, &spins.cycle);
    Frequency { combinations: ways.to_string(), probability: figure(&probability), one_in: one_in(&probability) }
}

/// How many free games come of a paid spin that awards some; none in a game that never does.
pub(super) fn series(base: &SpinDistribution, free: &SpinDistribution) -> Option<RetriggerSeries> {
    let triggers = share(&base.ways_of(|gain| gain.free_games > 0), &base.cycle);
    if triggers.is_zero() {
        return None;
    }
    let of_round = round_moments(base, Some(free)).free_games;
    let again = free.mean(|gain| gain.free_games.into());
    let mean = &of_round.mean / &triggers;
    // Rounds without free games add nothing to the mean of the square.
    let square = (of_round.variance + &of_round.mean * &of_round.mean) / &triggers;
    Some(RetriggerSeries {
        first: amount(&(&mean * (BigRational::one() - &again))),
        ratio: amount(&again),
        variance: amount(&(square - &mean * &mean)),
        mean: amount(&mean),
    })
}

pub(super) fn round(base: &SpinDistribution, free: Option<&SpinDistribution>) -> RoundProfile {
    let moments = round_moments(base, free);
    let stake = BigInt::from(base.lines);
    let square = &stake * &stake;
    let variance = &moments.win.variance / &square;
    RoundProfile {
        mean: amount(&(&moments.win.mean / &stake)),
        standard_deviation: root(&variance),
        spin_variance: Some(amount(&(&moments.spin.variance / &square))),
        volatility_index: volatility(&variance),
        free_games_mean: amount(&moments.free_games.mean),
        variance: amount(&variance),
    }
}

pub(super) fn max_win(spins: &SpinDistribution) -> MaxWin {
    let most = spins.ways.keys().map(|gain| gain.win).max().unwrap_or(0);
    MaxWin {
        line_bets: most.to_string(),
        stakes: amount(&ratio(most.into(), spins.lines.into())),
        frequency: frequency(spins, |gain| gain.win == most),
    }
}

pub(super) fn win_distribution(spins: &SpinDistribution) -> WinDistribution {
    let wins = spins.wins();
    let bucket = |from: u32, below: Option<u32>, holds: &dyn Fn(u64) -> bool| {
        let held = wins.iter().filter(|(win, _)| holds(**win));
        let (ways, paid) = held
            .fold((BigUint::zero(), BigUint::zero()), |(ways, paid), (win, more)| (ways + more, paid + more * *win));
        WinBucket {
            from,
            below,
            combinations: ways.to_string(),
            probability: figure(&share(&ways, &spins.cycle)),
            rtp: Some(figure(&share(&paid, &(&spins.cycle * spins.lines)))),
        }
    };
    let mut buckets = vec![bucket(0, None, &|win| win == 0)];
    for (at, from) in BUCKETS.iter().enumerate() {
        let below = BUCKETS.get(at + 1).copied();
        let in_line_bets = |stakes: u32| u64::from(stakes) * u64::from(spins.lines);
        let holds =
            |win: u64| win > 0 && win >= in_line_bets(*from) && below.is_none_or(|below| win < in_line_bets(below));
        buckets.push(bucket(*from, below, &holds));
    }
    let listed = wins.iter().take(MAX_LISTED_WINS);
    WinDistribution {
        buckets,
        distinct: wins.len() as u64,
        wins: listed.map(|(win, ways)| (win.to_string(), ways.to_string())).collect(),
    }
}

/// How it begins to say that contributions were left out.
pub(super) const CONTRIBUTES: &str = "what each symbol contributes to";

/// The contributions of symbols on lines, on ways or in clusters, if they are known, and of scatters.
pub(super) fn contributions(counted: &Counted, symbols: &[String]) -> Option<Vec<SymbolContribution>> {
    let cycle = BigInt::from(counted.cycle());
    let all = counted.search.as_ref().ok()?.iter().chain(&counted.scatters);
    let read = all.map(|one| SymbolContribution {
        symbol: symbols.get(usize::from(one.symbol)).cloned().unwrap_or_default(),
        count: u32::try_from(one.count).unwrap_or(u32::MAX),
        combinations: whole_or_fraction(&(&one.times * &cycle)),
        probability: figure(&one.times),
        rtp: figure(&one.share),
        interval: None,
    });
    Some(read.collect())
}

/// A number of combinations: whole, but for one that is an average over lines or windows.
pub(super) fn whole_or_fraction(number: &BigRational) -> String {
    if number.is_integer() { number.to_integer().to_string() } else { fraction(number) }
}

/// Says what was left out.
pub(super) fn not_computed(base: &Counted, free: Option<&Counted>) -> Vec<String> {
    let mut gaps = Vec::new();
    for (name, mode) in [("paid spins", Some(base)), ("free games", free)] {
        let Some(mode) = mode else { continue };
        if let Err(reason) = &mode.spins {
            gaps.push(format!(
                "the distribution of {name}, and with it every figure of this profile that needs it, is {reason}"
            ));
        }
        if let Err(reason) = &mode.search {
            gaps.push(format!("{CONTRIBUTES} {name} is {reason}"));
        }
    }
    let distinct = base.spins.as_ref().map_or(0, |spins| spins.wins().len());
    if distinct > MAX_LISTED_WINS {
        gaps.push(format!("win_distribution lists the {MAX_LISTED_WINS} smallest of {distinct} different wins"));
    }
    gaps
}

fn share(some: &BigUint, all: &BigUint) -> BigRational {
    BigRational::new(BigInt::from(some.clone()), BigInt::from(all.clone()))
}
