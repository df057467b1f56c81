//! The record: instants, ids and the hash chain.

use chrono::{TimeDelta, Timelike};

use super::*;

/// A session with a bit of everything in it.
fn varied() -> Play {
    let mut play = Play::funded(&NewWallet { cost_rate: fees("0.01", "0.001"), ..purse("100") }, &[&[SEAHORSES]]);
    play.take(&[bet("1"), Action::Void, Action::Probe { spins: 1 }, spin("1"), Action::Suspend, Action::Resume]);
    play.take(&[bet("0.5"), SPIN, Action::CashOut]);
    play
}

#[test]
fn a_clock_that_jumps_back_takes_no_event_back() {
    let mut play = Play::scripted(&[]);
    for hours in [2, -24, 1, 3, -100, 3] {
        play.now = noon() + TimeDelta::hours(hours);
        play.take(&[spin("1")]);
    }
    let hours: Vec<_> = play.events.iter().map(|event| (event.body.timestamp - noon()).num_hours()).collect();
    assert_eq!(hours, [2, 2, 2, 3, 3, 3]);
    assert_eq!(play.session.updated_at, noon() + TimeDelta::hours(3));
    let entries: Vec<_> = play.entries.iter().map(|entry| (entry.timestamp - noon()).num_hours()).collect();
    assert_eq!(entries, [2, 2, 2, 3, 3, 3]);
    for (event, transition) in play.events.iter().zip(&play.transitions) {
        assert_eq!(transition.created_at, event.body.timestamp);
        assert_eq!(crate::id::minted_at(event.body.event_id.0), Some(event.body.timestamp));
    }
}

#[test]
fn a_ledger_never_goes_back_in_time() {
    let mut play = Play::scripted(&[]);
    play.now = noon() + TimeDelta::hours(5);
    play.operate(Operation::Deposit, "1");
    play.now = noon();
    play.take(&[spin("1")]);
    play.operate(Operation::Deposit, "1");
    for entry in &play.entries {
        assert_eq!(entry.timestamp, noon() + TimeDelta::hours(5), "{:?}", entry.kind);
        assert_eq!(crate::id::minted_at(entry.entry_id.0), Some(entry.timestamp));
    }
}

#[test]
fn a_day_that_an_event_ran_ahead_to_reopens_nothing_when_the_clock_comes_back() {
    let mut play = Play::funded(&NewWallet { daily_limit: Some(money("2")), ..purse("100") }, &[]);
    play.take(&[spin("2")]);
    play.now = noon() + TimeDelta::days(1);
    play.take(&[Action::Suspend, Action::Resume]);
    play.now = noon() + TimeDelta::minutes(1);
    assert_eq!(play.wallet().spent_today(play.now), money("2"));
    let outcome = play.act(&spin("1"));
    assert!(matches!(outcome, Err(Refusal::DailyLimitExceeded { .. })), "{outcome:?}");
    play.take(&[Action::Suspend]);
    assert_eq!(play.session.observation.spend_left, Some(Money::ZERO));
}

#[test]
fn every_instant_is_whole_milliseconds() {
    let mut play = Play::scripted(&[]);
    let odd = noon() + TimeDelta::nanoseconds(1_234_567);
    play.now = odd;
    let new = NewSession {
        game_id: play.session.game_id,
        fingerprint: pearl().fingerprint(),
        player_profile: PlayerProfile::default(),
        client_seed: None,
        reward: Default::default(),
        training_seed: None,
    };
    play.session = Session::open(new, play.wallet.as_ref(), Shard::default(), odd, &play.ids).unwrap();
    let whole = noon() + TimeDelta::milliseconds(1);
    assert_eq!((play.session.created_at, play.session.updated_at), (whole, whole));
    play.take(&[spin("1")]);
    play.operate(Operation::Deposit, "1");
    let opened = Wallet::open(play.wallet().wallet_id, &purse("1"), odd);
    let events = play.events.iter().map(|event| event.body.timestamp);
    let entries = play.entries.iter().map(|entry| entry.timestamp);
    let stamps = [play.session.updated_at, play.wallet().updated_at, opened.created_at, opened.updated_at];
    for at in events.chain(entries).chain(stamps) {
        assert_eq!(at.nanosecond() % 1_000_000, 0, "{at}");
    }
}

