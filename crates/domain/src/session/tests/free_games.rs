//! Free games: triggered, triggered again, multiplied, and closed as one round.

use super::*;
use crate::wallet::EntryKind;

/// A round of 30 free games: the first triggers 15 more, the third pays.
fn long_round() -> Vec<[u32; 5]> {
    let mut spins = vec![PEARLS, FREE_PEARLS, FREE_DRY, FREE_SEAHORSES];
    spins.extend([FREE_DRY; 27]);
    spins
}

#[test]
fn pearls_open_a_round_of_free_games() {
    let mut play = Play::scripted(&[&long_round()]);
    let result = play.take(&[spin("1")]);
    assert_eq!(play.session.state, SessionState::FreeGames);
    assert_eq!(result["payout"], "5.0000");
    assert_eq!(result["free_games"], serde_json::json!({"awarded": 15, "left": 15, "played": 0}));
    assert_eq!(result["round"], serde_json::json!({"won": "5.0000", "closed": false}));
    assert_eq!(play.balance(), money("104"), "a pay is booked at once, not when the round closes");
    let metrics = play.session.metrics;
    assert_eq!((metrics.spins, metrics.hits, metrics.dry_run), (1, 0, 0), "the round is still open");
    assert_eq!(play.session.observation.free_games_left, 15);
}

#[test]
fn free_games_retrigger_multiply_and_have_strips_of_their_own() {
    let mut play = Play::scripted(&[&long_round()]);
    play.take(&[spin("1")]);

    let again = play.take(&[SPIN]);
    assert_eq!(again["mode"], "free");
    assert_eq!((&again["nonce"], &again["words"]), (&0.into(), &serde_json::json!([5, 10])));
    assert_eq!(again["symbols"][2], serde_json::json!(["pearl", "queen", "king"]));
    let pearls = serde_json::json!(
        [{"kind": "scatter", "symbol": "pearl", "count": 3, "multiplier": 3, "payout": "15.0000"}]
    );
    assert_eq!(again["wins"], pearls);
    assert_eq!(again["free_games"], serde_json::json!({"awarded": 15, "left": 29, "played": 1}));

    let dry = play.take(&[SPIN]);
    assert_eq!((&dry["payout"], &dry["wins"]), (&"0.0000".into(), &serde_json::json!([])));

    let seahorses = play.take(&[SPIN]);
    // These stops would show other symbols on the strips of paid spins.
    assert_eq!(seahorses["symbols"][0], serde_json::json!(["seahorse", "ace", "queen"]));
    let line = serde_json::json!(
        [{"kind": "line", "line": 2, "symbol": "seahorse", "count": 3, "multiplier": 6, "payout": "12.0000"}]
    );
    assert_eq!(seahorses["wins"], line);
    assert_eq!(seahorses["round"]["won"], "32.0000");
    assert_eq!(play.session.observation.last_payout, money("12"));
    assert_eq!(play.session.observation.stake, money("1"));
}

#[test]
fn the_last_free_game_closes_the_round() {
    let wallet = NewWallet { cost_rate: fees("0.01", "0"), daily_limit: Some(money("1.01")), ..purse("1.01") };
    let mut play = Play::funded(&wallet, &[&long_round(), &[DRY]]);
    play.take(&[spin("1")]);
    for played in 1..=29 {
        let result = play.take(&[SPIN]);
        assert_eq!(result["free_games"]["played"], played);
        assert_eq!(result["fee"], "0.0000", "free games are free");
        assert_eq!(play.session.state, SessionState::FreeGames);
    }
    let last = play.take(&[SPIN]);
    assert_eq!(last["free_games"], serde_json::json!({"awarded": 0, "left": 0, "played": 30}));
    assert_eq!(last["round"], serde_json::json!({"won": "32.0000", "closed": true}));
    assert_eq!(last["words"], serde_json::json!([150, 155]));
    assert_eq!((play.session.state, play.session.round), (SessionState::Playing, None));
    let expected = SessionMetrics {
        spins: 1,
        free_games: 30,
        hits: 1,
        wagered: money("1"),
        won: money("32"),
        fees: money("0.01"),
        net: money("30.99"),
        biggest_win: money("32"),
        balance_high: Some(money("32")),
        balance_low: Some(money("1.01")),
        ..SessionMetrics::default()
    };
    assert_eq!(play.session.metrics, expected);
    assert_eq!(play.session.fairness.nonce, 1, "a round draws with one nonce, its free games included");
    // A free game that pays nothing leaves no entry.
    let pays = play.entries.iter().filter(|entry| entry.kind == EntryKind::Payout);
    assert_eq!(pays.map(|entry| entry.amount.to_string()).collect::<Vec<_>>(), ["5.0000", "15.0000", "12.0000"]);
    assert_eq!(play.wallet().spent_today(noon()), money("1.01"));
}

#[test]
fn an_emptied_wallet_still_plays_its_free_games() {
    let mut play = Play::funded(&purse("1"), &[&long_round()]);
    play.take(&[spin("1")]);
    play.operate(Operation::Withdraw, "5");
    assert_eq!(play.balance(), Money::ZERO);
    play.take(&[SPIN]);
    assert_eq!(play.balance(), money("15"));
}

#[test]
fn a_suspension_leaves_the_round_as_it_was() {
    let mut play = Play::scripted(&[&long_round()]);
    play.take(&[spin("1"), SPIN]);
    let round = play.session.round;
    play.take(&[Action::Suspend]);
    assert_eq!((play.session.observation.free_games_left, play.session.round), (29, round));
    play.take(&[Action::Resume]);
    assert_eq!(play.session.round, round);
    assert_eq!(play.take(&[SPIN])["words"], serde_json::json!([10, 15]));
}
