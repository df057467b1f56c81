//! Stakes, fees and pays: what paid spins do to the wallet and the counters.

use super::*;
use crate::wallet::{Account, Cause, EntryKind};

/// Kind and amount of the entries of the last event.
fn last_moves(play: &Play) -> Vec<(EntryKind, String)> {
    let cause = Cause::Event(play.events.last().unwrap().body.event_id);
    let entries = play.entries.iter().filter(|entry| entry.cause == cause);
    entries.map(|entry| (entry.kind, entry.amount.to_string())).collect()
}

fn moves(expected: &[(EntryKind, &str)]) -> Vec<(EntryKind, String)> {
    expected.iter().map(|(kind, amount)| (*kind, (*amount).to_owned())).collect()
}

#[test]
fn a_bet_holds_the_stake_and_a_void_gives_it_back() {
    let mut play = Play::funded(&NewWallet { daily_limit: Some(money("1")), ..purse("100") }, &[]);
    let held = play.take(&[bet("1")]);
    assert_eq!((held["stake"].as_str(), held["balance"].as_str()), (Some("1.0000"), Some("99.0000")));
    assert_eq!(last_moves(&play), moves(&[(EntryKind::Stake, "-1.0000")]));
    assert_eq!(play.wallet().spend_left(noon()), Some(Money::ZERO));
    assert_eq!(play.session.observation.stake, money("1"));

    let given_back = play.take(&[Action::Void]);
    assert_eq!((given_back["refund"].as_str(), given_back["balance"].as_str()), (Some("1.0000"), Some("100.0000")));
    assert_eq!(last_moves(&play), moves(&[(EntryKind::Refund, "1.0000")]));
    assert_eq!(play.session.state, SessionState::Initialized);
    assert_eq!(play.session.round, None);
    // The day's budget is whole again, and nothing was played.
    assert_eq!(play.wallet().spent_today(noon()), Money::ZERO);
    let metrics = play.session.metrics;
    assert_eq!((metrics.spins, metrics.wagered, metrics.net, metrics.dry_run), (0, Money::ZERO, Money::ZERO, 0));
    assert_eq!((metrics.balance_low, metrics.balance_high), (Some(money("99")), Some(money("100"))));
    play.take(&[bet("1"), SPIN]);
    assert_eq!(play.session.state, SessionState::Playing);
}

#[test]
fn a_void_leaves_the_next_round_its_draws() {
    let mut play = Play::scripted(&[&[SEAHORSES]]);
    let result = play.take(&[bet("2"), Action::Void, bet("1"), SPIN]);
    assert_eq!((result["nonce"].as_u64(), result["payout"].as_str()), (Some(0), Some("2.0000")));
    play.take(&[bet("1"), Action::Void]);
    assert_eq!(play.session.state, SessionState::Playing, "a round was settled before");
    assert_eq!(play.balance(), money("101"));
}

#[test]
fn a_held_stake_is_played_by_a_spin() {
    let wallet = NewWallet { cost_rate: fees("0.01", "0"), ..purse("100") };
    let mut play = Play::funded(&wallet, &[&[SEAHORSES]]);
    play.take(&[bet("1")]);
    let result = play.take(&[SPIN]);
    assert_eq!(last_moves(&play), moves(&[(EntryKind::Fee, "-0.0100"), (EntryKind::Payout, "2.0000")]));
    assert_eq!(play.session.state, SessionState::Playing);
    assert_eq!(play.session.fairness.nonce, 1);
    assert_eq!(play.balance(), money("100.99"));
    let expected = serde_json::json!({
        "version": 1, "mode": "base", "nonce": 0, "words": [0, 5], "stops": SEAHORSES,
        "symbols": [
            ["lionfish", "jack", "seahorse"], ["lionfish", "nine", "seahorse"], ["queen", "angelfish", "seahorse"],
            ["dolphin", "queen", "crab"], ["jack", "seahorse", "nine"],
        ],
        "wins": [
            {"kind": "line", "line": 3, "symbol": "seahorse", "count": 3, "multiplier": 1, "payout": "2.0000"},
        ],
        "stake": "1.0000", "fee": "0.0100", "payout": "2.0000",
        "free_games": {"awarded": 0, "left": 0, "played": 0},
        "round": {"won": "2.0000", "closed": true},
        "balance": "100.9900",
    });
    assert_eq!(result, expected);
}

