//! Fair draws: what a result tells is enough to draw it again from the revealed seed.

use super::*;
use crate::fairness::{FairDealer, FairStream};
use crate::game::Mode;

/// A session that draws fairly, played until free games have come and gone, then cashed out.
fn fair_play() -> Play {
    let mut play = Play::open(Some(&purse("1000")), PlayerProfile::default(), FairDealer);
    play.take(&[Action::Probe { spins: 7 }]);
    while play.session.metrics.free_games == 0 || play.session.round_open() {
        assert!(play.events.len() < 2000, "no free games in 2000 spins");
        let open = play.session.state == SessionState::FreeGames;
        play.take(&[if open { SPIN } else { spin("0.1") }]);
    }
    play.take(&[Action::Probe { spins: 3 }, spin("0.1"), Action::CashOut]);
    play
}

#[test]
fn every_spin_is_drawn_again_from_the_revealed_seed() {
    let play = fair_play();
    let revealed = hex::decode(play.result()["server_seed"].as_str().unwrap()).unwrap();
    let seed = ServerSeed(revealed.try_into().unwrap());
    let client_seed = play.session.session_id.to_string();
    let mut modes = [0, 0];
    for event in play.events.iter().filter(|event| event.body.action["type"] == "spin") {
        let result = &event.body.result;
        let mode: Mode = serde_json::from_value(result["mode"].clone()).unwrap();
        let [from, to]: [u64; 2] = serde_json::from_value(result["words"].clone()).unwrap();
        let mut stream = FairStream::new(&seed, &client_seed, result["nonce"].as_u64().unwrap()).resume_at(from);
        let lengths = play.engine.strip_lengths(mode);
        let stops: Vec<u32> = lengths.iter().map(|length| stream.below(NonZeroU32::new(*length).unwrap())).collect();
        assert_eq!(serde_json::json!(stops), result["stops"]);
        assert_eq!(stream.words_drawn(), to);
        let outcome = play.engine.evaluate(mode, &stops);
        let payout = play.engine.payout(money("0.1"), &outcome).unwrap();
        assert_eq!(result["payout"], payout.to_string());
        assert_eq!(result["symbols"], serde_json::json!(play.engine.window(mode, &stops)));
        modes[usize::from(mode == Mode::Free)] += 1;
    }
    assert!(modes[0] > 1 && modes[1] >= 15, "{modes:?}");
}

#[test]
fn rounds_and_probes_take_the_nonces_in_turn() {
    let play = fair_play();
    let mut next = 0;
    for event in &play.events {
        let result = &event.body.result;
        let Some(nonce) = result["nonce"].as_u64() else { continue };
        if result["mode"] == "free" {
            assert_eq!(nonce + 1, next, "a free game draws on with its round's nonce");
        } else {
            assert_eq!(nonce, next);
            next += 1;
        }
    }
    assert_eq!(play.session.fairness.nonce, next);
}

#[test]
fn the_players_seed_is_the_one_that_was_given() {
    let play = Play::scripted(&[]);
    assert_eq!(play.session.fairness.client_seed, play.session.session_id.to_string());
    let new = NewSession {
        game_id: play.session.game_id,
        fingerprint: Digest([1; 32]),
        player_profile: PlayerProfile::default(),
        client_seed: Some("lucky".to_owned()),
        reward: Default::default(),
        training_seed: None,
    };
    let session = Session::open(new, None, Shard::default(), noon(), &play.ids).unwrap();
    assert_eq!(session.fairness.client_seed, "lucky");
    assert_eq!(session.fairness.server_seed, ServerSeed([0x5e; 32]));
}
