//! How often a simulation's interval holds the exact RTP: many seeds of the reference games.

use std::num::NonZeroUsize;

use anyhow::{Context as _, Result, ensure};
use reelhouse_domain::game::profile::{Budget, spin_distribution};
use reelhouse_domain::game::{Definition, Engine, Mode, profile, reference_games};
use reelhouse_domain::simulation::statistics::NORMAL;
use reelhouse_domain::simulation::{SimulationPlan, simulate};

use crate::notebook::say;
use crate::simulate::reference;
use crate::skew::Cumulants;

/// Options of the count.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Rounds of each simulation.
    #[arg(long, default_value_t = 20_000_000)]
    rounds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    first: u64,
    /// How many seeds, one after the other.
    #[arg(long, default_value_t = 100)]
    seeds: u32,
    /// Threads; the result is the same for any number.
    #[arg(long, default_value = "2")]
    threads: NonZeroUsize,
}

/// Counts for both reference games.
pub(crate) fn coverage(args: &Args) -> Result<()> {
    ensure!(args.seeds > 0 && args.rounds > 1, "there is nothing to count");
    let last = args.first.checked_add(u64::from(args.seeds) - 1).context("the last seed is too large")?;
    say!(
        "seeds {} to {last}, {} rounds each: intervals of the simulated RTP that hold the exact one\n",
        args.first,
        args.rounds
    );
    say!("| game | exact RTP | skewness | confidence | for its skew | held | expected | so few or fewer in |");
    say!("|------|----------:|---------:|-----------:|-------------:|-----:|---------:|-------------------:|");
    for game in reference_games() {
        let definition = reference(game.name, game.document)?;
        let exact = profile(&definition).rtp.context("the game has no exact RTP")?.total;
        let rtp = quotient(&exact.exact)?;
        let stake = Engine::compile(&definition).unit_bet();
        let round = cumulants(&definition, args.threads)?;
        let mut held = [0_u32; NORMAL.len()];
        for seed in args.first..=last {
            let plan = SimulationPlan { rounds: args.rounds, seed, stake, half_width: None, player: None };
            let report = simulate(&definition, &plan, None, args.threads, &())?.report.context("no rounds")?;
            for (held, interval) in held.iter_mut().zip(report.rtp_intervals) {
                *held += u32::from((interval.low..=interval.high).contains(&rtp));
            }
        }
        for ((confidence, z), held) in NORMAL.into_iter().zip(held) {
            let share = f64::from(confidence) / 100.0;
            #[allow(clippy::cast_precision_loss, reason = "nobody plays 2^53 rounds")]
            let coverage = round.coverage(f64::from(confidence), z, args.rounds as f64);
            say!(
                "| {} | {} % | {:.1} | {confidence} % | {coverage:.4} % | {held} | {:.0} | {:.1} % of such runs |",
                game.name,
                exact.percent,
                round.skewness(),
                share * f64::from(args.seeds),
                100.0 * at_most(held, args.seeds, share),
            );
        }
    }
    Ok(())
}

/// The cumulants of a game's rounds.
fn cumulants(definition: &Definition, threads: NonZeroUsize) -> Result<Cumulants> {
    let count = |mode| spin_distribution(definition, mode, threads, Budget::BACKGROUND);
    let free = definition.symbol_map().free_games.is_some().then(|| count(Mode::Free)).transpose()?;
    Ok(Cumulants::of_round(&count(Mode::Base)?, free.as_ref()))
}

/// The fraction `n/d` as a number.
fn quotient(fraction: &str) -> Result<f64> {
    let (numerator, denominator) = fraction.split_once('/').context("a fraction was expected")?;
    Ok(numerator.parse::<f64>()? / denominator.parse::<f64>()?)
}

/// The probability of at most `most` successes among `of` that succeed with probability `share` each.
fn at_most(most: u32, of: u32, share: f64) -> f64 {
    let mut ways = 1.0;
    let mut sum = 0.0;
    for successes in 0..=most.min(of) {
        let failures = i32::try_from(of - successes).unwrap_or(i32::MAX);
        sum += ways * share.powi(i32::try_from(successes).unwrap_or(i32::MAX)) * (1.0 - share).powi(failures);
        ways *= f64::from(of - successes) / f64::from(successes + 1);
    }
    sum.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binomial_tails_are_those_of_hand() {
        assert!((at_most(2, 2, 0.5) - 1.0).abs() < 1e-12);
        assert!((at_most(1, 2, 0.5) - 0.75).abs() < 1e-12);
        // 1 - 100·0.99^99·0.01 - 0.99^100.
        assert!((at_most(98, 100, 0.99) - 0.264_238).abs() < 1e-6);
        assert!((quotient("1/4").unwrap() - 0.25).abs() < 1e-12);
        assert!(quotient("0.25").is_err());
    }

    #[test]
    fn a_small_count_runs_and_an_empty_one_does_not() {
        let args = |seeds| Args { rounds: 2000, first: 1, seeds, threads: NonZeroUsize::MIN };
        coverage(&args(2)).unwrap();
        assert!(coverage(&args(0)).is_err());
    }
}