#[test]
fn bet_and_spin_in_one_step_is_one_event() {
    let wallet = NewWallet { cost_rate: fees("0.01", "0"), ..purse("100") };
    let mut one = Play::funded(&wallet, &[&[SEAHORSES]]);
    let mut two = Play::funded(&wallet, &[&[SEAHORSES]]);
    one.take(&[spin("1")]);
    two.take(&[bet("1"), SPIN]);
    assert_eq!((one.events.len(), one.transitions.len()), (1, 1));
    let expected = [(EntryKind::Stake, "-1.0000"), (EntryKind::Fee, "-0.0100"), (EntryKind::Payout, "2.0000")];
    assert_eq!(last_moves(&one), moves(&expected));
    assert_eq!(one.result(), two.result());
    let counters = |play: &Play| (play.session.state, play.balance(), play.wallet().spent, play.session.fairness.nonce);
    assert_eq!(counters(&one), counters(&two));
}

#[test]
fn the_counters_tell_hits_dry_runs_and_extremes() {
    let mut play = Play::scripted(&[&[DRY], &[DRY], &[SEAHORSES], &[DRY]]);
    play.take(&[spin("1"), spin("2"), spin("3"), spin("0.10")]);
    let expected = SessionMetrics {
        spins: 4,
        hits: 1,
        wagered: money("6.1"),
        won: money("6"),
        net: Money::from_units(-1000),
        biggest_win: money("6"),
        dry_run: 1,
        longest_dry_run: 2,
        balance_high: Some(money("100")),
        balance_low: Some(money("97")),
        ..SessionMetrics::default()
    };
    assert_eq!(play.session.metrics, expected);
    let named: Vec<_> = expected.entries().into_iter().map(|(name, _)| name).collect();
    for name in ["spins", "wagered", "won", "fees", "net", "hits", "biggest_win", "longest_dry_run", "free_games"] {
        assert!(named.contains(&name), "{name}");
    }
    assert!(named.contains(&"balance_high") && named.contains(&"balance_low"));
}

#[test]
fn stakes_that_do_not_divide_into_unit_bets_are_refused() {
    let mut play = Play::scripted(&[]);
    let unit_bet = money("0.1");
    assert_eq!(play.engine.unit_bet(), unit_bet);
    let max_stake = play.engine.max_stake();
    for units in [0, -1, -1000, 1, 999, 1001, 1500, i64::MAX, i64::MIN, max_stake.units() + 1000] {
        let stake = Money::from_units(units);
        for action in [Action::Bet { amount: stake }, Action::Spin { amount: Some(stake) }] {
            let refusal = Refusal::InvalidStake { stake, unit_bet, max_stake };
            assert_eq!(play.act(&action), Err(refusal), "{action:?}");
        }
    }
    play.take(&[spin("0.1")]);
}

#[test]
fn a_stake_over_max_bet_is_refused() {
    let profile: PlayerProfile =
        serde_json::from_value(serde_json::json!({"behavior": "conservative", "max_bet": "5.00"})).unwrap();
    let mut play = Play::open(Some(&purse("100")), profile, ScriptedDealer(Vec::new()));
    let refusal = Refusal::MaxBetExceeded { max_bet: money("5"), stake: money("5.1") };
    assert_eq!(play.act(&bet("5.10")), Err(refusal.clone()));
    assert_eq!(play.act(&spin("5.10")), Err(refusal));
    play.take(&[spin("5"), bet("5")]);
}

#[test]
fn a_stake_needs_funds_for_itself_and_its_fee() {
    let wallet = NewWallet { cost_rate: fees("0.01", "0"), ..purse("1") };
    for action in [bet("1"), spin("1")] {
        let refusal = Refusal::InsufficientFunds { balance: money("1"), needed: money("1.01") };
        assert_eq!(Play::funded(&wallet, &[]).act(&action), Err(refusal));
    }
    let exactly = NewWallet { balance: money("1.01"), ..wallet };
    let mut play = Play::funded(&exactly, &[]);
    play.take(&[bet("1"), SPIN]);
    assert_eq!(play.balance(), Money::ZERO);
}

