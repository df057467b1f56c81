//! Events for people: the reels as they stopped, what they won, and lists of events.

use clap::Args;
use reelhouse_client::{Event, Message, Patience};
use reelhouse_domain::{Money, SessionId};
use serde_json::Value;

use crate::args::Length;
use crate::failure::Failure;
use crate::output::{Column, Format, Output, credits, instant, note};
use crate::profile::Connection;

/// How long a stream that broke off is tried to be taken up again: about a minute.
const FOLLOWING: Patience = Patience { busy: 60, gone: 60 };

/// Which events to print.
#[derive(Debug, Args)]
pub(crate) struct EventsArguments {
    /// The session's id.
    session: SessionId,
    /// Print events as they happen, until the session ends.
    #[arg(short, long, conflicts_with_all = ["limit", "all"])]
    follow: bool,
    /// With --follow: only the events after this one.
    #[arg(long, value_name = "SEQ", requires = "follow", default_value_t = 0)]
    #[arg(value_parser = clap::value_parser!(i64).range(0..))]
    after: i64,
    #[command(flatten)]
    length: Length,
}

/// The columns of a list of events.
const COLUMNS: [Column<'static>; 7] = [
    Column::Right("SEQ"),
    Column::Left("TIME"),
    Column::Left("ACTION"),
    Column::Right("STAKE"),
    Column::Right("PAYOUT"),
    Column::Right("BALANCE"),
    Column::Left("WHAT CAME OF IT"),
];

pub(crate) fn events(arguments: &EventsArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    if arguments.follow {
        return follow(arguments, connection, output);
    }
    let items = connection.client()?.event_list(arguments.session, arguments.length.most());
    output.list(items, &COLUMNS, |event: &Event| event.event_id.to_string(), row)
}

fn follow(arguments: &EventsArguments, connection: &Connection, output: &mut Output) -> Result<(), Failure> {
    let client = connection.open(FOLLOWING)?;
    for message in client.session_follow(arguments.session, arguments.after) {
        match (message?, output.format) {
            (Message::Event(event), Format::Json) => output.json(&event.json)?,
            (Message::Event(event), Format::Ids) => output.line(event.body.event_id)?,
            (Message::Event(event), Format::Text) => output.line(line(&event.body))?,
            (Message::End(end), _) => note(format!("the session has ended: {}", end.body.state.name())),
        }
    }
    Ok(())
}

/// An event on one line, in columns of fixed width: nobody knows how wide the next one will be.
fn line(event: &Event) -> String {
    let [seq, time, action, stake, payout, balance, summary]: [String; 7] =
        row(event).try_into().unwrap_or_else(|_| std::array::from_fn(|_| String::new()));
    format!("{seq:>6}  {time}  {action:<12}  {stake:>9}  {payout:>9}  {balance:>11}  {summary}").trim_end().to_owned()
}

fn row(event: &Event) -> Vec<String> {
    let money = |name: &str| amount(&event.result, name).map(credits).unwrap_or_default();
    vec![
        event.seq.to_string(),
        instant(event.timestamp),
        action_name(event).to_owned(),
        money("stake"),
        money("payout"),
        money("balance"),
        summary(event),
    ]
}

fn action_name(event: &Event) -> &str {
    event.action.get("type").and_then(Value::as_str).unwrap_or("unknown")
}

fn amount(result: &Value, name: &str) -> Option<Money> {
    serde_json::from_value(result.get(name)?.clone()).ok()
}

fn number(value: &Value, pointer: &str) -> u64 {
    value.pointer(pointer).and_then(Value::as_u64).unwrap_or_default()
}

/// What came of an event, in a few words.
fn summary(event: &Event) -> String {
    let result = &event.result;
    let mut parts: Vec<String> = wins(result).map(|win| win_text(win, false)).collect();
    if parts.len() > 2 {
        parts = vec![format!("{} wins", parts.len())];
    }
    let (awarded, left) = (number(result, "/free_games/awarded"), number(result, "/free_games/left"));
    if awarded > 0 {
        parts.push(format!("{awarded} free games"));
    } else if left > 0 || result.get("mode").and_then(Value::as_str) == Some("free") {
        parts.push(format!("free game, {left} left"));
    }
    parts.join(", ")
}

fn wins(result: &Value) -> impl Iterator<Item = &Value> {
    result.get("wins").and_then(Value::as_array).into_iter().flatten()
}

/// A win in words: `3 × seven on line 1`, with its payout if it is asked for.
fn win_text(win: &Value, payout: bool) -> String {
    let text = |name: &str| win.get(name).and_then(Value::as_str);
    let mut line = format!("{} × {}", number(win, "/count"), text("symbol").unwrap_or("?"));
    match win.get("line").and_then(Value::as_u64) {
        Some(number) => line.push_str(&format!(" on line {number}")),
        None => line.extend(text("kind").map(|kind| format!(" ({kind})"))),
    }
    if payout {
        line.extend(amount(win, "payout").map(|payout| format!(": {}", credits(payout))));
    }
    line
}

