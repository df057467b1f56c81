//! The replay: opens the session again and takes every recorded action by the rules.

use std::collections::BTreeMap;

use chrono_tz::Tz;
use serde::Deserialize;
use serde_json::Value;

use super::Log;
use super::diff::differences;
use crate::canonical::Digest;
use crate::fairness::FairDealer;
use crate::fairness::proof::{ProofBody, ProvenSeed};
use crate::game::Engine;
use crate::id::{EventId, Randomness, WalletId};
use crate::money::Money;
use crate::session::{
    Action, Fairness, GameplayEvent, Observation, PlayerProfile, Session, SessionMetrics, SessionState, Step, Table,
};
use crate::wallet::{Cause, CostRate, DailyLimit, LedgerEntry, Wallet};

/// The most differences that are listed of one event.
const MAX_DIFFERENCES: usize = 10;

/// Takes every action again; gives the session as it ended, if the replay came to its end.
pub(super) fn check(body: &ProofBody, engine: &Engine, log: &mut Log) -> Option<Session> {
    let mut replay = Replay::new(body, engine)?;
    for (event, place) in body.events.iter().zip(1_i64..) {
        let step = match replay.take(event) {
            Ok(step) => step,
            Err((pointer, expected, found)) => {
                log.add_at(place, pointer, expected, found);
                return None;
            }
        };
        compare_event(place, event, &step, log);
        compare_entries(place, replay.entries_of(event.body.event_id), &step, log);
        replay.session = step.session;
    }
    let state = replay.session.state;
    log.is("/events", state.is_final(), "an end of the session");
    log.equal("/head/statement/state", state, body.head.statement.state);
    log.equal("/seeds", replay.rotations + 1, body.seeds.len());
    Some(replay.session)
}

/// What keeps an action from being taken: where, what was expected, what was found.
type Stop = (&'static str, String, String);

struct Replay<'a> {
    engine: &'a Engine,
    seeds: &'a [ProvenSeed],
    rates: BTreeMap<WalletId, CostRate>,
    entries: BTreeMap<EventId, Vec<&'a LedgerEntry>>,
    session: Session,
    rotations: usize,
}

impl<'a> Replay<'a> {
    /// The session as it was opened; `None` without a seed, which the chain's check tells of.
    fn new(body: &'a ProofBody, engine: &'a Engine) -> Option<Self> {
        let mut entries: BTreeMap<EventId, Vec<&LedgerEntry>> = BTreeMap::new();
        for entry in &body.entries {
            if let Cause::Event(event_id) = entry.cause {
                entries.entry(event_id).or_default().push(entry);
            }
        }
        Some(Self {
            engine,
            seeds: &body.seeds,
            rates: body.wallets.iter().map(|wallet| (wallet.wallet_id, wallet.cost_rate)).collect(),
            entries,
            session: open(body, body.seeds.first()?),
            rotations: 0,
        })
    }

    fn entries_of(&self, event_id: EventId) -> &[&'a LedgerEntry] {
        self.entries.get(&event_id).map_or(&[], Vec::as_slice)
    }

    /// Takes the action of an event.
    fn take(&mut self, event: &GameplayEvent) -> Result<Step, Stop> {
        let action = read_action(&event.body.action)?;
        let next_seed = match &action {
            Action::RotateSeed { client_seed } => Some(self.rotate(client_seed.as_deref())?),
            Action::Expire if self.session.state == SessionState::FreeGames => {
                let expected = "open free games played out before, as events of their own".to_owned();
                return Err(("/action", expected, "an expiry while free games are left".to_owned()));
            }
            _ => None,
        };
        let wallet = self.wallet(&action, event)?;
        let randomness = Recorded { id_bits: event.body.event_id.0.as_u64_pair().1, seed: next_seed };
        let table =
            Table { engine: self.engine, dealer: &FairDealer, randomness: &randomness, now: event.body.timestamp };
        let refused = |error: crate::session::ActError| {
            ("/action", "an action that the rules allow".to_owned(), error.to_string())
        };
        self.session.clone().act(wallet, &action, &table).map_err(refused)
    }

    /// The seed that a rotation goes on with.
    fn rotate(&mut self, client_seed: Option<&str>) -> Result<[u8; 32], Stop> {
        self.rotations += 1;
        let Some(next) = self.seeds.get(self.rotations) else {
            return Err((
                "/action",
                format!("seed {} of the proof for this rotation", self.rotations),
                "none".to_owned(),
            ));
        };
        let expected = client_seed.unwrap_or(&self.session.fairness.client_seed);
        if next.client_seed != expected {
            let expected = format!("the client seed {expected:?} of seed {} of the proof", self.rotations);
            return Err(("/action/client_seed", expected, format!("{:?}", next.client_seed)));
        }
        Ok(next.server_seed.0)
    }

