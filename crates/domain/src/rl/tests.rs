//! Observations become the same floats always, actions keep their index, endings follow from what is left.

use proptest::prelude::*;

use super::*;
use crate::game::{Definition, Engine, reference_games};
use crate::money::Money;
use crate::session::{Action, Observation, SessionState};

fn engine() -> Engine {
    let document: serde_json::Value = serde_json::from_str(reference_games()[0].document).unwrap();
    Engine::compile(&Definition::parse(&document["rng_signature"], &document["symbol_map"]).unwrap())
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn seen() -> Observation {
    Observation {
        state: SessionState::Playing,
        ..Observation::initial(SessionState::Playing, Some(money("100")), None)
    }
}

fn float(name: &str, seen: &Observation) -> f32 {
    let floats = Encoder::new(Ladder::of_game(&engine())).encode(seen);
    let at = entries().iter().position(|entry| entry.name == name).unwrap();
    floats[at]
}

fn observations() -> impl Strategy<Value = Observation> {
    let amount = || any::<i64>().prop_map(Money::from_units);
    let some = move || prop::option::of(amount());
    let state = prop::sample::select(SessionState::ALL.to_vec());
    let money = (some(), some(), some(), amount(), amount(), amount(), amount(), some());
    (state, money, any::<u64>(), any::<u32>(), any::<u64>()).prop_map(
        |(state, money, dry_run, free_games_left, spins)| {
            let (balance, balance_start, spend_left, stake, last_payout, net, fee, max_bet) = money;
            Observation {
                state,
                balance,
                balance_start,
                spend_left,
                stake,
                last_payout,
                dry_run,
                free_games_left,
                spins,
                net,
                fee,
                max_bet,
            }
        },
    )
}

proptest! {
    #[test]
    fn every_float_is_within_its_bounds_whatever_is_observed(seen in observations()) {
        let floats = Encoder::new(Ladder::of_game(&engine())).encode(&seen);
        prop_assert_eq!(floats.len(), OBSERVATION_LENGTH);
        for (float, entry) in floats.iter().zip(entries()) {
            prop_assert!(float.is_finite() && (entry.low..=entry.high).contains(float), "{}: {}", entry.name, float);
        }
    }

    #[test]
    fn every_reward_is_finite(moved in any::<i64>(), balance in any::<i64>(), stake in any::<i64>()) {
        let event = Rewarded {
            moved: Money::from_units(moved),
            balance: Money::from_units(balance),
            stake: Money::from_units(stake),
            smallest_stake: money("0.05"),
            paid_spin: true,
        };
        for reward in Reward::ALL {
            prop_assert!(reward.of(&event).is_finite());
        }
    }
}

#[test]
fn entries_say_what_they_are_named_for() {
    let rich = Observation { balance: Some(money("150")), net: money("50"), ..seen() };
    assert!((float("balance", &rich) - 1.5).abs() < 1e-6);
    assert!((float("net", &rich) - 0.5).abs() < 1e-6);
    assert!((float("spend_left", &rich) - 16.0).abs() < 1e-6, "no limit");
    let limited = Observation { spend_left: Some(money("25")), ..seen() };
    assert!((float("spend_left", &limited) - 0.25).abs() < 1e-6);
    assert!((float("is_playing", &limited) - 1.0).abs() < 1e-6);
    let dry = Observation { dry_run: 20, ..seen() };
    assert!((float("dry_run", &dry) - 0.5).abs() < 1e-6);
    let moneyless = Observation { balance_start: None, balance: None, ..seen() };
    assert!(float("balance", &moneyless).abs() < 1e-6);
}

#[test]
fn names_are_unique_and_bounds_in_order() {
    let mut names: Vec<_> = entries().iter().map(|entry| entry.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), OBSERVATION_LENGTH);
    assert!(entries().iter().all(|entry| entry.low < entry.high));
}

#[test]
fn an_index_is_the_action_that_it_names() {
    let space = ActionSpace::new(Ladder::of_game(&engine()));
    for index in (0..space.size()).filter(|index| *index != OTHER) {
        assert_eq!(space.index(&space.action(index).unwrap()), index);
    }
    assert_eq!((space.action(OTHER), space.action(space.size()), space.action(usize::MAX)), (None, None, None));
    let odd = Action::Spin { amount: Some(money("0.0001")) };
    for action in [odd, Action::Void, Action::Expire, Action::Probe { spins: 1 }] {
        assert_eq!(space.index(&action), OTHER);
    }
}

