//! The bodies of sessions, their events and their draws.

use reelhouse_application::{ActAnswer, PlayAnswer, SessionDraft, SessionView, WalletBrief};
use reelhouse_domain::session::{GameplayEvent, PlayerProfile, SessionMetrics, SessionState};
use reelhouse_domain::{GameId, WalletId};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

use super::fairness::{FairnessBody, SignedHeadBody};
use super::profile::PlayerProfileBody;
use crate::common::{Amount, DigestBody, Instant, SignedAmount};
use crate::fields::Fields;
use crate::problem::{Problem, ProblemBody};
use crate::rl::bodies::{ObservationBody, RewardName};

/// The largest training seed: every whole number up to it is the same in every JSON reader.
pub(crate) const MAX_TRAINING_SEED: u64 = (1 << 53) - 1;

/// A session to be opened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewSession)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSessionBody {
    /// The game to play.
    game_id: Uuid,
    /// The wallet to play from; absent or null for a session that starts `idle`.
    wallet_id: Option<Uuid>,
    /// Who plays.
    player_profile: Option<PlayerProfileBody>,
    /// The player's share in the draws, at most 256 bytes; absent for the session's id.
    #[schema(max_length = 256, examples("my lucky words"))]
    client_seed: Option<String>,
    /// What the session's events are worth: absent for `net`, the change of the balance.
    reward: Option<RewardName>,
    /// Makes it a training session, whose server seed is SHA-256 of `reelhouse training seed 1` and this
    /// number as 8 big-endian bytes, so that the same play gives the same outcomes. Such draws are not fair
    /// and are marked as `training` wherever they are shown. Absent for fair draws.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_u64)]
    training_seed: Option<u64>,
}

impl NewSessionBody {
    /// The fields of the body.
    pub(crate) const FIELDS: &[&str] =
        &["game_id", "wallet_id", "player_profile", "client_seed", "reward", "training_seed"];

    /// Reads the body.
    pub(crate) fn read(body: Fields) -> Result<Self, Problem> {
        let mut body = body.only(Self::FIELDS)?;
        Ok(Self {
            game_id: body.id("game_id")?,
            wallet_id: body.id_if_any("wallet_id")?,
            player_profile: PlayerProfileBody::read(&mut body, "player_profile")?,
            client_seed: body.text_if_any("client_seed")?,
            reward: RewardName::read(&mut body, "reward")?,
            training_seed: body.number_if_any("training_seed", 0, MAX_TRAINING_SEED)?,
        })
    }
}

impl From<NewSessionBody> for SessionDraft {
    fn from(body: NewSessionBody) -> Self {
        Self {
            game_id: GameId(body.game_id),
            wallet_id: body.wallet_id.map(WalletId),
            player_profile: body.player_profile.map(PlayerProfile::from).unwrap_or_default(),
            client_seed: body.client_seed,
            reward: body.reward.map(|name| name.0).unwrap_or_default(),
            training_seed: body.training_seed,
        }
    }
}

/// Where a session stands.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = SessionState)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StateName {
    /// No wallet is attached.
    Idle,
    /// A wallet is attached and the seed is committed to; nothing was played.
    Initialized,
    /// A stake is held.
    BetPlaced,
    /// At least one round is settled and no stake is held.
    Playing,
    /// A round is open with free games left.
    FreeGames,
    /// Held by an operator.
    Suspended,
    /// Cashed out or closed; the server seed is revealed.
    Completed,
    /// Left idle past its time-out.
    Expired,
}

impl From<SessionState> for StateName {
    fn from(state: SessionState) -> Self {
        match state {
            SessionState::Idle => Self::Idle,
            SessionState::Initialized => Self::Initialized,
            SessionState::BetPlaced => Self::BetPlaced,
            SessionState::Playing => Self::Playing,
            SessionState::FreeGames => Self::FreeGames,
            SessionState::Suspended => Self::Suspended,
            SessionState::Completed => Self::Completed,
            SessionState::Expired => Self::Expired,
        }
    }
}

/// Running counters of a session. A round is a paid spin with its free games.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionMetrics)]
pub(crate) struct MetricsBody {
    /// Paid spins.
    spins: u64,
    /// Free games played.
    free_games: u64,
    /// Demo spins of probes.
    probe_spins: u64,
    /// Rounds that paid anything.
    hits: u64,
    /// Stakes played, in test credits; a voided stake is not one.
    wagered: Amount,
    /// Payouts, in test credits.
    won: Amount,
    /// Fees, in test credits.
    fees: Amount,
    /// Payouts less stakes played and fees, in test credits, signed.
    net: SignedAmount,
    /// The largest payout of one round, in test credits.
    biggest_win: Amount,
    /// Rounds since the last one that paid.
    dry_run: u64,
    /// The longest run of rounds that paid nothing.
    longest_dry_run: u64,
    /// The highest balance that the session saw, in test credits; null before it saw one.
    #[schema(required)]
    balance_high: Option<Amount>,
    /// The lowest balance that the session saw, in test credits; null before it saw one.
    #[schema(required)]
    balance_low: Option<Amount>,
}

