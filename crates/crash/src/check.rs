//! The checker: reads the store through the ports, and compares it with what the clients were promised.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use reelhouse_domain::canonical::Digest;
use reelhouse_domain::ports::{SessionRepository, StoreError, WalletRepository};
use reelhouse_domain::session::{GameplayEvent, Transition, verify_chain};
use reelhouse_domain::wallet::{Cause, LedgerEntry};
use reelhouse_domain::{Money, SessionId, WalletId};
use uuid::Uuid;

use crate::journal::Promise;

/// Rows read at once.
const PAGE: u32 = 1000;

/// The store, read behind the server's back.
#[derive(Clone)]
pub(crate) struct Reader {
    pub(crate) sessions: Arc<dyn SessionRepository>,
    pub(crate) wallets: Arc<dyn WalletRepository>,
}

/// What was found to be wrong.
#[derive(Default)]
pub(crate) struct Findings {
    /// Acknowledged, and not there.
    pub(crate) lost: usize,
    /// There, and acknowledged to nobody, although every request was answered.
    pub(crate) doubled: usize,
    /// Anything else.
    pub(crate) wrong: Vec<String>,
}

impl Findings {
    fn need(&mut self, holds: bool, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong.push(what());
        }
    }
}

/// How far a session is checked.
struct SessionMark {
    genesis: Digest,
    seq: i64,
    head: Digest,
}

/// How far a wallet is checked.
#[derive(Default)]
struct WalletMark {
    seq: i64,
    balance: Money,
}

/// What has been checked so far.
pub(crate) struct Checker {
    sessions: BTreeMap<SessionId, SessionMark>,
    wallets: BTreeMap<WalletId, WalletMark>,
}

impl Checker {
    /// Starts with sessions in which nothing has happened yet.
    pub(crate) async fn new(reader: &Reader, sessions: &[String], wallets: &[String]) -> Result<Self> {
        let mut marks = BTreeMap::new();
        for id in sessions {
            let id = SessionId(id.parse()?);
            let session = reader.sessions.session_find(id).await?.context("a new session is not there")?;
            marks.insert(id, SessionMark { genesis: session.chain_head, seq: 0, head: session.chain_head });
        }
        let wallets = wallets.iter().map(|id| Ok((WalletId(id.parse()?), WalletMark::default())));
        Ok(Self { sessions: marks, wallets: wallets.collect::<Result<_>>()? })
    }

    /// Takes what is there as given: the opening balances, which were promised to nobody.
    pub(crate) async fn begin(&mut self, reader: &Reader) -> Result<()> {
        for (&id, mark) in &mut self.wallets {
            check_wallet(reader, id, mark, &mut Findings::default()).await?;
        }
        Ok(())
    }

    /// Checks everything since the last check. Nobody writes meanwhile, and every request has been answered.
    pub(crate) async fn check(&mut self, reader: &Reader, promises: &[Promise]) -> Result<Findings> {
        let mut findings = Findings::default();
        let mut events = BTreeSet::new();
        for (&id, mark) in &mut self.sessions {
            let new = check_session(reader, id, mark, &mut findings).await?;
            events.extend(new.iter().map(|event| event.body.event_id.0));
            compare(id, &new, promises, &mut findings);
        }
        let mut operations = BTreeSet::new();
        for (&id, mark) in &mut self.wallets {
            for entry in check_wallet(reader, id, mark, &mut findings).await? {
                match entry.cause {
                    Cause::Operation(operation) => {
                        findings.doubled += usize::from(!operations.insert(operation.0));
                    }
                    Cause::Event(event) => findings.need(events.contains(&event.0), || {
                        format!("entry {} of wallet {id} is of event {event}, which is not there", entry.seq)
                    }),
                }
            }
        }
        compare_operations(&operations, promises, &mut findings);
        let balance = reader.wallets.trial_balance().await?;
        findings.need(balance.sum().is_some_and(Money::is_zero), || format!("the books do not balance: {balance:?}"));
        Ok(findings)
    }

