//! Whole sessions, played through units of work: what is stored is what was decided.

use std::sync::Arc;

use reelhouse_domain::session::{
    Action, GameplayEvent, PlayerProfile, Session, SessionState, Transition, verify_chain,
};
use reelhouse_domain::wallet::{Cause, EntryKind, LedgerEntry, NewWallet, Wallet};
use reelhouse_domain::{Money, Shard, WalletId};

use crate::Store;
use crate::fixtures::{House, OpenedWallet, SHARD, batch, credits, new_wallet, session_created, spin};
use crate::work::{play, save};

/// A session as it is played, with everything that was decided on the way.
struct Playing {
    store: Arc<dyn Store>,
    house: House,
    first: Session,
    session: Session,
    wallet: Option<Wallet>,
    events: Vec<GameplayEvent>,
    transitions: Vec<Transition>,
    entries: Vec<LedgerEntry>,
}

impl Playing {
    /// Opens a session with a wallet, or an idle one.
    async fn open(store: Arc<dyn Store>, house: House, opened: Option<OpenedWallet>) -> Self {
        let wallet = opened.as_ref().map(|opened| opened.wallet.clone());
        let player = PlayerProfile { max_bet: Some(credits("5")), ..PlayerProfile::default() };
        let session = house.session_of(player, Some("client"), wallet.as_ref());
        Self::of(store, house, opened, session).await
    }

    /// Stores a session that was opened already.
    async fn of(store: Arc<dyn Store>, house: House, opened: Option<OpenedWallet>, session: Session) -> Self {
        let created = opened.as_ref().map(OpenedWallet::created).into_iter();
        save(&*store, &batch([house.opening(), batch(created), session_created(&session)])).await;
        Self {
            store,
            house,
            first: session.clone(),
            session,
            wallet: opened.as_ref().map(|opened| opened.wallet.clone()),
            entries: opened.and_then(|opened| opened.entry).into_iter().collect(),
            events: vec![],
            transitions: vec![],
        }
    }

    /// Takes an action in a unit of work of its own and keeps what was decided.
    async fn act(&mut self, action: Action) {
        let step = play(&*self.store, &self.house, self.session.session_id, &action).await;
        self.session = step.session;
        self.wallet = step.wallet;
        self.events.extend(step.events);
        self.transitions.extend(step.transitions);
        self.entries.extend(step.entries);
    }

    /// Checks everything that is stored against what was decided.
    async fn is_stored(&self) {
        let id = self.session.session_id;
        assert_eq!(self.store.session_find(id).await, Ok(Some(self.session.clone())));
        let events = self.store.event_list(id, 0, 1000).await.unwrap();
        assert_eq!(events, self.events);
        assert_eq!(verify_chain(self.first.chain_head, &events), Ok(self.session.chain_head));
        let transitions = self.store.transition_list(id, 0, 1000).await.unwrap();
        assert_eq!(transitions, self.transitions);
        assert_eq!(transitions[0].state, self.first.observation);
        for pair in transitions.windows(2) {
            assert_eq!(pair[0].next_state, pair[1].state, "next_state of a step is state of the next");
        }
        for (event, transition) in events.iter().zip(&transitions) {
            assert_eq!((event.body.event_id, event.body.seq), (transition.id, transition.seq));
        }
        if let Some(wallet) = &self.wallet {
            assert_eq!(self.store.wallet_find(wallet.wallet_id).await.as_ref(), Ok(&Some(wallet.clone())));
            self.ledger_is_stored(wallet.wallet_id).await;
        }
        assert_eq!(self.store.trial_balance().await.unwrap().sum(), Some(Money::ZERO));
    }

    async fn ledger_is_stored(&self, wallet_id: WalletId) {
        let decided: Vec<_> = self.entries.iter().filter(|entry| entry.wallet_id == wallet_id).cloned().collect();
        assert_eq!(self.store.ledger_list(wallet_id, 0, 1000).await, Ok(decided));
    }
}

