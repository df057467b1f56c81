//! Keys: who is let in, for how long what was looked up is believed, and what a caller leaves behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;

use reelhouse_application::{Error, House, KEY_MEMORY, Ports};
use reelhouse_domain::access::{ApiKey, Caller, KeyFault, NewKey, Role, Token};
use reelhouse_domain::ports::{StoreError, WalletFilter};
use reelhouse_domain::{Money, Refusal};
use reelhouse_mocks::MockKeyRepository;

use support::{clock, ports, settings};

fn new(role: Role) -> NewKey {
    NewKey { name: role.name().to_owned(), role, expires_at: None }
}

/// Two servers over one store.
fn two_houses() -> [House; 2] {
    let (store, clock) = (reelhouse_memory::MemoryStore::default(), clock());
    let ports = ports(&store, &clock);
    [House::open(ports.clone(), settings()), House::open(ports, settings())]
}

async fn fault(house: &House, token: &Token) -> Option<KeyFault> {
    match house.authenticate(Some(token), true).await {
        Ok(_) => None,
        Err(Error::Unauthenticated(fault)) => Some(fault),
        Err(other) => panic!("{other}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_revocation_is_heeded_here_at_once_and_elsewhere_within_the_memory() {
    let [here, elsewhere] = two_houses();
    let (key, token) = here.key_create(new(Role::Admin)).await.unwrap();
    for house in [&here, &elsewhere] {
        assert_eq!(fault(house, &token).await, None);
    }
    here.key_revoke(key.key_id).await.unwrap();
    assert_eq!(fault(&here, &token).await, Some(KeyFault::Revoked));
    tokio::time::advance(KEY_MEMORY).await;
    assert_eq!(fault(&elsewhere, &token).await, Some(KeyFault::Revoked));
}

#[tokio::test(start_paused = true)]
async fn the_first_key_closes_the_house_here_at_once_and_elsewhere_within_the_memory() {
    let [here, elsewhere] = two_houses();
    for house in [&here, &elsewhere] {
        assert_eq!(house.authenticate(None, true).await, Ok(Caller::OPERATOR));
        assert_eq!(house.authenticate(None, false).await, Err(KeyFault::Missing.into()));
    }
    let (key, _) = here.key_create(new(Role::Admin)).await.unwrap();
    assert_eq!(here.authenticate(None, true).await, Err(KeyFault::Missing.into()));
    tokio::time::advance(KEY_MEMORY).await;
    assert_eq!(elsewhere.authenticate(None, true).await, Err(KeyFault::Missing.into()));
    // A key that is no good any more does not open the house again.
    here.key_revoke(key.key_id).await.unwrap();
    assert_eq!(here.authenticate(None, true).await, Err(KeyFault::Missing.into()));
    assert_eq!(here.has_admin_key().await, Ok(false));
}

/// A good key that is in use costs the store one look-up in each stretch of the memory.
#[tokio::test(start_paused = true)]
async fn a_key_is_looked_up_once_in_a_while() {
    let (store, clock) = (reelhouse_memory::MemoryStore::default(), clock());
    let maker = House::open(ports(&store, &clock), settings());
    let (key, token) = maker.key_create(new(Role::Admin)).await.unwrap();
    let mut keys = MockKeyRepository::new();
    keys.expect_key_find_by_digest().times(2).returning(move |_| Ok(Some(key.clone())));
    let house = House::open(Ports { keys: Arc::new(keys), ..ports(&store, &clock) }, settings());
    assert!(!house.recognises(&token));
    for _ in 0..2 {
        for _ in 0..100 {
            assert_eq!(fault(&house, &token).await, None);
        }
        assert!(house.recognises(&token));
        tokio::time::advance(KEY_MEMORY).await;
    }
}

/// Without the store nobody is let in: what was remembered is believed for as long as it may be, and no longer.
#[tokio::test(start_paused = true)]
async fn a_store_that_does_not_answer_lets_nobody_in() {
    let (store, clock) = (reelhouse_memory::MemoryStore::default(), clock());
    let mut keys = MockKeyRepository::new();
    keys.expect_key_list().returning(|_, _| Err(StoreError::Unavailable("gone".to_owned())));
    keys.expect_key_find_by_digest().returning(|_| Err(StoreError::Unavailable("gone".to_owned())));
    let house = House::open(Ports { keys: Arc::new(keys), ..ports(&store, &clock) }, settings());
    let token = Token::generate(&reelhouse_mocks::CountingRandomness::default());
    assert!(matches!(house.authenticate(None, true).await, Err(Error::Unavailable(_))));
    assert!(matches!(house.authenticate(Some(&token), true).await, Err(Error::Unavailable(_))));
}

#[tokio::test]
async fn only_an_operator_manages_keys() {
    let [house, _] = two_houses();
    let (key, _) = house.key_create(new(Role::Admin)).await.unwrap();
    for role in [Role::Read, Role::Play] {
        let caller = house.seen_by(Caller::with_key(role, key.key_id));
        let forbidden = |error: Option<Error>| matches!(error, Some(Error::Refused(Refusal::Forbidden { .. })));
        assert!(forbidden(caller.key_create(new(Role::Admin)).await.err()));
        assert!(forbidden(caller.key_revoke(key.key_id).await.err()));
        assert!(forbidden(caller.key_list(None, 10).await.err()));
        assert!(forbidden(caller.key_find(key.key_id).await.err()));
    }
    let listed: Vec<ApiKey> = house.key_list(None, 10).await.unwrap().items;
    assert_eq!(listed, [key]);
}

/// The rules hold where the use cases are, whoever calls them.
#[tokio::test]
async fn a_player_is_refused_by_the_use_cases_themselves() {
    let [house, _] = two_houses();
    house.key_create(new(Role::Admin)).await.unwrap();
    let (key, _) = house.key_create(new(Role::Play)).await.unwrap();
    let player = house.seen_by(Caller::with_key(Role::Play, key.key_id));
    let rich = support::new_wallet("1");
    assert!(matches!(player.wallet_create(rich, None).await, Err(Error::Refused(Refusal::Forbidden { .. }))));
    let own = player.wallet_create(support::new_wallet("0"), None).await.unwrap();
    assert_eq!((own.owner, own.balance), (Some(key.key_id), Money::ZERO));
    let foreign = house.wallet_create(support::new_wallet("1"), None).await.unwrap();
    assert_eq!(foreign.owner, None);
    assert!(matches!(player.wallet_find(foreign.wallet_id).await, Err(Error::Refused(Refusal::NotFound { .. }))));
    assert_eq!(player.wallet_list(WalletFilter::default(), None, 10).await.unwrap().items, [own]);
}
