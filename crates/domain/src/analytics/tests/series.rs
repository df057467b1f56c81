//! The stretches of a session: bounded in number, and exact whatever their width.

use proptest::prelude::*;
use serde_json::json;

use super::{event, fruit, spin};
use crate::analytics::{MOST_BUCKETS, PlayTally, SessionTally};
use crate::document;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn stretches_are_even_in_order_and_add_up(wins in proptest::collection::vec(0_u8..3, 1..700)) {
        let game = fruit();
        let mut tally = SessionTally::default();
        let mut seq = 0;
        for win in &wins {
            seq += 1;
            tally.see(&game, &spin(seq, seq, &format!("{win}.00")));
            // What happens between rounds is of the stretch that is open.
            if *win == 1 {
                seq += 1;
                tally.see(&game, &event(seq, seq, "probe", json!({ "spins": 5, "fee": "0.0500" })));
            }
        }
        let series = &tally.series;
        prop_assert!(series.width.is_power_of_two() && series.buckets.len() <= MOST_BUCKETS);
        // They are as narrow as the bound lets them be.
        let rounds = u64::try_from(wins.len()).unwrap();
        prop_assert!(series.width == 1 || rounds > series.width / 2 * u64::try_from(MOST_BUCKETS).unwrap() - 1);
        let (last, full) = series.buckets.split_last().unwrap();
        prop_assert!(full.iter().all(|bucket| bucket.play.rounds == series.width));
        prop_assert!(last.play.rounds <= series.width);
        prop_assert_eq!(PlayTally::sum(series.buckets.iter().map(|bucket| &bucket.play)), tally.total);
        prop_assert!(series.buckets.iter().all(|bucket| bucket.from <= bucket.to));
        prop_assert!(series.buckets.windows(2).all(|pair| pair[0].to < pair[1].from));
        let text = document::write(&tally).unwrap();
        prop_assert_eq!(&document::read::<SessionTally>(&text).unwrap(), &tally);
        prop_assert!(text.len() < 32_768, "{} bytes", text.len());
    }
}

#[test]
fn a_stretch_keeps_the_last_balance_that_was_told() {
    let game = fruit();
    let mut tally = SessionTally::default();
    tally.see(&game, &spin(1, 1, "0.00"));
    tally.see(&game, &event(2, 2, "resume", json!({ "version": 1 })));
    tally.see(&game, &spin(3, 3, "0.00"));
    let balances: Vec<_> =
        tally.series.buckets.iter().map(|bucket| bucket.balance.map(|amount| amount.to_string())).collect();
    assert_eq!(balances, [Some("50.0000".to_owned()), Some("50.0000".to_owned())]);
    assert_eq!(tally.balance.unwrap().to_string(), "50.0000");
}
