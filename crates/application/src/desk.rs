//! The desk: decides the commands of a batch, one after the other, on a working copy of the snapshot.
//!
//! Nothing here waits or writes. A refused command drops its copies, so it never spoils its
//! neighbours; a later command of the batch sees what an earlier one did.

mod games;
mod jobs;

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use reelhouse_domain::access::Caller;
use reelhouse_domain::fairness::{Dealer, HeadSigner, SignedHead};
use reelhouse_domain::game::{Game, Readiness};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::job::{Job, JobKind};
use reelhouse_domain::ports::{AnsweredKey, Changes, IdempotencyKey, MetricRow, Remembered, Snapshot};
use reelhouse_domain::session::{ActError, Action, GameplayEvent, NewSession, Session, SessionState, Step, Table};
use reelhouse_domain::wallet::{NewWallet, Operation, Wallet};
use reelhouse_domain::{GameId, JobId, Money, Refusal, SessionId, Shard, Timestamp, WalletId};

use crate::book::{PlayableGame, Shelf};
use crate::command::{ActAnswer, Answer, Command, Outcome, SessionDraft};
use crate::error::Error;
use crate::meters::PlayedByGame;
use crate::play::{Play, PlayAnswer, PlayOutcome};
use crate::view::{SessionView, WalletBrief, WalletView};

/// A command with what it came with.
pub(crate) struct Order {
    pub(crate) command: Command,
    pub(crate) key: Option<IdempotencyKey>,
    pub(crate) shard: Shard,
    pub(crate) caller: Caller,
}

/// What the desk decides with.
#[derive(Clone, Copy)]
pub(crate) struct Tools<'a> {
    pub(crate) dealer: &'a dyn Dealer,
    pub(crate) signer: &'a dyn HeadSigner,
    pub(crate) randomness: &'a dyn Randomness,
    pub(crate) shelf: &'a Shelf,
    pub(crate) idle_timeout: TimeDelta,
    pub(crate) waiting_jobs: u64,
    pub(crate) now: Timestamp,
}

/// A row of the working copy: where it came from and whether it changed.
struct Held<T> {
    value: T,
    created: bool,
    changed: bool,
}

/// The working copy of a batch, and the changes made so far.
pub(crate) struct Desk<'a> {
    tools: Tools<'a>,
    sessions: BTreeMap<SessionId, Held<Session>>,
    wallets: BTreeMap<WalletId, Held<Wallet>>,
    answers: BTreeMap<IdempotencyKey, AnsweredKey>,
    games: BTreeMap<reelhouse_domain::Digest, Game>,
    jobs: BTreeMap<JobId, Held<Job>>,
    /// How many jobs of each kind wait.
    queue: BTreeMap<JobKind, u64>,
    /// The keys answered in this batch, which are unique whatever their shard.
    keys: BTreeSet<String>,
    changes: Changes,
    /// What the decided commands come to, for whoever counts.
    played: PlayedByGame,
}

fn hold<K: Ord, T>(rows: BTreeMap<K, T>) -> BTreeMap<K, Held<T>> {
    rows.into_iter().map(|(key, value)| (key, Held { value, created: false, changed: false })).collect()
}

impl<'a> Desk<'a> {
    pub(crate) fn new(snapshot: Snapshot, tools: Tools<'a>) -> Self {
        Self {
            tools,
            sessions: hold(snapshot.sessions),
            wallets: hold(snapshot.wallets),
            answers: snapshot.answers,
            games: snapshot.games,
            jobs: hold(snapshot.jobs),
            queue: snapshot.queue,
            keys: BTreeSet::new(),
            changes: Changes::default(),
            played: PlayedByGame::new(),
        }
    }

    /// Whether the decided commands change nothing.
    pub(crate) fn is_unchanged(&self) -> bool {
        self.changes == Changes::default()
            && !self.wallets.values().any(|held| held.changed)
            && !self.sessions.values().any(|held| held.changed)
            && !self.jobs.values().any(|held| held.changed)
    }

