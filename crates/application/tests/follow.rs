//! Following a session: from the start, from the middle, across processes, up to its end.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use reelhouse_application::{Error, FollowSettings, Followed, Follower, House, SessionView, Settings};
use reelhouse_domain::Refusal;
use reelhouse_domain::session::{Action, SessionState};
use support::{Fixture, credits, fixture, ports, settings};
use tokio::time::timeout;

/// Longer than any wait of a follower, and no time at all under a paused clock.
const LONG: Duration = Duration::from_secs(3600);

async fn bet_and_void(house: &House, session: &SessionView) {
    house.session_act(session.session_id, Action::Bet { amount: credits("0.05") }, None).await.unwrap();
    house.session_act(session.session_id, Action::Void, None).await.unwrap();
}

async fn opened(fixture: &Fixture) -> SessionView {
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("100").await;
    fixture.session(&game, Some(&wallet)).await
}

async fn seqs(follower: &mut Follower) -> Vec<i64> {
    match timeout(LONG, follower.next()).await.unwrap().unwrap() {
        Followed::Events(events) => events.iter().map(|event| event.body.seq).collect(),
        other => panic!("{other:?}"),
    }
}

/// Another process over the fixture's store, whose commits give no notice in the fixture's house.
fn elsewhere(fixture: &Fixture) -> House {
    House::open(ports(&fixture.store, &fixture.clock), settings())
}

#[tokio::test(start_paused = true)]
async fn a_session_is_told_from_its_start_as_it_goes_and_to_its_end() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    bet_and_void(&fixture.house, &session).await;
    let mut follower = fixture.house.session_follow(session.session_id, 0).await.unwrap();
    let mut late = fixture.house.session_follow(session.session_id, 1).await.unwrap();
    assert_eq!(seqs(&mut follower).await, [1, 2]);
    assert_eq!(seqs(&mut late).await, [2]);
    assert!(timeout(LONG, follower.next()).await.is_err(), "nothing happened, so nothing is told");

    bet_and_void(&fixture.house, &session).await;
    assert_eq!(seqs(&mut follower).await, [3, 4]);
    fixture.house.session_act(session.session_id, Action::CashOut, None).await.unwrap();
    assert_eq!(seqs(&mut follower).await, [5]);
    let Followed::Ended(end) = follower.next().await.unwrap() else { panic!("the session has ended") };
    assert_eq!((end.state, end.last_seq), (SessionState::Completed, 5));
    assert!(matches!(follower.next().await.unwrap(), Followed::Ended(_)), "and stays so");
    assert_eq!(seqs(&mut late).await, [3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_commit_of_this_process_is_told_without_a_look_at_the_clock() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    let never = Settings { follow: FollowSettings { poll: LONG * 24, most: 1 }, ..settings() };
    let house = Arc::new(House::open(ports(&fixture.store, &fixture.clock), never));
    let mut follower = house.session_follow(session.session_id, 0).await.unwrap();
    let waiting = tokio::spawn(async move { seqs(&mut follower).await });
    tokio::task::yield_now().await;
    house.session_act(session.session_id, Action::Bet { amount: credits("0.05") }, None).await.unwrap();
    assert_eq!(waiting.await.unwrap(), [1]);
}

#[tokio::test(start_paused = true)]
async fn what_another_process_writes_is_told_too() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    let other = elsewhere(&fixture);
    let mut follower = fixture.house.session_follow(session.session_id, 0).await.unwrap();
    let (told, ()) = tokio::join!(seqs(&mut follower), async {
        tokio::time::sleep(Duration::from_secs(10)).await;
        bet_and_void(&other, &session).await;
    });
    // The follower may look between the two.
    let rest = if told.len() == 1 { seqs(&mut follower).await } else { Vec::new() };
    assert_eq!([told, rest].concat(), [1, 2]);
    other.session_act(session.session_id, Action::CashOut, None).await.unwrap();
    assert_eq!(seqs(&mut follower).await, [3]);
    assert!(matches!(follower.next().await.unwrap(), Followed::Ended(_)));
}

#[tokio::test(start_paused = true)]
async fn many_events_come_in_batches_without_a_gap() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    for _ in 0..300 {
        bet_and_void(&fixture.house, &session).await;
    }
    let mut follower = fixture.house.session_follow(session.session_id, 7).await.unwrap();
    let mut told = Vec::new();
    while told.len() < 593 {
        told.extend(seqs(&mut follower).await);
    }
    assert_eq!(told, (8..=600).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn places_are_bounded_and_given_back() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    let two = Settings { follow: FollowSettings { most: 2, ..FollowSettings::default() }, ..settings() };
    let house = House::open(ports(&fixture.store, &fixture.clock), two);
    let nobody = "01976e3c-9f00-7abc-8000-000000000000".parse().unwrap();
    for _ in 0..5 {
        let refused = house.session_follow(nobody, 0).await.err();
        assert_eq!(refused, Some(Error::Refused(Refusal::not_found("session", nobody))));
    }
    let first = house.session_follow(session.session_id, 0).await.unwrap();
    let _second = house.session_follow(session.session_id, 0).await.unwrap();
    let refused = house.session_follow(session.session_id, 0).await.err();
    assert!(matches!(refused, Some(Error::Crowded { most: 2, .. })), "{refused:?}");
    drop(first);
    assert!(house.session_follow(session.session_id, 0).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_house_that_closes_tells_those_who_wait_and_those_who_come() {
    let fixture = fixture();
    let session = opened(&fixture).await;
    let mut follower = fixture.house.session_follow(session.session_id, 0).await.unwrap();
    let waiting = tokio::spawn(async move { follower.next().await });
    tokio::task::yield_now().await;
    fixture.house.close();
    assert_eq!(timeout(LONG, waiting).await.unwrap().unwrap(), Ok(Followed::Closing));
    let mut late = fixture.house.session_follow(session.session_id, 0).await.unwrap();
    assert_eq!(late.next().await, Ok(Followed::Closing));
}
