//! Rows of the entities: games, wallets, sessions.

use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use reelhouse_domain::fairness::ServerSeed;
use reelhouse_domain::game::Game;
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Fairness, Session, SessionState};
use reelhouse_domain::wallet::{DailyLimit, Wallet, WalletMark};
use reelhouse_domain::{GameId, KeyId, Money, SessionId, WalletId};
use reelhouse_schema::sqlite::{games, sessions, wallets};

use super::{
    instant, read_count, read_digest, read_document, read_id, read_instant, read_named, read_value, units,
    write_document, write_value,
};
use crate::error::corrupt;

/// A row of `games`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = games, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct GameRow {
    game_id: String,
    name: String,
    rng_signature: String,
    symbol_map: String,
    statistical_profile: String,
    fingerprint: Vec<u8>,
    created_at: String,
}

impl GameRow {
    pub(crate) fn write(game: &Game) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: game.game_id.to_string(),
            name: game.name.clone(),
            rng_signature: write_value("games.rng_signature", &game.rng_signature)?,
            symbol_map: write_value("games.symbol_map", &game.symbol_map)?,
            statistical_profile: write_value("games.statistical_profile", &game.statistical_profile)?,
            fingerprint: game.fingerprint.0.to_vec(),
            created_at: instant(game.created_at),
        })
    }

    pub(crate) fn read(self) -> Result<Game, StoreError> {
        Ok(Game {
            game_id: GameId(read_id("games.game_id", &self.game_id)?),
            name: self.name,
            rng_signature: read_value("games.rng_signature", &self.rng_signature)?,
            symbol_map: read_value("games.symbol_map", &self.symbol_map)?,
            statistical_profile: read_value("games.statistical_profile", &self.statistical_profile)?,
            fingerprint: read_digest("games.fingerprint", &self.fingerprint)?,
            created_at: read_instant("games.created_at", &self.created_at)?,
        })
    }
}

/// A row of `wallets`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = wallets, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct WalletRow {
    pub(crate) wallet_id: String,
    pub(crate) shard: i16,
    pub(crate) balance: i64,
    pub(crate) daily_limit: Option<i64>,
    pub(crate) raised_limit: Option<i64>,
    pub(crate) raised_from: Option<String>,
    pub(crate) cost_rate: String,
    pub(crate) time_zone: String,
    pub(crate) spend_day: String,
    pub(crate) spent: i64,
    pub(crate) ledger_seq: i64,
    pub(crate) created_at: String,
    pub(crate) updated_at: String,
    pub(crate) owner: Option<String>,
}

/// What tells two states of a wallet apart.
pub(crate) struct WalletMarkRow {
    pub(crate) ledger_seq: Option<i64>,
    pub(crate) daily_limit: Option<i64>,
    pub(crate) raised_limit: Option<i64>,
    pub(crate) raised_from: Option<String>,
}

impl WalletMarkRow {
    /// Of a wallet of which nothing is remembered.
    pub(crate) const NONE: Self = Self { ledger_seq: None, daily_limit: None, raised_limit: None, raised_from: None };

    pub(crate) fn write(mark: &WalletMark) -> Self {
        let DailyLimit { current, raise } = mark.daily_limit;
        Self {
            ledger_seq: Some(mark.ledger_seq),
            daily_limit: current.map(Money::units),
            raised_limit: raise.map(|(raised, _)| raised.units()),
            raised_from: raise.map(|(_, from)| instant(from)),
        }
    }
}

impl WalletRow {
    pub(crate) fn write(wallet: &Wallet) -> Result<Self, StoreError> {
        let raise = wallet.daily_limit.raise;
        Ok(Self {
            wallet_id: wallet.wallet_id.to_string(),
            shard: wallet.wallet_id.shard().column(),
            balance: wallet.balance.units(),
            daily_limit: units(wallet.daily_limit.current),
            raised_limit: raise.map(|(limit, _)| limit.units()),
            raised_from: raise.map(|(_, from)| instant(from)),
            cost_rate: write_document("wallets.cost_rate", &wallet.cost_rate)?,
            time_zone: wallet.time_zone.name().to_owned(),
            spend_day: wallet.spend_day.to_string(),
            spent: wallet.spent.units(),
            ledger_seq: wallet.ledger_seq,
            created_at: instant(wallet.created_at),
            updated_at: instant(wallet.updated_at),
            owner: wallet.owner.map(|id| id.to_string()),
        })
    }

    pub(crate) fn read(self) -> Result<Wallet, StoreError> {
        let raise = match (self.raised_limit, &self.raised_from) {
            (Some(limit), Some(from)) => Some((Money::from_units(limit), read_instant("wallets.raised_from", from)?)),
            _ => None,
        };
        Ok(Wallet {
            wallet_id: WalletId(read_id("wallets.wallet_id", &self.wallet_id)?),
            owner: read_owner("wallets.owner", self.owner.as_deref())?,
            balance: Money::from_units(self.balance),
            daily_limit: DailyLimit { current: self.daily_limit.map(Money::from_units), raise },
            cost_rate: read_document("wallets.cost_rate", &self.cost_rate)?,
            time_zone: self.time_zone.parse().map_err(|error| corrupt("wallets.time_zone", error))?,
            spend_day: self.spend_day.parse().map_err(|error| corrupt("wallets.spend_day", error))?,
            spent: Money::from_units(self.spent),
            ledger_seq: self.ledger_seq,
            created_at: read_instant("wallets.created_at", &self.created_at)?,
            updated_at: read_instant("wallets.updated_at", &self.updated_at)?,
        })
    }
}

