//! The group committer against a mocked store: gathering, overload, clashes, faults.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reelhouse_application::{CommitterSettings, Error, House, Settings, WalletView};
use reelhouse_domain::ports::{Changes, Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use reelhouse_domain::wallet::{Operation, Wallet};
use reelhouse_domain::{Refusal, WalletId};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::{MockUnitOfWork, MockUnitOfWorkFactory};
use support::{clock, credits, new_wallet, ports, settings};
use tokio::sync::Notify;

fn house(units: impl UnitOfWorkFactory + 'static, settings: Settings) -> Arc<House> {
    let ports = reelhouse_application::Ports { units: Arc::new(units), ..ports(&MemoryStore::default(), &clock()) };
    Arc::new(House::open(ports, settings))
}

fn one_lane(queue: usize) -> Settings {
    Settings { committer: CommitterSettings { lanes: 1, queue, batch: 64 }, ..settings() }
}

/// A unit of work that expects one commit and answers it so.
fn unit(answer: Result<(), StoreError>) -> Box<dyn UnitOfWork> {
    let mut unit = MockUnitOfWork::new();
    unit.expect_write().times(1).returning(|_| Ok(()));
    unit.expect_commit().times(1).return_once(move || answer);
    Box::new(unit)
}

/// A store whose first batch waits at the gate, and that counts the wallets of each batch.
struct Gated {
    gate: Arc<Notify>,
    sizes: Arc<std::sync::Mutex<Vec<usize>>>,
}

struct GatedUnit {
    sizes: Arc<std::sync::Mutex<Vec<usize>>>,
}

#[async_trait::async_trait]
impl UnitOfWorkFactory for Gated {
    async fn begin(&self, _needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        if self.sizes.lock().unwrap().is_empty() {
            self.gate.notified().await;
        }
        Ok((Snapshot::default(), Box::new(GatedUnit { sizes: Arc::clone(&self.sizes) })))
    }
}

#[async_trait::async_trait]
impl UnitOfWork for GatedUnit {
    async fn write(&mut self, changes: &Changes) -> Result<(), StoreError> {
        self.sizes.lock().unwrap().push(changes.wallets_created.len());
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }

    async fn rollback(self: Box<Self>) -> Result<(), StoreError> {
        Ok(())
    }
}

/// A store whose first unit of work panics.
#[derive(Default)]
struct Defective(AtomicUsize);

#[async_trait::async_trait]
impl UnitOfWorkFactory for Defective {
    async fn begin(&self, _needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) > 0, "a defect");
        Ok((Snapshot::default(), unit(Ok(()))))
    }
}

/// Log lines of this thread, kept.
#[derive(Clone, Default)]
struct Lines(Arc<std::sync::Mutex<Vec<u8>>>);

