//! The house: every use case, as methods. Adapters in front of it call nothing else.

use std::ops::Deref;
use std::sync::Arc;

use prometheus_client::registry::Registry;
use reelhouse_domain::access::Caller;
use reelhouse_domain::fairness::check_client_seed;
use reelhouse_domain::game::{self, Game};
use reelhouse_domain::id;
use reelhouse_domain::ports::{IdempotencyKey, SessionFilter, WalletFilter};
use reelhouse_domain::session::{Action, GameplayEvent, Session};
use reelhouse_domain::wallet::{LedgerEntry, NewWallet, Operation, TrialBalance, WalletOperation};
use reelhouse_domain::{GameId, Money, Refusal, SessionId, Shard, WalletId};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;

use crate::book::GameBook;
use crate::command::{ActAnswer, Answer, Command, SessionDraft};
use crate::committer::Committer;
use crate::desk::Order;
use crate::error::Error;
use crate::follow::Gallery;
use crate::keys::Keyring;
use crate::meters::Meters;
use crate::page::Page;
use crate::play::{self, Play, PlayOutcome};
use crate::profiling;
use crate::rl::EXPORTS;
use crate::settings::{Ports, Reads, Settings};
use crate::view::{SessionView, WalletView};

/// How many proofs are put together at once.
const PROVERS: usize = 2;

/// The longest idempotency key, in characters.
const MAX_KEY: usize = 255;

/// The house, as one caller sees it: what it may not do is refused, and what is not its own is not there.
pub struct House {
    floor: Arc<Floor>,
    pub(crate) caller: Caller,
}

/// What all callers share. Use cases reach it through [`House`].
pub struct Floor {
    pub(crate) ports: Ports,
    /// Lists and pages: what lags behind by a moment does no harm there.
    reads: Reads,
    committer: Committer,
    pub(crate) book: Arc<GameBook>,
    /// Proofs that may be put together at once: each may hold a long session in memory.
    pub(crate) provers: Semaphore,
    pub(crate) gallery: Gallery,
    /// Wakes the workers when a job was queued here.
    pub(crate) queued: Notify,
    /// Readings of events that may go on at once.
    pub(crate) observers: Semaphore,
    /// Keys that were looked up a moment ago.
    pub(crate) keyring: Keyring,
    /// Exports that may run at once.
    pub(crate) exports: Arc<Semaphore>,
    pub(crate) meters: Arc<Meters>,
    /// The runtime that the house was opened on: what outlives a request runs there.
    pub(crate) runtime: Handle,
}

impl Deref for House {
    type Target = Floor;

    fn deref(&self) -> &Floor {
        &self.floor
    }
}

/// A command's answer was of another command: a defect.
pub(crate) fn misanswered<T>() -> Result<T, Error> {
    Err(Error::Internal("a command was given another command's answer".to_owned()))
}

impl House {
    /// Opens the house on the present tokio runtime, where its lanes then run. It is seen as its operator sees it.
    #[must_use]
    pub fn open(ports: Ports, settings: Settings) -> Self {
        let reads = Reads::of(&ports);
        Self::open_reading_from(ports, settings, reads)
    }

    /// Opens the house with lists and pages read from a replica, which may be behind by a moment. What is found by
    /// its id, and all that is decided on, is read from the store itself.
    #[must_use]
    pub fn open_reading_from(ports: Ports, settings: Settings, reads: Reads) -> Self {
        let book = Arc::new(GameBook::new(Arc::clone(&ports.games)));
        let gallery = Gallery::new(settings.follow);
        let meters = Arc::<Meters>::default();
        let committer = Committer::start(&ports, &book, &gallery.notices, &meters, &settings);
        let floor = Floor {
            ports,
            reads,
            committer,
            book,
            provers: Semaphore::new(PROVERS),
            gallery,
            queued: Notify::new(),
            observers: Semaphore::new(1),
            keyring: Keyring::default(),
            exports: Arc::new(Semaphore::new(EXPORTS)),
            meters,
            runtime: Handle::current(),
        };
        Self { floor: Arc::new(floor), caller: Caller::OPERATOR }
    }