/// Bet, void, bet, spin, spins with an amount, a probe, and the cash-out.
pub async fn a_session_from_bet_to_cash_out(store: Arc<dyn Store>) {
    let house = House::new();
    let new =
        NewWallet { daily_limit: Some(credits("80")), time_zone: chrono_tz::Asia::Kathmandu, ..new_wallet("100") };
    let opened = house.wallet_of(SHARD, &new, house.now);
    let mut playing = Playing::open(store, house, Some(opened)).await;
    playing.act(Action::Bet { amount: credits("1.5") }).await;
    playing.act(Action::Void).await;
    playing.act(Action::Bet { amount: credits("2") }).await;
    playing.is_stored().await;
    playing.act(spin(None)).await;
    for _ in 0..20 {
        let open = playing.session.round_open();
        playing.act(spin((!open).then_some("0.3"))).await;
    }
    while playing.session.round_open() {
        playing.act(spin(None)).await;
    }
    playing.act(Action::Probe { spins: 25 }).await;
    playing.act(Action::CashOut).await;
    assert_eq!(playing.session.state, SessionState::Completed);
    let kinds = [EntryKind::Deposit, EntryKind::Stake, EntryKind::Refund, EntryKind::Fee, EntryKind::Payout];
    assert!(kinds.iter().all(|kind| playing.entries.iter().any(|entry| entry.kind == *kind)), "every kind is booked");
    assert!(
        matches!(playing.entries[0].cause, Cause::Operation(_)) && matches!(playing.entries[1].cause, Cause::Event(_))
    );
    playing.is_stored().await;
}

/// A round with free games keeps its place in the draws from one unit of work to the next.
pub async fn a_round_with_free_games(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = loop {
        // Seeds count up until one of them opens free games with its first spin.
        let session = house.session_of(PlayerProfile::default(), None, Some(&opened.wallet));
        let step = house.act(session.clone(), Some(opened.wallet.clone()), &spin(Some("1")));
        if step.session.state == SessionState::FreeGames {
            break session;
        }
    };
    let mut playing = Playing::of(store, house, Some(opened), session).await;
    playing.act(spin(Some("1"))).await;
    playing.is_stored().await;
    playing.act(Action::Suspend).await;
    assert_eq!(playing.session.suspended_from, Some(SessionState::FreeGames));
    playing.is_stored().await;
    playing.act(Action::Resume).await;
    for _ in 0..5 {
        playing.act(spin(None)).await;
    }
    playing.is_stored().await;
    while playing.session.round_open() {
        playing.act(spin(None)).await;
    }
    assert!(playing.session.metrics.free_games >= 15);
    playing.act(Action::CashOut).await;
    playing.is_stored().await;
}

/// A session that is left idle with free games open plays them out: many events in one step.
pub async fn an_expiry_plays_out_free_games(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = loop {
        let session = house.session(Some(&opened.wallet));
        let step = house.act(session.clone(), Some(opened.wallet.clone()), &spin(Some("1")));
        if step.session.state == SessionState::FreeGames {
            break session;
        }
    };
    let mut playing = Playing::of(store, house, Some(opened), session).await;
    playing.act(spin(Some("1"))).await;
    playing.act(Action::Expire).await;
    assert_eq!(playing.session.state, SessionState::Expired);
    assert!(playing.events.len() > 15 && playing.transitions.last().is_some_and(|last| last.truncated));
    playing.is_stored().await;
}

/// A session is closed without ever having had a wallet.
pub async fn a_session_without_a_wallet_is_closed(store: Arc<dyn Store>) {
    let mut playing = Playing::open(store, House::new(), None).await;
    playing.act(Action::Close).await;
    assert_eq!((playing.session.state, playing.wallet.is_none()), (SessionState::Completed, true));
    playing.is_stored().await;
}

/// A session changes to a wallet of another shard; events keep its shard, entries their wallets'.
pub async fn a_session_plays_from_a_wallet_of_another_shard(store: Arc<dyn Store>) {
    let house = House::new();
    let (first, second) = (house.wallet("10"), house.wallet_in(Shard::from_bits(0x111), "20"));
    save(&*store, &second.created()).await;
    let mut playing = Playing::open(store, house, Some(first.clone())).await;
    playing.entries.extend(second.entry.clone());
    let spin_all = async |playing: &mut Playing| {
        playing.act(spin(Some("1"))).await;
        while playing.session.round_open() {
            playing.act(spin(None)).await;
        }
    };
    spin_all(&mut playing).await;
    playing.act(Action::AttachWallet { wallet_id: second.wallet.wallet_id }).await;
    assert_eq!(playing.session.current_wallet_id, Some(second.wallet.wallet_id));
    spin_all(&mut playing).await;
    playing.act(Action::CashOut).await;
    assert!(playing.events.iter().all(|event| event.body.event_id.shard() == SHARD));
    assert!(playing.entries.iter().all(|entry| entry.entry_id.shard() == entry.wallet_id.shard()));
    playing.is_stored().await;
    playing.ledger_is_stored(first.wallet.wallet_id).await;
}
