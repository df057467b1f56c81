//! What events add, and that sums of sums are sums.

use proptest::prelude::*;
use serde_json::json;

use super::{EVENING, event, fruit, spin};
use crate::analytics::{GameTallies, GameTally, MOST_DAYS, PlayTally, SessionTally, Span};
use crate::session::{GameplayEvent, MetricValue};
use crate::time::{Timestamp, from_millis};

const HOUR: i64 = 3_600_000;

#[test]
fn every_kind_of_event_adds_what_it_is() {
    let game = fruit();
    let of = |event: &GameplayEvent| PlayTally::of(&game, event);
    let paid = of(&spin(1, 0, "2.40"));
    assert_eq!((paid.sessions, paid.spins, paid.hits, paid.rounds, paid.won_rounds), (1, 1, 1, 1, 1));
    assert_eq!((paid.wagered.to_string(), paid.won.to_string()), ("1.0000".to_owned(), "2.4000".to_owned()));
    assert_eq!((paid.spend().to_string(), paid.net().to_string()), ("1.0100".to_owned(), "1.3900".to_owned()));
    // The returns are in bets at a unit bet: 2.4 stakes.
    let bets = u128::from(game.bets());
    assert_eq!((paid.returned * 5, paid.squares), (bets * 12, paid.returned * paid.returned));

    // A round with free games is settled by the last of them, with all that it won.
    let open =
        json!({ "mode": "base", "stake": "1.0000", "payout": "0.0000", "round": { "won": "0.0000", "closed": false } });
    let open = of(&event(2, 0, "spin", open));
    assert_eq!((open.sessions, open.spins, open.hits, open.rounds, open.returned), (0, 1, 0, 0, 0));
    let last =
        json!({ "mode": "free", "stake": "1.0000", "payout": "1.0000", "round": { "won": "3.0000", "closed": true } });
    let last = of(&event(3, 0, "spin", last));
    assert_eq!((last.spins, last.free_games, last.rounds, last.won_rounds), (0, 1, 1, 1));
    assert_eq!((last.wagered.to_string(), last.won.to_string()), ("0.0000".to_owned(), "1.0000".to_owned()));
    assert_eq!(last.returned, bets * 3);

    // A probe wins nothing and stakes nothing.
    let probe =
        json!({ "spins": 100, "fee": "0.1000", "wagered": "5.0000", "won": "4.0000", "unit_bet": "0.0500", "hits": 9 });
    let probe = of(&event(4, 0, "probe", probe));
    assert_eq!((probe.events, probe.probe_spins, probe.spins, probe.rounds), (1, 100, 0, 0));
    assert_eq!((probe.fees.to_string(), probe.won.to_string()), ("0.1000".to_owned(), "0.0000".to_owned()));

    let other = of(&event(5, 0, "void", json!({ "refund": "1.0000", "balance": "3.0000" })));
    assert_eq!(other, PlayTally { events: 1, ..PlayTally::default() });
    // A result that does not read is an event and no more.
    let odd = of(&event(6, 0, "spin", json!({ "fee": 7, "mode": "sideways" })));
    assert_eq!(odd, PlayTally { events: 1, ..PlayTally::default() });
}

#[test]
fn an_event_is_of_its_hour_its_day_and_all_time() {
    let at = |after: i64| from_millis(EVENING + after).unwrap();
    for (span, after, start) in [
        (Span::Hour, 0, 0),
        (Span::Hour, HOUR - 1, 0),
        (Span::Hour, -1, -HOUR),
        (Span::Day, 0, -20 * HOUR),
        (Span::Day, 4 * HOUR, 4 * HOUR),
    ] {
        assert_eq!(span.start(at(after)), at(start), "{span:?} {after}");
    }
    assert_eq!(Span::All.start(at(0)), Timestamp::UNIX_EPOCH);
    // A clock before 1970 is odd, and rounds down all the same.
    assert_eq!(Span::Hour.start(from_millis(-1).unwrap()), from_millis(-HOUR).unwrap());
    for span in Span::ALL {
        assert_eq!(Span::named(span.name()), Some(span));
    }
    assert_eq!(Span::named("week"), None);
}

