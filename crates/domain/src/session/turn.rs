//! A turn: what each action does to a session and its wallet, and the record that it leaves.

use serde::Serialize;
use serde_json::Value;

use super::event::EventBody;
use super::outcome as told;
use super::probe::Tally;
use super::result::{FreeGamesResult, PlainResult, ProbeResult, RESULT_VERSION, RoundResult, SpinResult};
use super::round::Round;
use super::step::{ActError, Step, Table};
use super::transition::{Observation, Transition};
use super::{Action, Fairness, MAX_PROBE_SPINS, Session, SessionState};
use crate::fairness::{Draws, ServerSeed, check_client_seed};
use crate::game::Mode;
use crate::id::{EventId, WalletId};
use crate::money::Money;
use crate::refusal::Refusal;
use crate::rl::{Ending, Rewarded, Standing};
use crate::time::{Timestamp, to_millis};
use crate::wallet::{Cause, EntryKind, Posting, Wallet};

/// The work on one action: the step as it grows.
pub(super) struct Turn<'a> {
    pub(super) step: Step,
    table: &'a Table<'a>,
    /// The instant of the events: now, but never before the session's last one.
    at: Timestamp,
    event_id: EventId,
}

impl std::ops::Deref for Turn<'_> {
    type Target = Step;

    fn deref(&self) -> &Step {
        &self.step
    }
}

impl std::ops::DerefMut for Turn<'_> {
    fn deref_mut(&mut self) -> &mut Step {
        &mut self.step
    }
}

impl<'a> Turn<'a> {
    pub(super) fn new(session: Session, wallet: Option<Wallet>, table: &'a Table<'a>) -> Self {
        let at = to_millis(table.now).max(session.updated_at);
        let event_id = EventId::mint(at, session.session_id.shard(), table.randomness);
        let step = Step { session, wallet, events: Vec::new(), entries: Vec::new(), transitions: Vec::new() };
        Self { step, table, at, event_id }
    }

    /// Does one action and records its event and transition.
    pub(super) fn take(&mut self, action: &Action) -> Result<(), ActError> {
        self.event_id = EventId::mint(self.at, self.session.session_id.shard(), self.table.randomness);
        let first_entry = self.entries.len();
        let before = self.session.observation.clone();
        let (result, payout) = match action {
            Action::AttachWallet { wallet_id } => (self.attach(*wallet_id)?, Money::ZERO),
            Action::Bet { amount } => (self.bet(*amount)?, Money::ZERO),
            Action::Spin { amount } => self.spin(*amount)?,
            Action::Probe { spins } => (self.probe(*spins)?, Money::ZERO),
            Action::Void => (self.void()?, Money::ZERO),
            Action::RotateSeed { client_seed } => (self.rotate_seed(client_seed.clone())?, Money::ZERO),
            Action::Suspend => (self.suspend()?, Money::ZERO),
            Action::Resume => (self.resume()?, Money::ZERO),
            Action::Close | Action::CashOut => (self.finish(SessionState::Completed)?, Money::ZERO),
            Action::Expire => (self.finish(SessionState::Expired)?, Money::ZERO),
        };
        let moved: i64 = self.entries[first_entry..].iter().map(|entry| entry.amount.units()).sum();
        self.record(action, result, Money::from_units(moved), payout, before)
    }

    /// Appends the event and the transition.
    fn record(
        &mut self,
        action: &Action,
        result: Value,
        moved: Money,
        payout: Money,
        before: Observation,
    ) -> Result<(), ActError> {
        let at = self.at;
        let balance = self.wallet.as_ref().map(|wallet| wallet.balance);
        if let Some(balance) = balance {
            self.session.metrics.see_balance(balance);
        }
        let fee = self.wallet.as_ref().map(|wallet| wallet.cost_rate.per_spin).unwrap_or_default();
        let spend_left = self.wallet.as_ref().and_then(|wallet| wallet.spend_left(self.table.now));
        let session = &mut self.step.session;
        session.observation = observe(session, balance, spend_left, fee, payout);
        let smallest_stake = self.table.engine.unit_bet();
        let ending = Ending::of(&Standing {
            state: session.state,
            round_open: session.round_open(),
            balance,
            spend_left,
            cheapest: smallest_stake.checked_add(fee),
        });
        let reward = session.reward.of(&Rewarded {
            moved,
            balance: balance.unwrap_or_default(),
            stake: session.observation.stake,
            smallest_stake,
            paid_spin: session.observation.spins > before.spins,
        });
        session.last_seq += 1;
        session.updated_at = at;
        let body = EventBody {
            event_id: self.event_id,
            session_id: session.session_id,
            seq: session.last_seq,
            action: versioned(action)?,
            result,
            reward,
            timestamp: at,
        };
        let transition = Transition {
            id: body.event_id,
            session_id: body.session_id,
            seq: body.seq,
            state: before,
            action: body.action.clone(),
            reward: body.reward,
            next_state: session.observation.clone(),
            terminated: ending.terminated(),
            truncated: ending.truncated(),
            created_at: at,
        };
        let event = body.seal(session.chain_head)?;
        session.chain_head = event.hash;
        self.step.events.push(event);
        self.step.transitions.push(transition);
        Ok(())
    }

