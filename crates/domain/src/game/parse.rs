//! Reads and checks the two documents of a definition.

use serde_json::Value;

use super::chance;
use super::definition::{
    Algorithm, DEFAULT_CREDIT, DEFINITION_VERSION, Evaluation, FreeGames, Grid, MAX_AWARD, MAX_CREDIT, MAX_LINES,
    MAX_MULTIPLIER, MAX_PAY, MAX_REELS, MAX_ROWS, MAX_STOPS, Modes, Reels, RngSignature, Symbol, SymbolMap,
};
use super::fault::{FaultLog, Place};
use super::parse_symbols::{Kind, Table, Vocabulary, symbols, table};
use super::reader::{Object, Shown};
use crate::money::Money;

const RNG_FIELDS: &[&str] = &["version", "algorithm", "modes"];
const MAP_FIELDS: &[&str] =
    &["version", "grid", "credit", "symbols", "evaluation", "pays", "scatter_pays", "free_games"];

/// Reads both documents; what comes back counts only when the log is clean.
pub(super) fn documents(log: &mut FaultLog, rng: &Value, map: &Value) -> Option<(RngSignature, SymbolMap)> {
    let place = Place::root("symbol_map");
    let fields = log.object(&place, map, MAP_FIELDS);
    let grid = fields.and_then(|fields| grid(log, &place, fields));
    let listed = fields.and_then(|fields| log.need(&place, fields, "symbols"));
    let (vocabulary, symbols) = match listed {
        Some(listed) => symbols(log, &place.key("symbols"), listed),
        None => (Vocabulary::default(), None),
    };
    let has_free_games = fields.map(|fields| fields.contains_key("free_games"));
    let map = fields.and_then(|fields| symbol_map(log, &place, fields, grid, symbols, &vocabulary));
    let rng = rng_signature(log, rng, grid, &vocabulary, has_free_games);
    let (rng, map) = rng.zip(map)?;
    if let Some(free) = &rng.modes.free
        && log.is_clean()
        && !chance::free_games_end(free, &map)
    {
        let place = place.key("free_games");
        let reason = "a free game awards more than 0.9 further free games on average, so a round hardly ends";
        log.add(&place.key("retrigger"), format_args!("{reason}"));
    }
    Some((rng, map))
}

fn symbol_map<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    fields: &'v Object,
    grid: Option<Grid>,
    symbols: Option<Vec<Symbol>>,
    vocabulary: &Vocabulary<'v>,
) -> Option<SymbolMap> {
    let tables = Tables { grid, vocabulary };
    let version = log.version(place, fields, DEFINITION_VERSION);
    let credit = credit(log, place, fields);
    let evaluation =
        log.need(place, fields, "evaluation").and_then(|value| evaluation(log, &place.key("evaluation"), value, grid));
    let pays = log.need(place, fields, "pays").and_then(|value| tables.line_pays(log, &place.key("pays"), value));
    let scatter_pays = match fields.get("scatter_pays") {
        None => Some(Table::new()),
        Some(value) => tables.scatter_table(log, &place.key("scatter_pays"), value, 0..=MAX_PAY),
    };
    let free_games = match fields.get("free_games") {
        None => Some(None),
        Some(value) => tables.free_games(log, &place.key("free_games"), value).map(Some),
    };
    Some(SymbolMap {
        version: version?,
        grid: grid?,
        credit: credit?,
        symbols: symbols?,
        evaluation: evaluation?,
        pays: pays?,
        scatter_pays: scatter_pays?,
        free_games: free_games?,
    })
}

#[allow(clippy::cast_possible_truncation)]
fn grid(log: &mut FaultLog, place: &Place<'_>, fields: &Object) -> Option<Grid> {
    let value = log.need(place, fields, "grid")?;
    let place = place.key("grid");
    let grid = log.object(&place, value, &["reels", "rows"])?;
    let mut side = |name, most: usize| {
        let value = log.need(&place, grid, name)?;
        log.whole(&place.key(name), value, 1..=most as u32).map(|side| side as usize)
    };
    let (reels, rows) = (side("reels", MAX_REELS), side("rows", MAX_ROWS));
    Some(Grid { reels: reels?, rows: rows? })
}