#[test]
fn a_ladder_rises_and_holds_stakes_of_the_game() {
    let engine = engine();
    let unit = engine.unit_bet();
    let twice = unit.checked_mul(2).unwrap();
    assert_eq!(Ladder::new(vec![unit, twice], &engine).unwrap().stakes(), [unit, twice]);
    assert_eq!(Ladder::new(vec![], &engine), Err(LadderError::Length(0)));
    assert_eq!(Ladder::new(vec![unit; 65], &engine), Err(LadderError::Length(65)));
    assert_eq!(Ladder::new(vec![twice, unit], &engine), Err(LadderError::Order(unit)));
    assert_eq!(Ladder::new(vec![unit, unit], &engine), Err(LadderError::Order(unit)));
    for stake in [Money::ZERO, Money::from_units(1), unit.negated()] {
        assert!(matches!(Ladder::new(vec![stake], &engine), Err(LadderError::Stake { .. })));
    }
}

#[test]
fn a_mask_allows_what_the_wallet_and_the_limits_do() {
    let ladder = Ladder::of_game(&engine());
    let space = ActionSpace::new(ladder.clone());
    let allowed = |seen: &Observation| space.mask(seen).iter().filter(|allowed| **allowed).count();
    let stakes = ladder.stakes().len();
    let rich = Observation { balance: Some(money("1000000")), ..seen() };
    assert_eq!(allowed(&rich), stakes + 1, "every stake, and the cash-out");
    let smallest = ladder.smallest();
    assert_eq!(allowed(&Observation { balance: Some(smallest), ..rich.clone() }), 2);
    assert_eq!(allowed(&Observation { balance: Some(smallest), fee: Money::from_units(1), ..rich.clone() }), 1);
    assert_eq!(allowed(&Observation { spend_left: Some(smallest), ..rich.clone() }), 2);
    assert_eq!(allowed(&Observation { max_bet: Some(smallest), ..rich.clone() }), 2);
    for (state, count) in [(SessionState::FreeGames, 1), (SessionState::BetPlaced, 1), (SessionState::Completed, 0)] {
        assert_eq!(allowed(&Observation { state, ..rich.clone() }), count);
    }
}

#[test]
fn bust_goes_before_expired_and_both_before_the_limit() {
    let standing = |state, balance: &str, spend_left: Option<&str>, round_open| Standing {
        state,
        round_open,
        balance: Some(money(balance)),
        spend_left: spend_left.map(money),
        cheapest: Some(money("1.01")),
    };
    use SessionState::{Completed, Expired, FreeGames, Playing};
    for (standing, ending) in [
        (standing(Playing, "1.01", None, false), Ending::Open),
        (standing(Playing, "1", None, false), Ending::Terminated),
        (standing(FreeGames, "1", None, true), Ending::Open),
        (standing(Playing, "5", Some("1"), false), Ending::Truncated),
        (standing(Playing, "1", Some("1"), false), Ending::Terminated),
        (standing(Expired, "5", None, false), Ending::Truncated),
        (standing(Expired, "1", None, false), Ending::Terminated),
        (standing(Completed, "5", Some("0"), false), Ending::Terminated),
    ] {
        assert_eq!(Ending::of(&standing), ending, "{standing:?}");
    }
}

#[test]
fn rewards_by_name() {
    let lost = Rewarded {
        moved: money("2").negated(),
        balance: money("8"),
        stake: money("2"),
        smallest_stake: money("1"),
        paid_spin: true,
    };
    let rewards = Reward::ALL.map(|reward| (reward.name(), reward.of(&lost).to_string()));
    let expected = [("net", "-2"), ("net_per_stake", "-1"), ("log_bankroll", "-0.200670695"), ("spins", "1")];
    assert_eq!(rewards, expected.map(|(name, value)| (name, value.to_owned())));
    let nothing = Rewarded { moved: Money::ZERO, paid_spin: false, ..lost };
    assert!(Reward::ALL.into_iter().all(|reward| reward.of(&nothing).to_bits() == 0));
    assert!(Reward::ALL.into_iter().all(|reward| Reward::named(reward.name()) == Some(reward)));
}

#[test]
fn figures_of_two_episodes_by_hand() {
    let mut summary = Summary::default();
    for (reward, ending) in
        [(1.0, Ending::Open), (2.0, Ending::Open), (6.0, Ending::Terminated), (3.0, Ending::Truncated)]
    {
        summary.push(reward, ending);
    }
    assert_eq!((summary.reward.count(), summary.terminated, summary.truncated), (4, 1, 1));
    let near = |found: Option<f64>, by_hand: f64| assert!((found.unwrap() - by_hand).abs() < 1e-12, "{found:?}");
    near(summary.reward.mean(), 3.0);
    near(summary.reward.variance(), 14.0 / 3.0);
    near(summary.episode_return.mean(), 6.0);
    near(summary.episode_return.variance(), 18.0);
    near(summary.episode_length.mean(), 2.0);
    let [low, high] = summary.episode_return.interval().unwrap();
    near(Some(high - low), 2.0 * 1.959_963_984_540_054 * 3.0);
    assert_eq!((Estimate::default().mean(), Estimate::default().interval()), (None, None));
}
