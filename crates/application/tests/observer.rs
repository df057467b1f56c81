//! The observer: every event counts once, whoever counts and whatever comes in between.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;

use reelhouse_application::House;
use reelhouse_domain::game::Game;
use reelhouse_domain::session::Action;
use support::{Fixture, credits, fixture, ports, settings};
use tokio::task::JoinSet;

/// Plays so many spins and one probe of 10 in each of so many sessions: `spins + 1` events each.
async fn played(fixture: &Fixture, sessions: usize, spins: usize) -> Game {
    let game = fixture.game(0).await;
    for _ in 0..sessions {
        let wallet = fixture.wallet("1000").await;
        let session = fixture.session(&game, Some(&wallet)).await.session_id;
        fixture.house.session_act(session, Action::Probe { spins: 10 }, None).await.unwrap();
        for _ in 0..spins {
            fixture.house.session_act(session, Action::Spin { amount: Some(credits("0.05")) }, None).await.unwrap();
        }
    }
    game
}

#[tokio::test]
async fn a_fingerprint_covers_what_was_played_and_counts_it_once() {
    let fixture = fixture();
    let game = played(&fixture, 3, 20).await;
    for _ in 0..2 {
        let answer = fixture.house.game_fingerprint(game.game_id).await.unwrap();
        let tally = &answer.observation.tally;
        assert_eq!((tally.events, tally.spins, tally.probe_spins, tally.rounds), (63, 60, 30, 90));
        assert_eq!((answer.observation.revision, answer.waiting), (1, false));
        assert_eq!(answer.report.symbols[0].windows, 90);
        assert!(answer.report.rtp.p_value.unwrap() > 0.001);
    }
}

#[tokio::test]
async fn the_observer_goes_through_all_games_in_turn() {
    let fixture = fixture();
    let game = played(&fixture, 2, 5).await;
    let other = fixture.game(1).await;
    assert_eq!(fixture.house.games_observe(None).await.unwrap(), None);
    let answer = fixture.house.game_fingerprint(game.game_id).await.unwrap();
    assert_eq!((answer.observation.tally.events, answer.observation.revision), (12, 1));
    let nothing = fixture.house.game_fingerprint(other.game_id).await.unwrap();
    assert_eq!((nothing.observation.tally.events, nothing.observation.revision), (0, 0));
}

/// More than one beat takes is counted beat by beat, and no session is left behind.
#[tokio::test]
async fn what_one_beat_leaves_the_next_one_counts() {
    let fixture = fixture();
    let game = played(&fixture, 3, 800).await;
    let mut after = fixture.house.games_observe(None).await.unwrap();
    assert_eq!(after, Some(game.game_id), "the beat is spent");
    for _ in 0..2 {
        after = fixture.house.games_observe(after).await.unwrap();
    }
    let answer = fixture.house.game_fingerprint(game.game_id).await.unwrap();
    assert_eq!((answer.observation.tally.spins, answer.observation.tally.probe_spins), (2_400, 30));
}

/// Several servers on one store count at once: nothing twice, nothing not at all.
#[tokio::test(flavor = "multi_thread")]
async fn several_servers_count_every_event_once() {
    let fixture = fixture();
    let game = played(&fixture, 4, 50).await;
    let mut servers = JoinSet::new();
    for _ in 0..4 {
        let house = House::open(ports(&fixture.store, &fixture.clock), settings());
        let game_id = game.game_id;
        servers.spawn(async move {
            for _ in 0..5 {
                // One that clashes too often gives up for now, and has counted nothing.
                drop(house.games_observe(None).await);
                drop(house.game_fingerprint(game_id).await);
            }
        });
    }
    servers.join_all().await;
    let house = Arc::clone(&fixture.house);
    let answer = house.game_fingerprint(game.game_id).await.unwrap();
    assert_eq!((answer.observation.tally.events, answer.observation.tally.spins), (204, 200));
}
