//! The sections of the definition: the game, its symbols, pays, lines and features, its reels.

use reelhouse_domain::game::ParSheet;
use reelhouse_domain::game::definition::{Evaluation, Role, Source, Substitutes};
use reelhouse_domain::game::par_sheet::{PayTable, ReelSheet};
use serde_json::{Value, json};

use super::section::{Cell, Section};

/// Which game the sheet is of, and how its figures were got.
pub(super) fn game(sheet: &ParSheet) -> Section {
    let mut section = Section::facts("game", "Game");
    let layout = &sheet.layout;
    section.fact("name", Cell::text(&sheet.name));
    section.fact("game_id", Cell::text(sheet.game_id.to_string()));
    section.fact("fingerprint (SHA-256)", Cell::text(sheet.fingerprint.to_string()));
    section.fact("created_at", Cell::text(text_of(&json!(sheet)["created_at"])));
    section.fact("method", Cell::text(sheet.method.as_deref().unwrap_or("none")));
    section.fact("engine version", sheet.engine_version.map_or(Cell::Empty, Cell::number));
    section.fact("reels", Cell::number(layout.reels));
    section.fact("rows", Cell::text(join(&layout.rows)));
    section.fact("evaluation", Cell::text(evaluation(sheet)));
    section.fact("credit", Cell::number(layout.credit));
    section.fact("bets of a unit bet", Cell::number(layout.bets));
    section.fact("unit bet", Cell::number(layout.unit_bet));
    if let Some(cycle) = &sheet.cycle {
        section.fact("cycle, paid games", Cell::number(&cycle.base));
        section.fact("cycle, free games", cycle.free.as_ref().map_or(Cell::Empty, Cell::number));
    }
    for gap in &sheet.not_computed {
        section.fact("not computed", Cell::text(gap));
    }
    section.rows.retain(|row| !matches!(row.get(1), Some(Cell::Empty)));
    section
}

/// Everything that the definition says.
pub(super) fn sections(sheet: &ParSheet) -> Vec<Section> {
    let mut sections = vec![symbols(sheet)];
    let pays = pays("pays", "Pays", "In bets, for a count of exactly so many.", &sheet.pays);
    let scatters = "In stakes, by the count anywhere in the window.";
    sections.extend(pays.into_iter().chain(self::pays("scatter_pays", "Scatter pays", scatters, &sheet.scatter_pays)));
    sections.extend(features(sheet).into_iter().chain(lines(sheet)));
    sections.extend(reels(&sheet.reels.base, MODES[0]));
    sections.extend(sheet.reels.free.iter().flat_map(|free| reels(free, MODES[1])));
    sections
}

/// How wins are found, in a sentence.
pub(super) fn evaluation(sheet: &ParSheet) -> String {
    let ends = |both_ways: bool| {
        if both_ways {
            "from the first reel to the right and from the last one to the left"
        } else {
            "from the first reel to the right"
        }
    };
    match &sheet.layout.evaluation {
        Evaluation::Lines { lines, both_ways } => format!("{} lines, {}", lines.len(), ends(*both_ways)),
        Evaluation::Ways { both_ways, .. } => {
            format!("{} ways on adjacent reels, {}", sheet.layout.ways.unwrap_or_default(), ends(*both_ways))
        }
        Evaluation::Cluster { .. } => "clusters of cells that share an edge".to_owned(),
    }
}

fn symbols(sheet: &ParSheet) -> Section {
    let mut section = Section::new("symbols", "Symbols", &["symbol", "role", "role in free games"]);
    for symbol in &sheet.symbols {
        let free = symbol.free.as_ref().map_or(Cell::Empty, |role| Cell::Text(describe(role)));
        section.row([Cell::text(&symbol.name), Cell::Text(describe(&symbol.role)), free]);
    }
    section
}

/// A role in words.
fn describe(role: &Role) -> String {
    let Role::Wild { multiplier, substitutes, expands, scatter } = role else {
        return if role.is_scatter() { "scatter" } else { "regular" }.to_owned();
    };
    let stands_for = match substitutes {
        Substitutes::Regular => "all regular symbols".to_owned(),
        Substitutes::Only(names) => names.join(", "),
    };
    let mut text = format!("wild for {stands_for}");
    if *multiplier > 1 {
        text += &format!(", times {multiplier}");
    }
    if *expands {
        text += ", expands over its reel";
    }
    if *scatter {
        text += ", scatter as well";
    }
    text
}

/// A table of pays; none where nothing pays so.
fn pays(id: &'static str, title: &str, note: &str, table: &PayTable) -> Option<Section> {
    let mut section = Section::new(id, title, &["symbol"]).note(note);
    let name = |from: u32, to: u32| if from == to { from.to_string() } else { format!("{from}–{to}") };
    section.columns.extend(table.counts.iter().map(|range| name(range.from, range.to)));
    for row in &table.symbols {
        let pays = row.pays.iter().map(|pay| Cell::count((*pay).into()));
        section.row([Cell::text(&row.symbol)].into_iter().chain(pays));
    }
    (!section.rows.is_empty()).then_some(section)
}