    /// The same house as another caller sees it.
    #[must_use]
    pub fn seen_by(&self, caller: Caller) -> Self {
        Self { floor: Arc::clone(&self.floor), caller }
    }

    /// Who sees the house.
    #[must_use]
    pub const fn caller(&self) -> Caller {
        self.caller
    }

    /// Adds a game, or finds the one of the same definition; tells whether it is new. A game whose profile
    /// takes longer than a request may waits for it, and cannot be played until a job has computed it.
    ///
    /// # Errors
    /// [`Refusal::InvalidGame`] with every fault, a declared profile that differs included.
    pub async fn game_create(
        &self,
        name: String,
        rng_signature: Value,
        symbol_map: Value,
        declared: Option<Value>,
        key: Option<String>,
    ) -> Result<(Game, bool), Error> {
        game::check_name(&name)?;
        // Checking and measuring a definition is work for a thread of its own.
        let draft = tokio::task::spawn_blocking(move || profiling::draft(name, &rng_signature, &symbol_map, declared))
            .await
            .map_err(|error| Error::Internal(format!("measuring a game failed: {error}")))?;
        match self.submit(Command::GameCreate(draft?), key).await? {
            Answer::Game { game, created } => {
                self.queued.notify_waiters();
                Ok((game, created))
            }
            _ => misanswered(),
        }
    }

    /// Opens a wallet.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] for a balance that the caller gives itself; a refused key; [`Error::Overloaded`],
    /// [`Error::Unavailable`].
    pub async fn wallet_create(&self, new: NewWallet, key: Option<String>) -> Result<WalletView, Error> {
        match self.submit(Command::WalletCreate(new), key).await? {
            Answer::Wallet(wallet) => Ok(wallet),
            _ => misanswered(),
        }
    }

    /// Deposits, withdraws, or sets the daily limit.
    ///
    /// # Errors
    /// The refusals of [`reelhouse_domain::wallet::Wallet::operate`]; [`Refusal::NotFound`]; [`Refusal::Forbidden`].
    pub async fn wallet_operate(
        &self,
        wallet_id: WalletId,
        operation: Operation,
        amount: Money,
        key: Option<String>,
    ) -> Result<(WalletOperation, WalletView), Error> {
        match self.submit(Command::WalletOperate { wallet_id, operation, amount }, key).await? {
            Answer::Operation { operation, wallet } => Ok((operation, wallet)),
            _ => misanswered(),
        }
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for the game or the wallet; [`Refusal::InvalidRequest`] for a client
    /// seed that is too long or holds NUL; [`Refusal::Forbidden`] for a training session.
    pub async fn session_create(&self, draft: SessionDraft, key: Option<String>) -> Result<SessionView, Error> {
        if let Some(client_seed) = &draft.client_seed {
            check_client_seed(client_seed)?;
        }
        match self.submit(Command::SessionCreate(draft), key).await? {
            Answer::Session(session) => Ok(*session),
            _ => misanswered(),
        }
    }

    /// Acts in a session. On return the action is durable.
    ///
    /// # Errors
    /// The refusals of [`reelhouse_domain::session::Session::act`]; [`Refusal::NotFound`]; [`Refusal::Forbidden`].
    pub async fn session_act(
        &self,
        session_id: SessionId,
        action: Action,
        key: Option<String>,
    ) -> Result<ActAnswer, Error> {
        match self.submit(Command::SessionAct { session_id, action }, key).await? {
            Answer::Act(answer) => Ok(*answer),
            _ => misanswered(),
        }
    }

    /// Acts in sessions: each play is a list of actions for one session, and all of them are one
    /// transaction. A play stops at its first refusal; the others go on, and what was done stays
    /// done. On return it is durable. The outcomes are in the order of the plays.
    ///
    /// # Errors
    /// [`Refusal::InvalidRequest`] for more than [`crate::MAX_ACTIONS`] actions, or more probed
    /// spins than one probe may have; a reused key.
    pub async fn sessions_act(&self, plays: Vec<Play>, key: Option<String>) -> Result<Vec<PlayOutcome>, Error> {
        play::check(&plays)?;
        match self.submit(Command::SessionsAct { plays }, key).await? {
            Answer::Acts(outcomes) => Ok(outcomes),
            _ => misanswered(),
        }
    }

    /// Expires the sessions that are due, at most `limit`; tells how many expired and how many
    /// were looked at.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn sessions_sweep(&self, limit: u32) -> Result<(usize, usize), Error> {
        let due = self.ports.sessions.session_idle_list(self.ports.clock.now(), limit).await?;
        let sweeps = due.iter().map(|&session_id| self.submit(Command::SessionSweep { session_id }, None));
        let mut expired = 0;
        for answer in futures_util::future::join_all(sweeps).await {
            expired += usize::from(matches!(answer?, Answer::Swept(true)));
        }
        Ok((expired, due.len()))
    }