fn credit(log: &mut FaultLog, place: &Place<'_>, fields: &Object) -> Option<Money> {
    let Some(value) = fields.get("credit") else { return Some(DEFAULT_CREDIT) };
    let place = place.key("credit");
    let credit: Money = match log.text(&place, value)?.parse() {
        Ok(credit) => credit,
        Err(error) => {
            log.add(&place, format_args!("{error}, not {}", Shown(value)));
            return None;
        }
    };
    if credit <= Money::ZERO || credit > MAX_CREDIT {
        log.add(&place, format_args!("more than zero and at most {MAX_CREDIT} was expected, not {credit}"));
        return None;
    }
    Some(credit)
}

fn evaluation(log: &mut FaultLog, place: &Place<'_>, value: &Value, grid: Option<Grid>) -> Option<Evaluation> {
    let fields = log.table(place, value)?;
    let kind = log.need(place, fields, "type")?;
    match log.text(&place.key("type"), kind)? {
        "lines" => {}
        "ways" | "cluster" => {
            log.add(&place.key("type"), format_args!("{} evaluation is not supported yet, only lines is", Shown(kind)));
            return None;
        }
        _ => {
            log.add(&place.key("type"), format_args!("lines was expected, not {}", Shown(kind)));
            return None;
        }
    }
    log.object(place, value, &["type", "lines"]);
    let lines = log.need(place, fields, "lines")?;
    let place = place.key("lines");
    let lines = log.list(&place, lines, 1..=MAX_LINES, "lines")?;
    let read: Vec<Option<Vec<u32>>> =
        lines.iter().enumerate().map(|(at, rows)| line(log, &place.index(at), rows, grid)).collect();
    Some(Evaluation::Lines { lines: read.into_iter().collect::<Option<_>>()? })
}

#[allow(clippy::cast_possible_truncation)]
fn line(log: &mut FaultLog, place: &Place<'_>, value: &Value, grid: Option<Grid>) -> Option<Vec<u32>> {
    let lengths = grid.map_or(1..=MAX_REELS, |grid| grid.reels..=grid.reels);
    let rows = log.list(place, value, lengths, "rows, one for each reel,")?;
    let most = grid.map_or(MAX_ROWS, |grid| grid.rows) as u32;
    let read: Vec<Option<u32>> =
        rows.iter().enumerate().map(|(at, row)| log.whole(&place.index(at), row, 1..=most)).collect();
    read.into_iter().collect()
}

/// What the tables by symbol and length are read with.
struct Tables<'t, 'v> {
    grid: Option<Grid>,
    vocabulary: &'t Vocabulary<'v>,
}