/// What the game does beyond its pays: the fields of the definition, each with its value.
fn features(sheet: &ParSheet) -> Option<Section> {
    let mut section = Section::facts("features", "Features").note("As the definition has them.");
    let mut add = |name: &str, rules: &Value| {
        for (field, value) in rules.as_object().into_iter().flatten() {
            section.fact(&format!("{name}: {}", field.replace('_', " ")), Cell::Text(words(value)));
        }
    };
    let features = json!(sheet.features);
    for name in ["free_games", "cascades", "respins"] {
        add(&name.replace('_', " "), &features[name]);
    }
    for set in features["full_grid"].as_array().into_iter().flatten() {
        add("full grid", set);
    }
    let wilds = sheet.symbols.iter().filter(|symbol| symbol.role.is_wild() || symbol.free.is_some()).count();
    if wilds > 1 || features["wild_multipliers"] != "highest" {
        section.fact("multipliers of several wilds", Cell::text(text_of(&features["wild_multipliers"])));
    }
    (!section.rows.is_empty()).then_some(section)
}

fn lines(sheet: &ParSheet) -> Option<Section> {
    let Evaluation::Lines { lines, .. } = &sheet.layout.evaluation else { return None };
    let mut section =
        Section::new("lines", "Lines", &["line"]).note("The row of each line on each reel, 1 at the top.");
    section.columns.extend(reel_names(sheet.layout.reels));
    for (line, number) in lines.iter().zip(1_u64..) {
        section.row([Cell::number(number)].into_iter().chain(line.iter().map(Cell::number)));
    }
    Some(section)
}

/// What the sections of a mode are called.
#[derive(Clone, Copy)]
struct Names {
    mode: &'static str,
    stops: &'static str,
    rows: &'static str,
    strips: &'static str,
}

const MODES: [Names; 2] = [
    Names { mode: "paid games", stops: "stops_base", rows: "rows_base", strips: "strips_base" },
    Names { mode: "free games", stops: "stops_free", rows: "rows_free", strips: "strips_free" },
];

fn reels(reels: &ReelSheet, names: Names) -> Vec<Section> {
    let mode = names.mode;
    let (title, note) = match reels.reels.source {
        Source::Strips(_) => ("Stops by symbol and reel", "Every stop of a reel is equally likely."),
        Source::Weights(_) => (
            "Weights by symbol and reel",
            "Every cell is drawn on its own: a symbol is as likely as its weight out of all of its reel.",
        ),
    };
    let count = reels.stops.len();
    let mut stops = Section::new(names.stops, format!("{title}, {mode}"), &["symbol"]).note(note);
    stops.columns.extend(reel_names(count).chain(["all reels".to_owned()]));
    for row in &reels.symbols {
        let cells = row.stops.iter().chain([&row.total]).map(|stops| Cell::count(*stops));
        stops.row([Cell::text(&row.symbol)].into_iter().chain(cells));
    }
    let sums = reels.stops.iter().copied().chain([reels.stops.iter().sum()]);
    stops.row([Cell::text("all symbols")].into_iter().chain(sums.map(Cell::number)));
    let mut sections = vec![stops];
    if let Some(rows) = &reels.reels.rows {
        let mut section = Section::new(names.rows, format!("Weights of numbers of rows, {mode}"), &["rows"]);
        section.columns.extend(reel_names(count));
        let most = rows.iter().filter_map(|row| row.keys().next_back()).max().copied().unwrap_or(0);
        for height in 1..=most {
            let weights = rows.iter().map(|row| Cell::count(row.get(&height).copied().unwrap_or(0).into()));
            section.row([Cell::number(height)].into_iter().chain(weights));
        }
        section.rows.retain(|row| row.iter().skip(1).any(|cell| *cell != Cell::Empty));
        sections.push(section);
    }
    if let Source::Strips(strips) = &reels.reels.source {
        let mut section = Section::new(names.strips, format!("Reel strips, {mode}"), &["stop"])
            .note("In turning order, from stop 0; after the last stop comes the first one.");
        section.columns.extend(reel_names(count));
        let longest = strips.iter().map(Vec::len).max().unwrap_or(0);
        for stop in 0..longest {
            let symbols = strips.iter().map(|strip| strip.get(stop).map_or(Cell::Empty, Cell::text));
            section.row([Cell::number(stop)].into_iter().chain(symbols));
        }
        sections.push(section);
    }
    sections
}

fn reel_names(count: usize) -> impl Iterator<Item = String> {
    (1..=count).map(|reel| format!("reel {reel}"))
}

fn join(items: &[impl ToString]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A JSON text without its quotes, or any other value as JSON.
fn text_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A value of a definition in words: lists by commas, objects as names with their values.
fn words(value: &Value) -> String {
    match value {
        Value::Array(items) => items.iter().map(words).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let mut fields: Vec<(&String, &Value)> = fields.iter().collect();
            // Counts in the order of numbers, not of text.
            fields.sort_by_key(|(name, _)| (name.parse::<u32>().ok(), *name));
            let words = fields.into_iter().map(|(name, value)| match value {
                Value::Object(_) => format!("{name} ({})", words(value)),
                _ => format!("{name}: {}", words(value)),
            });
            words.collect::<Vec<_>>().join(", ")
        }
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        other => text_of(other),
    }
}
