//! The transitions of reinforcement learning: observations that chain, rewards that add up.

use super::*;
use crate::wallet::Cause;

/// A session whose wallet is changed from outside between its actions.
fn meddled() -> Play {
    let mut round = vec![PEARLS, FREE_SEAHORSES];
    round.extend([FREE_DRY; 14]);
    let wallet = NewWallet { cost_rate: fees("0.01", "0.001"), daily_limit: Some(money("90")), ..purse("100") };
    let mut play = Play::funded(&wallet, &[&[DRY], &[SEAHORSES], &round]);
    play.operate(Operation::Deposit, "5");
    play.take(&[bet("1")]);
    play.operate(Operation::Deposit, "20");
    play.take(&[SPIN]);
    play.operate(Operation::Withdraw, "50");
    play.take(&[spin("2")]);
    play.operate(Operation::SetDailyLimit, "10");
    play.take(&[spin("1"), SPIN, SPIN]);
    play.operate(Operation::Deposit, "1");
    play.take(&[Action::Suspend, Action::Resume, Action::Expire]);
    play
}

#[test]
fn the_next_state_of_a_step_is_the_state_of_the_next() {
    let play = meddled();
    let mut seen = &play.opened;
    for (transition, event) in play.transitions.iter().zip(&play.events) {
        assert_eq!(&transition.state, seen, "step {}", transition.seq);
        seen = &transition.next_state;
        assert_eq!(
            (transition.id, transition.seq, &transition.action),
            (event.body.event_id, event.body.seq, &event.body.action)
        );
    }
    assert_eq!(play.transitions.len(), play.events.len());
    assert_eq!(seen, &play.session.observation);
}

#[test]
fn an_observation_sees_the_wallet_as_the_action_left_it() {
    let play = meddled();
    let seen = |at: usize| &play.transitions[at].next_state;
    // Before the first action the wallet had 100, although 5 were paid in by then.
    assert_eq!(play.transitions[0].state.balance, Some(money("100")));
    assert_eq!((seen(0).balance, seen(0).spend_left), (Some(money("104")), Some(money("89"))));
    assert_eq!((seen(1).balance, seen(1).dry_run, seen(1).spins), (Some(money("123.99")), 1, 1));
    assert_eq!((seen(2).balance, seen(2).last_payout), (Some(money("75.98")), money("4")));
    // A limit of 10 with 4.03 spent: stakes of 1, 2 and 1 and three fees.
    assert_eq!((seen(3).spend_left, seen(3).free_games_left), (Some(money("5.97")), 15));
    assert_eq!(seen(3).net, Money::from_units(49_700), "pays of 4 and 5, stakes of 4, fees of 0.03");
    assert_eq!(seen(3).balance_start, Some(money("100")));
    assert!(play.transitions.iter().skip(3).all(|step| step.next_state.stake == money("1")));
}

#[test]
fn a_reward_is_the_sum_of_the_events_entries() {
    let play = meddled();
    for (transition, event) in play.transitions.iter().zip(&play.events) {
        let cause = Cause::Event(event.body.event_id);
        let moved: i64 =
            play.entries.iter().filter(|entry| entry.cause == cause).map(|entry| entry.amount.units()).sum();
        let reward = Money::from_units(moved).to_f64();
        assert_eq!(event.body.reward.to_bits(), reward.to_bits(), "event {}", event.body.seq);
        assert_eq!(transition.reward.to_bits(), reward.to_bits());
    }
    let rewards: Vec<_> = play.events.iter().take(6).map(|event| event.body.reward.to_string()).collect();
    assert_eq!(rewards, ["-1", "-0.01", "1.99", "3.99", "12", "0"]);
}

#[test]
fn a_transition_reads_back_as_it_was_written() {
    for transition in meddled().transitions {
        let text = serde_json::to_string(&transition).unwrap();
        assert_eq!(serde_json::from_str::<Transition>(&text).unwrap(), transition);
    }
}
