//! What observing leaves: tallies, progress and recorded counters, stored with the observation or not at all.

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_domain::analytics::{GameTally, PlayTally, SessionTally, Span, Total};
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{Changes, Counted, MetricRow, Progress, RecordedMetric, StoreError, TallyQuery};
use reelhouse_domain::session::MetricValue;
use reelhouse_domain::{Money, SessionId, Timestamp};

use crate::Store;
use crate::fixtures::{House, batch, credits, noon, session_created, spin};
use crate::work::{play, save};

/// A house with a session stored of which two events wait to be counted.
async fn played(store: &dyn Store) -> (House, SessionId) {
    let house = House::new();
    let wallet = house.wallet("1000");
    let session = house.session(Some(&wallet.wallet));
    save(store, &batch([house.opening(), wallet.created(), session_created(&session)])).await;
    for _ in 0..2 {
        play(store, &house, session.session_id, &spin(Some("1"))).await;
    }
    (house, session.session_id)
}

fn hours(hours: i64) -> Timestamp {
    noon() + TimeDelta::hours(hours)
}

/// A tally of so many spins, whose sums are larger than one amount.
fn tally(span: Span, starts_at: Timestamp, spins: u64) -> GameTally {
    let most = Total::from(Money::from_units(i64::MAX));
    let play = PlayTally { spins, wagered: most.plus(most), squares: u128::MAX, ..PlayTally::default() };
    GameTally { span, starts_at, play }
}

fn observation(house: &House, revision: i64) -> Observation {
    Observation { revision, ..Observation::new(house.game.game_id, noon()) }
}

fn query(house: &House, span: Span) -> TallyQuery {
    TallyQuery { game_id: house.game.game_id, span, from: None, to: None, limit: 10 }
}

/// Tallies come back as they were stored, the latest first, by span and window, and are replaced.
pub async fn tallies_are_stored_replaced_and_listed(store: Arc<dyn Store>) {
    let (house, _) = played(&*store).await;
    let game_id = house.game.game_id;
    let all = [
        tally(Span::All, Timestamp::UNIX_EPOCH, 9),
        tally(Span::Day, Span::Day.start(noon()), 9),
        tally(Span::Hour, hours(-1), 2),
        tally(Span::Hour, hours(0), 3),
        tally(Span::Hour, hours(5), 4),
    ];
    let counted = Counted { tallies: all.to_vec(), ..Counted::default() };
    store.observation_store(&observation(&house, 0), &counted).await.unwrap();

    let spans: Vec<_> = all.iter().map(|tally| (tally.span, tally.starts_at)).chain([(Span::Hour, hours(1))]).collect();
    let mut found = store.tally_find(game_id, &spans).await.unwrap();
    found.sort_by_key(|tally| (tally.span, tally.starts_at));
    let mut expected = all.to_vec();
    expected.sort_by_key(|tally| (tally.span, tally.starts_at));
    assert_eq!(found, expected);
    assert_eq!(store.tally_find(house.game_numbered(1).game_id, &spans).await, Ok(vec![]));
    assert_eq!(store.tally_find(game_id, &[]).await, Ok(vec![]));

    let hourly = query(&house, Span::Hour);
    assert_eq!(store.tally_list(&hourly).await, Ok(vec![all[4], all[3], all[2]]));
    assert_eq!(store.tally_list(&TallyQuery { limit: 2, ..hourly }).await, Ok(vec![all[4], all[3]]));
    let window = TallyQuery { from: Some(hours(-1)), to: Some(hours(5)), ..hourly };
    assert_eq!(store.tally_list(&window).await, Ok(vec![all[3], all[2]]));
    assert_eq!(store.tally_list(&query(&house, Span::Day)).await, Ok(vec![all[1]]));

    let newer = tally(Span::Hour, hours(5), 40);
    let counted = Counted { tallies: vec![newer], ..Counted::default() };
    store.observation_store(&observation(&house, 1), &counted).await.unwrap();
    assert_eq!(store.tally_list(&TallyQuery { limit: 1, ..hourly }).await, Ok(vec![newer]));
}

/// How far a session was counted comes back with what it came to, and is replaced.
pub async fn progress_is_stored_and_replaced(store: Arc<dyn Store>) {
    let (house, session_id) = played(&*store).await;
    assert_eq!(store.progress_find(session_id).await, Ok(None));
    for (revision, seq) in [(0, 1), (1, 2)] {
        let tally = SessionTally { dry_run: 7, balance: Some(credits("12.5")), ..SessionTally::default() };
        let progress = Progress { session_id, seq, tally };
        let counted = Counted { progress: vec![progress.clone()], ..Counted::default() };
        store.observation_store(&observation(&house, revision), &counted).await.unwrap();
        assert_eq!(store.progress_find(session_id).await, Ok(Some(progress.clone())));
        let listed = store.unobserved_list(house.game.game_id, None, 10).await.unwrap();
        let waiting: Vec<_> = listed.into_iter().map(|found| found.progress).collect();
        assert_eq!(waiting, if seq == 1 { vec![progress] } else { vec![] });
    }
}

