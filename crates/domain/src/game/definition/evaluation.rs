//! Reads how wins are found.

use serde_json::Value;

use super::fault::{FaultLog, Place};
use super::model::{Evaluation, Grid, MAX_BETS, MAX_LINES, MAX_REELS, MAX_ROWS};
use super::reader::{Object, Shown};

/// Reads `evaluation`.
pub(super) fn evaluation(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &Value,
    grid: Option<&Grid>,
) -> Option<Evaluation> {
    let fields = log.table(place, value)?;
    let kind = log.need(place, fields, "type")?;
    match log.text(&place.key("type"), kind)? {
        "lines" => {
            log.object(place, value, &["type", "lines", "both_ways"]);
            let lines = lines(log, place, fields, grid);
            let both_ways = log.flag_or(place, fields, "both_ways", false);
            Some(Evaluation::Lines { lines: lines?, both_ways: both_ways? })
        }
        "ways" => {
            log.object(place, value, &["type", "bets", "both_ways"]);
            let bets = log.whole_or(place, fields, "bets", 1..=MAX_BETS, 1);
            let both_ways = log.flag_or(place, fields, "both_ways", false);
            Some(Evaluation::Ways { bets: bets?, both_ways: both_ways? })
        }
        "cluster" => {
            log.object(place, value, &["type", "bets"]);
            Some(Evaluation::Cluster { bets: log.whole_or(place, fields, "bets", 1..=MAX_BETS, 1)? })
        }
        _ => {
            log.add(&place.key("type"), format_args!("lines, ways or cluster was expected, not {}", Shown(kind)));
            None
        }
    }
}

fn lines(log: &mut FaultLog, place: &Place<'_>, fields: &Object, grid: Option<&Grid>) -> Option<Vec<Vec<u32>>> {
    let lines = log.need(place, fields, "lines")?;
    let place = place.key("lines");
    let lines = log.list(&place, lines, 1..=MAX_LINES, "lines")?;
    let read: Vec<Option<Vec<u32>>> =
        lines.iter().enumerate().map(|(at, rows)| line(log, &place.index(at), rows, grid)).collect();
    read.into_iter().collect()
}

#[allow(clippy::cast_possible_truncation)]
fn line(log: &mut FaultLog, place: &Place<'_>, value: &Value, grid: Option<&Grid>) -> Option<Vec<u32>> {
    let lengths = grid.map_or(1..=MAX_REELS, |grid| grid.reels..=grid.reels);
    let rows = log.list(place, value, lengths, "rows, one for each reel,")?;
    let most = |reel| grid.map_or(MAX_ROWS, |grid| grid.height(reel)) as u32;
    let read: Vec<Option<u32>> =
        rows.iter().enumerate().map(|(at, row)| log.whole(&place.index(at), row, 1..=most(at))).collect();
    read.into_iter().collect()
}