/// A row of `sessions`: what is fixed when the session is opened, and what changes.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct SessionRow {
    game_id: String,
    player_profile: String,
    created_at: String,
    reward: String,
    training: bool,
    owner: Option<String>,
    #[diesel(embed)]
    change: SessionChange,
}

/// What changes of a session in its life, with its key.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = sessions, check_for_backend(Sqlite), treat_none_as_default_value = false)]
pub(crate) struct SessionChange {
    pub(crate) session_id: String,
    pub(crate) shard: i16,
    pub(crate) state: String,
    pub(crate) suspended_from: Option<String>,
    pub(crate) metrics: String,
    pub(crate) current_wallet_id: Option<String>,
    pub(crate) server_seed: Vec<u8>,
    pub(crate) client_seed: String,
    pub(crate) nonce: i64,
    pub(crate) round: Option<String>,
    pub(crate) observation: String,
    pub(crate) last_seq: i64,
    pub(crate) chain_head: Vec<u8>,
    pub(crate) idle_check_at: Option<String>,
    pub(crate) updated_at: String,
}

impl SessionChange {
    pub(crate) fn write(session: &Session) -> Result<Self, StoreError> {
        let round = session.round.as_ref().map(|round| write_document("sessions.round", round)).transpose()?;
        Ok(Self {
            session_id: session.session_id.to_string(),
            shard: session.session_id.shard().column(),
            state: session.state.name().to_owned(),
            suspended_from: session.suspended_from.map(|state| state.name().to_owned()),
            metrics: write_document("sessions.metrics", &session.metrics)?,
            current_wallet_id: session.current_wallet_id.map(|id| id.to_string()),
            server_seed: session.fairness.server_seed.0.to_vec(),
            client_seed: session.fairness.client_seed.clone(),
            nonce: i64::try_from(session.fairness.nonce).map_err(|error| corrupt("sessions.nonce", error))?,
            round,
            observation: write_document("sessions.observation", &session.observation)?,
            last_seq: session.last_seq,
            chain_head: session.chain_head.0.to_vec(),
            idle_check_at: session.idle_check_at.map(instant),
            updated_at: instant(session.updated_at),
        })
    }
}

impl SessionRow {
    pub(crate) fn write(session: &Session) -> Result<Self, StoreError> {
        Ok(Self {
            game_id: session.game_id.to_string(),
            player_profile: write_document("sessions.player_profile", &session.player_profile)?,
            created_at: instant(session.created_at),
            reward: session.reward.name().to_owned(),
            training: session.training,
            owner: session.owner.map(|id| id.to_string()),
            change: SessionChange::write(session)?,
        })
    }

    pub(crate) fn read(self) -> Result<Session, StoreError> {
        let change = self.change;
        let state = |column, name: &str| read_named(column, name, SessionState::named);
        let wallet_id = change.current_wallet_id.as_deref();
        let server_seed = read_digest("sessions.server_seed", &change.server_seed)?;
        Ok(Session {
            session_id: SessionId(read_id("sessions.session_id", &change.session_id)?),
            owner: read_owner("sessions.owner", self.owner.as_deref())?,
            game_id: GameId(read_id("sessions.game_id", &self.game_id)?),
            player_profile: read_document("sessions.player_profile", &self.player_profile)?,
            state: state("sessions.state", &change.state)?,
            suspended_from: change
                .suspended_from
                .as_deref()
                .map(|name| state("sessions.suspended_from", name))
                .transpose()?,
            metrics: read_document("sessions.metrics", &change.metrics)?,
            current_wallet_id: wallet_id
                .map(|id| read_id("sessions.current_wallet_id", id).map(WalletId))
                .transpose()?,
            fairness: Fairness {
                server_seed: ServerSeed(server_seed.0),
                client_seed: change.client_seed,
                nonce: read_count("sessions.nonce", change.nonce)?,
            },
            reward: read_named("sessions.reward", &self.reward, Reward::named)?,
            training: self.training,
            round: change.round.as_deref().map(|text| read_document("sessions.round", text)).transpose()?,
            observation: read_document("sessions.observation", &change.observation)?,
            last_seq: change.last_seq,
            chain_head: read_digest("sessions.chain_head", &change.chain_head)?,
            idle_check_at: change
                .idle_check_at
                .as_deref()
                .map(|text| read_instant("sessions.idle_check_at", text))
                .transpose()?,
            created_at: read_instant("sessions.created_at", &self.created_at)?,
            updated_at: read_instant("sessions.updated_at", &change.updated_at)?,
        })
    }
}

/// The key that a wallet or a session belongs to.
fn read_owner(column: &str, text: Option<&str>) -> Result<Option<KeyId>, StoreError> {
    text.map(|id| read_id(column, id).map(KeyId)).transpose()
}