    fn wallet_mut(&mut self) -> Result<&mut Wallet, Refusal> {
        // A state past idle has a wallet; were it not there, saying so beats a panic.
        self.step.wallet.as_mut().ok_or_else(|| Refusal::not_found("wallet", "attached to the session"))
    }

    fn attach(&mut self, wallet_id: WalletId) -> Result<Value, ActError> {
        let now = self.table.now;
        let wallet = self.wallet.as_ref().filter(|wallet| wallet.wallet_id == wallet_id);
        let Some(wallet) = wallet else {
            return Err(Refusal::not_found("wallet", wallet_id).into());
        };
        let (balance, spend_left) = (wallet.balance, wallet.spend_left(now));
        let session = &mut self.step.session;
        let previous_wallet_id = session.current_wallet_id.replace(wallet_id);
        if session.state == SessionState::Idle {
            session.state = SessionState::Initialized;
        }
        session.observation.balance_start = Some(balance);
        session.observation.spend_left = spend_left;
        let commitment = session.fairness.server_seed.commitment();
        self.plain(PlainResult {
            wallet_id: Some(wallet_id),
            previous_wallet_id,
            commitment: Some(commitment),
            ..PlainResult::default()
        })
    }

    fn bet(&mut self, stake: Money) -> Result<Value, ActError> {
        self.check_stake(stake)?;
        // The spin's fee is not charged yet, but a bet whose spin cannot be paid for helps nobody.
        let fee = self.wallet_mut()?.cost_rate.per_spin;
        self.hold(stake, fee)?;
        self.session.state = SessionState::BetPlaced;
        self.plain(PlainResult { stake: Some(stake), ..PlainResult::default() })
    }

    fn check_stake(&self, stake: Money) -> Result<(), Refusal> {
        let (unit_bet, max_stake) = (self.table.engine.unit_bet(), self.table.engine.max_stake());
        if stake <= Money::ZERO || !stake.is_multiple_of(unit_bet) || stake > max_stake {
            return Err(Refusal::InvalidStake { stake, unit_bet, max_stake });
        }
        match self.session.player_profile.max_bet {
            Some(max_bet) if stake > max_bet => Err(Refusal::MaxBetExceeded { max_bet, stake }),
            _ => Ok(()),
        }
    }

    /// Takes a stake from the wallet, when `fee` could be paid beside it.
    fn hold(&mut self, stake: Money, fee: Money) -> Result<(), Refusal> {
        let posting = self.posting();
        let wallet = self.wallet_mut()?;
        wallet.check_spend(stake.checked_add(fee).ok_or(Refusal::AmountOutOfRange)?, posting.at)?;
        let entry = wallet.spend(stake, EntryKind::Stake, &posting)?;
        let staked_on = wallet.spend_day;
        self.entries.push(entry);
        self.session.round = Some(Round::held(stake, staked_on));
        Ok(())
    }

