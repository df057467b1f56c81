//! The real session and wallets, and what must hold of them at every step.

use chrono::Timelike;
use proptest_state_machine::StateMachineTest;
use reelhouse_domain::analytics::SessionTally;
use reelhouse_domain::canonical::Digest;
use reelhouse_domain::game::{Definition, Engine, Game, profile};
use reelhouse_domain::observation::Observed;
use reelhouse_domain::session::{
    ActError, Action, GameplayEvent, NewSession, Observation, PlayerProfile, Session, SessionMetrics, SessionState,
    Step, Table, Transition, verify_chain,
};
use reelhouse_domain::time::Timestamp;
use reelhouse_domain::wallet::{Cause, LedgerEntry, Operation, Wallet};
use reelhouse_domain::{GameId, Money, Refusal, Shard, WalletId};

use super::game::{MixDealer, definition};
use super::model::{Model, Open};
use super::{Move, recount};
use crate::support::books::Books;
use crate::support::{Ids, code, evening};

/// Every step that a session may take: from, action, to.
const LEGAL: &[(&str, &[&str], &[&str])] = &[
    ("idle", &["attach_wallet"], &["initialized"]),
    ("idle", &["close"], &["completed"]),
    ("initialized", &["bet"], &["bet_placed"]),
    ("initialized", &["spin"], &["playing", "free_games"]),
    ("initialized", &["probe", "rotate_seed"], &["initialized"]),
    ("initialized", &["cash_out"], &["completed"]),
    ("bet_placed", &["spin"], &["playing", "free_games"]),
    ("bet_placed", &["void"], &["initialized", "playing"]),
    ("playing", &["bet"], &["bet_placed"]),
    ("playing", &["spin"], &["playing", "free_games"]),
    ("playing", &["probe", "attach_wallet", "rotate_seed"], &["playing"]),
    ("playing", &["cash_out"], &["completed"]),
    ("free_games", &["spin"], &["free_games", "playing"]),
    ("suspended", &["resume"], &["initialized", "bet_placed", "playing", "free_games"]),
    ("suspended", &["cash_out"], &["completed"]),
];

fn is_legal(from: SessionState, action: &str, to: SessionState) -> bool {
    let (from, to) = (from.name(), to.name());
    match action {
        "suspend" => ["initialized", "bet_placed", "playing", "free_games"].contains(&from) && to == "suspended",
        // Free games were played out before, as steps of their own.
        "expire" => ["idle", "initialized", "bet_placed", "playing"].contains(&from) && to == "expired",
        _ => {
            LEGAL.iter().any(|(state, actions, next)| *state == from && actions.contains(&action) && next.contains(&to))
        }
    }
}

pub(crate) struct Real {
    engine: Engine,
    dealer: MixDealer,
    ids: Ids,
    session: Session,
    wallets: [Wallet; 2],
    books: [Books; 2],
    genesis: Digest,
    opened: Observation,
    events: Vec<GameplayEvent>,
    recount: SessionMetrics,
    observed: Observed,
    tally: SessionTally,
}

impl Real {
    fn act(&self, action: &Action, wallet: Option<usize>, clock: Timestamp) -> Result<Step, Refusal> {
        let table = Table { engine: &self.engine, dealer: &self.dealer, randomness: &self.ids, now: clock };
        let wallet = wallet.map(|wallet| self.wallets[wallet].clone());
        self.session.clone().act(wallet, action, &table).map_err(|error| match error {
            ActError::Refused(refusal) => refusal,
            ActError::Unwritable(error) => panic!("{error}"),
        })
    }

    /// Takes a step over, and checks its record on the way.
    fn keep(&mut self, step: Step, model: &Model) {
        assert_eq!(step.events.len(), step.transitions.len());
        assert!(step.session.last_seq > self.session.last_seq, "the number of events tells every change");
        for (event, transition) in step.events.iter().zip(&step.transitions) {
            self.check_record(event, transition, &step.entries);
            recount::count(&mut self.recount, event);
            self.tally.see(&self.observed, event);
            self.session.chain_head = event.hash;
            self.session.observation = transition.next_state.clone();
            self.events.push(event.clone());
        }
        assert_eq!(self.session.chain_head, step.session.chain_head);
        assert_eq!(self.session.observation, step.session.observation);
        assert_eq!(step.wallet.is_some(), model.current.is_some());
        if let (Some(wallet), Some(current)) = (step.wallet, model.current) {
            assert_eq!(step.session.current_wallet_id, Some(wallet.wallet_id));
            for entry in &step.entries {
                assert!(step.events.iter().any(|event| entry.cause == Cause::Event(event.body.event_id)));
                self.books[current].append(&wallet, entry, model.purses[current].limit(model.clock));
            }
            self.wallets[current] = wallet;
        }
        self.session = step.session;
        self.check_observation(model);
    }

