//! The document of the profile: its figures agree with each other, and older documents read.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Zero;
use proptest::prelude::*;
use serde_json::json;

use super::samples::{document, parsed, random_game};
use crate::game::profile::{Figure, RetriggerSeries, SymbolContribution};
use crate::game::{Definition, StatisticalProfile, profile};

fn share(text: &str) -> BigRational {
    text.parse().unwrap()
}

fn sum<'a>(figures: impl Iterator<Item = &'a Figure>) -> BigRational {
    figures.fold(BigRational::zero(), |sum, figure| sum + share(&figure.exact))
}

fn whole(text: &str) -> BigInt {
    text.parse().unwrap()
}

/// The figures come from three counts that know nothing of each other: of spins, of one line, of scatters.
fn adds_up(definition: &Definition) {
    let figures = profile(definition);
    assert_eq!(figures.not_computed, Vec::<String>::new());
    let round = figures.round.unwrap();
    assert_eq!(round.mean.exact, figures.rtp.as_ref().unwrap().total.exact);
    let rtp = figures.rtp.as_ref().unwrap();
    let of_spins = share(&rtp.line.as_ref().unwrap().exact) + share(&rtp.scatter.as_ref().unwrap().exact);
    let contributions = figures.contributions.unwrap();
    let rtp = |list: &[SymbolContribution]| sum(list.iter().map(|one| &one.rtp));
    assert_eq!(rtp(&contributions.base), of_spins);
    let wins = figures.win_distribution.unwrap();
    assert_eq!(sum(wins.buckets.iter().map(|bucket| bucket.rtp.as_ref().unwrap())), of_spins);
    assert_eq!(sum(wins.buckets.iter().map(|bucket| &bucket.probability)), share("1"));
    let ways = wins.wins.iter().map(|(_, ways)| whole(ways)).sum::<BigInt>();
    assert_eq!((ways, wins.wins.len() as u64), (whole(&figures.cycle.as_ref().unwrap().base), wins.distinct));
    let max_win = figures.max_win.unwrap();
    let (most, most_ways) = wins.wins.last().unwrap();
    assert_eq!((most, most_ways), (&max_win.base.line_bets, &max_win.base.frequency.combinations));
    let nothing = wins.wins.first().filter(|(win, _)| win == "0").map_or(BigInt::zero(), |(_, ways)| whole(ways));
    assert_eq!(
        whole(&figures.hit_frequency.unwrap().combinations) + nothing,
        whole(&figures.cycle.as_ref().unwrap().base)
    );
    if let (Some(free), Some(list)) = (figures.free_games, contributions.free) {
        let again = share(&free.awarded_per_free_game);
        assert_eq!(rtp(&list), share(&free.rtp.unwrap().exact) * (share("1") - &again));
        let triggers = share(&free.trigger.unwrap().probability.exact);
        let Some(RetriggerSeries { first, ratio, mean, .. }) = free.per_trigger else {
            assert_eq!(triggers, share("0"));
            return;
        };
        assert_eq!(share(&first.exact) * &triggers, share(&free.awarded_per_spin));
        assert_eq!(share(&mean.exact) * (share("1") - share(&ratio.exact)), share(&first.exact));
        assert_eq!(share(&round.free_games_mean.exact), share(&mean.exact) * triggers);
    }
}

proptest! {
    #[test]
    fn figures_of_small_games_add_up(seed in any::<u64>()) {
        adds_up(&random_game(seed));
    }
}

#[test]
fn figures_of_the_reference_games_add_up() {
    adds_up(&parsed(&document("fruit-5x3")));
    adds_up(&parsed(&document("pearl-5x3")));
}

/// The plain loop over both cycles and 20 million simulated rounds agree with these: `cargo xtask bench maths`.
#[test]
fn pearl_has_these_figures() {
    let figures = profile(&parsed(&document("pearl-5x3"))).document();
    let hits = [("/hit_frequency", "25864590"), ("/free_games/hit_frequency", "22930128")];
    let awards = [("/free_games/trigger", "391230"), ("/free_games/retrigger", "1481328")];
    let most = [("/max_win/base", "2"), ("/max_win/free", "4")];
    for (place, combinations) in hits.into_iter().chain(awards).chain(most) {
        assert_eq!(figures.pointer(place).unwrap()["combinations"], combinations, "{place}");
    }
    for (place, expected) in [
        ("/max_win/base/stakes/decimal", "915.000000000000"),
        ("/max_win/base/one_in", "51282015.000000000000"),
        ("/max_win/free/stakes/decimal", "2745.000000000000"),
        ("/round/variance/decimal", "102.179635862461"),
        ("/round/standard_deviation", "10.108394326621"),
        ("/round/volatility_index/0/index", "16.626832841720"),
        ("/free_games/per_trigger/mean/exact", "23760/949"),
        ("/free_games/trigger/one_in", "262.157886665133"),
    ] {
        assert_eq!(figures.pointer(place).unwrap(), expected, "{place}");
    }
}

#[test]
fn a_profile_of_the_first_version_reads_and_may_be_declared() {
    let computed = profile(&parsed(&document("fruit-5x3")));
    // The fields that there were.
    let rtp = computed.document()["rtp"].clone();
    let mut stored =
        json!({"version": 1, "method": "exact", "engine_version": 1, "rtp": rtp, "cycle": {"base": "9765625"}});
    let read: StatisticalProfile = serde_json::from_value(stored.clone()).unwrap();
    assert_eq!((read.version, &read.round, read.document()), (1, &None, stored.clone()));
    assert_eq!(computed.compare(&stored), Ok(()));
    for version in [0, 5] {
        stored["version"] = version.into();
        let faults = computed.compare(&stored).unwrap_err().0;
        assert_eq!(faults[0].pointer, "/statistical_profile/version");
    }
}

#[test]
fn lists_are_compared_one_by_one() {
    let computed = profile(&parsed(&document("fruit-5x3")));
    let mut declared = json!({"contributions": {"base": computed.document()["contributions"]["base"]}});
    assert_eq!(computed.compare(&declared), Ok(()));
    declared["contributions"]["base"][2]["combinations"] = "7".into();
    let faults = computed.compare(&declared).unwrap_err().0;
    assert_eq!(faults.len(), 1);
    assert_eq!(faults[0].pointer, "/statistical_profile/contributions/base/2/combinations");
    declared["contributions"]["base"] = json!([]);
    assert_eq!(computed.compare(&declared).unwrap_err().0[0].pointer, "/statistical_profile/contributions/base");
}