impl From<SessionMetrics> for MetricsBody {
    fn from(metrics: SessionMetrics) -> Self {
        Self {
            spins: metrics.spins,
            free_games: metrics.free_games,
            probe_spins: metrics.probe_spins,
            hits: metrics.hits,
            wagered: Amount(metrics.wagered),
            won: Amount(metrics.won),
            fees: Amount(metrics.fees),
            net: SignedAmount(metrics.net),
            biggest_win: Amount(metrics.biggest_win),
            dry_run: metrics.dry_run,
            longest_dry_run: metrics.longest_dry_run,
            balance_high: metrics.balance_high.map(Amount),
            balance_low: metrics.balance_low.map(Amount),
        }
    }
}

/// The held stake, or the round with free games left.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Round)]
pub(crate) struct RoundBody {
    /// The stake that is held or played, in test credits.
    stake: Amount,
    /// Free games left.
    free_games_left: u32,
    /// Free games played.
    free_games_played: u32,
    /// What the round has paid so far, in test credits.
    won: Amount,
}

/// A session: one player at one game.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session)]
pub(crate) struct SessionBody {
    /// The session's id.
    session_id: Uuid,
    /// The `play` key that it belongs to; null for a session of nobody in particular.
    #[schema(required)]
    owner: Option<Uuid>,
    /// The game that is played.
    game_id: Uuid,
    /// Who plays.
    player_profile: PlayerProfileBody,
    /// Where the session stands.
    state: StateName,
    /// The actions that a player may ask for now.
    #[schema(examples(json!(["bet", "spin", "probe", "rotate_seed", "cash_out"])))]
    allowed_actions: Vec<String>,
    /// Running counters.
    metrics: MetricsBody,
    /// The wallet in use; null while there is none.
    #[schema(required)]
    current_wallet_id: Option<Uuid>,
    /// The held stake, or the round with free games left; null between rounds.
    #[schema(required)]
    round: Option<RoundBody>,
    /// The public side of the draws.
    fairness: FairnessBody,
    /// What the session's events are worth.
    reward: RewardName,
    /// What the agent saw last, which the encoder of `GET /rl/spaces` makes floats of; null in the replay of
    /// an answer that is older than this field.
    #[schema(required)]
    observation: Option<ObservationBody>,
    /// The `seq` of the last event; 0 before the first.
    #[schema(minimum = 0)]
    last_seq: i64,
    /// The head of the hash chain of the session's events.
    chain_head: DigestBody,
    /// When the session was opened.
    created_at: Instant,
    /// When the session last changed.
    updated_at: Instant,
}

impl From<SessionView> for SessionBody {
    fn from(session: SessionView) -> Self {
        Self {
            session_id: session.session_id.0,
            owner: session.owner.map(|key| key.0),
            game_id: session.game_id.0,
            player_profile: session.player_profile.into(),
            state: session.state.into(),
            allowed_actions: session.allowed_actions,
            metrics: session.metrics.into(),
            current_wallet_id: session.current_wallet_id.map(|id| id.0),
            round: session.round.map(|round| RoundBody {
                stake: Amount(round.stake),
                free_games_left: round.free_games_left,
                free_games_played: round.free_games_played,
                won: Amount(round.won),
            }),
            fairness: session.fairness.into(),
            reward: RewardName(session.reward),
            observation: session.observation.map(ObservationBody::from),
            last_seq: session.last_seq,
            chain_head: DigestBody(session.chain_head),
            created_at: Instant(session.created_at),
            updated_at: Instant(session.updated_at),
        }
    }
}