    /// Everything that the decided commands change, and what play comes to in it. What is remembered is written
    /// whether it changed or not, so that the store says whether it was still so.
    pub(crate) fn into_changes(self, remembered: Remembered) -> (Changes, PlayedByGame) {
        let mut changes = self.changes;
        for (id, held) in self.wallets {
            if held.changed || remembered.wallets.contains_key(&id) {
                let list = if held.created { &mut changes.wallets_created } else { &mut changes.wallets_updated };
                list.push(held.value);
            }
        }
        for (id, held) in self.sessions {
            if held.changed || remembered.sessions.contains_key(&id) {
                let list = if held.created { &mut changes.sessions_created } else { &mut changes.sessions_updated };
                list.push(held.value);
            }
        }
        changes.remembered = remembered;
        for held in self.jobs.into_values().filter(|held| held.changed) {
            let list = if held.created { &mut changes.jobs_created } else { &mut changes.jobs_updated };
            list.push(held.value);
        }
        (changes, self.played)
    }

    /// Decides a command, or repeats the answer that its key was given.
    pub(crate) fn decide(&mut self, order: &Order) -> Result<Answer, Error> {
        let Some(key) = &order.key else {
            return self.decide_new(order);
        };
        let request = order.command.digest(order.caller.confined_to()).map_err(unwritable)?;
        if let Some(answered) = self.answers.get(key) {
            if answered.request != request {
                return Err(Refusal::IdempotencyKeyReused.into());
            }
            let outcome: Outcome = serde_json::from_value(answered.answer.clone()).map_err(unreadable)?;
            return Ok(outcome?);
        }
        if self.keys.contains(&key.key) {
            return Err(Refusal::IdempotencyKeyReused.into());
        }
        let outcome: Outcome = match self.decide_new(order) {
            Ok(answer) => Ok(answer),
            Err(Error::Refused(refusal)) => Err(refusal),
            Err(error) => return Err(error),
        };
        let answer = serde_json::to_value(&outcome).map_err(unwritable)?;
        let answered = AnsweredKey { key: key.clone(), request, answer, created_at: self.tools.now };
        self.keys.insert(key.key.clone());
        self.changes.answers.push(answered.clone());
        self.answers.insert(key.clone(), answered);
        Ok(outcome?)
    }

    fn decide_new(&mut self, order: &Order) -> Result<Answer, Error> {
        let caller = order.caller;
        match &order.command {
            Command::GameCreate(draft) => self.game_create(draft, order.shard),
            Command::WalletCreate(new) => self.wallet_create(new, order.shard, caller),
            Command::WalletOperate { wallet_id, operation, amount } => {
                self.wallet_operate(*wallet_id, *operation, *amount, caller)
            }
            Command::SessionCreate(draft) => self.session_create(draft, order.shard, caller),
            Command::SessionAct { session_id, action } => self.session_act(*session_id, action, caller),
            Command::SessionsAct { plays } => {
                Ok(Answer::Acts(plays.iter().map(|play| self.play(play, caller)).collect::<Result<_, _>>()?))
            }
            Command::SessionSweep { session_id } => self.session_sweep(*session_id, caller),
            Command::SimulationCreate(draft) => self.simulation_create(draft, order.shard),
            Command::SimulationCancel { job_id } => self.simulation_cancel(*job_id),
            Command::JobClaim { job_id, lease } => Ok(self.job_claim(*job_id, *lease)),
            Command::JobUpdate { job_id, token, update, profile } => {
                Ok(self.job_update(*job_id, *token, update, profile.as_ref()))
            }
        }
    }

    fn wallet_create(&mut self, new: &NewWallet, shard: Shard, caller: Caller) -> Result<Answer, Error> {
        let Tools { now, randomness, .. } = self.tools;
        caller.check_opening(new.balance)?;
        let mut wallet = Wallet::open(WalletId::mint(now, shard, randomness), new, now);
        wallet.owner = caller.confined_to();
        if !new.balance.is_zero() {
            let (funded, operation, entry) = wallet.operate(Operation::Deposit, new.balance, now, randomness)?;
            wallet = funded;
            self.changes.operations.push(operation);
            self.changes.entries.extend(entry);
        }
        let view = WalletView::of(&wallet, now);
        self.wallets.insert(wallet.wallet_id, Held { value: wallet, created: true, changed: true });
        Ok(Answer::Wallet(view))
    }

