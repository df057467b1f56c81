//! Honest sessions verify, whatever was done in them.

use proptest::prelude::*;
use reelhouse_domain::fairness::proof::{GatherError, ReadError, entries_caused};
use reelhouse_domain::fairness::{Ed25519Signer, HeadSigner, ProofBody, SessionProof, SignedHead, verify};
use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::{Action, Session, SessionState};
use reelhouse_domain::wallet::Cause;

use super::house::{House, house_key, money, played, resign, signer};

/// Verifies a proof after a round trip through its text.
#[track_caller]
fn verified(house: &House) {
    let text = house.proof().write().unwrap();
    let proof = SessionProof::read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    match verify(&proof, Some(&house_key())) {
        Ok(report) => {
            assert_eq!((report.events, report.state), (house.events.len(), house.session.state));
            let (mut counted, mut kept) = (report.metrics, house.session.metrics);
            // The balance before the first event is not in a proof.
            for metrics in [&mut counted, &mut kept] {
                (metrics.balance_high, metrics.balance_low) = (None, None);
            }
            assert_eq!(counted, kept);
            assert!(report.key_expected);
        }
        Err(findings) => panic!("{findings:#?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn honest_sessions_of_both_games_verify(seed in any::<u64>(), moves in 0_usize..80, pearl in any::<bool>()) {
        verified(&played(if pearl { "pearl-5x3" } else { "fruit-5x3" }, seed, moves));
    }
}

#[test]
fn free_games_rotations_wallets_and_probes_verify() {
    let mut house = House::open("pearl-5x3", 3, false, Some("mine"));
    house.take(&[Action::AttachWallet { wallet_id: house.wallet_id(0) }, Action::Probe { spins: 40 }]);
    while house.session.metrics.free_games == 0 || house.session.round_open() {
        let open = house.session.state == SessionState::FreeGames;
        house.take(&[Action::Spin { amount: (!open).then(|| money("0.1")) }]);
        assert!(house.events.len() < 2000, "no free games in 2000 spins");
    }
    house.take(&[
        Action::RotateSeed { client_seed: Some("other".to_owned()) },
        Action::Spin { amount: Some(money("0.1")) },
    ]);
    while house.session.round_open() {
        house.take(&[Action::Spin { amount: None }]);
    }
    house.deposit(1, "3");
    house.take(&[
        Action::AttachWallet { wallet_id: house.wallet_id(1) },
        Action::RotateSeed { client_seed: None },
        Action::Bet { amount: money("2") },
        Action::Suspend,
        Action::Resume,
        Action::Void,
        Action::CashOut,
    ]);
    verified(&house);
    let body = house.body();
    let seeds: Vec<&str> = body.seeds.iter().map(|seed| seed.client_seed.as_str()).collect();
    assert_eq!(seeds, ["mine", "other", "other"]);
    assert_eq!((body.opened.wallet_id, body.wallets.len()), (None, 2));
    assert_ne!(body.seeds[0].server_seed, body.seeds[1].server_seed);
}

#[test]
fn a_rotation_starts_the_nonces_anew_and_publishes_the_next_commitment() {
    let mut house = House::open("fruit-5x3", 4, true, Some("a"));
    house.take(&[Action::Probe { spins: 1 }, Action::Probe { spins: 1 }]);
    let used = house.session.fairness.clone();
    house.take(&[Action::RotateSeed { client_seed: Some("b".to_owned()) }, Action::Probe { spins: 1 }]);
    let [.., rotated, probed] = house.events.as_slice() else { panic!("two events") };
    let result = &rotated.body.result;
    assert_eq!(result["server_seed"], used.server_seed.reveal());
    assert_eq!(result["commitment"], house.session.fairness.server_seed.commitment().to_string());
    assert_eq!((&result["previous_client_seed"], &result["client_seed"]), (&"a".into(), &"b".into()));
    assert_eq!((&probed.body.result["nonce"], house.session.fairness.nonce), (&0.into(), 1));
    let refused = house.act(&Action::RotateSeed { client_seed: Some("x".repeat(257)) });
    assert!(refused.unwrap_err().to_string().starts_with("/client_seed"));
    house.take(&[Action::Bet { amount: money("1") }]);
    assert!(house.act(&Action::RotateSeed { client_seed: None }).is_err(), "while a stake is held");
}

#[test]
fn an_open_session_has_no_proof_and_no_signed_head() {
    let mut house = House::open("fruit-5x3", 1, true, None);
    house.take(&[Action::Spin { amount: Some(money("1")) }]);
    assert_eq!(SignedHead::of(&house.session, &signer()).unwrap(), None);
    let gathered = ProofBody::gather(&house.session, &house.game, house.events.clone(), vec![], vec![], &signer());
    assert_eq!(gathered, Err(GatherError::NotEnded));
}

#[test]
fn signing_again_gives_the_same_bytes() {
    let house = played("fruit-5x3", 11, 20);
    assert_eq!(house.proof().write().unwrap(), house.proof().write().unwrap());
    assert_eq!(SignedHead::of(&house.session, &signer()).unwrap(), Some(house.proof().body.head));
}

#[test]
fn events_tell_how_many_entries_they_caused() {
    for seed in 0..20 {
        let body = played("pearl-5x3", seed, 60).body();
        for event in &body.events {
            let cause = Cause::Event(event.body.event_id);
            let caused = body.entries.iter().filter(|entry| entry.cause == cause).count();
            assert_eq!(entries_caused(event), caused, "{event:?}");
        }
    }
}

#[test]
fn another_house_s_key_is_found_only_by_who_expects_one() {
    let house = played("fruit-5x3", 6, 30);
    let forger = Ed25519Signer::new(&[0x66; 32]);
    let mut body = house.body();
    body.head = SignedHead::of(&house.session, &forger).unwrap().unwrap();
    let proof = SessionProof::seal(body, &forger).unwrap();
    let report = verify(&proof, None).unwrap();
    assert_eq!((report.public_key, report.key_expected), (forger.public_key(), false));
    let findings = verify(&proof, Some(&house_key())).unwrap_err();
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].pointer, "/head/public_key");
}

