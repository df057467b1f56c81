//! Analytics: what is kept is what the events say, whoever counted them and in which pieces.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod support;

use std::sync::Arc;

use chrono::TimeDelta;
use reelhouse_application::{GameWindow, House, Recount};
use reelhouse_domain::analytics::{GameTallies, GameTally, PlayTally, SessionTally, Span};
use reelhouse_domain::game::Game;
use reelhouse_domain::observation::Observed;
use reelhouse_domain::ports::{AnalyticsRepository as _, SessionRepository as _, TallyQuery};
use reelhouse_domain::session::{Action, GameplayEvent, SessionState};
use reelhouse_domain::wallet::{CostRate, NewWallet};
use reelhouse_domain::{SessionId, Timestamp};
use support::{Fixture, credits, fixture, new_wallet, ports, settings};

const HOURS: GameWindow = GameWindow { span: Span::Hour, from: None, to: None, limit: 1_000 };

async fn act(fixture: &Fixture, session: SessionId, action: Action) -> SessionState {
    fixture.house.session_act(session, action, None).await.unwrap().session.state
}

/// Plays so many rounds, their free games included.
async fn rounds(fixture: &Fixture, session: SessionId, rounds: usize) {
    for _ in 0..rounds {
        let mut state = act(fixture, session, Action::Spin { amount: Some(credits("1")) }).await;
        while state == SessionState::FreeGames {
            state = act(fixture, session, Action::Spin { amount: None }).await;
        }
    }
}

/// Three sessions of the game with free games, over two days: fees, probes, voided bets, a wallet of its own each.
async fn played(fixture: &Fixture) -> (Game, Vec<SessionId>) {
    let game = fixture.game(1).await;
    let mut sessions = Vec::new();
    for _ in 0..3 {
        let cost_rate = CostRate { per_spin: credits("0.01"), per_query: credits("0.001") };
        let wallet = NewWallet { cost_rate, ..new_wallet("10000") };
        let wallet = fixture.house.wallet_create(wallet, None).await.unwrap();
        sessions.push(fixture.session(&game, Some(&wallet)).await.session_id);
    }
    for hours in [0, 1, 5, 14] {
        for session in &sessions {
            rounds(fixture, *session, 37).await;
            act(fixture, *session, Action::Probe { spins: 10 }).await;
            act(fixture, *session, Action::Bet { amount: credits("1") }).await;
            act(fixture, *session, Action::Void).await;
        }
        fixture.clock.advance(TimeDelta::hours(hours));
    }
    act(fixture, sessions[0], Action::CashOut).await;
    (game, sessions)
}

async fn events(fixture: &Fixture, sessions: &[SessionId]) -> Vec<GameplayEvent> {
    let mut events = Vec::new();
    for session in sessions {
        events.extend(fixture.store.event_list(*session, 0, 100_000).await.unwrap());
    }
    events
}

async fn tallies(fixture: &Fixture, game: &Game) -> Vec<GameTally> {
    let mut found = Vec::new();
    for span in Span::ALL {
        let query = TallyQuery { game_id: game.game_id, span, from: None, to: None, limit: 10_000 };
        found.extend(fixture.store.tally_list(&query).await.unwrap().into_iter().rev());
    }
    found
}

/// What is kept, beside what the pure functions make of all events.
async fn check_kept(fixture: &Fixture, game: &Game, sessions: &[SessionId]) {
    let observed = Observed::of(game).unwrap();
    let all = events(fixture, sessions).await;
    assert_eq!(tallies(fixture, game).await, GameTallies::of(&observed, &all).on_top_of(&[]));
    for session in sessions {
        let mut tally = SessionTally::default();
        for event in all.iter().filter(|event| event.body.session_id == *session) {
            tally.see(&observed, event);
        }
        let kept = fixture.store.progress_find(*session).await.unwrap().unwrap();
        assert_eq!(kept.tally, tally);
        // The session keeps counters of its own, with every action.
        let metrics = fixture.store.session_find(*session).await.unwrap().unwrap().metrics;
        let counted = (tally.total.spins, tally.total.free_games, tally.total.probe_spins, tally.total.won_rounds);
        assert_eq!(counted, (metrics.spins, metrics.free_games, metrics.probe_spins, metrics.hits));
        assert_eq!((tally.total.net().amount(), tally.total.fees.amount()), (Some(metrics.net), Some(metrics.fees)));
        assert_eq!((tally.biggest_win, tally.longest_dry_run), (metrics.biggest_win, metrics.longest_dry_run));
    }
}

