//! What a spin came to, as the result document of its event tells it: wins, and the windows of the spin.

use serde::Serialize;

use crate::game::engine::{StepKind, Win, WinKind, places};
use crate::game::{Engine, Outcome};
use crate::money::Money;

/// One win of a spin. Absent fields do not apply to its kind.
#[derive(Serialize)]
pub(super) struct WinResult<'a> {
    kind: &'static str,
    /// The number of the window that it was found in, from 1, in a game of more than plain lines.
    #[serde(skip_serializing_if = "Option::is_none")]
    step: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    /// `right_to_left` where it runs that way.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<&'static str>,
    /// How many ways it was found on.
    #[serde(skip_serializing_if = "Option::is_none")]
    ways: Option<u64>,
    /// The ways, each counted as often as the multiplier of its wilds says.
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u64>,
    symbol: &'a str,
    count: u32,
    multiplier: u64,
    payout: Money,
    /// Its cells: reel and row, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    cells: Option<Vec<[usize; 2]>>,
}

/// One window of a spin.
#[derive(Serialize)]
pub(super) struct StepResult<'a> {
    kind: StepKind,
    /// One list per reel, top to bottom, before wilds expanded.
    symbols: Vec<Vec<&'a str>>,
    /// The reels that a wild filled, from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    expanded: Vec<ExpandedResult<'a>>,
    /// The cells that were held from the window before: reel and row, from 1.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    held: Vec<[usize; 2]>,
    multiplier: u64,
    /// What the wins were multiplied by because one symbol fills the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    full_grid: Option<u64>,
    /// What the wins of the window pay; scatters are beside it.
    payout: Money,
}

/// A reel that a wild filled.
#[derive(Serialize)]
struct ExpandedResult<'a> {
    reel: usize,
    symbol: &'a str,
}

fn places_from_one(cells: u64) -> Vec<[usize; 2]> {
    places(cells).map(|(reel, row)| [reel + 1, row + 1]).collect()
}

/// The wins of an outcome with their payouts; `None` when one leaves the range of money.
pub(super) fn wins<'a>(engine: &'a Engine, stake: Money, outcome: &Outcome) -> Option<Vec<WinResult<'a>>> {
    let steps = outcome.course.iter().flat_map(|course| &course.steps);
    // Scatters come after the wins of all steps, and are those of the first window.
    let numbers = steps.zip(1..).flat_map(|(step, number)| std::iter::repeat_n(Some(number), step.wins));
    let scatters = std::iter::repeat(outcome.course.as_ref().map(|_| 1));
    let wins = outcome.wins.iter().zip(numbers.chain(scatters));
    wins.map(|(win, step)| win_result(engine, stake, win, step)).collect()
}

fn win_result<'a>(engine: &'a Engine, stake: Money, win: &Win, step: Option<usize>) -> Option<WinResult<'a>> {
    let mut result = WinResult {
        kind: "line",
        step,
        line: None,
        direction: None,
        ways: None,
        weight: None,
        symbol: engine.symbol_name(win.symbol),
        count: win.count,
        multiplier: win.multiplier,
        payout: engine.win_payout(stake, win)?,
        cells: None,
    };
    match win.kind {
        WinKind::Line { line } => result.line = Some(line),
        WinKind::LineFromRight { line } => {
            result.line = Some(line);
            result.direction = Some("right_to_left");
        }
        WinKind::Ways { ways, weight, from_right, cells } => {
            result.kind = "ways";
            result.direction = from_right.then_some("right_to_left");
            result.ways = Some(ways);
            result.weight = Some(weight);
            result.cells = Some(places_from_one(cells));
        }
        WinKind::Cluster { cells } => {
            result.kind = "cluster";
            result.cells = Some(places_from_one(cells));
        }
        WinKind::Scatter => result.kind = "scatter",
    }
    Some(result)
}

/// The windows of an outcome, if its game is one of more than plain lines; `None` when a payout leaves the range
/// of money.
pub(super) fn steps<'a>(engine: &'a Engine, stake: Money, outcome: &Outcome) -> Option<Option<Vec<StepResult<'a>>>> {
    let Some(course) = &outcome.course else { return Some(None) };
    let mut wins = outcome.wins.iter();
    let result = course.steps.iter().map(|step| {
        let mut payouts = wins.by_ref().take(step.wins).map(|win| engine.win_payout(stake, win));
        let payout = payouts.try_fold(Money::ZERO, |sum, payout| sum.checked_add(payout?))?;
        let expanded = step.expanded.iter();
        let expanded =
            expanded.map(|(reel, wild)| ExpandedResult { reel: reel + 1, symbol: engine.symbol_name(*wild) });
        Some(StepResult {
            kind: step.kind,
            symbols: engine.window_names(&step.window),
            expanded: expanded.collect(),
            held: places_from_one(step.held),
            multiplier: step.multiplier,
            full_grid: Some(step.full_grid).filter(|multiplier| *multiplier > 1),
            payout,
        })
    });
    result.collect::<Option<Vec<_>>>().map(Some)
}