    /// Reads every session again from its start: what was checked long ago must still be there.
    pub(crate) async fn check_again(&self, reader: &Reader) -> Result<Findings> {
        let mut findings = Findings::default();
        for (&id, mark) in &self.sessions {
            let read = async |after| reader.sessions.event_list(id, after, PAGE).await;
            let events = all_after(0, read, |event: &GameplayEvent| event.body.seq).await?;
            findings.lost += usize::try_from(mark.seq).unwrap_or(0).saturating_sub(events.len());
            let head = verify_chain(mark.genesis, &events);
            findings.need(head == Ok(mark.head), || format!("session {id} does not chain to its head: {head:?}"));
        }
        Ok(findings)
    }
}

/// Checks the new events of a session against its row, its chain and its RL rows, and gives them.
async fn check_session(
    reader: &Reader,
    id: SessionId,
    mark: &mut SessionMark,
    findings: &mut Findings,
) -> Result<Vec<GameplayEvent>> {
    let from = mark.seq;
    let read = async |after| reader.sessions.event_list(id, after, PAGE).await;
    let events = all_after(from, read, |event: &GameplayEvent| event.body.seq).await?;
    let read = async |after| reader.sessions.transition_list(id, after, PAGE).await;
    let transitions = all_after(from, read, |transition: &Transition| transition.seq).await?;
    for event in &events {
        mark.seq += 1;
        let seq = event.body.seq;
        findings.need(seq == mark.seq, || format!("session {id}: seq {seq} follows {}", mark.seq - 1));
        let chained = event.body.hash_after(mark.head).ok() == Some(event.hash);
        findings.need(chained, || format!("session {id}: the chain breaks at seq {seq}"));
        mark.head = event.hash;
    }
    let row = |transition: &Transition| (transition.id, transition.seq);
    let rows: Vec<_> = transitions.iter().map(row).collect();
    let expected: Vec<_> = events.iter().map(|event| (event.body.event_id, event.body.seq)).collect();
    findings.need(rows == expected, || format!("session {id}: the RL rows after seq {from} are not its events"));
    let joined = transitions.windows(2).all(|pair| pair[0].next_state == pair[1].state);
    findings.need(joined, || format!("session {id}: a next_state after seq {from} is not the state that follows"));
    let session = reader.sessions.session_find(id).await?.context("a session is gone")?;
    findings.need((session.last_seq, session.chain_head) == (mark.seq, mark.head), || {
        format!("session {id} says it is at seq {}, its events end at {}", session.last_seq, mark.seq)
    });
    Ok(events)
}

/// Checks the new entries of a wallet's ledger, and gives them.
async fn check_wallet(
    reader: &Reader,
    id: WalletId,
    mark: &mut WalletMark,
    findings: &mut Findings,
) -> Result<Vec<LedgerEntry>> {
    let read = async |after| reader.wallets.ledger_list(id, after, PAGE).await;
    let entries = all_after(mark.seq, read, |entry: &LedgerEntry| entry.seq).await?;
    for entry in &entries {
        mark.seq += 1;
        let adds_up = mark.balance.checked_add(entry.amount) == Some(entry.balance_after);
        findings.need(entry.seq == mark.seq && entry.balance_before == mark.balance && adds_up, || {
            format!("wallet {id}: entry {} does not follow entry {}", entry.seq, mark.seq - 1)
        });
        mark.balance = entry.balance_after;
    }
    let wallet = reader.wallets.wallet_find(id).await?.context("a wallet is gone")?;
    findings.need((wallet.balance, wallet.ledger_seq) == (mark.balance, mark.seq), || {
        format!("wallet {id} holds {}, its entries sum to {}", wallet.balance, mark.balance)
    });
    Ok(entries)
}