impl Lines {
    /// Keeps what is logged until the guard is dropped.
    fn collect() -> (Self, tracing::subscriber::DefaultGuard) {
        let lines = Self::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
        (lines, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl std::io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Lets everything that can run without the gate run.
async fn settle() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_arrives_during_a_commit_is_the_next_batch() {
    let (gate, sizes) = (Arc::new(Notify::new()), Arc::default());
    let house = house(Gated { gate: Arc::clone(&gate), sizes: Arc::clone(&sizes) }, one_lane(100));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..31 {
        let house = Arc::clone(&house);
        calls.spawn(async move { house.wallet_create(new_wallet("1"), None).await });
        // The first is taken at once, alone; the others find the lane busy.
        settle().await;
    }
    gate.notify_one();
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert_eq!(*sizes.lock().unwrap(), [1, 30]);
}

#[tokio::test]
async fn a_full_queue_tells_callers_to_come_back() {
    let (gate, sizes) = (Arc::new(Notify::new()), Arc::default());
    let house = house(Gated { gate: Arc::clone(&gate), sizes }, one_lane(2));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..3 {
        let house = Arc::clone(&house);
        calls.spawn(async move { house.wallet_create(new_wallet("1"), None).await });
        settle().await;
    }
    let refused = house.wallet_create(new_wallet("1"), None).await;
    assert!(matches!(refused, Err(Error::Overloaded { .. })), "{refused:?}");
    gate.notify_one();
    assert!(calls.join_all().await.iter().all(Result::is_ok));
    assert!(house.wallet_create(new_wallet("1"), None).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_passing_fault_is_tried_again_and_a_lasting_one_is_told() {
    let mut units = MockUnitOfWorkFactory::new();
    let begun = AtomicUsize::new(0);
    units.expect_begin().times(3).returning(move |_| match begun.fetch_add(1, Ordering::SeqCst) {
        0 => Err(StoreError::Retry("deadlock".to_owned())),
        1 => Ok((Snapshot::default(), unit(Err(StoreError::Retry("serialization".to_owned()))))),
        _ => Ok((Snapshot::default(), unit(Ok(())))),
    });
    assert!(house(units, one_lane(9)).wallet_create(new_wallet("1"), None).await.is_ok());

    let mut units = MockUnitOfWorkFactory::new();
    units.expect_begin().returning(|_| Err(StoreError::Retry("deadlock".to_owned())));
    let told = house(units, one_lane(9)).wallet_create(new_wallet("1"), None).await;
    assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
}

#[tokio::test]
async fn a_commit_that_may_have_taken_hold_is_not_repeated() {
    let mut units = MockUnitOfWorkFactory::new();
    units
        .expect_begin()
        .times(1)
        .returning(|_| Ok((Snapshot::default(), unit(Err(StoreError::Unavailable("connection reset".to_owned()))))));
    let told = house(units, one_lane(9)).wallet_create(new_wallet("1"), None).await;
    assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_clashes_whatever_is_done_guards_something_else() {
    let mut units = MockUnitOfWorkFactory::new();
    units
        .expect_begin()
        .returning(|_| Ok((Snapshot::default(), unit(Err(StoreError::Clash("idempotency_keys".to_owned()))))));
    let told = house(units, one_lane(9)).wallet_create(new_wallet("1"), Some("k".to_owned())).await;
    assert_eq!(told, Err(Error::Refused(Refusal::IdempotencyKeyReused)));
}

#[tokio::test]
async fn a_refused_command_writes_nothing_and_spoils_no_neighbour() {
    let (store, clock) = (MemoryStore::default(), clock());
    let house = Arc::new(House::open(ports(&store, &clock), settings()));
    let wallet: WalletView = house.wallet_create(new_wallet("10"), None).await.unwrap();
    // All in one lane and, most of them, in one batch: every second one is refused.
    let mut calls = tokio::task::JoinSet::new();
    for index in 0..40 {
        let house = Arc::clone(&house);
        let amount = if index % 2 == 0 { "0.25" } else { "1000" };
        calls.spawn(async move {
            (index, house.wallet_operate(wallet.wallet_id, Operation::Withdraw, credits(amount), None).await)
        });
    }
    for (index, answer) in calls.join_all().await {
        match answer {
            Ok(_) => assert_eq!(index % 2, 0),
            Err(error) => {
                assert_eq!(index % 2, 1);
                assert!(matches!(error, Error::Refused(Refusal::InsufficientFunds { .. })), "{error:?}");
            }
        }
    }
    assert_eq!(house.wallet_find(wallet.wallet_id).await.unwrap().balance, credits("5"));
}

#[tokio::test]
async fn a_batch_that_panics_is_told_as_a_failure_and_the_next_one_goes_on() {
    let (lines, log) = Lines::collect();
    let house = house(Defective::default(), one_lane(9));
    let told = house.wallet_create(new_wallet("1"), None).await;
    assert!(matches!(told, Err(Error::Unavailable(_))), "{told:?}");
    assert!(house.wallet_create(new_wallet("1"), None).await.is_ok());
    drop(log);
    let lines = lines.text();
    assert!(lines.contains("ERROR") && lines.contains("a batch panicked") && lines.contains("a defect"), "{lines}");
}

#[tokio::test]
async fn a_batch_that_changes_nothing_is_rolled_back() {
    let mut units = MockUnitOfWorkFactory::new();
    units.expect_begin().times(1).returning(|needs| {
        assert_eq!(needs.wallets.len(), 1);
        let mut unit = MockUnitOfWork::new();
        unit.expect_rollback().times(1).returning(|| Ok(()));
        Ok((Snapshot { wallets: BTreeMap::<WalletId, Wallet>::new(), ..Snapshot::default() }, Box::new(unit)))
    });
    let nowhere: WalletId = "01976e3c-9f00-7abc-8000-000000000000".parse().unwrap();
    let told = house(units, one_lane(9)).wallet_operate(nowhere, Operation::Deposit, credits("1"), None).await;
    assert_eq!(told.unwrap_err(), Error::Refused(Refusal::not_found("wallet", nowhere)));
}
