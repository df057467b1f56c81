//! The statistical profile: a game's figures, computed from its definition and nothing else.
//!
//! Figures are exact: combinations are counted in whole numbers and divided as fractions, never added up as
//! floats. The file `window` counts those of one window, `spins` and `tree` what follows from it, `round` has the formulas of
//! rounds. What costs too much is left out, and `simulated` makes a profile of simulated rounds instead.

mod budget;
mod columns;
mod compare;
mod contributions;
mod count;
mod document;
mod figure;
mod fractions;
mod gain;
mod hash;
mod machine;
mod meter;
mod model;
mod plan;
mod report;
mod round;
mod rules;
mod simulated;
mod spins;
mod tree;
mod window;

use std::num::NonZeroUsize;

use num_bigint::{BigInt, BigUint};
use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::definition::{Definition, Mode};
use contributions::Contribution;
use figure::{figure, fraction};
use meter::Meter;
use model::{Board, Model};

pub use budget::{Budget, Monitor, NotCounted};
pub use document::{
    Contributions, Cycle, FreeGamesProfile, Frequency, MaxWin, MaxWins, Method, PROFILE_VERSION, RetriggerSeries,
    RoundProfile, Rtp, StatisticalProfile, SymbolContribution, VolatilityIndex, WinBucket, WinDistribution,
};
pub use figure::{Amount, Figure};
pub(in crate::game) use figure::{decimal, rounded_root};
pub use gain::{SpinDistribution, SpinGain};
pub use round::{Moments, RoundMoments, round_moments};
pub use simulated::{
    RtpInterval, SimulatedRounds, SimulatedSources, SimulatedSum, SimulatedWin, SimulationSource, SourceIntervals,
    simulated_profile,
};

/// The version of the engine's mathematics: raised whenever a figure or a draw could come out differently.
pub const ENGINE_VERSION: u32 = 1;

/// The most wins that a profile lists one by one.
pub const MAX_LISTED_WINS: usize = 1000;

/// Confidence in percent, and the two-sided quantile of the normal distribution in millionths.
const QUANTILES: [(u32, u32); 3] = [(90, 1_644_854), (95, 1_959_964), (99, 2_575_829)];

/// Where the buckets of wins begin, in stakes; before them the bucket of nothing.
const BUCKETS: [u32; 11] = [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];

/// What came of computing a profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Computed {
    /// A profile that has every figure.
    Whole(Box<StatisticalProfile>),
    /// A profile without the figures that cost more than the budget, and the first thing that did. Its `rtp` may be
    /// missing: then its method is [`Method::Unavailable`].
    Partial(Box<StatisticalProfile>, &'static str),
    /// The monitor did not want any.
    Cancelled,
}

/// Computes the profile of a game, on up to as many threads as given: the same on every machine, whatever their number.
///
/// What costs more than the budget is left out, and `not_computed` says so. A game that comes out of
/// [`Budget::BACKGROUND`] without its `rtp` or `round` is one for [`simulated_profile`].
#[must_use]
pub fn compute(definition: &Definition, threads: NonZeroUsize, budget: Budget, monitor: &dyn Monitor) -> Computed {
    match exact(definition, threads, budget, monitor) {
        Err(NotCounted::Cancelled) => Computed::Cancelled,
        Err(NotCounted::OverBudget(reason)) => Computed::Partial(Box::new(unavailable(reason)), reason),
        Ok(Counts { profile, over: None }) => Computed::Whole(Box::new(profile)),
        Ok(Counts { profile, over: Some(reason) }) => Computed::Partial(Box::new(profile), reason),
    }
}

/// Computes the profile of a game within [`Budget::REQUEST`].
#[must_use]
pub fn profile(definition: &Definition) -> StatisticalProfile {
    profile_within(definition, NonZeroUsize::MIN, Budget::REQUEST)
}

/// Computes the profile of a game as [`compute`] does, watched by nobody.
#[must_use]
pub fn profile_within(definition: &Definition, threads: NonZeroUsize, budget: Budget) -> StatisticalProfile {
    match compute(definition, threads, budget, &()) {
        Computed::Whole(profile) | Computed::Partial(profile, _) => *profile,
        Computed::Cancelled => unavailable("the count was cancelled"),
    }
}