impl<'v> Tables<'_, 'v> {
    #[allow(clippy::cast_possible_truncation)]
    fn line_pays(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<Table> {
        let longest = self.grid.map_or(MAX_REELS, |grid| grid.reels) as u32;
        table(log, place, value, self.vocabulary, &[Kind::Regular, Kind::Wild], &(1..=longest), &(0..=MAX_PAY))
    }

    #[allow(clippy::cast_possible_truncation)]
    fn scatter_table(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        value: &'v Value,
        amounts: std::ops::RangeInclusive<u32>,
    ) -> Option<Table> {
        // A strip may show several scatters at once, so the window is the limit, not the reels.
        let most = self.grid.map_or(MAX_REELS * MAX_ROWS, |grid| grid.reels * grid.rows) as u32;
        table(log, place, value, self.vocabulary, &[Kind::Scatter], &(1..=most), &amounts)
    }

    fn free_games(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<FreeGames> {
        let fields = log.object(place, value, &["awards", "multiplier", "retrigger"])?;
        let awards = log
            .need(place, fields, "awards")
            .and_then(|value| self.scatter_table(log, &place.key("awards"), value, 1..=MAX_AWARD));
        if awards.as_ref().is_some_and(|awards| awards.values().all(|row| row.is_empty())) && log.is_clean() {
            log.add(&place.key("awards"), format_args!("at least one count of one scatter must award free games"));
        }
        let multiplier = log.whole_or(place, fields, "multiplier", 1..=MAX_MULTIPLIER, 1);
        let retrigger = match fields.get("retrigger") {
            None => Some(false),
            Some(Value::Bool(retrigger)) => Some(*retrigger),
            Some(other) => {
                log.add(&place.key("retrigger"), format_args!("true or false was expected, not {}", Shown(other)));
                None
            }
        };
        Some(FreeGames { awards: awards?, multiplier: multiplier?, retrigger: retrigger? })
    }
}

fn rng_signature<'v>(
    log: &mut FaultLog,
    value: &'v Value,
    grid: Option<Grid>,
    vocabulary: &Vocabulary<'v>,
    has_free_games: Option<bool>,
) -> Option<RngSignature> {
    let place = Place::root("rng_signature");
    let fields = log.object(&place, value, RNG_FIELDS)?;
    let version = log.version(&place, fields, DEFINITION_VERSION);
    let algorithm = log.need(&place, fields, "algorithm").and_then(|value| {
        if value == "hmac-sha256" {
            return Some(Algorithm::HmacSha256);
        }
        log.add(&place.key("algorithm"), format_args!("\"hmac-sha256\" was expected, not {}", Shown(value)));
        None
    });
    let modes = log.need(&place, fields, "modes").and_then(|value| {
        let place = place.key("modes");
        let modes = log.object(&place, value, &["base", "free"])?;
        let mut mode = |name, value| reels(log, &place.key(name), value, grid, vocabulary);
        let free = modes.get("free").map(|value| mode("free", value));
        let base = modes.get("base").and_then(|value| mode("base", value));
        log.need(&place, modes, "base");
        match (has_free_games, &free) {
            (Some(true), None) => {
                log.add(&place.key("free"), format_args!("the field is missing, and the game has free games"));
            }
            (Some(false), Some(_)) => {
                log.add(&place.key("free"), format_args!("the game has no free_games to draw for"));
            }
            _ => {}
        }
        let free = match free {
            None => None,
            Some(reels) => Some(reels?),
        };
        Some(Modes { base: base?, free })
    });
    Some(RngSignature { version: version?, algorithm: algorithm?, modes: modes? })
}

fn reels<'v>(
    log: &mut FaultLog,
    place: &Place<'_>,
    value: &'v Value,
    grid: Option<Grid>,
    vocabulary: &Vocabulary<'v>,
) -> Option<Reels> {
    let fields = log.object(place, value, &["strips"])?;
    let strips = log.need(place, fields, "strips")?;
    let place = place.key("strips");
    let counts = grid.map_or(1..=MAX_REELS, |grid| grid.reels..=grid.reels);
    let strips = log.list(&place, strips, counts, "strips, one for each reel,")?;
    // A shorter strip would show one stop in two rows of the same window.
    let lengths = grid.map_or(1, |grid| grid.rows)..=MAX_STOPS;
    let mut read = Vec::with_capacity(strips.len());
    for (reel, strip) in strips.iter().enumerate() {
        let place = place.index(reel);
        let strip = log.list(&place, strip, lengths.clone(), "stops");
        let names: Vec<Option<String>> = strip
            .unwrap_or_default()
            .iter()
            .enumerate()
            .map(|(stop, name)| vocabulary.any(log, &place.index(stop), name).map(str::to_owned))
            .collect();
        read.push(strip.and(names.into_iter().collect::<Option<Vec<String>>>()));
    }
    Some(Reels::Strips(read.into_iter().collect::<Option<_>>()?))
}