    fn wallet_operate(
        &mut self,
        wallet_id: WalletId,
        operation: Operation,
        amount: Money,
        caller: Caller,
    ) -> Result<Answer, Error> {
        let Tools { now, randomness, .. } = self.tools;
        let wallet = self.wallet(wallet_id, caller)?;
        caller.check_operation(operation, amount, wallet.daily_limit, wallet.time(now))?;
        let (wallet, operation, entry) = wallet.operate(operation, amount, now, randomness)?;
        let view = WalletView::of(&wallet, now);
        self.put_wallet(wallet);
        self.changes.operations.push(operation.clone());
        self.changes.entries.extend(entry);
        Ok(Answer::Operation { operation, wallet: view })
    }

    fn session_create(&mut self, draft: &SessionDraft, shard: Shard, caller: Caller) -> Result<Answer, Error> {
        let Tools { now, randomness, .. } = self.tools;
        caller.check_session(draft.training_seed.is_some())?;
        let wallet = draft.wallet_id.map(|id| self.wallet(id, caller)).transpose()?;
        let game = &self.playable(draft.game_id)?.game;
        let readiness = game.readiness();
        if readiness != Readiness::Ready {
            return Err(Refusal::GameNotReady { profile: readiness.name().to_owned() }.into());
        }
        let new = NewSession {
            game_id: draft.game_id,
            fingerprint: game.fingerprint,
            player_profile: draft.player_profile.clone(),
            client_seed: draft.client_seed.clone(),
            reward: draft.reward,
            training_seed: draft.training_seed,
        };
        let mut session = Session::open(new, wallet.as_ref(), shard, now, randomness).map_err(unwritable)?;
        session.owner = session.owner.or(caller.confined_to());
        session.idle_check_at = Some(now + self.tools.idle_timeout);
        let view = SessionView::from(&session);
        self.sessions.insert(session.session_id, Held { value: session, created: true, changed: true });
        Ok(Answer::Session(Box::new(view)))
    }

    fn session_act(&mut self, session_id: SessionId, action: &Action, caller: Caller) -> Result<Answer, Error> {
        let now = self.tools.now;
        let step = self.step(session_id, action, caller)?;
        let last = step.transitions.last();
        let answer = ActAnswer {
            event: last_event(&step)?,
            terminated: last.is_some_and(|transition| transition.terminated),
            truncated: last.is_some_and(|transition| transition.truncated),
            session: SessionView::from(&step.session),
            wallet: step.wallet.as_ref().map(|wallet| WalletBrief::of(wallet, now)),
            head: SignedHead::of(&step.session, self.tools.signer).map_err(unwritable)?,
        };
        self.keep(step);
        Ok(Answer::Act(Box::new(answer)))
    }

    /// Carries out a play to its end, or to its first refusal.
    fn play(&mut self, play: &Play, caller: Caller) -> Result<PlayOutcome, Error> {
        let mut events = Vec::with_capacity(play.actions.len());
        let mut refused = None;
        for action in &play.actions {
            let step = match self.step(play.session_id, action, caller) {
                Ok(step) => step,
                Err(Error::Refused(refusal)) => {
                    refused = Some(refusal);
                    break;
                }
                Err(error) => return Err(error),
            };
            events.push(last_event(&step)?);
            self.keep(step);
        }
        let played = self.sessions.get(&play.session_id).filter(|_| !events.is_empty());
        let Some(Held { value: session, .. }) = played else {
            let nothing = || Refusal::invalid_request("", "a play has one action at least");
            return Ok(Err(refused.unwrap_or_else(nothing)));
        };
        let wallet = session.current_wallet_id.and_then(|wallet_id| self.wallets.get(&wallet_id));
        let tried = events.len() + usize::from(refused.is_some());
        Ok(Ok(PlayAnswer {
            not_tried: play.actions.len() - tried,
            events,
            refused,
            session: SessionView::from(session),
            observation: session.observation.clone(),
            wallet: wallet.map(|held| WalletBrief::of(&held.value, self.tools.now)),
            head: SignedHead::of(session, self.tools.signer).map_err(unwritable)?,
        }))
    }