/// Counts what all combinations of stops of a mode come to, on up to as many threads as given: the
/// same integers as a loop over all stops. A game without free games has the cycle of its paid spins
/// in [`Mode::Free`], with no free games awarded.
///
/// # Errors
/// [`NotCounted::OverBudget`], for the same games on every machine and whatever the number of threads.
pub fn spin_distribution(
    definition: &Definition,
    mode: Mode,
    threads: NonZeroUsize,
    budget: Budget,
) -> Result<SpinDistribution, NotCounted> {
    let (board, meter) = (Model::of(definition).mode(mode), Meter::new(budget, &()));
    if board.cascades == 0 {
        spins::distribution(&board, threads, &meter)
    } else {
        tree::distribution(definition, mode, &board, threads, &meter).map(|(spins, _)| spins)
    }
}

/// The profile of a game that no figure is computed of.
fn unavailable(reason: &str) -> StatisticalProfile {
    StatisticalProfile {
        version: PROFILE_VERSION,
        method: Method::Unavailable,
        engine_version: ENGINE_VERSION,
        rtp: None,
        cycle: None,
        free_games: None,
        hit_frequency: None,
        round: None,
        max_win: None,
        win_distribution: None,
        contributions: None,
        simulation: None,
        not_computed: vec![reason.to_owned()],
    }
}

/// What is known of one mode.
struct Counted {
    board: Board,
    /// What symbols contribute on lines, on ways or in clusters.
    search: Result<Vec<Contribution>, NotCounted>,
    scatters: Vec<Contribution>,
    spins: Result<SpinDistribution, NotCounted>,
    /// What scatters alone come to, which costs little.
    of_scatters: Option<SpinDistribution>,
}

/// How a profile is counted.
struct Counting<'a> {
    definition: &'a Definition,
    threads: NonZeroUsize,
    budget: Budget,
    monitor: &'a dyn Monitor,
}

impl Counting<'_> {
    /// Counts a mode, its distribution within what is left of the budget.
    fn count(&self, mode: Mode, board: Board, left: Budget) -> Result<Counted, NotCounted> {
        let scatters = contributions::of_scatters(&board)?;
        let meter = Meter::new(left, self.monitor);
        let (search, spins) = if board.cascades == 0 {
            // These cost little, so that they are there when the distribution is not.
            let search = contributions::of_search(&board, &Meter::new(self.budget.at_least_a_request(), self.monitor));
            (search, spins::distribution(&board, self.threads, &meter))
        } else {
            let spins = tree::distribution(self.definition, mode, &board, self.threads, &meter);
            (spins.as_ref().map(|(_, search)| search.clone()).map_err(|error| *error), spins.map(|(spins, _)| spins))
        };
        match spins {
            Err(NotCounted::Cancelled) => Err(NotCounted::Cancelled),
            spins => {
                let alone = spins.is_err().then(|| board.of_scatters());
                let count = |board| spins::distribution(&board, self.threads, &Meter::new(Budget::REQUEST, &())).ok();
                Ok(Counted { board, search, scatters, spins, of_scatters: alone.and_then(count) })
            }
        }
    }
}

impl Counted {
    /// What a spin returns of the stake but for its scatters; none when nothing tells.
    fn search_total(&self) -> Option<BigRational> {
        if let Ok(search) = &self.search {
            return Some(contributions::total(search));
        }
        let spins = self.spins.as_ref().ok()?;
        Some(spins.mean(|gain| gain.win) / BigInt::from(spins.lines) - self.scatter_total())
    }

    /// A distribution that has the free games awarded, whatever it has of the wins.
    fn awards(&self) -> Option<&SpinDistribution> {
        self.spins.as_ref().ok().or(self.of_scatters.as_ref())
    }

    fn scatter_total(&self) -> BigRational {
        contributions::total(&self.scatters)
    }

    fn frequency(&self, asked: impl Fn(&SpinGain) -> bool) -> Option<Frequency> {
        self.spins.as_ref().ok().map(|spins| report::frequency(spins, asked))
    }

    const fn over_budget(&self) -> Option<&'static str> {
        match &self.spins {
            Err(NotCounted::OverBudget(reason)) => Some(reason),
            _ => None,
        }
    }

    fn cycle(&self) -> BigUint {
        self.spins.as_ref().map_or_else(|_| spins::cycle_of(&self.board), |spins| spins.cycle.clone())
    }
}

