//! Recall: what a house wrote last need not be loaded, and never makes it tell what is not so.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use std::sync::{Arc, Mutex};

use reelhouse_application::{Error, House, Ports, SessionView, WalletView};
use reelhouse_domain::Refusal;
use reelhouse_domain::ports::{Needs, SessionRepository as _, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use reelhouse_domain::session::{Action, verify_chain};
use reelhouse_domain::wallet::Operation;
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::CountingRandomness;
use support::{Fixture, clock, credits, fixture, ports, settings};

/// A store that notes what each unit of work needs.
#[derive(Clone)]
struct Noting {
    store: MemoryStore,
    needs: Arc<Mutex<Vec<Needs>>>,
}

#[async_trait::async_trait]
impl UnitOfWorkFactory for Noting {
    async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        self.needs.lock().unwrap().push(needs.clone());
        self.store.begin(needs).await
    }
}

impl Noting {
    /// What was needed since this was last asked.
    fn take(&self) -> Vec<Needs> {
        std::mem::take(&mut self.needs.lock().unwrap())
    }
}

/// A house on that store, and what it notes. Its ids are those from `first`.
fn noting(store: &MemoryStore, first: u64) -> (House, Noting) {
    let units = Noting { store: store.clone(), needs: Arc::default() };
    let randomness = Arc::new(CountingRandomness::starting_at(first));
    let ports = Ports { units: Arc::new(units.clone()), randomness, ..ports(store, &clock()) };
    (House::open(ports, settings()), units)
}

/// A session that another house opened, with its wallet of ten credits.
async fn opened(fixture: &Fixture) -> (SessionView, WalletView) {
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("10").await;
    (fixture.session(&game, Some(&wallet)).await, wallet)
}

fn bet(amount: &str) -> Action {
    Action::Bet { amount: credits(amount) }
}

#[tokio::test]
async fn what_a_house_wrote_last_is_not_loaded_again() {
    let fixture = fixture();
    let (session, _) = opened(&fixture).await;
    let (house, units) = noting(&fixture.store, 10_000);
    for action in [bet("1"), Action::Void, bet("2"), Action::Void] {
        house.session_act(session.session_id, action, None).await.unwrap();
    }
    let loaded: Vec<_> = units.take().iter().map(|needs| needs.sessions.len()).collect();
    assert_eq!(loaded, [1, 0, 0, 0]);
    // A key is looked up all the same.
    house.session_act(session.session_id, bet("1"), Some("k".to_owned())).await.unwrap();
    let needs = units.take();
    assert_eq!((needs.len(), needs[0].keys.len(), needs[0].sessions.len()), (1, 1, 0));
}

#[tokio::test]
async fn a_refusal_is_decided_on_what_is_loaded() {
    let fixture = fixture();
    let (session, wallet) = opened(&fixture).await;
    let (house, units) = noting(&fixture.store, 10_000);
    for action in [bet("1"), Action::Void] {
        house.session_act(session.session_id, action, None).await.unwrap();
    }
    fixture.house.wallet_operate(wallet.wallet_id, Operation::Deposit, credits("5"), None).await.unwrap();
    units.take();
    let refused = house.session_act(session.session_id, bet("16"), None).await.unwrap_err();
    let Error::Refused(Refusal::InsufficientFunds { balance, .. }) = refused else { panic!("{refused:?}") };
    assert_eq!(balance, credits("15"), "the house tells what is so now");
    let loaded: Vec<_> = units.take().iter().map(|needs| needs.sessions.len()).collect();
    assert_eq!(loaded, [1]);
}

#[tokio::test]
async fn what_another_house_wrote_is_never_passed_over() {
    let fixture = fixture();
    let (session, wallet) = opened(&fixture).await;
    let (house, _) = noting(&fixture.store, 10_000);
    house.session_act(session.session_id, bet("1"), None).await.unwrap();
    // The other house ends the round, and takes the money out: the held stake cannot be voided again.
    fixture.house.session_act(session.session_id, Action::Void, None).await.unwrap();
    let refused = house.session_act(session.session_id, Action::Void, None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::InvalidTransition { .. }))), "{refused:?}");
    fixture.house.wallet_operate(wallet.wallet_id, Operation::Withdraw, credits("9.5"), None).await.unwrap();
    let refused = house.session_act(session.session_id, bet("1"), None).await;
    assert!(matches!(refused, Err(Error::Refused(Refusal::InsufficientFunds { .. }))), "{refused:?}");
    let told = house.session_act(session.session_id, bet("0.5"), None).await.unwrap();
    assert_eq!(told.wallet.unwrap().balance, credits("0"));
}

#[tokio::test]
async fn houses_that_take_turns_soon_stop_to_recall() {
    let fixture = fixture();
    let (session, wallet) = opened(&fixture).await;
    let first_link = fixture.store.session_find(session.session_id).await.unwrap().unwrap().chain_head;
    let houses = [noting(&fixture.store, 10_000), noting(&fixture.store, 20_000)];
    for turn in 0..200 {
        let action = if turn % 2 == 0 { bet("1") } else { Action::Void };
        houses[turn % 2].0.session_act(session.session_id, action, None).await.unwrap();
    }
    let begun: Vec<_> = houses.iter().flat_map(|(_, units)| units.take()).collect();
    assert!(begun.len() < 220, "{} units of work were begun for 200 actions", begun.len());
    let events = fixture.house.event_list(session.session_id, 0, 1000).await.unwrap().items;
    assert_eq!(events.len(), 200);
    let stored = fixture.store.session_find(session.session_id).await.unwrap().unwrap();
    assert_eq!(verify_chain(first_link, &events), Ok(stored.chain_head));
    let wallet = fixture.house.wallet_find(wallet.wallet_id).await.unwrap();
    assert_eq!(wallet.balance, credits("10"));
}
