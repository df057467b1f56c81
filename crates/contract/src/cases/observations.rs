//! Observations: counted once, whatever happens at the same time.

use std::sync::Arc;

use reelhouse_domain::SessionId;
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{Counted, Progress, StoreError, Unobserved};
use reelhouse_domain::session::Action;
use tokio::task::JoinSet;

use crate::Store;
use crate::fixtures::{House, batch, credits, noon, session_created};
use crate::work::{begin, in_time, needs_session, play, save};

/// A house with so many sessions stored, in the order of their ids, none of them played.
async fn opened(store: &dyn Store, count: usize) -> (House, Vec<SessionId>) {
    let house = House::new();
    let mut sessions = Vec::new();
    for _ in 0..count {
        let wallet = house.wallet("1000");
        let session = house.session(Some(&wallet.wallet));
        sessions.push(session.session_id);
        let opening = if sessions.len() == 1 { house.opening() } else { batch([]) };
        save(store, &batch([opening, wallet.created(), session_created(&session)])).await;
    }
    sessions.sort_unstable();
    (house, sessions)
}

async fn bet_and_void(store: &dyn Store, house: &House, session_id: SessionId) {
    play(store, house, session_id, &Action::Bet { amount: credits("1") }).await;
    play(store, house, session_id, &Action::Void).await;
}

/// That a session was read up to an event.
fn progress(session_id: SessionId, seq: i64) -> Progress {
    Progress { seq, ..Progress::new(session_id) }
}

fn read_to(session_id: SessionId, seq: i64) -> Counted {
    Counted { progress: vec![progress(session_id, seq)], ..Counted::default() }
}

fn unobserved(session_id: SessionId, seq: i64, last_seq: i64) -> Unobserved {
    Unobserved { progress: progress(session_id, seq), last_seq }
}

/// Every field comes back, under the next revision; what takes its place does so as a whole.
pub async fn an_observation_reads_back(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 1).await;
    let game_id = house.game.game_id;
    assert_eq!(store.observation_find(game_id).await, Ok(None));
    let mut observation = Observation::new(game_id, noon());
    observation.tally.returned = u128::from(u64::MAX) * 3;
    observation.tally.base.reels = vec![[("ray".to_owned(), 7)].into(), [].into()];
    observation.tally.runs.last = Some(true);
    observation.after = Some(sessions[0]);
    store.observation_store(&observation, &Counted::default()).await.unwrap();
    observation.revision = 1;
    assert_eq!(store.observation_find(game_id).await, Ok(Some(observation.clone())));

    observation.tally.events = 9;
    observation.after = None;
    store.observation_store(&observation, &Counted::default()).await.unwrap();
    observation.revision = 2;
    assert_eq!(store.observation_find(game_id).await, Ok(Some(observation)));
}

/// A session is listed from its first event on, until its last one is counted, and again when it goes on.
pub async fn sessions_with_new_events_are_found(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 2).await;
    let game_id = house.game.game_id;
    let listed = || store.unobserved_list(game_id, None, 10);
    assert_eq!(listed().await, Ok(vec![]));
    bet_and_void(&*store, &house, sessions[1]).await;
    assert_eq!(listed().await, Ok(vec![unobserved(sessions[1], 0, 2)]));

    let first = Observation::new(game_id, noon());
    store.observation_store(&first, &read_to(sessions[1], 1)).await.unwrap();
    assert_eq!(listed().await, Ok(vec![unobserved(sessions[1], 1, 2)]));
    let second = Observation { revision: 1, ..first };
    store.observation_store(&second, &read_to(sessions[1], 2)).await.unwrap();
    assert_eq!(listed().await, Ok(vec![]));
    bet_and_void(&*store, &house, sessions[1]).await;
    assert_eq!(listed().await, Ok(vec![unobserved(sessions[1], 2, 4)]));
    assert_eq!(store.unobserved_list(house.game_numbered(1).game_id, None, 10).await, Ok(vec![]));
}

/// Pages follow one another in the order of ids.
pub async fn unobserved_sessions_come_in_pages(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 3).await;
    for session in &sessions {
        bet_and_void(&*store, &house, *session).await;
    }
    let page = |after, limit| store.unobserved_list(house.game.game_id, after, limit);
    let ids = |page: Vec<Unobserved>| page.iter().map(|found| found.progress.session_id).collect::<Vec<_>>();
    assert_eq!(ids(page(None, 2).await.unwrap()), sessions[..2]);
    assert_eq!(ids(page(Some(sessions[1]), 2).await.unwrap()), sessions[2..]);
    assert_eq!(page(Some(sessions[2]), 2).await, Ok(vec![]));
}

/// Whoever counted on an older revision stores neither the observation nor the progress.
pub async fn an_older_revision_clashes_and_counts_nothing(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 1).await;
    let game_id = house.game.game_id;
    bet_and_void(&*store, &house, sessions[0]).await;
    let first = Observation::new(game_id, noon());
    store.observation_store(&first, &read_to(sessions[0], 1)).await.unwrap();
    for revision in [0, 2, 7] {
        let late = Observation { revision, ..first.clone() };
        let answer = store.observation_store(&late, &read_to(sessions[0], 2)).await;
        assert!(matches!(answer, Err(StoreError::Clash(_))), "revision {revision}: {answer:?}");
    }
    assert_eq!(store.observation_find(game_id).await.unwrap().unwrap().revision, 1);
    assert_eq!(store.unobserved_list(game_id, None, 10).await.unwrap()[0].progress.seq, 1);
}

/// Of several that count the same events at once, one stores them.
pub async fn of_writers_at_once_one_counts(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 1).await;
    bet_and_void(&*store, &house, sessions[0]).await;
    for revision in 0..3 {
        let observation = Observation { revision, ..Observation::new(house.game.game_id, noon()) };
        let mut writers = JoinSet::new();
        for _ in 0..8 {
            let (store, observation, session) = (Arc::clone(&store), observation.clone(), sessions[0]);
            writers.spawn(async move { store.observation_store(&observation, &read_to(session, 2)).await });
        }
        let answers = in_time(writers.join_all()).await;
        let stored = answers.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!(stored, 1, "{answers:?}");
        assert!(
            answers.iter().all(|answer| matches!(answer, Ok(()) | Err(StoreError::Clash(_) | StoreError::Retry(_))))
        );
    }
}

/// A session that is being played is listed and counted as far as it is committed.
pub async fn observing_does_not_wait_for_play(store: Arc<dyn Store>) {
    let (house, sessions) = opened(&*store, 1).await;
    bet_and_void(&*store, &house, sessions[0]).await;
    let (_, unit) = begin(&*store, &needs_session(sessions[0])).await;
    let found = in_time(store.unobserved_list(house.game.game_id, None, 10)).await.unwrap();
    assert_eq!(found.len(), 1);
    in_time(unit.rollback()).await.unwrap();
    let observation = Observation::new(house.game.game_id, noon());
    in_time(store.observation_store(&observation, &read_to(sessions[0], 2))).await.unwrap();
}
