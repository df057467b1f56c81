//! Rows that stand for what is now: games, wallets, sessions.

use std::collections::BTreeMap;

use reelhouse_domain::game::Game;
use reelhouse_domain::ports::StoreError;
use reelhouse_domain::session::Session;
use reelhouse_domain::wallet::{Wallet, WalletMark};
use reelhouse_domain::{SessionId, WalletId};

use super::observations::Observations;
use crate::columns::Json;
use crate::error::corrupt;
use crate::numeric::Amount;
use crate::statement::{Bind, Sql};

/// Inserts games.
pub(super) struct InsertGames;

impl Sql for InsertGames {
    const TEXT: &'static str = "
        INSERT INTO games (game_id, name, rng_signature, symbol_map, statistical_profile, fingerprint, created_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7)";
}

/// The parameters of [`InsertGames`].
pub(super) fn insert_games(games: &[Game]) -> Result<Vec<Bind<'_>>, StoreError> {
    let mut games: Vec<&Game> = games.iter().collect();
    games.sort_unstable_by_key(|game| game.fingerprint);
    Ok(vec![
        Bind::Uuids(column(&games, |game| Some(game.game_id.0))),
        Bind::Texts(column(&games, |game| Some(game.name.as_str()))),
        Bind::Jsons(documents(&games, |game| Json::value(&game.rng_signature).map(Some))?),
        Bind::Jsons(documents(&games, |game| Json::value(&game.symbol_map).map(Some))?),
        Bind::Jsons(documents(&games, |game| Json::value(&game.statistical_profile).map(Some))?),
        Bind::Bytes(games.iter().map(|game| &game.fingerprint.0[..]).collect()),
        Bind::Times(column(&games, |game| Some(game.created_at))),
    ])
}

/// Inserts wallets.
pub(super) struct InsertWallets;

impl Sql for InsertWallets {
    const TEXT: &'static str = "
        INSERT INTO wallets (wallet_id, shard, balance, daily_limit, raised_limit, raised_from, cost_rate, time_zone,
                             spend_day, spent, ledger_seq, created_at, updated_at, owner)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
}

/// The parameters of [`InsertWallets`].
pub(super) fn insert_wallets(wallets: &[Wallet]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(wallets, |wallet| Some(wallet.wallet_id.0))),
        Bind::Shorts(column(wallets, |wallet| wallet.wallet_id.shard().column())),
        Bind::Amounts(column(wallets, |wallet| Some(Amount::of(wallet.balance)))),
        Bind::Amounts(column(wallets, |wallet| wallet.daily_limit.current.map(Amount::of))),
        Bind::Amounts(column(wallets, |wallet| wallet.daily_limit.raise.map(|(raised, _)| Amount::of(raised)))),
        Bind::Times(column(wallets, |wallet| wallet.daily_limit.raise.map(|(_, from)| from))),
        Bind::Jsons(documents(wallets, |wallet| Json::document(&wallet.cost_rate).map(Some))?),
        Bind::Texts(wallets.iter().map(|wallet| Some(wallet.time_zone.name())).collect()),
        Bind::Dates(column(wallets, |wallet| wallet.spend_day)),
        Bind::Amounts(column(wallets, |wallet| Some(Amount::of(wallet.spent)))),
        Bind::Longs(column(wallets, |wallet| wallet.ledger_seq)),
        Bind::Times(column(wallets, |wallet| Some(wallet.created_at))),
        Bind::Times(column(wallets, |wallet| Some(wallet.updated_at))),
        Bind::Uuids(column(wallets, |wallet| wallet.owner.map(|id| id.0))),
    ])
}

/// Replaces everything of wallets that can change: what play costs and the time zone are for good. A wallet of which
/// something is remembered is replaced if that is still so.
pub(super) struct UpdateWallets;

impl Sql for UpdateWallets {
    const TEXT: &'static str = "
        UPDATE wallets AS t
        SET balance = n.balance, daily_limit = n.daily_limit, raised_limit = n.raised_limit,
            raised_from = n.raised_from, spend_day = n.spend_day, spent = n.spent, ledger_seq = n.ledger_seq,
            updated_at = n.updated_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
          AS n (wallet_id, shard, balance, daily_limit, raised_limit, raised_from, spend_day, spent, ledger_seq,
                updated_at, was_seq, was_limit, was_raised_limit, was_raised_from)
        WHERE t.shard = n.shard AND t.wallet_id = n.wallet_id
          AND (n.was_seq IS NULL OR t.ledger_seq = n.was_seq
               AND (t.daily_limit, t.raised_limit, t.raised_from)
                   IS NOT DISTINCT FROM (n.was_limit, n.was_raised_limit, n.was_raised_from))";
}

