//! The statistical profile: a game's figures, computed from its definition and nothing else.
//!
//! Every figure is exact: combinations of stops are counted in whole numbers and divided as fractions,
//! never added up as floats. The file `spins` counts them, `round` has the formulas of rounds.

mod budget;
mod compare;
mod contributions;
mod document;
mod figure;
mod gain;
mod hash;
mod machine;
mod model;
mod report;
mod round;
mod simulated;
mod spins;

use std::num::NonZeroUsize;

use num_rational::BigRational;
use num_traits::{One as _, Zero as _};

use super::definition::{Definition, Mode};
use contributions::Contribution;
use figure::{figure, fraction};
use model::{ModeModel, Model};

pub use budget::{Budget, Monitor, NotCounted};
pub use document::{
    Contributions, Cycle, FreeGamesProfile, Frequency, MaxWin, MaxWins, Method, PROFILE_VERSION, RetriggerSeries,
    RoundProfile, Rtp, StatisticalProfile, SymbolContribution, VolatilityIndex, WinBucket, WinDistribution,
};
pub use figure::{Amount, Figure};
pub use gain::{SpinDistribution, SpinGain};
pub use round::{Moments, RoundMoments, round_moments};
pub use simulated::{RtpInterval, SimulatedRounds, SimulationSource, simulated_profile};

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
    let _ = monitor;
    let Some(model) = Model::of(definition) else {
        let reason = "exact figures are computed for games of plain lines on strips only, so far";
        return Computed::Partial(Box::new(unavailable(reason)), reason);
    };
    let profile = Box::new(exact(&model, threads, budget));
    if profile.round.is_some() { Computed::Whole(profile) } else { Computed::Partial(profile, "the distribution") }
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
    let model = Model::of(definition).ok_or(NotCounted::OverBudget("a game of more than plain lines"))?;
    spins::distribution(&model.mode(mode), threads, budget)
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

fn exact(model: &Model, threads: NonZeroUsize, budget: Budget) -> StatisticalProfile {
    let base = Counted::of(model.mode(Mode::Base), threads, budget);
    // Whoever waits for this does not wait for a second count when the first one was too much.
    let left = if base.spins.is_some() { budget } else { Budget::SPENT };
    let free = model.free.as_ref().map(|_| Counted::of(model.mode(Mode::Free), threads, left));
    let mut from_free_games = BigRational::zero();
    let mut free_games = None;
    if let Some(free) = &free {
        let (awarded, again) = (contributions::awarded(&base.mode), contributions::awarded(&free.mode));
        // Every awarded game brings `again` more, each of those as many: 1 + again + again² + … in all.
        // The parser has made sure that `again` is below one.
        let with_further_games = free.total() / (BigRational::one() - &again);
        from_free_games = &awarded * &with_further_games;
        free_games = Some(FreeGamesProfile {
            rtp: figure(&with_further_games),
            awarded_per_spin: fraction(&awarded),
            awarded_per_free_game: fraction(&again),
            trigger: base.spins.as_ref().map(|spins| report::frequency(spins, |gain| gain.free_games > 0)),
            retrigger: free.spins.as_ref().map(|spins| report::frequency(spins, |gain| gain.free_games > 0)),
            hit_frequency: free.spins.as_ref().map(|spins| report::frequency(spins, |gain| gain.win > 0)),
            per_trigger: report::both(&base, free).and_then(|(base, free)| report::series(base, free)),
        });
    }
    let (line, scatter) = (contributions::total(&base.lines), contributions::total(&base.scatters));
    let free_spins = free.as_ref().and_then(|free| free.spins.as_ref());
    let whole_rounds = base.spins.as_ref().filter(|_| free.is_some() == free_spins.is_some());
    StatisticalProfile {
        version: PROFILE_VERSION,
        method: Method::Exact,
        engine_version: ENGINE_VERSION,
        rtp: Some(Rtp {
            total: figure(&(&line + &scatter + &from_free_games)),
            line: Some(figure(&line)),
            scatter: Some(figure(&scatter)),
            base: None,
            free_games: figure(&from_free_games),
        }),
        cycle: Some(Cycle {
            base: base.mode.cycle().to_string(),
            free: free.as_ref().map(|free| free.mode.cycle().to_string()),
        }),
        free_games,
        hit_frequency: base.spins.as_ref().map(|spins| report::frequency(spins, |gain| gain.win > 0)),
        round: whole_rounds.map(|base| report::round(base, free_spins)),
        max_win: whole_rounds
            .map(|base| MaxWins { base: report::max_win(base), free: free_spins.map(report::max_win) }),
        win_distribution: base.spins.as_ref().map(report::win_distribution),
        contributions: Some(Contributions {
            base: report::contributions(&base),
            free: free.as_ref().map(report::contributions),
        }),
        simulation: None,
        not_computed: report::not_computed(&base, free.as_ref()),
    }
}

/// One mode, with what was counted of it.
struct Counted<'a> {
    mode: ModeModel<'a>,
    lines: Vec<Contribution>,
    scatters: Vec<Contribution>,
    /// None when it would have cost more than the budget.
    spins: Option<SpinDistribution>,
}

impl<'a> Counted<'a> {
    fn of(mode: ModeModel<'a>, threads: NonZeroUsize, budget: Budget) -> Self {
        let (lines, scatters) = (contributions::of_lines(&mode), contributions::of_scatters(&mode));
        let spins = spins::distribution(&mode, threads, budget).ok();
        Self { mode, lines, scatters, spins }
    }

    /// What a spin returns of the stake.
    fn total(&self) -> BigRational {
        contributions::total(&self.lines) + contributions::total(&self.scatters)
    }
}