#[tokio::test]
async fn what_is_answered_is_what_the_events_say() {
    let fixture = fixture();
    let (game, sessions) = played(&fixture).await;
    let answer = fixture.house.game_analytics(game.game_id, HOURS).await.unwrap();
    check_kept(&fixture, &game, &sessions).await;
    let all = events(&fixture, &sessions).await;
    assert!(!answer.waiting && !answer.earlier);
    assert_eq!((answer.total.events, answer.total.sessions), (u64::try_from(all.len()).unwrap(), 3));
    assert_eq!((answer.total.rounds, answer.total.probe_spins, answer.total.missed), (3 * 4 * 37, 120, 0));
    assert!(answer.total.free_games > 0, "the game has free games");
    assert_eq!(answer.window.0, answer.total);
    assert_eq!(answer.buckets.len(), 4, "hours 12, 13, 18 and, for the cash-out, 8 of the next day");
    assert!(answer.figures.rtp.test.p_value.unwrap() > 0.001);

    let session = fixture.house.session_analytics(sessions[1]).await.unwrap();
    assert_eq!(session.progress.seq, session.last_seq);
    let sum = PlayTally::sum(session.buckets.iter().map(|told| &told.bucket.play));
    assert_eq!((sum, sum.rounds), (session.progress.tally.total, 148));
    assert_eq!(session.buckets.last().unwrap().so_far, session.figures);
    assert_eq!(session.buckets[1].first_round, 1 + session.progress.tally.series.width);
    assert_eq!(session.progress.tally.days.len(), 1);
}

/// Counters are in the metrics table at rounds 1, 2, 4 … and, in the transaction of the cash-out, as it left them.
#[tokio::test]
async fn counters_are_recorded_on_the_way_and_in_the_end() {
    let fixture = fixture();
    let (_, sessions) = played(&fixture).await;
    let ended = fixture.house.session_analytics(sessions[0]).await.unwrap().recorded;
    let spins: Vec<&str> = ended.iter().filter(|row| row.key == "spins").map(|row| row.value.as_str()).collect();
    assert_eq!(spins, ["148", "128", "64"]);
    assert!(ended.iter().any(|row| row.key == "balance_high"));
    let open = fixture.house.session_analytics(sessions[1]).await.unwrap().recorded;
    let spins: Vec<&str> = open.iter().filter(|row| row.key == "spins").map(|row| row.value.as_str()).collect();
    // The clock stood still for the first 74 rounds: of what is recorded at one instant the last stays.
    assert_eq!(spins, ["128", "64"]);
    assert!(open.iter().all(|row| row.key != "balance_high"));
}

#[tokio::test]
async fn a_window_has_its_last_buckets() {
    let fixture = fixture();
    let (game, _) = played(&fixture).await;
    let of = async |window| fixture.house.game_analytics(game.game_id, window).await.unwrap();
    let all = of(HOURS).await;
    let starts: Vec<Timestamp> = all.buckets.iter().map(|(tally, _)| tally.starts_at).collect();
    let last = of(GameWindow { limit: 2, ..HOURS }).await;
    assert_eq!((last.buckets.len(), last.earlier, last.buckets[0].0.starts_at), (2, true, starts[2]));
    assert_eq!(last.total, all.total);
    assert_eq!(last.window.0, PlayTally::sum(all.buckets[2..].iter().map(|(tally, _)| &tally.play)));
    // A window begins with the bucket that holds its first instant, and ends before the one that holds its last.
    let middle = starts[1] + TimeDelta::minutes(59);
    let window = of(GameWindow { from: Some(middle), to: Some(starts[3]), ..HOURS }).await;
    assert_eq!(window.buckets.iter().map(|(tally, _)| tally.starts_at).collect::<Vec<_>>(), starts[1..3]);
    let days = of(GameWindow { span: Span::Day, ..HOURS }).await;
    assert_eq!(days.buckets.len(), 2);
    let none = of(GameWindow { to: Some(starts[0]), ..HOURS }).await;
    assert_eq!((none.buckets.len(), none.window.0), (0, PlayTally::default()));
}

