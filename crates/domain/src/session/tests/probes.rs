//! Probes: demo spins at a price per query, without stake or payout.

use std::collections::BTreeMap;

use super::*;
use crate::fairness::FairDealer;
use crate::wallet::EntryKind;

fn probe(spins: u32) -> Action {
    Action::Probe { spins }
}

#[test]
fn a_probe_costs_its_fee_and_pays_nothing() {
    let wallet = NewWallet { cost_rate: fees("1", "0.0010"), ..purse("100") };
    let mut round = vec![SEAHORSES, PEARLS, FREE_SEAHORSES];
    round.extend([FREE_DRY; 14]);
    round.push(DRY);
    let mut play = Play::funded(&wallet, &[&round]);
    let result = play.take(&[probe(3)]);
    assert_eq!(play.balance(), money("99.997"));
    assert_eq!(play.entries.len(), 1);
    assert_eq!((play.entries[0].kind, play.entries[0].amount), (EntryKind::Fee, Money::from_units(-30)));
    for (field, expected) in [("fee", "0.0030"), ("unit_bet", "0.1000"), ("wagered", "0.3000"), ("won", "1.9000")] {
        assert_eq!(result[field], expected, "{field}");
    }
    // At the unit bet: seahorses 0.2, pearls 0.5, and 1.2 in the pearls' free games, one round.
    assert_eq!((&result["spins"], &result["hits"], &result["free_games"]), (&3.into(), &2.into(), &15.into()));
    assert_eq!(
        result["symbols"][0],
        serde_json::json!({"jack": 2, "king": 1, "lionfish": 1, "nine": 1, "pearl": 1, "queen": 1, "seahorse": 1, "ten": 1})
    );

    let metrics = play.session.metrics;
    assert_eq!((metrics.probe_spins, metrics.fees, metrics.net), (3, money("0.003"), Money::from_units(-30)));
    let played = (metrics.spins, metrics.free_games, metrics.hits, metrics.wagered, metrics.won, metrics.dry_run);
    assert_eq!(played, (0, 0, 0, Money::ZERO, Money::ZERO, 0));
    assert_eq!((play.session.state, play.session.round), (SessionState::Initialized, None));
    assert_eq!(play.session.fairness.nonce, 1, "a probe draws with a nonce of its own");
    assert_eq!(play.transitions[0].reward.to_bits(), (-0.003_f64).to_bits());
}

#[test]
fn a_probe_counts_every_symbol_of_every_window() {
    let mut play = Play::open(Some(&purse("1")), PlayerProfile::default(), FairDealer);
    let result = play.take(&[probe(MAX_PROBE_SPINS)]);
    let reels: Vec<BTreeMap<String, u64>> = serde_json::from_value(result["symbols"].clone()).unwrap();
    assert_eq!(reels.len(), 5);
    for reel in &reels {
        assert_eq!(reel.values().sum::<u64>(), 10_000 * 3);
    }
    // The first strip has one pearl on 30 stops and three rows: 1000 expected each, give or take 6 sigma.
    let pearls = reels[0]["pearl"];
    assert!((820..1180).contains(&pearls), "{pearls}");
    assert_eq!(play.balance(), money("1"), "the wallet has no price per query");
    assert_eq!(play.session.last_seq, 1);
}

#[test]
fn a_probe_is_of_1_to_10000_spins() {
    let wallet = NewWallet { cost_rate: fees("0", "0.001"), ..purse("100") };
    let mut play = Play::funded(&wallet, &[]);
    for spins in [0, 10_001, u32::MAX] {
        let outcome = play.act(&probe(spins));
        assert!(matches!(&outcome, Err(Refusal::InvalidRequest { pointer, .. }) if pointer == "/spins"), "{outcome:?}");
    }
    assert_eq!(play.take(&[probe(1)])["spins"], 1);
}

#[test]
fn a_probe_that_cannot_be_paid_for_is_refused() {
    let wallet = NewWallet { cost_rate: fees("0", "0.5"), ..purse("0.9") };
    let mut play = Play::funded(&wallet, &[]);
    let refusal = Refusal::InsufficientFunds { balance: money("0.9"), needed: money("1") };
    assert_eq!(play.act(&probe(2)), Err(refusal));
    play.take(&[probe(1)]);
    let wallet =
        NewWallet { cost_rate: CostRate { per_query: Money::from_units(i64::MAX), ..fees("0", "0") }, ..purse("1") };
    assert_eq!(Play::funded(&wallet, &[]).act(&probe(2)), Err(Refusal::AmountOutOfRange));
}