#[test]
fn the_chain_verifies() {
    let play = varied();
    assert_eq!(verify_chain(play.genesis, &play.events), Ok(play.session.chain_head));
    assert_eq!(verify_chain(play.genesis, &play.events[..3]), Ok(play.events[2].hash), "a part is a chain too");
    assert_eq!(verify_chain(play.genesis, []), Ok(play.genesis));
    // What was written and read again is the same chain.
    let text = serde_json::to_string(&play.events).unwrap();
    let read: Vec<GameplayEvent> = serde_json::from_str(&text).unwrap();
    assert_eq!(read, play.events);
    assert_eq!(verify_chain(play.genesis, &read), Ok(play.session.chain_head));
}

#[test]
fn any_changed_byte_breaks_the_chain() {
    let play = varied();
    let mut read = 0;
    for place in 0..play.events.len() {
        let text = serde_json::to_string(&play.events[place]).unwrap();
        for (at, byte) in text.bytes().enumerate() {
            for other in [byte ^ 1, byte ^ 2, byte ^ 4] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] = other;
                let Ok(changed) = serde_json::from_slice::<GameplayEvent>(&bytes) else { continue };
                // Another spelling of the same event is no change.
                if changed == play.events[place] {
                    continue;
                }
                let mut events = play.events.clone();
                events[place] = changed;
                assert!(verify_chain(play.genesis, &events).is_err(), "{}", String::from_utf8_lossy(&bytes));
                read += 1;
            }
        }
    }
    assert!(read > 3000, "only {read} changes could be read");
}

#[test]
fn a_chain_has_its_order_and_its_start() {
    let play = varied();
    let verify = |events: &[GameplayEvent]| verify_chain(play.genesis, events);
    let mut events = play.events.clone();
    events.remove(4);
    assert_eq!(verify(&events), Err(ChainError::Gap { expected: 5, found: 6 }));
    assert_eq!(verify(&play.events[1..]), Err(ChainError::Gap { expected: 1, found: 2 }));
    let mut events = play.events.clone();
    events.swap(2, 3);
    assert_eq!(verify(&events), Err(ChainError::Gap { expected: 3, found: 4 }));
    // Renumbered to hide a missing event, the hashes still tell.
    let mut events = play.events.clone();
    events.remove(4);
    for (event, seq) in events.iter_mut().zip(1..) {
        event.body.seq = seq;
    }
    assert_eq!(verify(&events), Err(ChainError::Broken { seq: 5 }));
    let other = Session::genesis(play.session.session_id, Digest([0; 32]), Digest([0; 32]), false).unwrap();
    assert_eq!(verify_chain(other, &play.events), Err(ChainError::Broken { seq: 1 }));
}

#[test]
fn an_event_is_hashed_as_the_contract_says() {
    let play = varied();
    let mut head = play.genesis;
    for event in &play.events {
        let mut body = serde_json::to_value(event).unwrap();
        body.as_object_mut().unwrap().remove("hash");
        let canonical = serde_json_canonicalizer::to_string(&body).unwrap();
        head = Digest::of(&[&head.0, canonical.as_bytes()]);
        assert_eq!(event.hash, head);
        assert_eq!((&event.body.action["version"], &event.body.result["version"]), (&1.into(), &1.into()));
    }
}

#[test]
fn ids_carry_their_shards() {
    let play = varied();
    let shard = Shard::from_bits(0xabc);
    assert_eq!(play.session.session_id.shard(), shard);
    assert!(play.events.iter().all(|event| event.body.event_id.shard() == shard));
    assert!(play.entries.iter().all(|entry| entry.entry_id.shard() == shard));
}