/// The parameters of [`UpdateWallets`].
pub(super) fn update_wallets<'a>(
    wallets: &'a [Wallet],
    remembered: &BTreeMap<WalletId, WalletMark>,
) -> Result<Vec<Bind<'a>>, StoreError> {
    let was: Vec<Option<WalletMark>> = column(wallets, |wallet| remembered.get(&wallet.wallet_id).copied());
    let raise = |was: &Option<WalletMark>| was.and_then(|was| was.daily_limit.raise);
    Ok(vec![
        Bind::Uuids(column(wallets, |wallet| Some(wallet.wallet_id.0))),
        Bind::Shorts(column(wallets, |wallet| wallet.wallet_id.shard().column())),
        Bind::Amounts(column(wallets, |wallet| Some(Amount::of(wallet.balance)))),
        Bind::Amounts(column(wallets, |wallet| wallet.daily_limit.current.map(Amount::of))),
        Bind::Amounts(column(wallets, |wallet| wallet.daily_limit.raise.map(|(raised, _)| Amount::of(raised)))),
        Bind::Times(column(wallets, |wallet| wallet.daily_limit.raise.map(|(_, from)| from))),
        Bind::Dates(column(wallets, |wallet| wallet.spend_day)),
        Bind::Amounts(column(wallets, |wallet| Some(Amount::of(wallet.spent)))),
        Bind::Longs(column(wallets, |wallet| wallet.ledger_seq)),
        Bind::Times(column(wallets, |wallet| Some(wallet.updated_at))),
        Bind::Counts(column(&was, |was| was.map(|was| was.ledger_seq))),
        Bind::Amounts(column(&was, |was| was.and_then(|was| was.daily_limit.current).map(Amount::of))),
        Bind::Amounts(column(&was, |was| raise(was).map(|(raised, _)| Amount::of(raised)))),
        Bind::Times(column(&was, |was| raise(was).map(|(_, from)| from))),
    ])
}

/// Inserts sessions.
pub(super) struct InsertSessions;

impl Sql for InsertSessions {
    const TEXT: &'static str = "
        INSERT INTO sessions (session_id, shard, game_id, player_profile, state, suspended_from, metrics,
                              current_wallet_id, server_seed, client_seed, nonce, round, observation, last_seq,
                              chain_head, idle_check_at, created_at, updated_at, reward, training, owner)
        SELECT session_id, shard, game_id, player_profile, state::session_state, suspended_from::session_state,
               metrics, current_wallet_id, server_seed, client_seed, nonce, round, observation, last_seq,
               chain_head, idle_check_at, created_at, updated_at, reward, training, owner
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)
          AS n (session_id, shard, game_id, player_profile, state, suspended_from, metrics, current_wallet_id,
                server_seed, client_seed, nonce, round, observation, last_seq, chain_head, idle_check_at,
                created_at, updated_at, reward, training, owner)";
}

/// The parameters of [`InsertSessions`].
pub(super) fn insert_sessions(sessions: &[Session]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(sessions, |session| Some(session.session_id.0))),
        Bind::Shorts(column(sessions, |session| session.session_id.shard().column())),
        Bind::Uuids(column(sessions, |session| Some(session.game_id.0))),
        Bind::Jsons(documents(sessions, |session| Json::open_document(&session.player_profile).map(Some))?),
        Bind::Texts(sessions.iter().map(|session| Some(session.state.name())).collect()),
        Bind::Texts(sessions.iter().map(|session| session.suspended_from.map(|state| state.name())).collect()),
        Bind::Jsons(documents(sessions, |session| Json::document(&session.metrics).map(Some))?),
        Bind::Uuids(column(sessions, |session| session.current_wallet_id.map(|id| id.0))),
        Bind::Bytes(sessions.iter().map(|session| &session.fairness.server_seed.0[..]).collect()),
        Bind::Texts(sessions.iter().map(|session| Some(session.fairness.client_seed.as_str())).collect()),
        Bind::Longs(nonces(sessions)?),
        Bind::Jsons(documents(sessions, |session| session.round.as_ref().map(Json::document).transpose())?),
        Bind::Jsons(documents(sessions, |session| Json::document(&session.observation).map(Some))?),
        Bind::Longs(column(sessions, |session| session.last_seq)),
        Bind::Bytes(sessions.iter().map(|session| &session.chain_head.0[..]).collect()),
        Bind::Times(column(sessions, |session| session.idle_check_at)),
        Bind::Times(column(sessions, |session| Some(session.created_at))),
        Bind::Times(column(sessions, |session| Some(session.updated_at))),
        Bind::Texts(sessions.iter().map(|session| Some(session.reward.name())).collect()),
        Bind::Bools(column(sessions, |session| session.training)),
        Bind::Uuids(column(sessions, |session| session.owner.map(|id| id.0))),
    ])
}