#[test]
fn fees_count_as_spend() {
    let wallet = NewWallet { daily_limit: Some(money("2.02")), cost_rate: fees("0.01", "0.005"), ..purse("100") };
    let mut play = Play::funded(&wallet, &[&[SEAHORSES]]);
    play.take(&[spin("1"), Action::Probe { spins: 2 }]);
    // Pays do not reopen the day: a stake of 1, fees of 0.01 and 0.01 are spent.
    assert_eq!(play.wallet().spent_today(noon()), money("1.02"));
    let refusal = |needed| {
        let (daily_limit, spent_today) = (money("2.02"), money("1.02"));
        Err(Refusal::DailyLimitExceeded { daily_limit, spent_today, needed: money(needed) })
    };
    assert_eq!(play.act(&spin("1")), refusal("1.01"));
    assert_eq!(play.act(&bet("1")), refusal("1.01"));
    assert_eq!(play.act(&Action::Probe { spins: 201 }), refusal("1.005"));
    play.take(&[Action::Probe { spins: 200 }]);
    assert_eq!(play.wallet().spend_left(noon()), Some(Money::ZERO));
    let fees = play.entries.iter().filter(|entry| entry.kind == EntryKind::Fee);
    let fees: Vec<_> = fees.map(|entry| (entry.account, entry.amount.to_string())).collect();
    let amounts = ["-0.0100", "-0.0100", "-1.0000"].map(|amount| (Account::Fees, amount.to_owned()));
    assert_eq!(fees, amounts);
    assert_eq!(play.session.metrics.fees, money("1.02"));
    assert_eq!(play.session.metrics.net, Money::from_units(-200), "a pay of 2, a stake of 1, fees of 1.02");
}

#[test]
fn a_held_stake_whose_fee_is_gone_can_only_be_voided() {
    let wallet = NewWallet { cost_rate: fees("0.01", "0"), ..purse("1.01") };
    let mut play = Play::funded(&wallet, &[]);
    play.take(&[bet("1")]);
    play.operate(Operation::Withdraw, "0.01");
    let refusal = Refusal::InsufficientFunds { balance: Money::ZERO, needed: money("0.01") };
    assert_eq!(play.act(&SPIN), Err(refusal));
    play.take(&[Action::Void]);
    assert_eq!(play.balance(), money("1"));
}

#[test]
fn another_wallet_takes_over_between_rounds() {
    let mut play = Play::scripted(&[&[DRY], &[SEAHORSES]]);
    play.take(&[spin("1")]);
    let first = play.wallet().clone();
    let second = new_wallet(&NewWallet { daily_limit: Some(money("9")), ..purse("50") }, 0xdef, &play.ids);
    let attach = Action::AttachWallet { wallet_id: second.wallet_id };
    let missing = |id: WalletId| Err(Refusal::not_found("wallet", id));
    assert_eq!(play.act_with(None, &attach), missing(second.wallet_id));
    assert_eq!(play.act_with(Some(first.clone()), &attach), missing(second.wallet_id));

    play.act_with(Some(second.clone()), &attach).unwrap();
    assert_eq!(play.session.current_wallet_id, Some(second.wallet_id));
    let seen = &play.session.observation;
    let start = (seen.balance, seen.balance_start, seen.spend_left);
    assert_eq!(start, (Some(money("50")), Some(money("50")), Some(money("9"))));
    assert_eq!(play.transitions.last().unwrap().reward.to_bits(), 0.0_f64.to_bits(), "a swap is no gain");
    play.take(&[spin("1")]);
    assert_eq!(play.balance(), money("51"));
    let entries: Vec<_> = play.entries.iter().map(|entry| (entry.wallet_id, entry.seq)).collect();
    let (a, b) = (first.wallet_id, second.wallet_id);
    assert_eq!(entries, [(a, 2), (b, 2), (b, 3)]);
    assert_eq!(play.entries[2].entry_id.shard(), b.shard());
    assert_eq!(play.events[2].body.event_id.shard(), a.shard(), "events stay in the session's shard");
}

#[test]
fn an_idle_session_starts_with_its_first_wallet() {
    let mut play = Play::open(None, PlayerProfile::default(), ScriptedDealer(vec![vec![SEAHORSES]]));
    assert_eq!(play.session.session_id.shard(), Shard::from_bits(2));
    assert_eq!((play.opened.balance, play.opened.spend_left), (None, None));
    let wallet = new_wallet(&purse("10"), 5, &play.ids);
    let attach = Action::AttachWallet { wallet_id: wallet.wallet_id };
    play.act_with(Some(wallet), &attach).unwrap();
    let commitment = play.session.fairness.server_seed.commitment();
    assert_eq!(play.result()["commitment"], commitment.to_string());
    play.take(&[spin("1")]);
    assert_eq!(play.balance(), money("11"));
    assert_eq!(play.session.observation.balance_start, Some(money("10")));
}
