//! Rows that stand for what happened, appended for good.

use reelhouse_domain::ports::{AnsweredKey, MetricRow, StoreError};
use reelhouse_domain::session::{GameplayEvent, Transition};
use reelhouse_domain::wallet::{Cause, LedgerEntry, WalletOperation};

use super::observations::Observations;
use super::state::{column, documents};
use crate::columns::Json;
use crate::numeric::Amount;
use crate::statement::{Bind, Sql};

/// Appends events.
pub(super) struct InsertEvents;

impl Sql for InsertEvents {
    const TEXT: &'static str = r#"
        INSERT INTO gameplay_events (event_id, session_id, shard, seq, action, result, "timestamp", reward, hash)
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9)"#;
}

/// The parameters of [`InsertEvents`].
pub(super) fn events(events: &[GameplayEvent]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(events, |event| Some(event.body.event_id.0))),
        Bind::Uuids(column(events, |event| Some(event.body.session_id.0))),
        Bind::Shorts(column(events, |event| event.body.session_id.shard().column())),
        Bind::Longs(column(events, |event| event.body.seq)),
        Bind::Jsons(documents(events, |event| Json::value(&event.body.action).map(Some))?),
        Bind::Jsons(documents(events, |event| Json::value(&event.body.result).map(Some))?),
        Bind::Times(column(events, |event| Some(event.body.timestamp))),
        Bind::Doubles(column(events, |event| event.body.reward)),
        Bind::Bytes(events.iter().map(|event| &event.hash.0[..]).collect()),
    ])
}

/// Appends RL transitions.
pub(super) struct InsertTransitions;

impl Sql for InsertTransitions {
    const TEXT: &'static str = "
        INSERT INTO rl_store (id, session_id, shard, seq, state, action, reward, next_state, done, terminated,
                              truncated, created_at)
        SELECT id, session_id, shard, seq, ($0)[state], action, reward, ($0)[next_state], done, terminated, truncated,
               created_at
        FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
          AS n (id, session_id, shard, seq, state, action, reward, next_state, done, terminated, truncated,
                created_at)";
}

/// The parameters of [`InsertTransitions`].
pub(super) fn transitions<'a>(
    transitions: &'a [Transition],
    observations: &mut Observations<'a>,
) -> Result<Vec<Bind<'a>>, StoreError> {
    let (mut states, mut next_states) = (Vec::with_capacity(transitions.len()), Vec::with_capacity(transitions.len()));
    for transition in transitions {
        states.push(observations.number(transition.session_id, &transition.state)?);
        next_states.push(observations.number(transition.session_id, &transition.next_state)?);
    }
    Ok(vec![
        Bind::Uuids(column(transitions, |transition| Some(transition.id.0))),
        Bind::Uuids(column(transitions, |transition| Some(transition.session_id.0))),
        Bind::Shorts(column(transitions, |transition| transition.session_id.shard().column())),
        Bind::Longs(column(transitions, |transition| transition.seq)),
        Bind::Integers(states),
        Bind::Jsons(documents(transitions, |transition| Json::value(&transition.action).map(Some))?),
        Bind::Doubles(column(transitions, |transition| transition.reward)),
        Bind::Integers(next_states),
        Bind::Bools(column(transitions, Transition::done)),
        Bind::Bools(column(transitions, |transition| transition.terminated)),
        Bind::Bools(column(transitions, |transition| transition.truncated)),
        Bind::Times(column(transitions, |transition| Some(transition.created_at))),
    ])
}

/// Appends wallet operations.
pub(super) struct InsertOperations;

impl Sql for InsertOperations {
    const TEXT: &'static str = r#"
        INSERT INTO wallet_operations (operation_id, wallet_id, shard, type, amount, "timestamp")
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6)"#;
}

/// The parameters of [`InsertOperations`].
pub(super) fn operations(operations: &[WalletOperation]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(operations, |row| Some(row.operation_id.0))),
        Bind::Uuids(column(operations, |row| Some(row.wallet_id.0))),
        Bind::Shorts(column(operations, |row| row.wallet_id.shard().column())),
        Bind::Texts(column(operations, |row| Some(row.operation.name()))),
        Bind::Amounts(column(operations, |row| Some(Amount::of(row.amount)))),
        Bind::Times(column(operations, |row| Some(row.timestamp))),
    ])
}

