//! Buckets as CSV (RFC 4180): the names of the columns, then a record for each bucket.
//!
//! There is nothing in it but numbers, instants and amounts, so that no field needs quotes.

use std::fmt::Display;

use chrono::SecondsFormat;
use reelhouse_domain::Timestamp;
use reelhouse_domain::analytics::{Figures, PlayTally};
use reelhouse_domain::simulation::statistics::Interval;

/// The columns of [`play`].
pub(super) const PLAY: [&str; 12] = [
    "events",
    "sessions",
    "spins",
    "hits",
    "free_games",
    "probe_spins",
    "rounds",
    "won_rounds",
    "wagered",
    "won",
    "fees",
    "net",
];

/// The columns of [`figures`].
pub(super) const FIGURES: [&str; 10] = [
    "rtp",
    "rtp_low_95",
    "rtp_high_95",
    "rtp_expected",
    "rtp_z",
    "hit_rate",
    "hit_rate_expected",
    "hit_rate_z",
    "standard_deviation",
    "standard_deviation_expected",
];

/// A table: its columns and its rows.
pub(super) fn table(columns: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = columns.join(",");
    text += "\r\n";
    for row in rows {
        text += &row.join(",");
        text += "\r\n";
    }
    text
}

/// A field that may be nothing.
pub(super) fn field(value: Option<impl Display>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// The field of an instant.
pub(super) fn instant(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The fields of a tally.
pub(super) fn play(play: &PlayTally) -> Vec<String> {
    let counts = [
        play.events,
        play.sessions,
        play.spins,
        play.hits,
        play.free_games,
        play.probe_spins,
        play.rounds,
        play.won_rounds,
    ];
    let sums = [play.wagered, play.won, play.fees, play.net()];
    counts.iter().map(u64::to_string).chain(sums.iter().map(ToString::to_string)).collect()
}

/// The fields of what a tally says.
pub(super) fn figures(figures: &Figures) -> Vec<String> {
    let Figures { rtp, hit_rate, volatility, .. } = figures;
    let [low, high] = ends(&rtp.intervals);
    let observed = Some(hit_rate.observed.value).filter(|_| hit_rate.observed.of > 0);
    let fields = [
        rtp.test.observed,
        low,
        high,
        rtp.test.expected,
        rtp.test.z,
        observed,
        hit_rate.expected,
        hit_rate.z,
        volatility.observed,
        volatility.expected,
    ];
    fields.into_iter().map(field).collect()
}

/// The ends of the interval of 95 %, if it is among them.
pub(super) fn ends(intervals: &[Interval]) -> [Option<f64>; 2] {
    let interval = intervals.iter().find(|interval| interval.confidence == 95);
    [interval.map(|interval| interval.low), interval.map(|interval| interval.high)]
}
