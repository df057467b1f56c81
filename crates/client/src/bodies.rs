//! The bodies of the API: what is sent, and what is read of the answers.

use reelhouse_domain::session::SessionState;
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{Digest, EntryId, EventId, GameId, Money, OperationId, SessionId, Timestamp, WalletId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A game. Games never change.
#[derive(Clone, Debug, Deserialize)]
pub struct Game {
    /// The game's id.
    pub game_id: GameId,
    /// The name for people.
    pub name: String,
    /// How outcomes are drawn.
    pub rng_signature: Value,
    /// What the symbols are and pay.
    pub symbol_map: Value,
    /// The figures that the server computed.
    pub statistical_profile: Value,
    /// SHA-256 of the definition.
    pub fingerprint: Digest,
    /// When the game was first posted.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
}

/// A wallet to be opened.
#[derive(Clone, Debug, Serialize)]
pub struct NewWallet {
    /// The opening balance.
    pub balance: Money,
    /// The hard limit on a day's spend.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub daily_limit: Option<Money>,
    /// What play costs beside its stakes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost_rate: Option<NewCostRate>,
    /// The time zone whose days the limit counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
}

/// What play shall cost beside its stakes.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct NewCostRate {
    /// Charged with every paid spin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_spin: Option<Money>,
    /// Charged with every spin of a probe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_query: Option<Money>,
}

/// A wallet of test credits.
#[derive(Clone, Debug, Deserialize)]
pub struct Wallet {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// What is there to be spent.
    pub balance: Money,
    /// The daily limit in force; none for no limit.
    pub daily_limit: Option<Money>,
    /// A higher limit that waits to come into force.
    pub pending_daily_limit: Option<PendingLimit>,
    /// Stakes and fees of the present day.
    pub spent_today: Money,
    /// What play costs beside its stakes.
    pub cost_rate: CostRate,
    /// The time zone whose days the limit counts.
    pub time_zone: String,
    /// When the wallet was opened.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When the wallet last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

/// A higher daily limit that waits.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct PendingLimit {
    /// The limit to come.
    pub daily_limit: Money,
    /// From when it holds.
    #[serde(with = "millis_format")]
    pub from: Timestamp,
}

/// What play costs beside its stakes.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct CostRate {
    /// Charged with every paid spin.
    pub per_spin: Money,
    /// Charged with every spin of a probe.
    pub per_query: Money,
}

/// What is done to a wallet from outside of play.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OperationType {
    /// Pay test credits in.
    Deposit,
    /// Pay test credits out.
    Withdraw,
    /// Set the daily limit.
    SetDailyLimit,
}

/// An operation that was done, and the wallet after it.
#[derive(Clone, Debug, Deserialize)]
pub struct OperationAnswer {
    /// The operation.
    pub operation: Operation,
    /// The wallet.
    pub wallet: Wallet,
}