/// Recorded counters come back latest first and by key. One that is there stays, unless the session's end replaces it.
pub async fn recorded_counters_read_back(store: Arc<dyn Store>) {
    let (house, session_id) = played(&*store).await;
    let row = |key, value, recorded_at| MetricRow { session_id, key, value, recorded_at };
    let count = MetricValue::Count;
    let first = vec![
        row("won", MetricValue::Amount(credits("2.5")), hours(0)),
        row("spins", count(1), hours(0)),
        row("net", MetricValue::Amount(credits("2.5").negated()), hours(1)),
    ];
    let counted = Counted { metrics: first, ..Counted::default() };
    store.observation_store(&observation(&house, 0), &counted).await.unwrap();
    let again = Counted { metrics: vec![row("spins", count(9), hours(0))], ..Counted::default() };
    store.observation_store(&observation(&house, 1), &again).await.unwrap();
    let found = |key: &str, value: &str, recorded_at| {
        let (key, value) = (key.to_owned(), value.to_owned());
        RecordedMetric { key, value, recorded_at }
    };
    let expected =
        vec![found("net", "-2.5000", hours(1)), found("spins", "1", hours(0)), found("won", "2.5000", hours(0))];
    assert_eq!(store.metric_list(session_id, 10).await, Ok(expected.clone()));
    assert_eq!(store.metric_list(session_id, 1).await, Ok(expected[..1].to_vec()));

    let end = Changes { metrics: vec![row("spins", count(2), hours(0))], ..Changes::default() };
    save(&*store, &end).await;
    let listed = store.metric_list(session_id, 10).await.unwrap();
    assert_eq!(listed[1], found("spins", "2", hours(0)));
    assert_eq!(listed.len(), 3);
}

/// Whoever is too late leaves nothing at all.
pub async fn a_clash_leaves_no_tally(store: Arc<dyn Store>) {
    let (house, session_id) = played(&*store).await;
    let counted = Counted {
        progress: vec![Progress { seq: 1, ..Progress::new(session_id) }],
        tallies: vec![tally(Span::Hour, hours(0), 1)],
        metrics: vec![MetricRow { session_id, key: "spins", value: MetricValue::Count(1), recorded_at: noon() }],
    };
    let late = store.observation_store(&observation(&house, 3), &counted).await;
    assert!(matches!(late, Err(StoreError::Clash(_))), "{late:?}");
    assert_eq!(store.tally_list(&query(&house, Span::Hour)).await, Ok(vec![]));
    assert_eq!(store.progress_find(session_id).await, Ok(None));
    assert_eq!(store.metric_list(session_id, 10).await, Ok(vec![]));
}

/// What was counted is forgotten as a whole, of this game alone, and counts anew from the first event on.
pub async fn what_was_counted_is_forgotten(store: Arc<dyn Store>) {
    let (house, session_id) = played(&*store).await;
    let other = house.game_numbered(1);
    save(&*store, &Changes { games: vec![other.clone()], ..Changes::default() }).await;
    let metrics = vec![MetricRow { session_id, key: "spins", value: MetricValue::Count(1), recorded_at: noon() }];
    let counted = Counted {
        progress: vec![Progress { seq: 2, ..Progress::new(session_id) }],
        tallies: vec![tally(Span::Hour, hours(0), 1)],
        metrics,
    };
    store.observation_store(&observation(&house, 0), &counted).await.unwrap();
    let of_other = Counted { tallies: counted.tallies.clone(), ..Counted::default() };
    store.observation_store(&Observation::new(other.game_id, noon()), &of_other).await.unwrap();

    let late = store.observation_forget(&observation(&house, 0)).await;
    assert!(matches!(late, Err(StoreError::Clash(_))), "{late:?}");
    assert_eq!(store.tally_list(&query(&house, Span::Hour)).await.unwrap().len(), 1);
    store.observation_forget(&observation(&house, 1)).await.unwrap();
    assert_eq!(store.tally_list(&query(&house, Span::Hour)).await, Ok(vec![]));
    assert_eq!(store.progress_find(session_id).await, Ok(None));
    let found = store.observation_find(house.game.game_id).await.unwrap().unwrap();
    assert_eq!(found, observation(&house, 2));
    let waiting = store.unobserved_list(house.game.game_id, None, 10).await.unwrap();
    assert_eq!(waiting.iter().map(|found| (found.progress.seq, found.last_seq)).collect::<Vec<_>>(), [(0, 2)]);
    // Counters that were recorded are history, and another game's tallies are its own.
    assert_eq!(store.metric_list(session_id, 10).await.unwrap().len(), 1);
    let kept = TallyQuery { game_id: other.game_id, ..query(&house, Span::Hour) };
    assert_eq!(store.tally_list(&kept).await.unwrap().len(), 1);
}