    fn spin(&mut self, amount: Option<Money>) -> Result<(Value, Money), ActError> {
        let paid = self.session.state != SessionState::FreeGames;
        let mut fee = Money::ZERO;
        if paid {
            fee = self.wallet_mut()?.cost_rate.per_spin;
            if let Some(stake) = amount {
                self.check_stake(stake)?;
                self.hold(stake, fee)?;
            }
            self.charge(fee)?;
        }
        let Some(mut round) = self.session.round else {
            return Err(Refusal::not_found("round", "open in the session").into());
        };
        let engine = self.table.engine;
        let nonce = round.nonce.unwrap_or(self.session.fairness.nonce);
        let mut draws = self.deal(nonce, round.words);
        let mode = if paid { Mode::Base } else { Mode::Free };
        let outcome = engine.spin(mode, draws.as_mut());
        let payout = engine.payout(round.stake, &outcome).ok_or(Refusal::AmountOutOfRange)?;
        let words = [round.words, draws.words_drawn()];
        self.pay(payout)?;

        round.words = words[1];
        round.won = round.won.checked_add(payout).ok_or(Refusal::AmountOutOfRange)?;
        if paid {
            round.nonce = Some(nonce);
            self.session.fairness.nonce = nonce + 1;
            self.session.metrics.spins += 1;
        } else {
            round.free_games_left -= 1;
            round.free_games_played += 1;
            self.session.metrics.free_games += 1;
        }
        round.free_games_left = round.free_games_left.saturating_add(outcome.free_games_awarded);
        let wagered = if paid { round.stake } else { Money::ZERO };
        self.session.metrics.count(wagered, payout, fee).ok_or(Refusal::AmountOutOfRange)?;
        self.close_or_keep(round);

        let result = SpinResult {
            version: RESULT_VERSION,
            mode,
            nonce,
            words,
            stops: &outcome.stops,
            draws: outcome.course.as_ref().map(|course| course.draws.as_slice()),
            symbols: engine.shown(&outcome),
            wins: told::wins(engine, round.stake, &outcome).ok_or(Refusal::AmountOutOfRange)?,
            steps: told::steps(engine, round.stake, &outcome).ok_or(Refusal::AmountOutOfRange)?,
            stake: round.stake,
            fee,
            payout,
            free_games: FreeGamesResult {
                awarded: outcome.free_games_awarded,
                left: round.free_games_left,
                played: round.free_games_played,
            },
            round: RoundResult { won: round.won, closed: round.free_games_left == 0 },
            balance: self.wallet_mut()?.balance,
        };
        Ok((serde_json::to_value(result)?, payout))
    }

    /// Settles the round, or keeps it open for its free games.
    fn close_or_keep(&mut self, round: Round) {
        let session = &mut self.step.session;
        session.observation.stake = round.stake;
        if round.free_games_left > 0 {
            session.round = Some(round);
            session.state = SessionState::FreeGames;
        } else {
            session.metrics.close_round(round.won);
            session.round = None;
            session.state = SessionState::Playing;
        }
    }

    fn probe(&mut self, spins: u32) -> Result<Value, ActError> {
        if !(1..=MAX_PROBE_SPINS).contains(&spins) {
            let reason = format!("a whole number from 1 to {MAX_PROBE_SPINS} was expected");
            return Err(Refusal::invalid_request("/spins", reason).into());
        }
        let per_query = self.wallet_mut()?.cost_rate.per_query;
        let fee = per_query.checked_mul(i64::from(spins)).ok_or(Refusal::AmountOutOfRange)?;
        self.charge(fee)?;
        self.session.metrics.count(Money::ZERO, Money::ZERO, fee).ok_or(Refusal::AmountOutOfRange)?;
        self.session.metrics.probe_spins += u64::from(spins);

        let nonce = self.session.fairness.nonce;
        self.session.fairness.nonce += 1;
        let mut draws = self.deal(nonce, 0);
        let unit_bet = self.table.engine.unit_bet();
        let tally = Tally::of(self.table.engine, spins, draws.as_mut()).ok_or(Refusal::AmountOutOfRange)?;
        let result = ProbeResult {
            version: RESULT_VERSION,
            nonce,
            spins,
            fee,
            unit_bet,
            wagered: unit_bet.checked_mul(i64::from(spins)).ok_or(Refusal::AmountOutOfRange)?,
            won: tally.won,
            hits: tally.hits,
            free_games: tally.free_games,
            symbols: tally.symbols,
            balance: self.wallet_mut()?.balance,
        };
        Ok(serde_json::to_value(result)?)
    }

    fn void(&mut self) -> Result<Value, ActError> {
        let refund = self.refund_held()?;
        self.session.state =
            if self.session.metrics.spins == 0 { SessionState::Initialized } else { SessionState::Playing };
        self.plain(PlainResult { refund, ..PlainResult::default() })
    }