    /// Checks an event and its transition against what came before them.
    fn check_record(&self, event: &GameplayEvent, transition: &Transition, entries: &[LedgerEntry]) {
        let body = &event.body;
        let seq = i64::try_from(self.events.len()).unwrap() + 1;
        assert_eq!((body.seq, transition.seq, transition.id), (seq, seq, body.event_id));
        assert_eq!(event.hash, body.hash_after(self.session.chain_head).unwrap());
        let before = self.events.last().map_or(self.session.created_at, |event| event.body.timestamp);
        assert!(body.timestamp >= before, "an event went back in time");
        assert_eq!(body.timestamp.nanosecond() % 1_000_000, 0);
        let previous = if seq == 1 { &self.opened } else { &self.session.observation };
        assert_eq!(&transition.state, previous, "a step does not start where the last one ended");
        let cause = Cause::Event(body.event_id);
        let moved = entries.iter().filter(|entry| entry.cause == cause).map(|entry| entry.amount.units()).sum();
        assert_eq!(body.reward.to_bits(), Money::from_units(moved).to_f64().to_bits());
        assert_eq!(transition.reward.to_bits(), body.reward.to_bits());
        let (from, to) = (transition.state.state, transition.next_state.state);
        let action = body.action["type"].as_str().unwrap();
        assert!(is_legal(from, action, to), "{from} took {action} to {to}");
        let seen = &transition.next_state;
        let cheapest = self.engine.unit_bet().checked_add(seen.fee);
        let short = |amount: Option<Money>| amount.is_some_and(|amount| cheapest.is_none_or(|least| amount < least));
        assert!(!transition.terminated || to == SessionState::Completed || short(seen.balance));
        assert!(!transition.truncated || to == SessionState::Expired || short(seen.spend_left));
        assert!(!to.is_final() || transition.done(), "an ended session has an end");
        assert!(!(transition.terminated && transition.truncated));
    }

    /// Checks what the agent sees after the last action.
    fn check_observation(&self, model: &Model) {
        let seen = &self.session.observation;
        let wallet = model.current.map(|current| &self.wallets[current]);
        assert_eq!(seen.state, model.state);
        assert_eq!(seen.balance, wallet.map(|wallet| wallet.balance));
        assert_eq!(seen.spend_left, wallet.and_then(|wallet| wallet.spend_left(model.clock)));
        assert_eq!(seen.free_games_left, model.round.as_ref().map_or(0, |round| round.left));
        if let Some(round) = &model.round {
            assert_eq!(seen.stake.units(), round.stake);
        }
        let metrics = &self.session.metrics;
        assert_eq!((seen.dry_run, seen.spins, seen.net), (metrics.dry_run, metrics.spins, metrics.net));
    }

    /// Checks the session's counters against the model and against its own events.
    fn check_metrics(&self, model: &Model) {
        let metrics = &self.session.metrics;
        assert_eq!(metrics, &self.recount);
        assert_eq!(
            (metrics.spins, metrics.free_games, metrics.probe_spins),
            (model.spins, model.free_games, model.probed)
        );
        let money = (metrics.wagered.units(), metrics.won.units(), metrics.fees.units(), metrics.net.units());
        assert_eq!(money, (model.wagered, model.won, model.fees, model.won - model.wagered - model.fees));
        let hits = model.rounds.iter().filter(|won| **won > 0).count();
        assert_eq!(metrics.hits, u64::try_from(hits).unwrap());
        assert_eq!(metrics.biggest_win.units(), model.rounds.iter().copied().max().unwrap_or(0));
        let dry = model.rounds.split(|won| *won > 0).map(<[i64]>::len);
        assert_eq!(metrics.longest_dry_run, u64::try_from(dry.max().unwrap_or(0)).unwrap());
        self.check_tally(metrics);
    }

    /// Checks what is counted of the events against the session's own counters.
    fn check_tally(&self, metrics: &SessionMetrics) {
        let (tally, mut own) = (self.tally.entries(), metrics.entries());
        own.retain(|(key, _)| !key.starts_with("balance_"));
        for entry in &own {
            assert!(tally.contains(entry), "{entry:?} is not in {tally:?}");
        }
        assert_eq!(tally.iter().filter(|(key, _)| *key != "balance").count(), own.len());
        assert_eq!(self.tally.dry_run, metrics.dry_run);
        let told = self.events.iter().rev().find_map(|event| event.body.result.get("balance"));
        assert_eq!(told.map(|told| serde_json::from_value(told.clone()).unwrap()), self.tally.balance);
    }
}

