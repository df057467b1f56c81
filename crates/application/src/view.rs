//! What callers see of wallets and sessions: everything but the secrets.

use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Observation, PlayerProfile, Round, Session, SessionMetrics, SessionState};
use reelhouse_domain::time::millis_format;
use reelhouse_domain::wallet::{CostRate, Wallet};
use reelhouse_domain::{Digest, GameId, KeyId, Money, SessionId, Timestamp, WalletId};
use serde::{Deserialize, Serialize};

/// A wallet as callers see it at an instant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalletView {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// The key that it belongs to, if it belongs to any.
    #[serde(default)]
    pub owner: Option<KeyId>,
    /// What is there to be spent.
    pub balance: Money,
    /// The daily limit in force; none is no limit.
    pub daily_limit: Option<Money>,
    /// A higher limit that waits, and the instant from which it holds.
    pub pending_daily_limit: Option<(Money, Timestamp)>,
    /// Stakes and fees of the present day of the time zone.
    pub spent_today: Money,
    /// What play costs beside its stakes.
    pub cost_rate: CostRate,
    /// The IANA name of the time zone whose days the limit counts.
    pub time_zone: String,
    /// When the wallet was opened.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When the wallet last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

impl WalletView {
    /// The wallet as it stands at `now`.
    #[must_use]
    pub fn of(wallet: &Wallet, now: Timestamp) -> Self {
        let at = now.max(wallet.updated_at);
        Self {
            wallet_id: wallet.wallet_id,
            owner: wallet.owner,
            balance: wallet.balance,
            daily_limit: wallet.daily_limit.at(at),
            pending_daily_limit: wallet.daily_limit.raise.filter(|(_, from)| at < *from),
            spent_today: wallet.spent_today(at),
            cost_rate: wallet.cost_rate,
            time_zone: wallet.time_zone.name().to_owned(),
            created_at: wallet.created_at,
            updated_at: wallet.updated_at,
        }
    }
}

/// The part of a wallet that an action's answer shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WalletBrief {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// What is there to be spent.
    pub balance: Money,
    /// Stakes and fees of the present day of the time zone.
    pub spent_today: Money,
}

impl WalletBrief {
    /// The wallet as it stands at `now`.
    #[must_use]
    pub fn of(wallet: &Wallet, now: Timestamp) -> Self {
        Self { wallet_id: wallet.wallet_id, balance: wallet.balance, spent_today: wallet.spent_today(now) }
    }
}

/// The open round of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RoundView {
    /// The stake that is held or played.
    pub stake: Money,
    /// Free games left.
    pub free_games_left: u32,
    /// Free games played.
    pub free_games_played: u32,
    /// What the round has paid so far.
    pub won: Money,
}

impl From<Round> for RoundView {
    fn from(round: Round) -> Self {
        Self {
            stake: round.stake,
            free_games_left: round.free_games_left,
            free_games_played: round.free_games_played,
            won: round.won,
        }
    }
}

/// The public side of a session's draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FairnessView {
    /// SHA-256 of the server seed, published before the first draw.
    pub commitment: Digest,
    /// The player's seed.
    pub client_seed: String,
    /// How many rounds have been drawn for with this server seed.
    pub nonce: u64,
    /// The server seed in hexadecimal; only once the session has ended.
    pub server_seed: Option<String>,
    /// Whether the caller chose the server seed: then the draws are not fair.
    #[serde(default)]
    pub training: bool,
}

impl FairnessView {
    /// What may be shown of the session's draws now.
    #[must_use]
    pub fn of(session: &Session) -> Self {
        let fairness = &session.fairness;
        Self {
            commitment: fairness.server_seed.commitment(),
            client_seed: fairness.client_seed.clone(),
            nonce: fairness.nonce,
            server_seed: session.state.is_final().then(|| fairness.server_seed.reveal()),
            training: session.training,
        }
    }
}

/// A session as callers see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// The session's id.
    pub session_id: SessionId,
    /// The key that it belongs to, if it belongs to any.
    #[serde(default)]
    pub owner: Option<KeyId>,
    /// The game that is played.
    pub game_id: GameId,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// Where the session stands.
    pub state: SessionState,
    /// The actions that a player may ask for now.
    pub allowed_actions: Vec<String>,
    /// Running counters.
    pub metrics: SessionMetrics,
    /// The wallet in use.
    pub current_wallet_id: Option<WalletId>,
    /// The held stake, or the round with free games left.
    pub round: Option<RoundView>,
    /// The public side of the draws.
    pub fairness: FairnessView,
    /// What the session's events are worth.
    #[serde(default)]
    pub reward: Reward,
    /// What the agent saw last; none in an answer that was recorded before it was shown.
    #[serde(default)]
    pub observation: Option<Observation>,
    /// The `seq` of the last event; 0 before the first.
    pub last_seq: i64,
    /// The head of the hash chain of the session's events.
    pub chain_head: Digest,
    /// When the session was opened.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When the session last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

impl From<&Session> for SessionView {
    fn from(session: &Session) -> Self {
        Self {
            session_id: session.session_id,
            owner: session.owner,
            game_id: session.game_id,
            player_profile: session.player_profile.clone(),
            state: session.state,
            allowed_actions: session.allowed_actions().iter().map(|name| (*name).to_owned()).collect(),
            metrics: session.metrics,
            current_wallet_id: session.current_wallet_id,
            round: session.round.map(RoundView::from),
            fairness: FairnessView::of(session),
            reward: session.reward,
            observation: Some(session.observation.clone()),
            last_seq: session.last_seq,
            chain_head: session.chain_head,
            created_at: session.created_at,
            updated_at: session.updated_at,
        }
    }
}
