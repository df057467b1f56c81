//! Keys: found by their digest alone, good until they are revoked; and whose wallets and sessions are.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::access::{ApiKey, NewKey, Role, Token};
use reelhouse_domain::ports::{Changes, EpisodeFilter, Needs, SessionFilter, StoreError, WalletFilter};
use reelhouse_domain::{Digest, KeyId, Timestamp};

use crate::Store;
use crate::cases::paging::reads_in_pages;
use crate::fixtures::{House, batch, noon, session_created, spin};
use crate::work::{begin, in_time, play, save};

/// A key of that role, made so many seconds after noon.
fn key(house: &House, role: Role, seconds: i64) -> ApiKey {
    let new = NewKey { name: format!("{role} ☂ 'x'"), role, expires_at: None };
    let token = Token::generate(&house.randomness);
    ApiKey::make(new, &token, noon() + TimeDelta::seconds(seconds), &house.randomness).unwrap()
}

fn hour(hour: i64) -> Timestamp {
    noon() + TimeDelta::hours(hour)
}

/// Every field comes back, with its options and without; an unknown digest finds nothing.
pub async fn a_key_reads_back(store: Arc<dyn Store>) {
    let house = House::new();
    for (role, expires_at) in [(Role::Read, None), (Role::Play, Some(hour(1))), (Role::Admin, Some(hour(2)))] {
        let key = ApiKey { expires_at, ..key(&house, role, 0) };
        assert_eq!(store.key_find_by_digest(key.digest).await, Ok(None));
        store.key_create(&key).await.unwrap();
        assert_eq!(store.key_find_by_digest(key.digest).await, Ok(Some(key.clone())));
        assert_eq!(store.key_find(key.key_id).await, Ok(Some(key)));
    }
    let nobody = KeyId::mint(noon(), Default::default(), &house.randomness);
    assert_eq!(store.key_find(nobody).await, Ok(None));
    assert_eq!(store.key_find_by_digest(Digest([0; 32])).await, Ok(None));
}

/// Neither an id nor a digest is there twice.
pub async fn a_second_key_of_a_token_clashes(store: Arc<dyn Store>) {
    let house = House::new();
    let first = key(&house, Role::Play, 0);
    store.key_create(&first).await.unwrap();
    let other = key(&house, Role::Admin, 1);
    for clash in [ApiKey { digest: first.digest, ..other.clone() }, ApiKey { key_id: first.key_id, ..other }] {
        let answer = store.key_create(&clash).await;
        assert!(matches!(answer, Err(StoreError::Clash(_))), "{answer:?}");
    }
    assert_eq!(store.key_list(None, 10).await, Ok(vec![first]));
}

/// A revoked key is still found, and says since when; a second revocation changes nothing.
pub async fn a_revocation_is_seen_at_once_and_stands(store: Arc<dyn Store>) {
    let house = House::new();
    let (first, other) = (key(&house, Role::Play, 0), key(&house, Role::Play, 1));
    assert_eq!(store.key_revoke(first.key_id, hour(1)).await, Ok(None));
    store.key_create(&first).await.unwrap();
    store.key_create(&other).await.unwrap();
    let revoked = ApiKey { revoked_at: Some(hour(1)), ..first };
    assert_eq!(store.key_revoke(revoked.key_id, hour(1)).await, Ok(Some(revoked.clone())));
    assert_eq!(store.key_find_by_digest(revoked.digest).await, Ok(Some(revoked.clone())));
    assert_eq!(store.key_revoke(revoked.key_id, hour(2)).await, Ok(Some(revoked.clone())));
    assert_eq!(store.key_list(None, 10).await, Ok(vec![revoked, other]));
}

/// Keys come in the order of their making.
pub async fn keys_come_in_pages(store: Arc<dyn Store>) {
    let house = House::new();
    assert_eq!(store.key_list(None, 10).await, Ok(vec![]));
    let keys: Vec<ApiKey> = (0..5).map(|second| key(&house, Role::Play, second)).collect();
    for key in keys.iter().rev() {
        store.key_create(key).await.unwrap();
    }
    reads_in_pages(&keys, None, |key| Some(key.key_id), |after, limit| store.key_list(after, limit)).await;
}