    fn session_sweep(&mut self, session_id: SessionId, caller: Caller) -> Result<Answer, Error> {
        let Tools { now, idle_timeout, .. } = self.tools;
        let held = self.sessions.get_mut(&session_id).ok_or_else(|| Refusal::not_found("session", session_id))?;
        let session = &mut held.value;
        if session.state.is_final() {
            return Ok(Answer::Swept(false));
        }
        let due = session.updated_at + idle_timeout;
        // What an operator holds is not idle; what was played since is not idle yet.
        let suspended = session.state == SessionState::Suspended;
        if suspended || due > now {
            session.idle_check_at = Some(if suspended { now + idle_timeout } else { due });
            held.changed = true;
            return Ok(Answer::Swept(false));
        }
        let step = self.step(session_id, &Action::Expire, caller)?;
        self.keep(step);
        Ok(Answer::Swept(true))
    }

    /// Takes an action on copies of the session and its wallet. What is not the caller's is not there.
    fn step(&self, session_id: SessionId, action: &Action, caller: Caller) -> Result<Step, Error> {
        let held = self.sessions.get(&session_id).filter(|held| caller.sees(held.value.owner));
        let session = held.ok_or_else(|| Refusal::not_found("session", session_id))?.value.clone();
        caller.check_action(action)?;
        let wallet = match action {
            Action::AttachWallet { wallet_id } => {
                self.wallets.get(wallet_id).filter(|held| caller.sees(held.value.owner))
            }
            _ => session.current_wallet_id.and_then(|wallet_id| self.wallets.get(&wallet_id)),
        };
        let wallet = wallet.map(|held| held.value.clone());
        let table = Table {
            engine: &self.playable(session.game_id)?.engine,
            dealer: self.tools.dealer,
            randomness: self.tools.randomness,
            now: self.tools.now,
        };
        session.act(wallet, action, &table).map_err(|error| match error {
            ActError::Refused(refusal) => refusal.into(),
            ActError::Unwritable(error) => unwritable(error),
        })
    }

    /// Keeps what a step came to.
    fn keep(&mut self, step: Step) {
        let session = step.session;
        if session.state.is_final() {
            self.changes.metrics.extend(session.metrics.entries().into_iter().map(|(key, value)| MetricRow {
                session_id: session.session_id,
                key,
                value,
                recorded_at: session.updated_at,
            }));
        }
        if let Some(held) = self.sessions.get_mut(&session.session_id) {
            self.played.entry(session.game_id).or_default().add(&held.value.metrics, &session.metrics);
            held.value = session;
            held.changed = true;
        }
        if let Some(wallet) = step.wallet
            && !step.entries.is_empty()
        {
            self.put_wallet(wallet);
        }
        self.changes.events.extend(step.events);
        self.changes.entries.extend(step.entries);
        self.changes.transitions.extend(step.transitions);
    }

    fn wallet(&self, wallet_id: WalletId, caller: Caller) -> Result<Wallet, Refusal> {
        let held = self.wallets.get(&wallet_id).filter(|held| caller.sees(held.value.owner));
        Ok(held.ok_or_else(|| Refusal::not_found("wallet", wallet_id))?.value.clone())
    }

    fn put_wallet(&mut self, wallet: Wallet) {
        if let Some(held) = self.wallets.get_mut(&wallet.wallet_id) {
            held.value = wallet;
            held.changed = true;
        }
    }

    fn playable(&self, game_id: GameId) -> Result<&'a PlayableGame, Refusal> {
        let shelf: &'a Shelf = self.tools.shelf;
        shelf.find(game_id)
    }
}

fn last_event(step: &Step) -> Result<GameplayEvent, Error> {
    step.events.last().cloned().ok_or_else(|| Error::Internal("an action left no event".to_owned()))
}

fn unwritable(error: serde_json::Error) -> Error {
    Error::Internal(format!("a record cannot be written: {error}"))
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Internal(format!("a stored answer does not read: {error}"))
}