    /// The wallet as it was when the event began, as far as the proof tells.
    fn wallet(&self, action: &Action, event: &GameplayEvent) -> Result<Option<Wallet>, Stop> {
        let wallet_id = match action {
            Action::AttachWallet { wallet_id } => Some(*wallet_id),
            _ => self.session.current_wallet_id,
        };
        let Some(wallet_id) = wallet_id else {
            return Ok(None);
        };
        let Some(cost_rate) = self.rates.get(&wallet_id) else {
            return Err(("/action", format!("wallet {wallet_id} among the wallets of the proof"), "none".to_owned()));
        };
        // An event that moved no money tells the balance itself; the ledger's check has its neighbours.
        let balance = match self.entries_of(event.body.event_id).first() {
            Some(first) => first.balance_before,
            None => Money::deserialize(&event.body.result["balance"]).unwrap_or_default(),
        };
        let at = event.body.timestamp;
        Ok(Some(Wallet {
            wallet_id,
            owner: None,
            balance,
            // Limits are a promise to the player that a proof does not speak of.
            daily_limit: DailyLimit::new(None),
            cost_rate: *cost_rate,
            time_zone: Tz::UTC,
            spend_day: at.date_naive(),
            spent: Money::ZERO,
            ledger_seq: 0,
            created_at: at,
            updated_at: at,
        }))
    }
}

fn open(body: &ProofBody, seed: &ProvenSeed) -> Session {
    let wallet_id = body.opened.wallet_id;
    let state = if wallet_id.is_some() { SessionState::Initialized } else { SessionState::Idle };
    Session {
        session_id: body.session_id,
        owner: None,
        game_id: body.game.game_id,
        player_profile: PlayerProfile::default(),
        state,
        suspended_from: None,
        metrics: SessionMetrics::default(),
        current_wallet_id: wallet_id,
        fairness: Fairness { server_seed: seed.server_seed, client_seed: seed.client_seed.clone(), nonce: 0 },
        reward: body.opened.reward,
        training: body.opened.training,
        round: None,
        observation: Observation::initial(state, None, None),
        last_seq: 0,
        chain_head: Digest([0; 32]),
        idle_check_at: None,
        created_at: body.opened.created_at,
        updated_at: body.opened.created_at,
    }
}

fn read_action(document: &Value) -> Result<Action, Stop> {
    Action::deserialize(document).map_err(|error| ("/action", "an action".to_owned(), error.to_string()))
}

/// Randomness that gives what was recorded: the random bits of the event's id, and the next seed.
struct Recorded {
    id_bits: u64,
    seed: Option<[u8; 32]>,
}

impl Randomness for Recorded {
    fn server_seed(&self) -> [u8; 32] {
        self.seed.unwrap_or_default()
    }

    fn id_bits(&self) -> u64 {
        self.id_bits
    }
}

/// Compares a recorded event with what the rules made of its action.
fn compare_event(place: i64, event: &GameplayEvent, step: &Step, log: &mut Log) {
    let Some(replayed) = step.events.last().filter(|_| step.events.len() == 1) else {
        log.add_at(place, "/action", "one event", step.events.len());
        return;
    };
    if replayed.body == event.body {
        return;
    }
    let (Ok(expected), Ok(found)) = (serde_json::to_value(&replayed.body), serde_json::to_value(&event.body)) else {
        log.add_at(place, "", "an event with a JSON form", "none");
        return;
    };
    let text = |value: Option<&Value>| value.map_or_else(|| "nothing".to_owned(), Value::to_string);
    for difference in differences(&expected, &found, MAX_DIFFERENCES) {
        log.add_at(place, &difference.pointer, text(difference.expected), text(difference.found));
    }
}

/// Compares the recorded moves of money with those that the rules make.
fn compare_entries(place: i64, recorded: &[&LedgerEntry], step: &Step, log: &mut Log) {
    log.equal_at(place, "/entries", step.entries.len(), recorded.len());
    for (expected, found) in step.entries.iter().zip(recorded) {
        let words = |entry: &LedgerEntry| {
            format!(
                "{} {} of wallet {} against {}",
                entry.kind.name(),
                entry.amount,
                entry.wallet_id,
                entry.account.name()
            )
        };
        log.equal_at(place, "/entries", words(expected), words(found));
    }
}