/// Only an admin's key counts that is neither revoked nor expired.
pub async fn a_good_admin_key_is_told_from_others(store: Arc<dyn Store>) {
    let house = House::new();
    for role in [Role::Read, Role::Play] {
        store.key_create(&key(&house, role, 0)).await.unwrap();
    }
    assert_eq!(store.key_admin_exists(noon()).await, Ok(false));
    let brief = ApiKey { expires_at: Some(hour(1)), ..key(&house, Role::Admin, 0) };
    store.key_create(&brief).await.unwrap();
    assert_eq!(store.key_admin_exists(noon()).await, Ok(true));
    assert_eq!(store.key_admin_exists(hour(1)).await, Ok(false), "it has expired");
    let lasting = key(&house, Role::Admin, 1);
    store.key_create(&lasting).await.unwrap();
    assert_eq!(store.key_admin_exists(hour(1)).await, Ok(true));
    store.key_revoke(lasting.key_id, hour(1)).await.unwrap();
    assert_eq!(store.key_admin_exists(hour(1)).await, Ok(false), "it was revoked");
}

/// Owners come back from reads and from snapshots, play leaves them alone, and lists keep to one.
pub async fn owners_read_back_and_filter(store: Arc<dyn Store>) {
    let house = House::new();
    let keys = [key(&house, Role::Play, 0), key(&house, Role::Play, 1)];
    for key in &keys {
        store.key_create(key).await.unwrap();
    }
    let owners = [None, Some(keys[0].key_id), Some(keys[1].key_id)];
    let (mut wallets, mut sessions) = (vec![], vec![]);
    save(&*store, &house.opening()).await;
    for owner in owners {
        let mut opened = house.wallet("100");
        opened.wallet.owner = owner;
        let session = house.session(Some(&opened.wallet));
        assert_eq!(session.owner, owner, "a session is its wallet's owner's");
        save(&*store, &batch([opened.created(), session_created(&session)])).await;
        wallets.push(opened.wallet.wallet_id);
        sessions.push(session.session_id);
        play(&*store, &house, session.session_id, &spin(Some("1"))).await;
    }
    for (at, owner) in owners.into_iter().enumerate() {
        assert_eq!(store.wallet_find(wallets[at]).await.unwrap().unwrap().owner, owner);
        assert_eq!(store.session_find(sessions[at]).await.unwrap().unwrap().owner, owner);
        let (snapshot, unit) = begin(&*store, &Needs { sessions: [sessions[at]].into(), ..Needs::default() }).await;
        assert_eq!(snapshot.sessions[&sessions[at]].owner, owner);
        assert_eq!(snapshot.wallets[&wallets[at]].owner, owner);
        in_time(unit.rollback()).await.unwrap();

        let listed = store.wallet_list(owned(owner), None, 10).await.unwrap();
        let found: Vec<_> = listed.iter().map(|wallet| wallet.wallet_id).collect();
        let filter = SessionFilter { owner, ..SessionFilter::default() };
        let listed = store.session_list(filter, None, 10).await.unwrap();
        let played: Vec<_> = listed.iter().map(|session| session.session_id).collect();
        let filter = EpisodeFilter { owner, ..EpisodeFilter::default() };
        let listed = store.episode_list(filter, None, 10).await.unwrap();
        let episodes: Vec<_> = listed.iter().map(|episode| episode.session_id).collect();
        if owner.is_some() {
            assert_eq!((found, played), (vec![wallets[at]], vec![sessions[at]]));
            assert_eq!(episodes, [sessions[at]]);
        } else {
            assert_eq!((found.len(), played.len(), episodes.len()), (3, 3, 3), "no owner is no filter");
        }
    }
    assert_eq!(store.wallet_list(owned(owners[1]), Some(wallets[1]), 10).await, Ok(vec![]));
    // A key that is no good any more still owns what it opened.
    store.key_revoke(keys[0].key_id, hour(1)).await.unwrap();
    assert_eq!(store.wallet_list(owned(owners[1]), None, 10).await.unwrap().len(), 1);
}

/// Nothing belongs to a key that is not there.
pub async fn an_owner_that_is_no_key_is_refused(store: Arc<dyn Store>) {
    let house = House::new();
    let mut opened = house.wallet("100");
    opened.wallet.owner = Some(KeyId::mint(noon(), Default::default(), &house.randomness));
    let (_, unit) = begin(&*store, &Needs::default()).await;
    let changes = Changes { wallets_created: vec![opened.wallet], ..Changes::default() };
    let answer = in_time(unit.finish(&changes)).await;
    assert!(matches!(answer, Err(StoreError::Corrupt(_))), "{answer:?}");
}

fn owned(owner: Option<KeyId>) -> WalletFilter {
    WalletFilter { owner, ..WalletFilter::default() }
}