#[test]
fn only_the_canonical_text_of_this_version_is_read() {
    let house = played("fruit-5x3", 2, 10);
    let text = house.proof().write().unwrap();
    assert!(SessionProof::read(&format!("{text}\n")).is_ok());
    for changed in [
        format!("{text}\n\n"),
        format!(" {text}"),
        text.replacen("{\"", "{ \"", 1),
        text.replacen("{\"", "{\"extra\":1,\"", 1),
        text.replacen("\"version\":1}", "\"version\":1,\"version\":1}", 1),
        text.replacen("\"version\":1}", "\"version\":1.0}", 1),
    ] {
        assert!(SessionProof::read(&changed).is_err(), "{}", &changed[..60]);
    }
    let mut newer: serde_json::Value = serde_json::from_str(&text).unwrap();
    newer["version"] = 2.into();
    assert!(matches!(SessionProof::read(&newer.to_string()), Err(ReadError::Newer(2))));
    assert_eq!(resign(house.body()), house.proof(), "what the other tests sign is what the house signs");
}

#[test]
fn every_reward_is_computed_again_and_training_is_told() {
    for (reward, training) in Reward::ALL.into_iter().flat_map(|reward| [(reward, false), (reward, true)]) {
        let mut house = House::open("fruit-5x3", 11, true, None);
        house.session.reward = reward;
        if training {
            let session = &mut house.session;
            session.training = true;
            let commitment = session.fairness.server_seed.commitment();
            let genesis = Session::genesis(session.session_id, house.game.fingerprint, commitment, true);
            session.chain_head = genesis.unwrap();
        }
        let spin = Action::Spin { amount: Some(money("0.5")) };
        house.take(&[Action::Bet { amount: money("1") }, Action::Void, Action::Probe { spins: 3 }, spin]);
        house.take(&[Action::AttachWallet { wallet_id: house.wallet_id(1) }, Action::CashOut]);
        verified(&house);
        assert_eq!(verify(&house.proof(), None).unwrap().training, training);

        let mut other = house.body();
        other.opened.reward = if reward == Reward::Net { Reward::Spins } else { Reward::Net };
        assert!(verify(&resign(other), None).is_err(), "{reward:?} passes for another reward");
        if training {
            let mut fair = house.body();
            fair.opened.training = false;
            let proof = SessionProof::seal(fair, &signer()).unwrap();
            assert!(verify(&proof, None).is_err(), "a training session passes for a fair one");
        }
    }
}
