//! The bodies of simulations.

use reelhouse_application::{JobView, PlayerDraft, SimulationDraft};
use reelhouse_domain::GameId;
use reelhouse_domain::job::{Failure, JobRequest, JobState, Progress};
use reelhouse_domain::simulation::{Behavior, MAX_ROUNDS, MAX_SESSION_ROUNDS, SimulationPlan};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::report::{IntervalBody, ReportBody};
use crate::common::{Amount, Instant};
use crate::fields::{Fields, expected};
use crate::problem::{Code, Problem};

/// The largest seed: every JSON reader holds such a number.
const MAX_SEED: u64 = (1 << 53) - 1;

/// The fields that say more of a player.
const PLAYER: [&str; 3] = ["starting_balance", "session_rounds", "max_bet"];

/// A simulation to be queued.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewSimulation)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSimulationBody {
    /// The game to simulate. It need not have its profile yet.
    game_id: Uuid,
    /// How many rounds at most. A round is a paid spin with all its free games. With a player it is the
    /// rounds that the sessions would have if none ended early.
    #[schema(minimum = 1, maximum = 10_000_000_000_u64)]
    rounds: u64,
    /// The seed of the generator: the same request with the same seed finds the same. Where there is none,
    /// one is drawn, and the answer tells it.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    seed: Option<u64>,
    /// The stake of a round, a multiple of the game's unit bet. With a player the lowest one.
    stake: Amount,
    /// Stop at the first block of some 262144 rounds after which the 95 % interval of the RTP reaches no
    /// further than this to either side, as a part of the stake: 0.001 is a tenth of a percent.
    #[schema(exclusive_minimum = 0.0, maximum = 1.0)]
    half_width: Option<f64>,
    /// Whose bankroll to follow: nobody's where it is left off.
    behavior: Option<BehaviorName>,
    /// With a behavior, the balance at the start of every session; 100 stakes where it is left off.
    starting_balance: Option<Amount>,
    /// With a behavior, after how many rounds a session ends that was not ruined before; 1000 where it is
    /// left off.
    #[schema(minimum = 1, maximum = 1_000_000)]
    session_rounds: Option<u64>,
    /// With a behavior, the largest stake, where it is not the game's own.
    max_bet: Option<Amount>,
}

/// How a player chooses stakes: the lowest always (`conservative`), twice the last one after a loss
/// (`aggressive`), a hundredth of the balance (`adaptive`), or one to eight times the lowest (`random`).
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = BettingBehavior)]
#[serde(rename_all = "lowercase")]
pub(crate) enum BehaviorName {
    Conservative,
    Aggressive,
    Adaptive,
    Random,
}

impl From<Behavior> for BehaviorName {
    fn from(behavior: Behavior) -> Self {
        match behavior {
            Behavior::Conservative => Self::Conservative,
            Behavior::Aggressive => Self::Aggressive,
            Behavior::Adaptive => Self::Adaptive,
            Behavior::Random => Self::Random,
        }
    }
}

impl From<BehaviorName> for Behavior {
    fn from(name: BehaviorName) -> Self {
        match name {
            BehaviorName::Conservative => Self::Conservative,
            BehaviorName::Aggressive => Self::Aggressive,
            BehaviorName::Adaptive => Self::Adaptive,
            BehaviorName::Random => Self::Random,
        }
    }
}

impl NewSimulationBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] = &[
        "game_id",
        "rounds",
        "seed",
        "stake",
        "half_width",
        "behavior",
        "starting_balance",
        "session_rounds",
        "max_bet",
    ];

    /// Reads the body; whether the plan fits the game is for the desk to say.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        let read = Self {
            game_id: body.id("game_id")?,
            rounds: body.number("rounds", 1, MAX_ROUNDS)?,
            seed: body.number_if_any("seed", 0, MAX_SEED)?,
            stake: Amount(body.amount("stake")?),
            half_width: body.share_if_any("half_width")?,
            behavior: body.optional("behavior").map(|value| read_behavior(&body, &value)).transpose()?,
            starting_balance: body.amount_if_any("starting_balance")?.map(Amount),
            session_rounds: body.number_if_any("session_rounds", 1, MAX_SESSION_ROUNDS)?,
            max_bet: body.amount_if_any("max_bet")?.map(Amount),
        };
        let given = [read.starting_balance.is_some(), read.session_rounds.is_some(), read.max_bet.is_some()];
        match PLAYER.iter().zip(given).find(|(_, given)| read.behavior.is_none() && *given) {
            Some((name, _)) => {
                Err(Problem::invalid_request(&body.pointer(name), "the field goes with a `behavior`, which is missing"))
            }
            None => Ok(read),
        }
    }
}

fn read_behavior(body: &Fields, value: &Value) -> Result<BehaviorName, Problem> {
    Ok(match value.as_str() {
        Some("conservative") => BehaviorName::Conservative,
        Some("aggressive") => BehaviorName::Aggressive,
        Some("adaptive") => BehaviorName::Adaptive,
        Some("random") => BehaviorName::Random,
        _ => {
            let names = "one of conservative, aggressive, adaptive, random";
            return Err(expected(&body.pointer("behavior"), names, value));
        }
    })
}