/// Replaces everything of sessions that can change: the game and the player are for good. A session whose number of
/// events is remembered is replaced if it has still as many.
///
/// The observation is picked in a query of its own: Citus 13.2 crashes over an element of an array in `SET`.
pub(super) struct UpdateSessions;

impl Sql for UpdateSessions {
    const TEXT: &'static str = "
        UPDATE sessions AS t
        SET state = n.state, suspended_from = n.suspended_from, metrics = n.metrics,
            current_wallet_id = n.current_wallet_id, server_seed = n.server_seed, client_seed = n.client_seed,
            nonce = n.nonce, round = n.round, observation = n.observed, last_seq = n.last_seq,
            chain_head = n.chain_head, idle_check_at = n.idle_check_at, updated_at = n.updated_at
        FROM (
            SELECT n.*, ($0)[n.observation] AS observed
            FROM unnest($1, $2, $3::session_state[], $4::session_state[], $5, $6, $7, $8, $9, $10, $11, $12, $13, $14,
                        $15, $16)
              AS n (session_id, shard, state, suspended_from, metrics, current_wallet_id, server_seed, client_seed,
                    nonce, round, observation, last_seq, chain_head, idle_check_at, updated_at, was_seq)) AS n
        WHERE t.shard = n.shard AND t.session_id = n.session_id AND t.last_seq = coalesce(n.was_seq, t.last_seq)";
}

/// The parameters of [`UpdateSessions`].
pub(super) fn update_sessions<'a>(
    sessions: &'a [Session],
    remembered: &BTreeMap<SessionId, i64>,
    observations: &mut Observations<'a>,
) -> Result<Vec<Bind<'a>>, StoreError> {
    let observed = |session: &'a Session| observations.number(session.session_id, &session.observation);
    let observed = sessions.iter().map(observed).collect::<Result<_, _>>()?;
    Ok(vec![
        Bind::Uuids(column(sessions, |session| Some(session.session_id.0))),
        Bind::Shorts(column(sessions, |session| session.session_id.shard().column())),
        Bind::Texts(sessions.iter().map(|session| Some(session.state.name())).collect()),
        Bind::Texts(sessions.iter().map(|session| session.suspended_from.map(|state| state.name())).collect()),
        Bind::Jsons(documents(sessions, |session| Json::document(&session.metrics).map(Some))?),
        Bind::Uuids(column(sessions, |session| session.current_wallet_id.map(|id| id.0))),
        Bind::Bytes(sessions.iter().map(|session| &session.fairness.server_seed.0[..]).collect()),
        Bind::Texts(sessions.iter().map(|session| Some(session.fairness.client_seed.as_str())).collect()),
        Bind::Longs(nonces(sessions)?),
        Bind::Jsons(documents(sessions, |session| session.round.as_ref().map(Json::document).transpose())?),
        Bind::Integers(observed),
        Bind::Longs(column(sessions, |session| session.last_seq)),
        Bind::Bytes(sessions.iter().map(|session| &session.chain_head.0[..]).collect()),
        Bind::Times(column(sessions, |session| session.idle_check_at)),
        Bind::Times(column(sessions, |session| Some(session.updated_at))),
        Bind::Counts(column(sessions, |session| remembered.get(&session.session_id).copied())),
    ])
}

fn nonces(sessions: &[Session]) -> Result<Vec<i64>, StoreError> {
    let nonce = |session: &Session| {
        i64::try_from(session.fairness.nonce).map_err(|error| corrupt("a session's nonce cannot be written", error))
    };
    sessions.iter().map(nonce).collect()
}

/// The values of a column.
pub(super) fn column<'a, T, V>(rows: &'a [T], value: impl Fn(&'a T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

/// The values of a column of JSON.
pub(super) fn documents<'a, T>(
    rows: &'a [T],
    value: impl Fn(&'a T) -> Result<Option<Json>, StoreError>,
) -> Result<Vec<Option<Json>>, StoreError> {
    rows.iter().map(value).collect()
}
