//! What a tally says beside the exact figures: return, hit rate and volatility, with intervals and z scores.

use serde::Serialize;

use super::PlayTally;
use crate::observation::{HitReport, Observed, RtpReport};
use crate::simulation::statistics::{Interval, Mean, NORMAL};

/// What a tally says of the game. Statistics are floats; the counts and sums that they come from are exact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Figures {
    /// What settled rounds returned of a stake, every round alike.
    pub rtp: RtpFigures,
    /// Payouts over stakes, in money; none before the first stake. It weighs rounds by their stake, and counts rounds
    /// that are still open.
    pub payback: Option<f64>,
    /// How often a paid spin wins something by itself.
    pub hit_rate: HitReport,
    /// How far the results of rounds spread.
    pub volatility: Volatility,
}

/// The return to player.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RtpFigures {
    /// The observed one against the exact one.
    #[serde(flatten)]
    pub test: RtpReport,
    /// The intervals around the observed one, from the spread of the rounds themselves; none before two rounds.
    pub intervals: Vec<Interval>,
}

/// How far the results of rounds spread, in stakes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Volatility {
    /// The standard deviation of a round; none before two rounds.
    pub observed: Option<f64>,
    /// That of the profile; none while it has none.
    pub expected: Option<f64>,
    /// The observed one times 1.645: the volatility index at 90 %.
    pub index: Option<f64>,
}

impl Figures {
    /// What a tally of the game says.
    #[must_use]
    pub fn of(game: &Observed, play: &PlayTally) -> Self {
        let mean = Mean::new(play.rounds, play.returned, play.squares, game.bets().into());
        let mean = mean.filter(|mean| mean.deviation.is_finite());
        let observed = mean.map(|mean| mean.deviation);
        let wagered = play.wagered.to_f64();
        Self {
            rtp: RtpFigures {
                test: game.rtp(play.rounds, play.returned),
                intervals: mean.map(|mean| mean.intervals().into()).unwrap_or_default(),
            },
            payback: (wagered > 0.0).then(|| play.won.to_f64() / wagered),
            hit_rate: game.hit_rate(play.hits, play.spins),
            volatility: Volatility {
                observed,
                expected: game.deviation(),
                index: observed.map(|deviation| deviation * NORMAL[0].1),
            },
        }
    }
}