/// Every event was promised once, and every promise is an event.
fn compare(id: SessionId, events: &[GameplayEvent], promises: &[Promise], findings: &mut Findings) {
    let there: BTreeSet<_> =
        events.iter().map(|event| (event.body.event_id.to_string(), event.body.seq, event.hash.to_string())).collect();
    let session = id.to_string();
    let promised = promises.iter().filter_map(|promise| match promise {
        Promise::Event { session_id, event_id, seq, hash } if *session_id == session => {
            Some((event_id.clone(), *seq, hash.clone()))
        }
        _ => None,
    });
    let promised: Vec<_> = promised.collect();
    let distinct: BTreeSet<_> = promised.iter().cloned().collect();
    findings.need(distinct.len() == promised.len(), || format!("session {id}: two keys were promised one event"));
    findings.lost += distinct.difference(&there).count();
    findings.doubled += there.difference(&distinct).count();
}

/// Every operation was promised once, and every promise is an operation.
fn compare_operations(there: &BTreeSet<Uuid>, promises: &[Promise], findings: &mut Findings) {
    let promised = promises.iter().filter_map(|promise| match promise {
        Promise::Operation { operation_id, .. } => operation_id.parse().ok(),
        _ => None,
    });
    let promised: BTreeSet<Uuid> = promised.collect();
    findings.lost += promised.difference(there).count();
    findings.doubled += there.difference(&promised).count();
}

/// All rows after `after`, page by page.
async fn all_after<T>(
    mut after: i64,
    read: impl AsyncFn(i64) -> Result<Vec<T>, StoreError>,
    seq: impl Fn(&T) -> i64,
) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    loop {
        let page = read(after).await?;
        let Some(last) = page.last() else { return Ok(rows) };
        after = seq(last);
        rows.extend(page);
    }
}

#[cfg(test)]
mod tests {
    use reelhouse_domain::EventId;
    use reelhouse_domain::session::EventBody;
    use serde_json::Value;

    use super::*;

    fn event(session: SessionId, number: u128, seq: i64) -> GameplayEvent {
        let body = EventBody {
            event_id: EventId(Uuid::from_u128(number)),
            session_id: session,
            seq,
            action: Value::Null,
            result: Value::Null,
            reward: 0.0,
            timestamp: reelhouse_domain::Timestamp::default(),
        };
        GameplayEvent { body, hash: Digest::of(&[b"x"]) }
    }

    fn promise(event: &GameplayEvent) -> Promise {
        Promise::Event {
            session_id: event.body.session_id.to_string(),
            event_id: event.body.event_id.to_string(),
            seq: event.body.seq,
            hash: event.hash.to_string(),
        }
    }

    fn compared(events: &[GameplayEvent], promises: &[Promise]) -> (usize, usize, usize) {
        let mut findings = Findings::default();
        compare(SessionId(Uuid::from_u128(1)), events, promises, &mut findings);
        (findings.lost, findings.doubled, findings.wrong.len())
    }

    #[test]
    fn what_is_lost_or_doubled_is_counted() {
        let session = SessionId(Uuid::from_u128(1));
        let (first, second) = (event(session, 10, 1), event(session, 11, 2));
        let both = [first.clone(), second.clone()];
        let promises = [promise(&first), promise(&second)];
        assert_eq!(compared(&both, &promises), (0, 0, 0));
        assert_eq!(compared(&both[..1], &promises), (1, 0, 0));
        assert_eq!(compared(&both, &promises[..1]), (0, 1, 0));
        assert_eq!(compared(&both, &[promises[0].clone(), promises[0].clone()]), (0, 1, 1));
        // What was promised under another hash is not what is there.
        let changed = GameplayEvent { hash: Digest::of(&[b"y"]), ..second };
        assert_eq!(compared(&[first, changed], &promises), (1, 1, 0));
        let elsewhere = event(SessionId(Uuid::from_u128(2)), 12, 1);
        assert_eq!(compared(&[], &[promise(&elsewhere)]), (0, 0, 0));
    }

    #[test]
    fn operations_are_counted_like_events() {
        let operation = |number: u128| Promise::Operation {
            wallet_id: String::new(),
            operation_id: Uuid::from_u128(number).to_string(),
        };
        let mut findings = Findings::default();
        let there = BTreeSet::from([Uuid::from_u128(1), Uuid::from_u128(2)]);
        compare_operations(&there, &[operation(2), operation(3)], &mut findings);
        assert_eq!((findings.lost, findings.doubled), (1, 1));
    }
}