#[test]
fn what_was_missed_is_told_and_belongs_to_no_hour() {
    let mut tallies = GameTallies::default();
    tallies.miss(0);
    assert_eq!(tallies.spans().count(), 0);
    tallies.miss(7);
    let found = tallies.on_top_of(&[]);
    assert_eq!(found.iter().map(|tally| (tally.span, tally.play.missed)).collect::<Vec<_>>(), [(Span::All, 7)]);
}

#[test]
fn counters_are_recorded_at_powers_of_two() {
    let game = fruit();
    let mut tally = SessionTally::default();
    let mut recorded = Vec::new();
    for seq in 1..=70 {
        let won = if seq % 10 == 0 { "3.00" } else { "0.00" };
        let play = tally.see(&game, &spin(seq, seq, won));
        if tally.is_recorded(&play) {
            recorded.push(tally.total.rounds);
        }
        // What is no round records nothing.
        let play = tally.see(&game, &event(seq, seq, "probe", json!({ "spins": 1, "fee": "0.0000" })));
        assert!(!tally.is_recorded(&play));
    }
    assert_eq!(recorded, [1, 2, 4, 8, 16, 32, 64]);
    let entries = tally.entries();
    let value = |name: &str| entries.iter().find(|(key, _)| *key == name).unwrap().1;
    assert_eq!((value("spins"), value("hits")), (MetricValue::Count(70), MetricValue::Count(7)));
    assert_eq!((value("longest_dry_run"), value("probe_spins")), (MetricValue::Count(9), MetricValue::Count(70)));
    let amount = |text: &str| MetricValue::Amount(text.parse().unwrap());
    assert_eq!((value("won"), value("wagered"), value("fees")), (amount("21"), amount("70"), amount("0.70")));
    assert_eq!((value("biggest_win"), value("balance")), (amount("3"), amount("50")));
    assert_eq!(value("net").to_string(), "-49.7000");
}

#[test]
fn the_days_of_a_session_are_bounded_and_lose_nothing() {
    let game = fruit();
    let mut tally = SessionTally::default();
    let days = i64::try_from(MOST_DAYS).unwrap() + 5;
    for day in 0..days {
        for spins in 0..2 {
            tally.see(&game, &spin(day * 2 + spins + 1, day * 24 * HOUR, "0.00"));
        }
        // A day on which nothing was spent is none.
        tally.see(&game, &event(9_999, day * 24 * HOUR, "suspend", json!({})));
    }
    assert_eq!(tally.days.len(), MOST_DAYS);
    let before = tally.before.unwrap();
    assert_eq!((before.day.to_string(), before.spend().to_string()), ("2026-01-06".to_owned(), "10.1000".to_owned()));
    assert_eq!(
        (tally.days[0].day.to_string(), tally.days[0].wagered.to_string()),
        ("2026-01-07".into(), "2.0000".into())
    );
    let sum = tally.days.iter().fold(before.spend(), |sum, day| sum.plus(day.spend()));
    assert_eq!(sum, tally.total.spend());
}

proptest! {
    /// However events are cut into readings and whatever their order, the stored tallies are those of all events.
    #[test]
    fn readings_add_up_to_the_tallies_of_all_events(
        spins in proptest::collection::vec((0_i64..60 * HOUR, 0_u8..4), 1..80), cuts in proptest::collection::vec(0_usize..80, 0..6),
    ) {
        let game = fruit();
        let events: Vec<_> = spins.iter().zip(1..)
            .map(|((after, won), seq)| spin(seq, *after, &format!("{won}.00")))
            .collect();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(events.len())).chain([0, events.len()]).collect();
        cuts.sort_unstable();
        let mut stored: Vec<GameTally> = Vec::new();
        for reading in cuts.windows(2) {
            let new = GameTallies::of(&game, &events[reading[0]..reading[1]]);
            let touched: Vec<_> = new.spans().collect();
            let (known, rest) = stored.into_iter().partition::<Vec<_>, _>(|tally| touched.contains(&(tally.span, tally.starts_at)));
            stored = [rest, new.on_top_of(&known)].concat();
        }
        stored.sort_by_key(|tally| (tally.span, tally.starts_at));
        prop_assert_eq!(&stored, &GameTallies::of(&game, &events).on_top_of(&[]));
        let sum = |span| PlayTally::sum(stored.iter().filter(|tally| tally.span == span).map(|tally| &tally.play));
        prop_assert_eq!(sum(Span::Hour), sum(Span::All));
        prop_assert_eq!(sum(Span::Day), sum(Span::All));
    }
}