    /// Reveals the server seed, and goes on with a fresh one from nonce 0.
    fn rotate_seed(&mut self, client_seed: Option<String>) -> Result<Value, ActError> {
        if let Some(client_seed) = &client_seed {
            check_client_seed(client_seed)?;
        }
        let server_seed = ServerSeed(self.table.randomness.server_seed());
        let client_seed = client_seed.unwrap_or_else(|| self.session.fairness.client_seed.clone());
        let fresh = Fairness { server_seed, client_seed: client_seed.clone(), nonce: 0 };
        let used = std::mem::replace(&mut self.session.fairness, fresh);
        self.plain(PlainResult {
            previous_client_seed: Some(used.client_seed),
            client_seed: Some(client_seed),
            server_seed: Some(used.server_seed.reveal()),
            commitment: Some(server_seed.commitment()),
            ..PlainResult::default()
        })
    }

    fn suspend(&mut self) -> Result<Value, ActError> {
        self.session.suspended_from = Some(self.session.state);
        self.session.state = SessionState::Suspended;
        self.plain(PlainResult::default())
    }

    fn resume(&mut self) -> Result<Value, ActError> {
        if let Some(state) = self.session.suspended_from.take() {
            self.session.state = state;
        }
        self.plain(PlainResult::default())
    }

    /// Ends the session and reveals its server seed.
    fn finish(&mut self, state: SessionState) -> Result<Value, ActError> {
        let refund = self.refund_held()?;
        self.session.state = state;
        self.session.suspended_from = None;
        self.session.idle_check_at = None;
        let server_seed = Some(self.session.fairness.server_seed.reveal());
        self.plain(PlainResult { refund, server_seed, ..PlainResult::default() })
    }

    /// Gives back a stake that is held, if one is.
    fn refund_held(&mut self) -> Result<Option<Money>, Refusal> {
        let Some(round) = self.session.round.take() else {
            return Ok(None);
        };
        let posting = self.posting();
        let entry = self.wallet_mut()?.refund(round.stake, round.staked_on, &posting)?;
        self.entries.push(entry);
        Ok(Some(round.stake))
    }

    fn charge(&mut self, fee: Money) -> Result<(), Refusal> {
        if !fee.is_zero() {
            let posting = self.posting();
            let entry = self.wallet_mut()?.spend(fee, EntryKind::Fee, &posting)?;
            self.entries.push(entry);
        }
        Ok(())
    }

    fn pay(&mut self, payout: Money) -> Result<(), Refusal> {
        if !payout.is_zero() {
            let posting = self.posting();
            let entry = self.wallet_mut()?.book(payout, EntryKind::Payout, &posting)?;
            self.entries.push(entry);
        }
        Ok(())
    }

    /// Money goes by the clock and the wallet's time, not by the session's: another day that this
    /// session has seen is no day of the wallet's.
    fn posting(&self) -> Posting<'a> {
        Posting { cause: Cause::Event(self.event_id), at: self.table.now, randomness: self.table.randomness }
    }

    fn deal(&self, nonce: u64, words: u64) -> Box<dyn Draws> {
        let fairness = &self.session.fairness;
        self.table.dealer.deal(&fairness.server_seed, &fairness.client_seed, nonce, words)
    }

    fn plain(&self, result: PlainResult) -> Result<Value, ActError> {
        let balance = self.wallet.as_ref().map(|wallet| wallet.balance);
        Ok(serde_json::to_value(PlainResult { version: RESULT_VERSION, balance, ..result })?)
    }
}

/// What the agent sees after an action.
fn observe(
    session: &Session,
    balance: Option<Money>,
    spend_left: Option<Money>,
    fee: Money,
    payout: Money,
) -> Observation {
    let stake = session.round.map_or(session.observation.stake, |round| round.stake);
    Observation {
        state: session.state,
        balance,
        balance_start: session.observation.balance_start,
        spend_left,
        stake,
        last_payout: payout,
        dry_run: session.metrics.dry_run,
        free_games_left: session.round.map_or(0, |round| round.free_games_left),
        spins: session.metrics.spins,
        net: session.metrics.net,
        fee,
        max_bet: session.player_profile.max_bet,
    }
}

/// An action as an event keeps it, with its version.
fn versioned(action: &Action) -> Result<Value, serde_json::Error> {
    #[derive(Serialize)]
    struct Versioned<'a> {
        version: u64,
        #[serde(flatten)]
        action: &'a Action,
    }
    serde_json::to_value(Versioned { version: 1, action })
}
