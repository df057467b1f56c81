//! How sessions end: cashed out, closed, expired.

use super::*;
use crate::wallet::EntryKind;

fn reveals(play: &Play) {
    let revealed = hex::decode(play.result()["server_seed"].as_str().unwrap()).unwrap();
    let commitment = play.session.fairness.server_seed.commitment();
    assert_eq!(Digest::of(&[&revealed]), commitment);
    let fingerprint = pearl().fingerprint();
    assert_eq!(Session::genesis(play.session.session_id, fingerprint, commitment, false).unwrap(), play.genesis);
    assert_eq!(play.session.idle_check_at, None);
}

#[test]
fn a_cash_out_reveals_the_seed_that_was_committed_to() {
    let mut play = Play::scripted(&[]);
    play.session.idle_check_at = Some(noon());
    play.take(&[spin("1")]);
    for event in &play.events {
        assert!(!event.body.result.to_string().contains(&"5e".repeat(32)), "the seed slipped out early");
    }
    play.take(&[Action::CashOut]);
    reveals(&play);
    assert_eq!(play.balance(), money("99"), "the balance stays in the wallet");
}

#[test]
fn the_other_ends_reveal_it_too() {
    for (wallet, action) in [(None, Action::Close), (None, Action::Expire), (Some(purse("1")), Action::Expire)] {
        let mut play = Play::open(wallet.as_ref(), PlayerProfile::default(), ScriptedDealer(Vec::new()));
        play.take(&[action]);
        reveals(&play);
    }
}

#[test]
fn an_expiry_refunds_a_held_stake() {
    let wallet = NewWallet { daily_limit: Some(money("5")), ..purse("100") };
    let mut play = Play::funded(&wallet, &[]);
    let result = play.take(&[spin("1"), bet("2"), Action::Expire]);
    assert_eq!((result["refund"].as_str(), result["balance"].as_str()), (Some("2.0000"), Some("99.0000")));
    let last = play.entries.last().unwrap();
    assert_eq!((last.kind, last.amount), (EntryKind::Refund, money("2")));
    assert_eq!((play.session.state, play.session.round), (SessionState::Expired, None));
    assert_eq!(play.session.metrics.wagered, money("1"));
    assert_eq!(play.wallet().spent_today(noon()), money("1"));
    reveals(&play);
}

#[test]
fn an_expiry_plays_out_the_free_games() {
    let mut round = vec![PEARLS, FREE_DRY, FREE_SEAHORSES, FREE_PEARLS];
    round.extend([FREE_DRY; 27]);
    let mut play = Play::scripted(&[&round]);
    play.take(&[spin("1"), SPIN, Action::Expire]);
    // 15 free games and 15 more; one was played by the player.
    assert_eq!(play.events.len(), 2 + 29 + 1);
    let seqs: Vec<_> = play.events.iter().map(|event| event.body.seq).collect();
    assert_eq!(seqs, (1..=32).collect::<Vec<_>>());
    for event in &play.events[1..31] {
        assert_eq!((&event.body.action["type"], &event.body.result["mode"]), (&"spin".into(), &"free".into()));
    }
    assert_eq!(play.events[31].body.action["type"], "expire");
    assert_eq!(play.events[31].body.result.get("refund"), None);
    assert_eq!(play.balance(), money("131"), "100 less 1, pays of 5, 12 and 15");
    let metrics = play.session.metrics;
    assert_eq!((metrics.free_games, metrics.hits, metrics.biggest_win), (30, 1, money("32")));
    assert_eq!(play.session.round, None);
    assert_eq!(verify_chain(play.genesis, &play.events), Ok(play.session.chain_head));
    let mut ids: Vec<_> = play.events.iter().map(|event| event.body.event_id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 32);
    let truncated: Vec<_> = play.transitions.iter().map(|transition| transition.truncated).collect();
    assert_eq!(truncated.iter().position(|truncated| *truncated), Some(31), "only the last step is the cut");
    reveals(&play);
}

#[test]
fn a_suspended_session_cashes_out_only_without_an_open_round() {
    let mut play = Play::scripted(&[]);
    play.take(&[bet("1"), Action::Suspend]);
    let refused = play.act(&Action::CashOut);
    assert!(
        matches!(&refused, Err(Refusal::InvalidTransition { state: SessionState::Suspended, allowed, .. })
            if allowed == &["resume"]),
        "{refused:?}"
    );
    play.take(&[Action::Resume, Action::Void, Action::Suspend, Action::CashOut]);
    assert_eq!((play.session.state, play.session.suspended_from), (SessionState::Completed, None));
    assert_eq!(play.balance(), money("100"));
    reveals(&play);
}

#[test]
fn only_the_step_that_ends_an_episode_is_done() {
    for (end, terminated) in [(Action::CashOut, true), (Action::Expire, false)] {
        let mut play = Play::scripted(&[]);
        play.take(&[bet("1"), Action::Void, spin("1"), Action::Suspend, Action::Resume, end]);
        let (last, before) = play.transitions.split_last().unwrap();
        assert!(before.iter().all(|step| !step.done() && !step.terminated && !step.truncated));
        assert_eq!((last.done(), last.terminated, last.truncated), (true, terminated, !terminated));
    }
    let mut play = Play::open(None, PlayerProfile::default(), ScriptedDealer(Vec::new()));
    play.take(&[Action::Close]);
    assert!(play.transitions[0].terminated && !play.transitions[0].truncated);
}

#[test]
fn a_step_that_leaves_nothing_to_play_with_ends_the_episode() {
    let last = |play: &Play| play.transitions.last().map(|step| (step.terminated, step.truncated)).unwrap();
    let mut bust = Play::funded(&purse("1"), &[&[DRY]]);
    bust.take(&[spin("1")]);
    assert_eq!(last(&bust), (true, false), "bust");
    bust.take(&[Action::Expire]);
    assert_eq!(last(&bust), (true, false), "who is bust is not cut off when found idle");

    let limited = NewWallet { daily_limit: Some(money("1")), ..purse("5") };
    let mut stopped = Play::funded(&limited, &[&[DRY]]);
    stopped.take(&[bet("1")]);
    assert_eq!(last(&stopped), (false, false), "a round is open");
    stopped.take(&[SPIN]);
    assert_eq!(last(&stopped), (false, true), "stopped by the limit");
    stopped.take(&[Action::CashOut]);
    assert_eq!(last(&stopped), (true, false));

    let costly = NewWallet { cost_rate: fees("0.95", "0"), ..purse("2") };
    let mut fee = Play::funded(&costly, &[&[DRY]]);
    fee.take(&[spin("0.1")]);
    assert_eq!(last(&fee), (true, false), "0.95 is left, and a spin costs 1.05");
}