/// The game under observation.
fn observed(definition: &Definition) -> Observed {
    let game = Game {
        game_id: GameId::mint(evening(), Shard::default(), &Ids::default()),
        name: "machine".to_owned(),
        rng_signature: definition.rng_signature_document(),
        symbol_map: definition.symbol_map_document(),
        statistical_profile: profile(definition).document(),
        fingerprint: definition.fingerprint(),
        created_at: evening(),
    };
    Observed::of(&game).unwrap()
}

pub(crate) struct SessionMachine;

impl StateMachineTest for SessionMachine {
    type SystemUnderTest = Real;
    type Reference = Model;

    fn init_test(model: &Model) -> Real {
        let ids = Ids::default();
        let definition = definition();
        let mut books = [Books::default(), Books::default()];
        let wallets = [0, 1].map(|at| {
            let purse = &model.purses[at];
            let wallet_id = WalletId::mint(evening(), Shard::from_bits(7 + at as u64), &ids);
            let balance = Money::from_units(i64::try_from(purse.balance).unwrap());
            let empty = purse.to_wallet(wallet_id, evening());
            let (wallet, _, entry) = empty.operate(Operation::Deposit, balance, evening(), &ids).unwrap();
            books[at].append(&wallet, &entry.unwrap(), None);
            wallet
        });
        let new = NewSession {
            game_id: GameId::mint(evening(), Shard::default(), &ids),
            fingerprint: definition.fingerprint(),
            player_profile: PlayerProfile { max_bet: model.max_bet.map(Money::from_units), ..PlayerProfile::default() },
            client_seed: None,
            reward: Default::default(),
            training_seed: None,
        };
        let first = model.current.map(|current| &wallets[current]);
        let session = Session::open(new, first, Shard::default(), evening(), &ids).unwrap();
        Real {
            engine: Engine::compile(&definition),
            dealer: MixDealer { salt: model.salt },
            ids,
            genesis: session.chain_head,
            opened: session.observation.clone(),
            recount: recount::opened(first.map(|wallet| wallet.balance)),
            session,
            wallets,
            books,
            events: Vec::new(),
            observed: observed(&definition),
            tally: SessionTally::default(),
        }
    }

    fn apply(mut real: Real, model: &Model, step: Move) -> Real {
        let current =
            real.session.current_wallet_id.and_then(|id| real.wallets.iter().position(|wallet| wallet.wallet_id == id));
        let outcome = match &step {
            Move::Clock(_) => return real,
            Move::Operate(at, operation, amount) => {
                let wallet = real.wallets[*at].clone();
                let operated = wallet.operate(*operation, Money::from_units(*amount), model.clock, &real.ids);
                operated.map(|(wallet, _, entry)| {
                    if let Some(entry) = entry {
                        real.books[*at].append(&wallet, &entry, None);
                    }
                    real.wallets[*at] = wallet;
                })
            }
            Move::Attach(at) => {
                let action = Action::AttachWallet { wallet_id: real.wallets[*at].wallet_id };
                real.act(&action, Some(*at), model.clock).map(|step| real.keep(step, model))
            }
            Move::Act(action) => real.act(action, current, model.clock).map(|step| real.keep(step, model)),
        };
        match (&outcome, model.verdict) {
            (Ok(()), Ok(())) => {}
            // The model stays as it was, and the invariants hold the session against it.
            (Err(refusal), Err(expected)) => assert_eq!(code(refusal), expected, "{refusal}"),
            (outcome, verdict) => panic!("{step:?} came to {outcome:?}, the model says {verdict:?}"),
        }
        if let Err(Refusal::InvalidTransition { state, allowed, .. }) = &outcome {
            assert_eq!(*state, model.state);
            assert_eq!(allowed, real.session.allowed_actions());
        }
        real
    }

    fn check_invariants(real: &Real, model: &Model) {
        for ((wallet, books), purse) in real.wallets.iter().zip(&real.books).zip(&model.purses) {
            purse.check(wallet, model.clock);
            books.check(wallet);
        }
        let session = &real.session;
        assert_eq!((session.state, session.suspended_from), (model.state, model.suspended_from));
        assert_eq!((session.last_seq, session.fairness.nonce), (model.events, model.nonce));
        assert_eq!(session.updated_at, model.time);
        let real_round =
            session.round.map(|round| (round.stake.units(), round.words, round.free_games_left, round.won));
        let open = |round: &Open| (round.stake, round.words, round.left, Money::from_units(round.won));
        assert_eq!(real_round, model.round.as_ref().map(open));
        real.check_metrics(model);
    }

    fn teardown(real: Real, _: Model) {
        assert_eq!(verify_chain(real.genesis, &real.events), Ok(real.session.chain_head));
    }
}