/// One action of a session with its result, as recorded for good.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Event)]
pub(crate) struct EventBody {
    /// The event's id.
    event_id: Uuid,
    /// The session it belongs to.
    session_id: Uuid,
    /// The event's place in its session: 1, 2, 3 … without a gap.
    #[schema(minimum = 1)]
    seq: i64,
    /// What was asked for: a versioned document, such as `{"version":1,"type":"spin","amount":"1.0000"}`.
    #[schema(value_type = Object)]
    action: Value,
    /// What came of it: a versioned document. Of a spin: `stops`, `symbols` (one list per reel, top to
    /// bottom), `wins`, `stake`, `fee`, `payout`, `free_games`, `round`, `balance`.
    #[schema(value_type = Object)]
    result: Value,
    /// The reward of reinforcement learning, by the session's reward function; unless another was chosen, the
    /// change that the event made to the wallet's balance, in test credits.
    #[schema(example = -1.0)]
    reward: f64,
    /// When it happened.
    timestamp: Instant,
    /// SHA-256 of the previous event's hash followed by the canonical JSON of the other fields.
    hash: DigestBody,
}

impl From<GameplayEvent> for EventBody {
    fn from(event: GameplayEvent) -> Self {
        let body = event.body;
        Self {
            event_id: body.event_id.0,
            session_id: body.session_id.0,
            seq: body.seq,
            action: body.action,
            result: body.result,
            reward: body.reward,
            timestamp: Instant(body.timestamp),
            hash: DigestBody(event.hash),
        }
    }
}

/// The part of a wallet that an action changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WalletBrief)]
pub(crate) struct WalletBriefBody {
    /// The wallet's id.
    wallet_id: Uuid,
    /// What is there to be spent, in test credits.
    balance: Amount,
    /// Stakes and fees of the present day of the time zone, in test credits.
    spent_today: Amount,
}

impl From<WalletBrief> for WalletBriefBody {
    fn from(wallet: WalletBrief) -> Self {
        Self { wallet_id: wallet.wallet_id.0, balance: Amount(wallet.balance), spent_today: Amount(wallet.spent_today) }
    }
}

/// What an action came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActionAnswer)]
pub(crate) struct ActionAnswerBody {
    /// The event that was recorded.
    event: EventBody,
    /// The session after the action.
    session: SessionBody,
    /// Its wallet after the action; null without one.
    #[schema(required)]
    wallet: Option<WalletBriefBody>,
    /// The signed end of the session's chain, when the action ended it; else null. Who keeps it can prove
    /// that the record was not written anew since.
    #[schema(required)]
    head: Option<SignedHeadBody>,
}

impl From<ActAnswer> for ActionAnswerBody {
    fn from(answer: ActAnswer) -> Self {
        Self {
            event: answer.event.into(),
            session: answer.session.into(),
            wallet: answer.wallet.map(WalletBriefBody::from),
            head: answer.head.map(SignedHeadBody::from),
        }
    }
}

/// What a list of actions came to: it ends before the first action that was refused.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlayAnswer)]
pub(crate) struct PlayAnswerBody {
    /// The event of each action that was done, in their order. They are durable.
    #[schema(min_items = 1)]
    events: Vec<EventBody>,
    /// Why the action after those was refused; null when all were done. Nothing of it was done.
    #[schema(required)]
    refused: Option<ProblemBody>,
    /// How many actions after the refused one were not tried.
    not_tried: usize,
    /// The session after the last action that was done.
    session: SessionBody,
    /// Its wallet then; null without one.
    #[schema(required)]
    wallet: Option<WalletBriefBody>,
    /// The signed end of the session's chain, when one of the actions ended it; else null.
    #[schema(required)]
    head: Option<SignedHeadBody>,
}

impl From<PlayAnswer> for PlayAnswerBody {
    fn from(answer: PlayAnswer) -> Self {
        let index = answer.events.len();
        Self {
            events: answer.events.into_iter().map(EventBody::from).collect(),
            refused: answer.refused.map(|refusal| Problem::from(refusal).with("index", index).body()),
            not_tried: answer.not_tried,
            session: answer.session.into(),
            wallet: answer.wallet.map(WalletBriefBody::from),
            head: answer.head.map(SignedHeadBody::from),
        }
    }
}

/// What one action, or a list of them, came to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ActResponse)]
#[serde(untagged)]
pub(crate) enum ActAnswerBody {
    /// The answer to one action.
    One(Box<ActionAnswerBody>),
    /// The answer to a list.
    Many(Box<PlayAnswerBody>),
}

/// The running counters of a session.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricsAnswer)]
pub(crate) struct MetricsAnswerBody {
    /// The session's id.
    session_id: Uuid,
    /// Where the session stands.
    state: StateName,
    /// The counters.
    metrics: MetricsBody,
    /// When the session last changed.
    updated_at: Instant,
}

impl From<SessionView> for MetricsAnswerBody {
    fn from(session: SessionView) -> Self {
        Self {
            session_id: session.session_id.0,
            state: session.state.into(),
            metrics: session.metrics.into(),
            updated_at: Instant(session.updated_at),
        }
    }
}
