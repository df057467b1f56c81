//! What the bodies of games and of sessions share: what play came to, and what that says.

use reelhouse_domain::analytics::{Figures, PlayTally, RtpFigures, Total, Volatility};
use reelhouse_domain::observation::HitReport;
use reelhouse_domain::simulation::statistics::Interval;
use serde::Serialize;
use utoipa::ToSchema;

use crate::simulations::report::{IntervalBody, ShareBody};

/// A sum of test credits: a string of four decimals, with a minus where it is below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CreditSum, value_type = String, pattern = r"^-?(0|[1-9][0-9]*)\.[0-9]{4}$", examples("12.5000"))]
#[serde(transparent)]
pub(super) struct CreditSum(pub(super) Total);

/// What play came to: sums over events.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlayTotals)]
pub(super) struct PlayBody {
    /// Events of every kind.
    events: u64,
    /// Events that were archived before anybody counted them; the other figures lack them.
    missed: u64,
    /// Sessions that began.
    sessions: u64,
    /// Paid spins.
    spins: u64,
    /// Paid spins that won something by themselves.
    hits: u64,
    /// Free games.
    free_games: u64,
    /// Demo spins of probes; nothing else of a probe but its fee is counted here.
    probe_spins: u64,
    /// Settled rounds: paid spins with their free games.
    rounds: u64,
    /// Settled rounds that paid anything.
    won_rounds: u64,
    /// Stakes played.
    wagered: CreditSum,
    /// Payouts.
    won: CreditSum,
    /// Fees.
    fees: CreditSum,
    /// Stakes and fees.
    spend: CreditSum,
    /// Payouts less stakes and fees.
    net: CreditSum,
}

impl From<&PlayTally> for PlayBody {
    fn from(play: &PlayTally) -> Self {
        Self {
            events: play.events,
            missed: play.missed,
            sessions: play.sessions,
            spins: play.spins,
            hits: play.hits,
            free_games: play.free_games,
            probe_spins: play.probe_spins,
            rounds: play.rounds,
            won_rounds: play.won_rounds,
            wagered: CreditSum(play.wagered),
            won: CreditSum(play.won),
            fees: CreditSum(play.fees),
            spend: CreditSum(play.spend()),
            net: CreditSum(play.net()),
        }
    }
}

/// What counts say of the game, beside what its profile says. RTP and rates are parts of 1; what cannot be told yet is
/// null. A p-value is the probability that an honest game is at least so far off.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AnalyticsFigures)]
pub(super) struct FiguresBody {
    /// What settled rounds returned of a stake, every round alike.
    rtp: RtpBody,
    /// Payouts over stakes, in money; rounds that are still open are in it.
    #[schema(required)]
    payback: Option<f64>,
    /// Paid spins that won something by themselves.
    hit_rate: HitBody,
    /// How far the results of rounds spread.
    volatility: VolatilityBody,
}

/// An observed RTP beside the exact one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ObservedRtp)]
struct RtpBody {
    /// Settled rounds.
    rounds: u64,
    /// What they returned of a stake on average.
    #[schema(required)]
    observed: Option<f64>,
    /// That of the profile.
    #[schema(required)]
    expected: Option<f64>,
    /// The standard deviation of the observed one, by the profile.
    #[schema(required)]
    standard_error: Option<f64>,
    /// How many standard errors the observed one lies off.
    #[schema(required)]
    z: Option<f64>,
    /// The p-value of that.
    #[schema(required)]
    p_value: Option<f64>,
    /// The intervals of 90, 95 and 99 % around the observed one, by the spread of the rounds themselves; none before
    /// two rounds.
    intervals: Vec<IntervalBody>,
    /// In which bounds the observed one lies at 90, 95 and 99 %, around the expected one; none without a profile.
    bands: Vec<IntervalBody>,
}

/// An observed hit rate beside the exact one.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ObservedHitRate)]
struct HitBody {
    /// The hits and the paid spins, with Wilson's intervals.
    observed: ShareBody,
    /// That of the profile.
    #[schema(required)]
    expected: Option<f64>,
    /// How many standard errors the observed one lies off.
    #[schema(required)]
    z: Option<f64>,
    /// The p-value of that.
    #[schema(required)]
    p_value: Option<f64>,
}

/// How far the results of rounds spread, in stakes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ObservedVolatility)]
struct VolatilityBody {
    /// The standard deviation of a round; null before two rounds.
    #[schema(required)]
    observed: Option<f64>,
    /// That of the profile.
    #[schema(required)]
    expected: Option<f64>,
    /// The observed one times 1.645: the volatility index at 90 %.
    #[schema(required)]
    index: Option<f64>,
}

fn intervals(intervals: Vec<Interval>) -> Vec<IntervalBody> {
    intervals.into_iter().map(IntervalBody::from).collect()
}

impl From<Figures> for FiguresBody {
    fn from(figures: Figures) -> Self {
        let Figures { rtp, payback, hit_rate, volatility } = figures;
        let RtpFigures { test, intervals: around } = rtp;
        let HitReport { observed, expected, z, p_value } = hit_rate;
        let Volatility { observed: deviation, expected: exact_deviation, index } = volatility;
        Self {
            rtp: RtpBody {
                rounds: test.rounds,
                observed: test.observed,
                expected: test.expected,
                standard_error: test.standard_error,
                z: test.z,
                p_value: test.p_value,
                intervals: intervals(around),
                bands: intervals(test.bands),
            },
            payback,
            hit_rate: HitBody { observed: observed.into(), expected, z, p_value },
            volatility: VolatilityBody { observed: deviation, expected: exact_deviation, index },
        }
    }
}