/// Appends ledger entries.
pub(super) struct InsertEntries;

impl Sql for InsertEntries {
    const TEXT: &'static str = r#"
        INSERT INTO ledger_entries (entry_id, wallet_id, shard, seq, account, kind, amount, balance_before,
                                    balance_after, event_id, operation_id, "timestamp")
        SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"#;
}

/// The parameters of [`InsertEntries`].
pub(super) fn entries(entries: &[LedgerEntry]) -> Result<Vec<Bind<'_>>, StoreError> {
    let event = |entry: &LedgerEntry| if let Cause::Event(id) = entry.cause { Some(id.0) } else { None };
    let operation = |entry: &LedgerEntry| if let Cause::Operation(id) = entry.cause { Some(id.0) } else { None };
    Ok(vec![
        Bind::Uuids(column(entries, |entry| Some(entry.entry_id.0))),
        Bind::Uuids(column(entries, |entry| Some(entry.wallet_id.0))),
        Bind::Shorts(column(entries, |entry| entry.wallet_id.shard().column())),
        Bind::Longs(column(entries, |entry| entry.seq)),
        Bind::Texts(column(entries, |entry| Some(entry.account.name()))),
        Bind::Texts(column(entries, |entry| Some(entry.kind.name()))),
        Bind::Amounts(column(entries, |entry| Some(Amount::of(entry.amount)))),
        Bind::Amounts(column(entries, |entry| Some(Amount::of(entry.balance_before)))),
        Bind::Amounts(column(entries, |entry| Some(Amount::of(entry.balance_after)))),
        Bind::Uuids(column(entries, event)),
        Bind::Uuids(column(entries, operation)),
        Bind::Times(column(entries, |entry| Some(entry.timestamp))),
    ])
}

/// Appends metrics. What a session ends with goes before what was counted of it in the same millisecond.
pub(super) struct InsertMetrics;

impl Sql for InsertMetrics {
    const TEXT: &'static str = "
        INSERT INTO metrics (session_id, shard, key, value, recorded_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5)
        ON CONFLICT (shard, session_id, key, recorded_at) DO UPDATE SET value = EXCLUDED.value";
}

/// The parameters of [`InsertMetrics`].
pub(super) fn metrics(metrics: &[MetricRow]) -> Result<Vec<Bind<'_>>, StoreError> {
    Ok(vec![
        Bind::Uuids(column(metrics, |row| Some(row.session_id.0))),
        Bind::Shorts(column(metrics, |row| row.session_id.shard().column())),
        Bind::Texts(column(metrics, |row| Some(row.key))),
        Bind::Amounts(column(metrics, |row| Some(Amount::of_metric(row.value)))),
        Bind::Times(column(metrics, |row| Some(row.recorded_at))),
    ])
}

/// Appends answered keys.
pub(super) struct InsertAnswers;

impl Sql for InsertAnswers {
    const TEXT: &'static str = "
        INSERT INTO idempotency_keys (key, shard, request, answer, created_at)
        SELECT * FROM unnest($1, $2, $3, $4, $5)";
}

/// The parameters of [`InsertAnswers`].
pub(super) fn answers(answers: &[AnsweredKey]) -> Result<Vec<Bind<'_>>, StoreError> {
    let mut answers: Vec<&AnsweredKey> = answers.iter().collect();
    answers.sort_unstable_by_key(|answer| answer.key.key.as_str());
    Ok(vec![
        Bind::Texts(answers.iter().map(|answer| Some(answer.key.key.as_str())).collect()),
        Bind::Shorts(answers.iter().map(|answer| answer.key.shard.column()).collect()),
        Bind::Bytes(answers.iter().map(|answer| &answer.request.0[..]).collect()),
        Bind::Jsons(answers.iter().map(|answer| Json::value(&answer.answer).map(Some)).collect::<Result<_, _>>()?),
        Bind::Times(answers.iter().map(|answer| Some(answer.created_at)).collect()),
    ])
}
