//! Reads and checks the two documents of a definition.

use serde_json::Value;

use super::bound;
use super::chance;
use super::evaluation::evaluation;
use super::fault::{FaultLog, Place};
use super::features::Features;
use super::model::{
    DEFAULT_CREDIT, DEFINITION_VERSION, Evaluation, FreeGames, Grid, MAX_AWARD, MAX_CREDIT, MAX_MULTIPLIER, MAX_PAY,
    MAX_REELS, MAX_ROWS, RngSignature, Rows, Symbol, SymbolMap,
};
use super::reader::{Object, Shown};
use super::rng::{Frame, rng_signature};
use super::symbols::{Kind, Table, Vocabulary, symbols, table};
use crate::money::Money;

const MAP_FIELDS: &[&str] = &[
    "version",
    "grid",
    "credit",
    "symbols",
    "evaluation",
    "pays",
    "scatter_pays",
    "free_games",
    "wild_multipliers",
    "full_grid",
    "cascades",
    "respins",
];

/// Reads both documents; what comes back counts only when the log is clean.
pub(super) fn documents(log: &mut FaultLog, rng: &Value, map: &Value) -> Option<(RngSignature, SymbolMap)> {
    let place = Place::root("symbol_map");
    let fields = log.object(&place, map, MAP_FIELDS);
    let grid = fields.and_then(|fields| grid(log, &place, fields));
    let listed = fields.and_then(|fields| log.need(&place, fields, "symbols"));
    let (vocabulary, symbols) = match listed {
        Some(listed) => {
            let has_free_games = fields.is_some_and(|fields| fields.contains_key("free_games"));
            symbols(log, &place.key("symbols"), listed, has_free_games)
        }
        None => (Vocabulary::default(), None),
    };
    let has_free_games = fields.map(|fields| fields.contains_key("free_games"));
    let map = fields.and_then(|fields| symbol_map(log, &place, fields, grid.clone(), symbols, &vocabulary));
    let on_lines = map.as_ref().is_some_and(|map| matches!(map.evaluation, Evaluation::Lines { .. }));
    let rng = rng_signature(log, rng, &Frame { grid, vocabulary: &vocabulary, has_free_games, on_lines });
    let (rng, map) = rng.zip(map)?;
    if let Some(free) = &rng.modes.free
        && log.is_clean()
        && !chance::free_games_end(free, &map)
    {
        let place = place.key("free_games");
        let reason = "a free game awards more than 0.9 further free games on average, so a round hardly ends";
        log.add(&place.key("retrigger"), format_args!("{reason}"));
    }
    if log.is_clean() {
        bound::takes_a_stake(log, &place, &map);
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
    let version = log.version(place, fields, DEFINITION_VERSION);
    let credit = credit(log, place, fields);
    let evaluation = log
        .need(place, fields, "evaluation")
        .and_then(|value| evaluation(log, &place.key("evaluation"), value, grid.as_ref()));
    let clusters = !matches!(evaluation, Some(Evaluation::Lines { .. } | Evaluation::Ways { .. }));
    let tables = Tables { grid: grid.as_ref(), vocabulary, clusters };
    let pays = log.need(place, fields, "pays").and_then(|value| tables.line_pays(log, &place.key("pays"), value));
    let scatter_pays = match fields.get("scatter_pays") {
        None => Some(Table::new()),
        Some(value) => tables.scatter_table(log, &place.key("scatter_pays"), value, 0..=MAX_PAY),
    };
    let free_games = match fields.get("free_games") {
        None => Some(None),
        Some(value) => tables.free_games(log, &place.key("free_games"), value).map(Some),
    };
    let features = Features { vocabulary, fields, place };
    let wild_multipliers = features.wild_multipliers(log);
    let full_grid = features.full_grid(log);
    let cascades = features.cascades(log);
    let respins = features.respins(log);
    Some(SymbolMap {
        version: version?,
        grid: grid?,
        credit: credit?,
        symbols: symbols?,
        evaluation: evaluation?,
        pays: pays?,
        scatter_pays: scatter_pays?,
        free_games: free_games?,
        wild_multipliers: wild_multipliers?,
        full_grid: full_grid?,
        cascades: cascades?,
        respins: respins?,
    })
}

#[allow(clippy::cast_possible_truncation)]
fn grid(log: &mut FaultLog, place: &Place<'_>, fields: &Object) -> Option<Grid> {
    let value = log.need(place, fields, "grid")?;
    let place = place.key("grid");
    let grid = log.object(&place, value, &["reels", "rows"])?;
    let side = |log: &mut FaultLog, name, most: usize| {
        let value = log.need(&place, grid, name)?;
        log.whole(&place.key(name), value, 1..=most as u32).map(|side| side as usize)
    };
    let reels = side(log, "reels", MAX_REELS);
    let rows = match grid.get("rows") {
        Some(Value::Array(_)) => rows_of_each(log, &place.key("rows"), grid, reels),
        _ => side(log, "rows", MAX_ROWS).map(Rows::Same),
    };
    Some(Grid { reels: reels?, rows: rows? })
}

/// The list of rows per reel; one that has the same rows on every reel is as good as the number.
#[allow(clippy::cast_possible_truncation)]
fn rows_of_each(log: &mut FaultLog, place: &Place<'_>, grid: &Object, reels: Option<usize>) -> Option<Rows> {
    let counts = reels.map_or(1..=MAX_REELS, |reels| reels..=reels);
    let listed = log.list(place, grid.get("rows")?, counts, "numbers of rows, one for each reel,")?;
    let rows: Vec<Option<usize>> = listed
        .iter()
        .enumerate()
        .map(|(at, rows)| log.whole(&place.index(at), rows, 1..=MAX_ROWS as u32).map(|rows| rows as usize))
        .collect();
    let rows: Vec<usize> = rows.into_iter().collect::<Option<_>>()?;
    let first = rows.first().copied()?;
    Some(if rows.iter().all(|rows| *rows == first) { Rows::Same(first) } else { Rows::Each(rows) })
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

/// What the tables by symbol and length are read with.
struct Tables<'t, 'v> {
    grid: Option<&'t Grid>,
    vocabulary: &'t Vocabulary<'v>,
    /// Whether a win may be as long as the window has cells.
    clusters: bool,
}

impl<'v> Tables<'_, 'v> {
    #[allow(clippy::cast_possible_truncation)]
    fn cells(&self) -> u32 {
        self.grid.map_or(MAX_REELS * MAX_ROWS, Grid::cells) as u32
    }

    #[allow(clippy::cast_possible_truncation)]
    fn line_pays(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<Table> {
        let longest = if self.clusters { self.cells() } else { self.grid.map_or(MAX_REELS, |grid| grid.reels) as u32 };
        table(log, place, value, self.vocabulary, &[Kind::Regular, Kind::Wild], &(1..=longest), &(0..=MAX_PAY))
    }

    fn scatter_table(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        value: &'v Value,
        amounts: std::ops::RangeInclusive<u32>,
    ) -> Option<Table> {
        // A strip may show several scatters at once, so the window is the limit, not the reels.
        table(log, place, value, self.vocabulary, &[Kind::Scatter], &(1..=self.cells()), &amounts)
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
        let retrigger = log.flag_or(place, fields, "retrigger", false);
        Some(FreeGames { awards: awards?, multiplier: multiplier?, retrigger: retrigger? })
    }
}
