//! What the machines share: ids, a model of a wallet, and an audit of a ledger.

pub(crate) mod books;
pub(crate) mod purse;

use std::sync::atomic::{AtomicU64, Ordering};

use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;
use reelhouse_domain::id::Randomness;
use reelhouse_domain::refusal::Refusal;
use reelhouse_domain::time::Timestamp;

/// The code of a refusal.
pub(crate) type Code = &'static str;

/// Counts ids up, and has one server seed.
#[derive(Debug, Default)]
pub(crate) struct Ids(AtomicU64);

impl Randomness for Ids {
    fn server_seed(&self) -> [u8; 32] {
        [0x5e; 32]
    }

    fn id_bits(&self) -> u64 {
        self.0.fetch_add(1, Ordering::Relaxed)
    }
}

pub(crate) fn code(refusal: &Refusal) -> String {
    serde_json::to_value(refusal).unwrap()["code"].as_str().unwrap().to_owned()
}

/// A little past 20:00 UTC on the evening before New York's clocks go forward; no whole millisecond.
pub(crate) fn evening() -> Timestamp {
    Timestamp::from_timestamp_micros(1_772_913_600_000_400).unwrap()
}

pub(crate) fn zones() -> impl Strategy<Value = Tz> {
    select(vec![Tz::UTC, Tz::America__New_York, Tz::Asia__Tokyo, Tz::Pacific__Chatham])
}

/// Jumps of the clock in microseconds: mostly ahead, from less than a millisecond to days.
pub(crate) fn jumps() -> impl Strategy<Value = i64> {
    const SECOND: i64 = 1_000_000;
    const HOUR: i64 = 3600 * SECOND;
    prop_oneof![
        4 => 0..SECOND,
        4 => 0..3 * HOUR,
        2 => 20 * HOUR..50 * HOUR,
        2 => -3 * HOUR..0,
        1 => -60 * HOUR..0,
    ]
}