/// A session is counted by its own request, by a beat, by another server: every event once.
#[tokio::test(flavor = "multi_thread")]
async fn several_servers_and_requests_count_every_event_once() {
    let fixture = fixture();
    let (game, sessions) = played(&fixture).await;
    let mut servers = tokio::task::JoinSet::new();
    for server in 0..4 {
        let house = House::open(ports(&fixture.store, &fixture.clock), settings());
        let (game_id, sessions) = (game.game_id, sessions.clone());
        servers.spawn(async move {
            for turn in 0..4 {
                drop(house.session_analytics(sessions[(server + turn) % 3]).await);
                drop(house.games_observe(None).await);
                drop(house.game_analytics(game_id, HOURS).await);
            }
        });
    }
    servers.join_all().await;
    while fixture.house.game_analytics(game.game_id, HOURS).await.unwrap().waiting {}
    check_kept(&fixture, &game, &sessions).await;
}

/// A session longer than a request may read is counted piece by piece.
#[tokio::test]
async fn a_long_session_is_counted_in_pieces() {
    let fixture = fixture();
    let game = fixture.game(0).await;
    let wallet = fixture.wallet("10000").await;
    let session = fixture.session(&game, Some(&wallet)).await.session_id;
    for _ in 0..6 {
        let actions = vec![Action::Spin { amount: Some(credits("0.05")) }; 1_000];
        let play = reelhouse_application::Play { session_id: session, actions };
        fixture.house.sessions_act(vec![play], None).await.unwrap()[0].as_ref().unwrap();
    }
    let first = fixture.house.session_analytics(session).await.unwrap();
    assert_eq!((first.progress.seq, first.last_seq), (5_000, 6_000));
    let second = fixture.house.session_analytics(session).await.unwrap();
    assert_eq!((second.progress.seq, second.progress.tally.series.width), (6_000, 128));
    assert_eq!(second.buckets.len(), 47);
    check_kept(&fixture, &game, &[session]).await;
}

#[tokio::test]
async fn counting_anew_comes_to_the_same() {
    let fixture = fixture();
    let (game, sessions) = played(&fixture).await;
    let before = fixture.house.game_analytics(game.game_id, HOURS).await.unwrap();
    let kept = tallies(&fixture, &game).await;
    let Recount::Done { before: was, after: is } = fixture.house.game_recount(game.game_id).await.unwrap() else {
        panic!("nothing is archived");
    };
    assert_eq!((*was, *is), (before.total, before.total));
    assert_eq!(tallies(&fixture, &game).await, kept);
    check_kept(&fixture, &game, &sessions).await;
    let untouched = fixture.house.game_recount(fixture.game(0).await.game_id).await.unwrap();
    assert_eq!(untouched, Recount::Done { before: Box::default(), after: Box::default() });

    // What somebody spoilt is put right.
    let house = Arc::new(House::open(ports(&fixture.store, &fixture.clock), settings()));
    rounds(&fixture, sessions[1], 3).await;
    house.game_analytics(game.game_id, HOURS).await.unwrap();
    let Recount::Done { before, after } = house.game_recount(game.game_id).await.unwrap() else {
        panic!("nothing is archived");
    };
    assert_eq!(before, after);
    check_kept(&fixture, &game, &sessions).await;
}