    pub(crate) async fn submit(&self, command: Command, key: Option<String>) -> Result<Answer, Error> {
        if key.as_ref().is_some_and(|key| key.is_empty() || key.chars().count() > MAX_KEY || key.contains('\0')) {
            let reason = format!("an Idempotency-Key has 1 to {MAX_KEY} characters");
            return Err(Refusal::invalid_request("", reason).into());
        }
        let shard = command.shard(key.as_deref(), self.ports.randomness.as_ref());
        let key = key.map(|key| IdempotencyKey { shard, key });
        self.committer.submit(Order { command, key, shard, caller: self.caller }).await
    }

    /// The game of that id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn game_find(&self, game_id: GameId) -> Result<Game, Error> {
        let found = self.ports.games.game_find(game_id).await?;
        Ok(found.ok_or_else(|| Refusal::not_found("game", game_id))?)
    }

    /// A page of games.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Page<Game, GameId>, Error> {
        let games = self.reads.games.game_list(after, limit + 1).await?;
        Ok(Page::cut(games, limit, |game| game.game_id))
    }

    /// The wallet of that id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn wallet_find(&self, wallet_id: WalletId) -> Result<WalletView, Error> {
        let found = self.ports.wallets.wallet_find(wallet_id).await?;
        let own = found.filter(|wallet| self.caller.sees(wallet.owner));
        let wallet = own.ok_or_else(|| Refusal::not_found("wallet", wallet_id))?;
        Ok(WalletView::of(&wallet, self.ports.clock.now()))
    }

    /// A page of the wallets that the caller sees and that pass a filter.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn wallet_list(
        &self,
        filter: WalletFilter,
        after: Option<WalletId>,
        limit: u32,
    ) -> Result<Page<WalletView, WalletId>, Error> {
        let filter = WalletFilter { owner: self.caller.confined_to().or(filter.owner), ..filter };
        let wallets = self.reads.wallets.wallet_list(filter, after, limit + 1).await?;
        let now = self.ports.clock.now();
        Ok(Page::cut(wallets, limit, |wallet| wallet.wallet_id).map(|wallet| WalletView::of(&wallet, now)))
    }

    /// A page of a wallet's ledger, from the entry after `seq` `after`.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn ledger_list(
        &self,
        wallet_id: WalletId,
        after: i64,
        limit: u32,
    ) -> Result<Page<LedgerEntry, i64>, Error> {
        self.check_wallet(wallet_id).await?;
        let entries = self.reads.wallets.ledger_list(wallet_id, after, limit + 1).await?;
        if entries.is_empty() {
            self.wallet_find(wallet_id).await?;
        }
        Ok(Page::cut(entries, limit, |entry| entry.seq))
    }

    /// A page of a wallet's ledger from its end: the entries before `seq` `before`, the newest first.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn ledger_newest(
        &self,
        wallet_id: WalletId,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Page<LedgerEntry, i64>, Error> {
        self.wallet_find(wallet_id).await?;
        let found = self.reads.wallets.wallet_find(wallet_id).await?;
        let wallet = found.ok_or_else(|| Refusal::not_found("wallet", wallet_id))?;
        // A ledger has no gaps, so that its end is found by counting.
        let last = before.map_or(wallet.ledger_seq, |seq| wallet.ledger_seq.min(seq - 1)).max(0);
        let after = (last - i64::from(limit)).max(0);
        let count = u32::try_from(last - after).unwrap_or(limit);
        let mut items = self.reads.wallets.ledger_list(wallet_id, after, count).await?;
        items.reverse();
        Ok(Page { items, next: (after > 0).then_some(after + 1) })
    }

    /// All balances at one instant; they sum to zero.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn trial_balance(&self) -> Result<TrialBalance, Error> {
        Ok(self.reads.wallets.trial_balance().await?)
    }

    /// The session of that id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn session_find(&self, session_id: SessionId) -> Result<SessionView, Error> {
        Ok(SessionView::from(&self.stored_session(session_id).await?))
    }

    /// The session of that id, if the caller sees it.
    pub(crate) async fn stored_session(&self, session_id: SessionId) -> Result<Session, Error> {
        let found = self.ports.sessions.session_find(session_id).await?;
        let own = found.filter(|session| self.caller.sees(session.owner));
        Ok(own.ok_or_else(|| Refusal::not_found("session", session_id))?)
    }

    /// Refuses a session that is not the caller's. One that sees all learns by the way what is not there.
    async fn check_session(&self, session_id: SessionId) -> Result<(), Error> {
        match self.caller.confined_to() {
            Some(_) => self.stored_session(session_id).await.map(drop),
            None => Ok(()),
        }
    }

    /// As [`Self::check_session`], of a wallet.
    async fn check_wallet(&self, wallet_id: WalletId) -> Result<(), Error> {
        match self.caller.confined_to() {
            Some(_) => self.wallet_find(wallet_id).await.map(drop),
            None => Ok(()),
        }
    }

    /// A page of the sessions that the caller sees and that pass a filter.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn session_list(
        &self,
        filter: SessionFilter,
        after: Option<SessionId>,
        limit: u32,
    ) -> Result<Page<SessionView, SessionId>, Error> {
        let filter = SessionFilter { owner: self.caller.confined_to().or(filter.owner), ..filter };
        let sessions = self.reads.sessions.session_list(filter, after, limit + 1).await?;
        Ok(Page::cut(sessions, limit, |session: &Session| session.session_id)
            .map(|session| SessionView::from(&session)))
    }

    /// A page of a session's events, from the one after `seq` `after`.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn event_list(
        &self,
        session_id: SessionId,
        after: i64,
        limit: u32,
    ) -> Result<Page<GameplayEvent, i64>, Error> {
        self.check_session(session_id).await?;
        let events = self.reads.sessions.event_list(session_id, after, limit + 1).await?;
        if events.is_empty() {
            self.session_find(session_id).await?;
        }
        Ok(Page::cut(events, limit, |event| event.body.seq))
    }

    /// Enters what the house counts of its work into a registry, without the prefix of the program's names.
    pub fn register_meters(&self, registry: &mut Registry) {
        self.meters.register(registry);
    }

    /// Reads what only has a value when it is asked for, such as how much waits, into the meters.
    pub fn read_gauges(&self) {
        let (depths, capacity) = self.committer.queues();
        self.meters.queues(depths, capacity);
        self.meters.open(self.gallery.followers(), EXPORTS - self.exports.available_permits());
        if let Some(connections) = self.ports.probe.connections() {
            self.meters.pool("store", connections);
        }
        if let Some(connections) = self.reads.replica.as_ref().and_then(|replica| replica.connections()) {
            self.meters.pool("replica", connections);
        }
    }

    /// A new id for a request that came without one.
    #[must_use]
    pub fn request_id(&self) -> Uuid {
        id::mint(self.ports.clock.now(), Shard::default(), self.ports.randomness.id_bits())
    }

    /// Answers when the store can take work.
    ///
    /// # Errors
    /// [`Error::Closing`]; [`Error::Unavailable`].
    pub async fn ready(&self) -> Result<(), Error> {
        if self.is_closing() {
            return Err(Error::Closing);
        }
        Ok(self.ports.probe.ping().await?)
    }
}