/// An operation that was done.
#[derive(Clone, Debug, Deserialize)]
pub struct Operation {
    /// The operation's id.
    pub operation_id: OperationId,
    /// How much, or the limit that was asked for.
    pub amount: Money,
    /// When it was done.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

/// One entry of a wallet's ledger.
#[derive(Clone, Debug, Deserialize)]
pub struct LedgerEntry {
    /// The entry's id.
    pub entry_id: EntryId,
    /// The entry's place in its wallet's ledger.
    pub seq: i64,
    /// The counter-account: `house`, `fees` or `cashier`.
    pub account: String,
    /// What the entry is for: `stake`, `payout`, `refund`, `fee`, `deposit` or `withdrawal`.
    pub kind: String,
    /// The change of the wallet's balance.
    pub amount: Money,
    /// The wallet's balance before the entry.
    pub balance_before: Money,
    /// The wallet's balance after the entry.
    pub balance_after: Money,
    /// The gameplay event that moved the money.
    pub event_id: Option<EventId>,
    /// The operation that moved the money.
    pub operation_id: Option<OperationId>,
    /// When it happened.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
}

/// Who plays.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct PlayerProfile {
    /// The kind of player.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub behavior: Option<String>,
    /// The largest stake that the session accepts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_bet: Option<Money>,
    /// What else is said of the player.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A session to be opened.
#[derive(Clone, Debug, Serialize)]
pub struct NewSession {
    /// The game to play.
    pub game_id: GameId,
    /// The wallet to play from; none for a session that starts idle.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet_id: Option<WalletId>,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// The player's share in the draws.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client_seed: Option<String>,
}

/// A session: one player at one game.
#[derive(Clone, Debug, Deserialize)]
pub struct Session {
    /// The session's id.
    pub session_id: SessionId,
    /// The game that is played.
    pub game_id: GameId,
    /// Who plays.
    pub player_profile: PlayerProfile,
    /// Where the session stands.
    pub state: SessionState,
    /// The actions that a player may ask for now.
    pub allowed_actions: Vec<String>,
    /// Running counters.
    pub metrics: reelhouse_domain::session::SessionMetrics,
    /// The wallet in use.
    pub current_wallet_id: Option<WalletId>,
    /// The held stake, or the round with free games left.
    pub round: Option<Round>,
    /// The public side of the draws.
    pub fairness: Fairness,
    /// The `seq` of the last event.
    pub last_seq: i64,
    /// The head of the hash chain.
    pub chain_head: Digest,
    /// When the session was opened.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// When the session last changed.
    #[serde(with = "millis_format")]
    pub updated_at: Timestamp,
}

/// The held stake, or the round with free games left.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct Round {
    /// The stake that is held or played.
    pub stake: Money,
    /// Free games left.
    pub free_games_left: u32,
    /// Free games played.
    pub free_games_played: u32,
    /// What the round has paid so far.
    pub won: Money,
}

/// The public side of a session's draws.
#[derive(Clone, Debug, Deserialize)]
pub struct Fairness {
    /// SHA-256 of the server seed.
    pub commitment: Digest,
    /// The player's share.
    pub client_seed: String,
    /// How many rounds were drawn for with this server seed.
    pub nonce: u64,
    /// The server seed, once the session has ended.
    pub server_seed: Option<String>,
}

/// What to do in a session.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ActionBody {
    /// Attach a wallet, or change it between rounds.
    AttachWallet {
        /// The wallet to play from.
        wallet_id: WalletId,
    },
    /// End a session that has no wallet.
    Close,
    /// Hold a stake for the next spin.
    Bet {
        /// The stake.
        amount: Money,
    },
    /// Play: the held stake, the next free game, or bet and spin in one step.
    Spin {
        /// The stake of a bet and spin in one step.
        #[serde(skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
    /// Demo spins, priced per query.
    Probe {
        /// How many.
        spins: u32,
    },
    /// Give the held stake back.
    Void,
    /// Reveal the present server seed and draw from a fresh one.
    RotateSeed {
        /// The player's share in the draws from now on.
        #[serde(skip_serializing_if = "Option::is_none")]
        client_seed: Option<String>,
    },
    /// End the session.
    CashOut,
    /// Hold the session, as an operator.
    Suspend,
    /// Let the session go on, as an operator.
    Resume,
}

/// One action of a session with its result.
#[derive(Clone, Debug, Deserialize)]
pub struct Event {
    /// The event's id.
    pub event_id: EventId,
    /// The event's place in its session.
    pub seq: i64,
    /// What was asked for.
    pub action: Value,
    /// What came of it.
    pub result: Value,
    /// When it happened.
    #[serde(with = "millis_format")]
    pub timestamp: Timestamp,
    /// The event's hash in the chain.
    pub hash: Digest,
}

/// What an action came to.
#[derive(Clone, Debug, Deserialize)]
pub struct ActionAnswer {
    /// The event that was recorded.
    pub event: Event,
    /// The session after the action.
    pub session: Session,
    /// Its wallet after the action.
    pub wallet: Option<WalletBrief>,
}

/// The part of a wallet that an action changes.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct WalletBrief {
    /// The wallet's id.
    pub wallet_id: WalletId,
    /// What is there to be spent.
    pub balance: Money,
    /// Stakes and fees of the present day.
    pub spent_today: Money,
}

/// How a session ended.
#[derive(Clone, Debug, Deserialize)]
pub struct SessionEnd {
    /// `completed` or `expired`.
    pub state: SessionState,
    /// The `seq` of the last event.
    pub last_seq: i64,
}

/// How the server is.
#[derive(Clone, Debug, Deserialize)]
pub struct Health {
    /// `ok` or `ready`.
    pub status: String,
}
