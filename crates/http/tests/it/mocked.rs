//! The HTTP layer against mocked ports: what a store that fails looks like from outside.

use std::sync::Arc;

use async_trait::async_trait;
use reelhouse_application::{CommitterSettings, House, Ports, Settings};
use reelhouse_domain::id::Randomness;
use reelhouse_domain::ports::{Needs, Snapshot, StoreError, UnitOfWork, UnitOfWorkFactory};
use reelhouse_domain::wallet::{Cause, CostRate, EntryKind, LedgerEntry, NewWallet, Wallet};
use reelhouse_domain::{EntryId, Money, OperationId, Shard, WalletId};
use reelhouse_memory::MemoryStore;
use reelhouse_mocks::{
    CountingRandomness, FixedClock, MockAnalyticsRepository, MockExperienceRepository, MockGameRepository,
    MockHeadSigner, MockJobRepository, MockKeyRepository, MockObservationRepository, MockSessionRepository,
    MockStoreProbe, MockUnitOfWork, MockUnitOfWorkFactory, MockWalletRepository, ScriptedDealer,
};
use serde_json::json;

use crate::support::{self, Client, NOBODY, start, tiny_game};

/// Ports that refuse every call, to be replaced one by one.
fn ports() -> Ports {
    Ports {
        units: Arc::new(MockUnitOfWorkFactory::new()),
        games: Arc::new(MockGameRepository::new()),
        wallets: Arc::new(MockWalletRepository::new()),
        sessions: Arc::new(MockSessionRepository::new()),
        jobs: Arc::new(MockJobRepository::new()),
        keys: Arc::new(keyless()),
        observations: Arc::new(MockObservationRepository::new()),
        analytics: Arc::new(MockAnalyticsRepository::new()),
        experience: Arc::new(MockExperienceRepository::new()),
        probe: Arc::new(MockStoreProbe::new()),
        clock: Arc::new(FixedClock::new(start())),
        randomness: Arc::new(CountingRandomness::default()),
        dealer: Arc::new(ScriptedDealer::always([0])),
        signer: Arc::new(MockHeadSigner::new()),
    }
}

/// A store without keys.
fn keyless() -> MockKeyRepository {
    let mut keys = MockKeyRepository::new();
    keys.expect_key_list().returning(|_, _| Ok(vec![]));
    keys
}

async fn client(ports: Ports) -> Client {
    Client::of(Arc::new(House::open(ports, Settings::default()))).await
}

async fn writing_to(units: MockUnitOfWorkFactory) -> Client {
    client(Ports { units: Arc::new(units), ..ports() }).await
}

/// A client of a house whose store is asked for nothing but whether it is there.
pub(crate) async fn probing(probe: MockStoreProbe) -> Client {
    client(Ports { probe: Arc::new(probe), ..ports() }).await
}

fn secret() -> String {
    "host=db password=hunter2: relation \"wallets\"".to_owned()
}

#[actix_web::test]
async fn a_store_that_cannot_be_reached() {
    let mut units = MockUnitOfWorkFactory::new();
    units.expect_begin().times(1).returning(|_| Err(StoreError::Unavailable(secret())));
    let reply = writing_to(units).await.post("/wallets", json!({ "balance": "1" })).await;
    reply.problem(503, "store_unavailable");
    assert_eq!(reply.header("retry-after"), "1");
    assert!(!String::from_utf8(reply.body).unwrap().contains("hunter2"));
}

#[actix_web::test]
async fn a_commit_whose_end_is_unknown() {
    let mut units = MockUnitOfWorkFactory::new();
    units.expect_begin().times(1).returning(|_| {
        let mut unit = MockUnitOfWork::new();
        unit.expect_write().times(1).returning(|_| Ok(()));
        unit.expect_commit().times(1).returning(|| Err(StoreError::Unavailable(secret())));
        Ok((Snapshot::default(), Box::new(unit)))
    });
    let reply = writing_to(units).await.post("/wallets", json!({ "balance": "1" })).await;
    let problem = reply.problem(503, "store_unavailable");
    assert!(problem["detail"].as_str().unwrap().contains("Idempotency-Key"));
}

#[actix_web::test]
async fn a_store_that_asks_to_try_again_for_ever() {
    let mut units = MockUnitOfWorkFactory::new();
    units.expect_begin().times(2..).returning(|_| Err(StoreError::Retry(secret())));
    let reply = writing_to(units).await.post("/wallets", json!({ "balance": "1" })).await;
    reply.problem(503, "store_unavailable");
    assert_eq!(reply.header("retry-after"), "1");
}

#[actix_web::test]
async fn a_row_that_does_not_read() {
    let mut wallets = MockWalletRepository::new();
    wallets.expect_wallet_find().times(1).returning(|_| Err(StoreError::Corrupt(secret())));
    let client = client(Ports { wallets: Arc::new(wallets), ..ports() }).await;
    let reply = client.get(format!("/wallets/{NOBODY}")).await;
    reply.problem(500, "internal");
    assert!(!String::from_utf8(reply.body).unwrap().contains("hunter2"));
}

#[actix_web::test]
async fn reads_without_a_store() {
    let (mut games, mut wallets, mut sessions, mut probe) =
        (MockGameRepository::new(), MockWalletRepository::new(), MockSessionRepository::new(), MockStoreProbe::new());
    let gone = || StoreError::Unavailable(secret());
    games.expect_game_list().returning(move |_, _| Err(gone()));
    wallets.expect_ledger_list().returning(move |_, _, _| Err(gone()));
    sessions.expect_session_find().returning(move |_| Err(gone()));
    sessions.expect_session_list().returning(move |_, _, _| Err(gone()));
    probe.expect_ping().returning(move || Err(gone()));
    let client = client(Ports {
        games: Arc::new(games),
        wallets: Arc::new(wallets),
        sessions: Arc::new(sessions),
        observations: Arc::new(MockObservationRepository::new()),
        probe: Arc::new(probe),
        ..ports()
    })
    .await;
    for path in ["/games", "/wallets/ID/ledger", "/sessions", "/sessions/ID", "/sessions/ID/metrics", "/readyz"] {
        client.get(path.replace("ID", NOBODY)).await.problem(503, "store_unavailable");
    }
    // The process is there all the same.
    client.get("/healthz").await.expect(200);
}