/// A profile, and what cost too much for it.
struct Counts {
    profile: StatisticalProfile,
    over: Option<&'static str>,
}

/// The profile, without the figures that cost too much.
fn exact(
    definition: &Definition,
    threads: NonZeroUsize,
    budget: Budget,
    monitor: &dyn Monitor,
) -> Result<Counts, NotCounted> {
    let model = Model::of(definition);
    let counting = Counting { definition, threads, budget, monitor };
    let base = counting.count(Mode::Base, model.mode(Mode::Base), budget)?;
    // Whoever waits for this does not wait for a second count when the first one was too much.
    let left = if base.spins.is_ok() { budget } else { Budget::SPENT };
    let free = model.free.as_ref().map(|board| counting.count(Mode::Free, board.clone(), left));
    let free = free.transpose()?;
    let free_games = free.as_ref().map(|free| free_games(&base, free)).transpose()?;
    let free_spins = free.as_ref().and_then(|free| free.spins.as_ref().ok());
    let rounds = base.spins.as_ref().ok().filter(|_| free.is_some() == free_spins.is_some());
    let rtp = rtp(&base, free.as_ref())?;
    let over = base.over_budget().or_else(|| free.as_ref().and_then(Counted::over_budget));
    let profile = StatisticalProfile {
        version: PROFILE_VERSION,
        method: if rtp.is_some() { Method::Exact } else { Method::Unavailable },
        engine_version: ENGINE_VERSION,
        rtp,
        cycle: Some(Cycle { base: base.cycle().to_string(), free: free.as_ref().map(|free| free.cycle().to_string()) }),
        free_games,
        hit_frequency: base.frequency(|gain| gain.win > 0),
        round: rounds.map(|base| report::round(base, free_spins)),
        max_win: rounds.map(|base| MaxWins { base: report::max_win(base), free: free_spins.map(report::max_win) }),
        win_distribution: base.spins.as_ref().ok().map(report::win_distribution),
        contributions: report::contributions(&base, &model.symbols).map(|of_base| Contributions {
            base: of_base,
            free: free.as_ref().and_then(|free| report::contributions(free, &model.symbols)),
        }),
        simulation: None,
        not_computed: report::not_computed(&base, free.as_ref()),
    };
    Ok(Counts { profile, over })
}

/// The RTP by source, if it is known.
fn rtp(base: &Counted, free: Option<&Counted>) -> Result<Option<Rtp>, NotCounted> {
    let Some(line) = base.search_total() else { return Ok(None) };
    let scatter = base.scatter_total();
    let from_free_games = match free {
        None => BigRational::zero(),
        Some(free) => {
            let Some(each) = of_awarded_game(free)? else { return Ok(None) };
            contributions::awarded(&base.board)? * each
        }
    };
    Ok(Some(Rtp {
        total: figure(&(&line + &scatter + &from_free_games)),
        line: Some(figure(&line)),
        scatter: Some(figure(&scatter)),
        base: None,
        free_games: figure(&from_free_games),
    }))
}

/// What one awarded free game returns with those that it brings about.
///
/// Every one brings `again` more, each of those as many: 1 + again + again² + … in all. The parser has made sure
/// that `again` is below one.
fn of_awarded_game(free: &Counted) -> Result<Option<BigRational>, NotCounted> {
    let again = contributions::awarded(&free.board)?;
    Ok(free.search_total().map(|search| (search + free.scatter_total()) / (BigRational::one() - again)))
}

fn free_games(base: &Counted, free: &Counted) -> Result<FreeGamesProfile, NotCounted> {
    let awards = |spins: &SpinDistribution| report::frequency(spins, |gain| gain.free_games > 0);
    Ok(FreeGamesProfile {
        rtp: of_awarded_game(free)?.as_ref().map(figure),
        awarded_per_spin: fraction(&contributions::awarded(&base.board)?),
        awarded_per_free_game: fraction(&contributions::awarded(&free.board)?),
        trigger: base.awards().map(awards),
        retrigger: free.awards().map(awards),
        hit_frequency: free.frequency(|gain| gain.win > 0),
        per_trigger: base.awards().zip(free.awards()).and_then(|(base, free)| report::series(base, free)),
    })
}
