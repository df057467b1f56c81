//! Rows as the tables hold them, and the entities that they spell.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::{Queryable, QueryableByName, Selectable};
use reelhouse_domain::fairness::ServerSeed;
use reelhouse_domain::game::Game;
use reelhouse_domain::ports::{AnsweredKey, IdempotencyKey, StoreError};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{EventBody, Fairness, GameplayEvent, Session, Transition};
use reelhouse_domain::wallet::{Account, Cause, DailyLimit, EntryKind, LedgerEntry, Wallet};
use reelhouse_domain::{Digest, EntryId, EventId, GameId, KeyId, Money, OperationId, SessionId, Shard, WalletId};
use reelhouse_schema::postgres::{
    gameplay_events, games, idempotency_keys, ledger_entries, rl_store, sessions, wallets,
};
use uuid::Uuid;

use crate::columns::{Json, State};
use crate::error::corrupt;
use crate::numeric::Amount;

/// A row of `games`.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = games, check_for_backend(Pg))]
pub(crate) struct GameRow {
    game_id: Uuid,
    name: String,
    rng_signature: Json,
    symbol_map: Json,
    statistical_profile: Json,
    fingerprint: Vec<u8>,
    created_at: DateTime<Utc>,
}

impl GameRow {
    pub(crate) fn game(self) -> Result<Game, StoreError> {
        Ok(Game {
            game_id: GameId(self.game_id),
            name: self.name,
            rng_signature: self.rng_signature.read_value("games.rng_signature")?,
            symbol_map: self.symbol_map.read_value("games.symbol_map")?,
            statistical_profile: self.statistical_profile.read_value("games.statistical_profile")?,
            fingerprint: digest("games.fingerprint", &self.fingerprint)?,
            created_at: self.created_at,
        })
    }
}

/// A row of `wallets`.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = wallets, check_for_backend(Pg))]
pub(crate) struct WalletRow {
    wallet_id: Uuid,
    balance: Amount,
    daily_limit: Option<Amount>,
    raised_limit: Option<Amount>,
    raised_from: Option<DateTime<Utc>>,
    cost_rate: Json,
    time_zone: String,
    spend_day: NaiveDate,
    spent: Amount,
    ledger_seq: i64,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    owner: Option<Uuid>,
}

