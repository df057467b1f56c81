//! The ledger: that the entries of a proof are a part of their wallets' ledgers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::Log;
use crate::fairness::proof::{ProofBody, wallet_by_event};
use crate::id::{EventId, Shard, WalletId, minted_at};
use crate::money::Money;
use crate::wallet::{Cause, LedgerEntry};

/// Checks the entries, one after the other, and the balances that the events tell.
pub(super) fn check(body: &ProofBody, log: &mut Log) {
    check_wallets(body, log);
    let mut seen = BTreeSet::new();
    let mut by_event: BTreeMap<EventId, Vec<&LedgerEntry>> = BTreeMap::new();
    let known: BTreeSet<EventId> = body.events.iter().map(|event| event.body.event_id).collect();
    log.is("/events", known.len() == body.events.len(), "ids that are given once");
    for (place, entry) in body.entries.iter().enumerate() {
        let at = format!("/entries/{place}");
        check_entry(&at, entry, log);
        log.is(&format!("{at}/entry_id"), seen.insert(entry.entry_id), "an id that is given once");
        match entry.cause {
            Cause::Event(event_id) if known.contains(&event_id) => by_event.entry(event_id).or_default().push(entry),
            _ => log.add(&at, "an entry that an event of the session caused", "another cause"),
        }
    }
    check_order(body, &by_event, log);
}

/// Every wallet that was played from is there once, with rates that are no gift.
fn check_wallets(body: &ProofBody, log: &mut Log) {
    let played = wallet_by_event(body.opened.wallet_id, &body.events);
    let mut order = Vec::new();
    let mut seen = BTreeSet::new();
    for wallet_id in body.opened.wallet_id.into_iter().chain(played.into_iter().flatten()) {
        if seen.insert(wallet_id) {
            order.push(wallet_id);
        }
    }
    let listed: Vec<WalletId> = body.wallets.iter().map(|wallet| wallet.wallet_id).collect();
    log.is("/wallets", order == listed, "the wallets of the session in the order of their attaching");
    for wallet in &body.wallets {
        let negative = wallet.cost_rate.per_spin.is_negative() || wallet.cost_rate.per_query.is_negative();
        log.is("/wallets", !negative, "rates of zero or more");
    }
}

/// Checks what an entry says of itself.
fn check_entry(at: &str, entry: &LedgerEntry, log: &mut Log) {
    let sum = entry.balance_before.checked_add(entry.amount);
    log.is(&format!("{at}/balance_after"), sum == Some(entry.balance_after), "the sum of balance and amount");
    let negative = entry.balance_before.is_negative() || entry.balance_after.is_negative();
    log.is(at, !negative, "balances of zero or more");
    log.is(&format!("{at}/seq"), entry.seq > 0, "a number from 1");
    log.equal(&format!("{at}/account"), entry.kind.account().name(), entry.account.name());
    let minted = minted_at(entry.entry_id.0) == Some(entry.timestamp);
    let sharded = Shard::of(entry.entry_id.0) == entry.wallet_id.shard();
    log.is(&format!("{at}/entry_id"), minted && sharded, "an id of the entry's instant and its wallet's shard");
}

/// What was seen last of a wallet.
struct Seen<'a> {
    entry: &'a LedgerEntry,
    /// The balances that events told after the entry, and the events' places.
    told: Vec<(Money, i64)>,
}

/// Checks that entries follow one another as the events do, and that balances agree where nothing
/// else can have moved them.
fn check_order(body: &ProofBody, by_event: &BTreeMap<EventId, Vec<&LedgerEntry>>, log: &mut Log) {
    let mut last: BTreeMap<WalletId, Seen<'_>> = BTreeMap::new();
    let mut listed = body.entries.iter();
    let played = wallet_by_event(body.opened.wallet_id, &body.events);
    for ((event, place), wallet_id) in body.events.iter().zip(1_i64..).zip(played) {
        let entries = by_event.get(&event.body.event_id).map_or(&[][..], Vec::as_slice);
        for (at, entry) in entries.iter().enumerate() {
            if listed.next() != Some(*entry) {
                log.add_at(place, "/entries", "entries in the order of the events", "another order");
            }
            check_successor(place, last.get(&entry.wallet_id), entry, at > 0, log);
            last.insert(entry.wallet_id, Seen { entry, told: Vec::new() });
        }
        let balance = Money::deserialize(&event.body.result["balance"]).ok();
        if let (true, Some(balance), Some(wallet_id)) = (entries.is_empty(), balance, wallet_id)
            && let Some(seen) = last.get_mut(&wallet_id)
        {
            seen.told.push((balance, place));
        }
    }
}

/// Checks an entry against the one that the proof has before it in the same ledger.
fn check_successor(place: i64, before: Option<&Seen<'_>>, entry: &LedgerEntry, same_event: bool, log: &mut Log) {
    let Some(Seen { entry: before, told }) = before else {
        return;
    };
    if entry.seq <= before.seq || entry.timestamp < before.timestamp {
        log.add_at(place, "/entries", "an entry after the one before it in its ledger", entry.seq);
        return;
    }
    let next = before.seq.checked_add(1) == Some(entry.seq);
    if same_event && !next {
        log.add_at(place, "/entries", "entries of one event without one between them", entry.seq);
    }
    if !next {
        return;
    }
    log.equal_at(place, "/entries", before.balance_after, entry.balance_before);
    for (balance, told_at) in told {
        log.equal_at(*told_at, "/result/balance", before.balance_after, *balance);
    }
}