#[actix_web::test]
async fn a_queue_that_is_full() {
    let (store, clock) = (MemoryStore::default(), Arc::new(FixedClock::new(start())));
    let house = House::open(support::ports(&store, &clock), Settings { waiting_jobs: 0, ..Settings::default() });
    let client = Client::of(Arc::new(house)).await;
    let game = client.post("/games", tiny_game("tiny")).await.expect(201);
    let body = json!({ "game_id": game["game_id"], "rounds": 1, "stake": "0.01" });
    let reply = client.post("/simulations", body).await;
    assert_eq!(reply.problem(503, "queue_full")["waiting"], 0);
    assert_eq!(reply.header("retry-after"), "30");
}

#[actix_web::test]
async fn what_the_store_does_not_know() {
    let mut games = MockGameRepository::new();
    games.expect_game_find().times(1).returning(|_| Ok(None));
    let client = client(Ports { games: Arc::new(games), ..ports() }).await;
    client.get(format!("/games/{NOBODY}")).await.problem(404, "not_found");
}

#[actix_web::test]
async fn a_page_of_the_ledger_is_asked_for_by_its_key() {
    let mut wallets = MockWalletRepository::new();
    // One more than the page tells whether there is another one.
    wallets
        .expect_ledger_list()
        .withf(|_, after, limit| (*after, *limit) == (0, 3))
        .times(1)
        .returning(|wallet, _, _| Ok((1..=3).map(|seq| entry(wallet, seq)).collect()));
    wallets
        .expect_ledger_list()
        .withf(|_, after, limit| (*after, *limit) == (2, 3))
        .times(1)
        .returning(|wallet, _, _| Ok(vec![entry(wallet, 3)]));
    let client = client(Ports { wallets: Arc::new(wallets), ..ports() }).await;
    let path = format!("/wallets/{NOBODY}/ledger?limit=2");
    let first = client.get(&path).await.expect(200);
    assert_eq!((&first["items"][0]["seq"], &first["items"][1]["seq"]), (&json!(1), &json!(2)));
    let cursor = first["next_cursor"].as_str().unwrap();
    let last = client.get(format!("{path}&cursor={cursor}")).await.expect(200);
    assert_eq!((last["items"].as_array().unwrap().len(), &last["next_cursor"]), (1, &json!(null)));
}

#[actix_web::test]
async fn an_empty_ledger_is_told_from_no_wallet() {
    let mut wallets = MockWalletRepository::new();
    wallets.expect_ledger_list().returning(|_, _, _| Ok(Vec::new()));
    wallets.expect_wallet_find().times(1).returning(|_| Ok(None));
    wallets.expect_wallet_find().times(1).returning(|id| {
        let new = NewWallet {
            balance: Money::ZERO,
            daily_limit: None,
            cost_rate: CostRate::default(),
            time_zone: chrono_tz::UTC,
        };
        Ok(Some(Wallet::open(id, &new, start())))
    });
    let client = client(Ports { wallets: Arc::new(wallets), ..ports() }).await;
    client.get(format!("/wallets/{NOBODY}/ledger")).await.problem(404, "not_found");
    assert_eq!(client.get(format!("/wallets/{NOBODY}/ledger")).await.expect(200)["items"], json!([]));
}

/// A store that never answers, so that the queue behind it fills.
struct Stuck;

#[async_trait]
impl UnitOfWorkFactory for Stuck {
    async fn begin(&self, _: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError> {
        std::future::pending().await
    }
}

#[actix_web::test]
async fn a_full_queue() {
    let settings = Settings { committer: CommitterSettings { lanes: 1, queue: 1, batch: 1 }, ..Settings::default() };
    let house = House::open(Ports { units: Arc::new(Stuck), ..ports() }, settings);
    let client = Client::of(Arc::new(house)).await;
    let mut waiting = Vec::new();
    let mut refused = None;
    for _ in 0..5 {
        let client = client.clone();
        let mut call = Box::pin(async move { client.post("/wallets", json!({ "balance": "1" })).await });
        match futures_util::future::select(&mut call, Box::pin(actix_web::rt::time::sleep(short()))).await {
            futures_util::future::Either::Left((reply, _)) => refused = Some(reply),
            futures_util::future::Either::Right(_) => waiting.push(call),
        }
    }
    assert_eq!(waiting.len(), 2, "one in work, one in the queue");
    let refused = refused.unwrap();
    refused.problem(503, "overloaded");
    assert_eq!(refused.header("retry-after"), "1");
}

fn short() -> std::time::Duration {
    std::time::Duration::from_millis(50)
}

fn entry(wallet_id: WalletId, seq: i64) -> LedgerEntry {
    let randomness: &dyn Randomness = &CountingRandomness::default();
    LedgerEntry {
        entry_id: EntryId::mint(start(), Shard::default(), randomness),
        wallet_id,
        seq,
        account: EntryKind::Deposit.account(),
        kind: EntryKind::Deposit,
        amount: Money::from_units(10_000),
        balance_before: Money::from_units((seq - 1) * 10_000),
        balance_after: Money::from_units(seq * 10_000),
        cause: Cause::Operation(OperationId::mint(start(), Shard::default(), randomness)),
        timestamp: start(),
    }
}