impl WalletRow {
    pub(crate) fn wallet(self) -> Result<Wallet, StoreError> {
        let raised = self.raised_limit.map(|amount| money("wallets.raised_limit", amount)).transpose()?;
        Ok(Wallet {
            wallet_id: WalletId(self.wallet_id),
            owner: self.owner.map(KeyId),
            balance: money("wallets.balance", self.balance)?,
            daily_limit: DailyLimit {
                current: self.daily_limit.map(|amount| money("wallets.daily_limit", amount)).transpose()?,
                raise: raised.zip(self.raised_from),
            },
            cost_rate: self.cost_rate.read("wallets.cost_rate")?,
            time_zone: self.time_zone.parse().map_err(|error| corrupt("wallets.time_zone", error))?,
            spend_day: self.spend_day,
            spent: money("wallets.spent", self.spent)?,
            ledger_seq: self.ledger_seq,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// A row of `sessions`.
#[derive(Queryable, QueryableByName, Selectable)]
#[diesel(table_name = sessions, check_for_backend(Pg))]
pub(crate) struct SessionRow {
    session_id: Uuid,
    game_id: Uuid,
    player_profile: Json,
    state: State,
    suspended_from: Option<State>,
    metrics: Json,
    pub(crate) current_wallet_id: Option<Uuid>,
    server_seed: Vec<u8>,
    client_seed: String,
    nonce: i64,
    round: Option<Json>,
    observation: Json,
    last_seq: i64,
    chain_head: Vec<u8>,
    idle_check_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
    updated_at: DateTime<Utc>,
    reward: String,
    training: bool,
    owner: Option<Uuid>,
}

impl SessionRow {
    pub(crate) fn session(self) -> Result<Session, StoreError> {
        Ok(Session {
            session_id: SessionId(self.session_id),
            owner: self.owner.map(KeyId),
            game_id: GameId(self.game_id),
            player_profile: self.player_profile.read("sessions.player_profile")?,
            state: self.state.0,
            suspended_from: self.suspended_from.map(|state| state.0),
            metrics: self.metrics.read("sessions.metrics")?,
            current_wallet_id: self.current_wallet_id.map(WalletId),
            fairness: Fairness {
                // The digest's type is the one that knows how to read 32 bytes.
                server_seed: ServerSeed(digest("sessions.server_seed", &self.server_seed)?.0),
                client_seed: self.client_seed,
                nonce: self.nonce.try_into().map_err(|error| corrupt("sessions.nonce", error))?,
            },
            reward: Reward::named(&self.reward)
                .ok_or_else(|| corrupt("sessions.reward", format!("{:?} is not known", self.reward)))?,
            training: self.training,
            round: self.round.map(|round| round.read("sessions.round")).transpose()?,
            observation: self.observation.read("sessions.observation")?,
            last_seq: self.last_seq,
            chain_head: digest("sessions.chain_head", &self.chain_head)?,
            idle_check_at: self.idle_check_at,
            created_at: self.created_at,
            updated_at: self.updated_at,
        })
    }
}

/// A row of `gameplay_events`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = gameplay_events, check_for_backend(Pg))]
pub(crate) struct EventRow {
    event_id: Uuid,
    session_id: Uuid,
    seq: i64,
    action: Json,
    result: Json,
    timestamp: DateTime<Utc>,
    reward: f64,
    hash: Vec<u8>,
}

impl EventRow {
    pub(crate) fn event(self) -> Result<GameplayEvent, StoreError> {
        Ok(GameplayEvent {
            body: EventBody {
                event_id: EventId(self.event_id),
                session_id: SessionId(self.session_id),
                seq: self.seq,
                action: self.action.read_value("gameplay_events.action")?,
                result: self.result.read_value("gameplay_events.result")?,
                reward: self.reward,
                timestamp: self.timestamp,
            },
            hash: digest("gameplay_events.hash", &self.hash)?,
        })
    }
}

/// A row of `rl_store`. Its `done` follows from the other two.
#[derive(Queryable, Selectable)]
#[diesel(table_name = rl_store, check_for_backend(Pg))]
pub(crate) struct TransitionRow {
    id: Uuid,
    session_id: Uuid,
    seq: i64,
    state: Json,
    action: Json,
    reward: f64,
    next_state: Json,
    terminated: bool,
    truncated: bool,
    created_at: DateTime<Utc>,
}

impl TransitionRow {
    pub(crate) fn transition(self) -> Result<Transition, StoreError> {
        Ok(Transition {
            id: EventId(self.id),
            session_id: SessionId(self.session_id),
            seq: self.seq,
            state: self.state.read("rl_store.state")?,
            action: self.action.read_value("rl_store.action")?,
            reward: self.reward,
            next_state: self.next_state.read("rl_store.next_state")?,
            terminated: self.terminated,
            truncated: self.truncated,
            created_at: self.created_at,
        })
    }
}

/// A row of `ledger_entries`.
#[derive(Queryable, Selectable)]
#[diesel(table_name = ledger_entries, check_for_backend(Pg))]
pub(crate) struct EntryRow {
    entry_id: Uuid,
    wallet_id: Uuid,
    seq: i64,
    account: String,
    kind: String,
    amount: Amount,
    balance_before: Amount,
    balance_after: Amount,
    event_id: Option<Uuid>,
    operation_id: Option<Uuid>,
    timestamp: DateTime<Utc>,
}

impl EntryRow {
    pub(crate) fn entry(self) -> Result<LedgerEntry, StoreError> {
        let unknown = |what: &str, name: &str| corrupt(what, format!("{name:?} is not known"));
        Ok(LedgerEntry {
            entry_id: EntryId(self.entry_id),
            wallet_id: WalletId(self.wallet_id),
            seq: self.seq,
            account: Account::named(&self.account).ok_or_else(|| unknown("ledger_entries.account", &self.account))?,
            kind: EntryKind::named(&self.kind).ok_or_else(|| unknown("ledger_entries.kind", &self.kind))?,
            amount: money("ledger_entries.amount", self.amount)?,
            balance_before: money("ledger_entries.balance_before", self.balance_before)?,
            balance_after: money("ledger_entries.balance_after", self.balance_after)?,
            cause: match (self.event_id, self.operation_id) {
                (Some(id), None) => Cause::Event(EventId(id)),
                (None, Some(id)) => Cause::Operation(OperationId(id)),
                _ => return Err(corrupt("ledger_entries", "an entry has one cause")),
            },
            timestamp: self.timestamp,
        })
    }
}

/// A row of `idempotency_keys`.
#[derive(QueryableByName)]
#[diesel(table_name = idempotency_keys, check_for_backend(Pg))]
pub(crate) struct AnswerRow {
    key: String,
    shard: i16,
    request: Vec<u8>,
    answer: Json,
    created_at: DateTime<Utc>,
}

impl AnswerRow {
    pub(crate) fn answered_key(self) -> Result<AnsweredKey, StoreError> {
        let shard = u64::try_from(self.shard).map_err(|error| corrupt("idempotency_keys.shard", error))?;
        Ok(AnsweredKey {
            key: IdempotencyKey { shard: Shard::from_bits(shard), key: self.key },
            request: digest("idempotency_keys.request", &self.request)?,
            answer: self.answer.read_value("idempotency_keys.answer")?,
            created_at: self.created_at,
        })
    }
}

pub(crate) fn digest(what: &str, bytes: &[u8]) -> Result<Digest, StoreError> {
    Digest::from_slice(bytes).ok_or_else(|| corrupt(what, "32 bytes were expected"))
}

pub(crate) fn money(what: &str, amount: Amount) -> Result<Money, StoreError> {
    amount.money().ok_or_else(|| corrupt(what, "the amount leaves the range of money"))
}