impl From<NewSimulationBody> for SimulationDraft {
    fn from(body: NewSimulationBody) -> Self {
        let money = |amount: Option<Amount>| amount.map(|Amount(money)| money);
        Self {
            game_id: GameId(body.game_id),
            rounds: body.rounds,
            seed: body.seed,
            stake: body.stake.0,
            half_width: body.half_width,
            player: body.behavior.map(|behavior| PlayerDraft {
                behavior: behavior.into(),
                starting_balance: money(body.starting_balance),
                session_rounds: body.session_rounds,
                max_bet: money(body.max_bet),
            }),
        }
    }
}

/// Where a job stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = JobState)]
#[serde(rename_all = "snake_case")]
pub(crate) enum JobStateName {
    Queued,
    Running,
    Completed,
    Failed,
    Cancelled,
}

impl From<JobState> for JobStateName {
    fn from(state: JobState) -> Self {
        match state {
            JobState::Queued => Self::Queued,
            JobState::Running => Self::Running,
            JobState::Completed => Self::Completed,
            JobState::Failed => Self::Failed,
            JobState::Cancelled => Self::Cancelled,
        }
    }
}

/// How far a job is.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobProgress)]
pub(crate) struct ProgressBody {
    /// How much is done: rounds of a simulation, steps of a count.
    done: u64,
    /// How much there is to do at most; null while nobody knows.
    total: Option<u64>,
    /// How much was done in a second, on average since the present worker began.
    per_second: Option<f64>,
    /// The return of the rounds so far, a part of 1.
    #[schema(example = 0.9572)]
    rtp: Option<f64>,
    /// Its intervals of 90, 95 and 99 %.
    rtp_intervals: Option<Vec<IntervalBody>>,
}

impl From<Progress> for ProgressBody {
    fn from(progress: Progress) -> Self {
        Self {
            done: progress.done,
            total: progress.total,
            per_second: progress.per_second,
            rtp: progress.rtp.map(|rtp| rtp.value),
            rtp_intervals: progress.rtp.map(|rtp| rtp.intervals.map(IntervalBody::from).into()),
        }
    }
}

/// Why a job failed.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = JobFailure)]
pub(crate) struct FailureBody {
    /// For people, a sentence.
    reason: String,
    /// Every figure of a declared profile that differs, with both values.
    #[schema(value_type = Vec<Object>)]
    faults: Value,
}

impl From<Failure> for FailureBody {
    fn from(failure: Failure) -> Self {
        Self { reason: failure.reason, faults: serde_json::json!(failure.faults) }
    }
}

/// A simulation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Simulation)]
pub(crate) struct SimulationBody {
    /// The simulation's id.
    simulation_id: Uuid,
    /// The game that is simulated.
    game_id: Uuid,
    /// Where it stands.
    state: JobStateName,
    /// How many rounds at most.
    rounds: u64,
    /// The seed of the generator.
    seed: u64,
    /// The stake of a round; with a player the lowest one.
    stake: Amount,
    /// The half-width of the 95 % interval at which it stops.
    half_width: Option<f64>,
    /// How the player chooses stakes.
    behavior: Option<BehaviorName>,
    /// The balance at the start of every session.
    starting_balance: Option<Amount>,
    /// After how many rounds a session ends.
    session_rounds: Option<u64>,
    /// The player's largest stake.
    max_bet: Option<Amount>,
    /// How far it is.
    progress: ProgressBody,
    /// What was found, once it is completed.
    report: Option<ReportBody>,
    /// Why it failed.
    failure: Option<FailureBody>,
    /// When it was queued.
    created_at: Instant,
    /// When it last changed.
    updated_at: Instant,
}

impl TryFrom<JobView> for SimulationBody {
    type Error = Problem;

    fn try_from(job: JobView) -> Result<Self, Problem> {
        let JobRequest::Simulation { plan } = job.request else {
            return Err(Problem::new(Code::Internal, "a job of another kind was taken for a simulation"));
        };
        let SimulationPlan { rounds, seed, stake, half_width, player } = plan;
        let player = player.as_ref();
        Ok(Self {
            simulation_id: job.job_id.0,
            game_id: job.game_id.0,
            state: job.state.into(),
            rounds,
            seed,
            stake: Amount(stake),
            half_width,
            behavior: player.map(|player| player.behavior.into()),
            starting_balance: player.map(|player| Amount(player.starting_balance)),
            session_rounds: player.map(|player| player.session_rounds),
            max_bet: player.and_then(|player| player.max_bet).map(Amount),
            progress: job.progress.into(),
            report: job.report.map(ReportBody::from),
            failure: job.failure.map(FailureBody::from),
            created_at: Instant(job.created_at),
            updated_at: Instant(job.updated_at),
        })
    }
}