/// What an action came to, line by line: the window of a spin, its wins, what it paid.
pub(crate) fn action_lines(event: &Event) -> Vec<String> {
    let result = &event.result;
    let mut lines = window(result);
    lines.extend(wins(result).map(|win| win_text(win, true)));
    if let (Some(stake), Some(payout)) = (amount(result, "stake"), amount(result, "payout")) {
        let free = result.get("mode").and_then(Value::as_str) == Some("free");
        let paid = if payout.is_zero() { "nothing".to_owned() } else { credits(payout) };
        lines.push(match free {
            true => format!("The free game won {paid}."),
            false => format!("A stake of {} won {paid}.", credits(stake)),
        });
        let awarded = number(result, "/free_games/awarded");
        if awarded > 0 {
            lines.push(format!("It won {awarded} free games: play them with `reel session spin SESSION`."));
        }
    } else {
        lines.push(plain_line(event));
    }
    lines
}

/// What an action that is no spin came to.
fn plain_line(event: &Event) -> String {
    let result = &event.result;
    let money = |name: &str| amount(result, name);
    match (action_name(event), money("stake"), money("refund")) {
        ("bet", Some(stake), _) => format!("A stake of {} is held.", credits(stake)),
        ("probe", ..) => {
            let cost = money("fee").map(|fee| format!(" for {}", credits(fee))).unwrap_or_default();
            format!("{} demo spins{cost}: {} won.", number(result, "/spins"), number(result, "/hits"))
        }
        (_, _, Some(refund)) => format!("{} was given back.", credits(refund)),
        ("cash_out" | "close", ..) => "The session has ended.".to_owned(),
        ("attach_wallet", ..) => "The wallet is attached.".to_owned(),
        ("rotate_seed", ..) => "The server seed is revealed; draws come from a fresh one now.".to_owned(),
        ("suspend", ..) => "The session is held.".to_owned(),
        ("resume", ..) => "The session goes on.".to_owned(),
        (name, ..) => format!("{name}: done."),
    }
}

/// The window that the reels stopped in, row by row; reels may differ in height.
fn window(result: &Value) -> Vec<String> {
    let names = |reel: &Value| -> Vec<String> {
        let symbols = reel.as_array().into_iter().flatten();
        symbols.map(|symbol| symbol.as_str().unwrap_or("?").to_owned()).collect()
    };
    let reels: Vec<Vec<String>> =
        result.get("symbols").and_then(Value::as_array).into_iter().flatten().map(names).collect();
    let width = |reel: &[String]| reel.iter().map(|symbol| symbol.chars().count()).max().unwrap_or_default();
    let rows = reels.iter().map(Vec::len).max().unwrap_or_default();
    let cell = |reel: &Vec<String>, row: usize| {
        let symbol = reel.get(row).map_or("", String::as_str);
        format!("{symbol:<width$}", width = width(reel))
    };
    let row =
        |row: usize| reels.iter().map(|reel| cell(reel, row)).collect::<Vec<_>>().join("  ").trim_end().to_owned();
    (0..rows).map(|at| format!("  {}", row(at))).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(action: &str, result: Value) -> Event {
        let event = json!({
            "event_id": "01976e3c-9f00-7abc-8000-000000000001", "seq": 7, "action": { "type": action },
            "result": result, "timestamp": "2026-01-02T03:04:05.678Z", "hash": "0".repeat(64),
        });
        serde_json::from_value(event).unwrap()
    }

    fn spin() -> Event {
        event(
            "spin",
            json!({
                "mode": "base", "stake": "1.0000", "payout": "5.0000", "balance": "104.0000",
                "symbols": [["seven", "a"], ["b", "plum", "bell"], ["x"]],
                "wins": [{ "kind": "line", "line": 1, "symbol": "seven", "count": 3, "payout": "5.0000" }],
                "free_games": { "awarded": 10, "left": 10, "played": 0 },
            }),
        )
    }

    #[test]
    fn a_spin_is_drawn_as_it_stopped() {
        let expected = [
            "  seven  b     x",
            "  a      plum",
            "         bell",
            "3 × seven on line 1: 5.00",
            "A stake of 1.00 won 5.00.",
            "It won 10 free games: play them with `reel session spin SESSION`.",
        ];
        assert_eq!(action_lines(&spin()), expected);
    }

    #[test]
    fn an_event_fits_on_a_line() {
        let line = line(&spin());
        let words: Vec<&str> = line.split_whitespace().collect();
        let start = ["7", "2026-01-02", "03:04:05Z", "spin", "1.00", "5.00", "104.00", "3", "×", "seven"];
        assert_eq!(words[..10], start);
        assert!(line.ends_with("on line 1, 10 free games"), "{line}");
    }

    #[test]
    fn what_is_not_known_is_named_all_the_same() {
        assert_eq!(action_lines(&event("dance", json!({}))), ["dance: done."]);
        assert_eq!(line(&event("dance", json!({}))).split_whitespace().count(), 4);
    }
}
