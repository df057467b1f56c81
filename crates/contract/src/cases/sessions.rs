//! Lists of sessions: by filter, and those that were left idle.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::game::Engine;
use reelhouse_domain::ports::{Changes, SessionFilter};
use reelhouse_domain::session::{Action, Session, SessionState};
use reelhouse_domain::{SessionId, Timestamp};

use crate::Store;
use crate::fixtures::{House, OpenedWallet, batch, noon, session_created, spin};
use crate::work::{play, save};

/// Each field of the filter narrows the list, all of them together, page by page, in order.
pub async fn sessions_are_filtered(store: Arc<dyn Store>) {
    let mut house = House::new();
    let wallets = [house.wallet("100"), house.wallet("100")];
    let first_game = house.game.clone();
    let second_game = house.game_numbered(1);
    let games = Changes { games: vec![first_game, second_game.clone()], ..Changes::default() };
    save(&*store, &batch([games, batch(wallets.iter().map(OpenedWallet::created))])).await;

    let mut sessions: Vec<Session> = vec![];
    for at in 0..24 {
        if at == 12 {
            house.engine = Engine::compile(&second_game.definition().unwrap());
            house.game = second_game.clone();
        }
        let wallet = [None, Some(&wallets[0].wallet), Some(&wallets[1].wallet)][at % 3];
        let session = house.session(wallet);
        let step = match (at / 3) % 4 {
            0 => None,
            _ if wallet.is_none() => Some(house.act(session.clone(), None, &Action::Close)),
            1 => Some(house.act(session.clone(), wallet.cloned(), &Action::Suspend)),
            _ => Some(house.act(session.clone(), wallet.cloned(), &Action::CashOut)),
        };
        let session = step.map_or(session, |step| step.session);
        save(&*store, &session_created(&session)).await;
        sessions.push(session);
    }
    sessions.sort_by_key(|session| session.session_id);

    let games = [None, Some(sessions[0].game_id), Some(house.game.game_id)];
    let ids = [None, Some(wallets[0].wallet.wallet_id), Some(wallets[1].wallet.wallet_id)];
    let states = [None, Some(SessionState::Idle), Some(SessionState::Suspended), Some(SessionState::Completed)];
    let mut filters = vec![];
    for game_id in games {
        for wallet_id in ids {
            for newest_first in [false, true] {
                filters.extend(states.map(|state| SessionFilter {
                    game_id,
                    wallet_id,
                    state,
                    newest_first,
                    owner: None,
                }));
            }
        }
    }
    for filter in filters {
        let SessionFilter { game_id, wallet_id, state, newest_first, .. } = filter;
        let mut expected: Vec<_> = sessions
            .iter()
            .filter(|session| game_id.is_none_or(|id| session.game_id == id))
            .filter(|session| wallet_id.is_none_or(|id| session.current_wallet_id == Some(id)))
            .filter(|session| state.is_none_or(|state| session.state == state))
            .cloned()
            .collect();
        if newest_first {
            expected.reverse();
        }
        let mut found: Vec<Session> = vec![];
        loop {
            let after = found.last().map(|session| session.session_id);
            let page = store.session_list(filter, after, 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            assert!(page.len() <= 3 && found.len() <= sessions.len(), "a page of at most 3, and an end");
            found.extend(page);
        }
        assert_eq!(found, expected, "{filter:?}");
    }
}

/// A list shows each session as it is now: its new state and wallet, no longer the old ones.
pub async fn a_list_follows_the_session(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let idle = house.session(None);
    save(&*store, &batch([house.opening(), opened.created(), session_created(&idle)])).await;
    let attach = Action::AttachWallet { wallet_id: opened.wallet.wallet_id };
    let step = play(&*store, &house, idle.session_id, &attach).await;
    let by_state = |state| SessionFilter { state: Some(state), ..SessionFilter::default() };
    let by_wallet = SessionFilter { wallet_id: Some(opened.wallet.wallet_id), ..SessionFilter::default() };
    assert_eq!(store.session_list(by_state(SessionState::Idle), None, 10).await, Ok(vec![]));
    let found = [step.session];
    assert_eq!(store.session_list(by_state(SessionState::Initialized), None, 10).await.unwrap(), found);
    assert_eq!(store.session_list(by_wallet, None, 10).await.unwrap(), found);
}

/// A rotation's seeds, nonce and result are what is read back.
pub async fn a_rotated_seed_takes_the_place_of_the_first(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let session = house.session(Some(&opened.wallet));
    save(&*store, &batch([house.opening(), opened.created(), session_created(&session)])).await;
    play(&*store, &house, session.session_id, &Action::Probe { spins: 1 }).await;
    let rotate = Action::RotateSeed { client_seed: Some("żółw".to_owned()) };
    let rotated = play(&*store, &house, session.session_id, &rotate).await.session;
    assert_ne!(rotated.fairness.server_seed, session.fairness.server_seed);
    let found = store.session_find(session.session_id).await.unwrap().unwrap();
    assert_eq!(found.fairness, rotated.fairness);
    assert_eq!(found, rotated);
}

fn checked_at(house: &House, at: Option<Timestamp>) -> Session {
    let mut session = house.session(None);
    session.idle_check_at = at;
    session
}

/// Sessions due for a look come soonest first, at most so many, those due later and never left out.
pub async fn idle_sessions_come_soonest_first(store: Arc<dyn Store>) {
    let house = House::new();
    let minute = |minutes| noon() + TimeDelta::minutes(minutes);
    let mut sessions: Vec<_> = [5, 1, 4, 2, 3].map(|minutes| checked_at(&house, Some(minute(minutes)))).into();
    sessions.push(checked_at(&house, None));
    save(&*store, &batch([house.opening(), batch(sessions.iter().map(session_created))])).await;
    sessions.retain(|session| session.idle_check_at.is_some());
    sessions.sort_by_key(|session| session.idle_check_at);
    let ids: Vec<SessionId> = sessions.iter().map(|session| session.session_id).collect();

    assert_eq!(store.session_idle_list(minute(9), 10).await.unwrap(), ids);
    assert_eq!(store.session_idle_list(minute(9), 2).await.unwrap(), ids[..2]);
    assert_eq!(store.session_idle_list(minute(3), 10).await.unwrap(), ids[..3], "due at the very instant");
    let just_before = minute(3) - TimeDelta::milliseconds(1);
    assert_eq!(store.session_idle_list(just_before, 10).await.unwrap(), ids[..2]);
    assert_eq!(store.session_idle_list(minute(0), 10).await, Ok(vec![]));
    assert_eq!(store.session_idle_list(minute(9), 0).await, Ok(vec![]));
}

/// Sessions that have ended are not looked at again, and a moved check is found at its new place.
pub async fn ended_sessions_are_not_idle(store: Arc<dyn Store>) {
    let house = House::new();
    let opened = house.wallet("100");
    let due = noon() + TimeDelta::minutes(1);
    let mut sessions = vec![];
    for _ in 0..4 {
        let mut session = house.session(Some(&opened.wallet));
        session.idle_check_at = Some(due);
        sessions.push(session);
    }
    save(&*store, &batch([house.opening(), opened.created(), batch(sessions.iter().map(session_created))])).await;
    play(&*store, &house, sessions[0].session_id, &spin(Some("0.1"))).await;
    play(&*store, &house, sessions[1].session_id, &Action::CashOut).await;
    play(&*store, &house, sessions[2].session_id, &Action::Expire).await;
    let mut moved = sessions[3].clone();
    moved.idle_check_at = Some(due + TimeDelta::minutes(1));
    save(&*store, &Changes { sessions_updated: vec![moved], ..Changes::default() }).await;
    assert_eq!(store.session_idle_list(due, 10).await.unwrap(), [sessions[0].session_id]);
    let later = store.session_idle_list(due + TimeDelta::minutes(1), 10).await.unwrap();
    assert_eq!(later, [sessions[0].session_id, sessions[3].session_id]);
}

/// An ended session is left out even where its check was not taken away.
pub async fn an_ended_session_with_a_check_is_not_idle(store: Arc<dyn Store>) {
    let house = House::new();
    save(&*store, &house.opening()).await;
    for state in [SessionState::Completed, SessionState::Expired] {
        let mut session = checked_at(&house, Some(noon()));
        session.state = state;
        save(&*store, &session_created(&session)).await;
    }
    assert_eq!(store.session_idle_list(noon(), 10).await, Ok(vec![]));
}
