//! Reads how a game draws: its modes with their strips, weights and rows.

use std::collections::BTreeMap;

use serde_json::Value;

use super::fault::{FaultLog, Place};
use super::model::{
    Algorithm, DEFINITION_VERSION, Grid, MAX_REELS, MAX_ROWS, MAX_STOPS, MAX_WEIGHT, Modes, Reels, RngSignature, Source,
};
use super::reader::{Object, Shown};
use super::symbols::Vocabulary;

const RNG_FIELDS: &[&str] = &["version", "algorithm", "modes"];

/// What the modes are read with.
pub(super) struct Frame<'t, 'v> {
    pub(super) grid: Option<Grid>,
    pub(super) vocabulary: &'t Vocabulary<'v>,
    pub(super) has_free_games: Option<bool>,
    pub(super) on_lines: bool,
}

/// Reads `rng_signature`.
pub(super) fn rng_signature<'v>(log: &mut FaultLog, value: &'v Value, frame: &Frame<'_, 'v>) -> Option<RngSignature> {
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
        let mut mode = |name, value| frame.reels(log, &place.key(name), value);
        let free = modes.get("free").map(|value| mode("free", value));
        let base = modes.get("base").and_then(|value| mode("base", value));
        log.need(&place, modes, "base");
        match (frame.has_free_games, &free) {
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

impl<'v> Frame<'_, 'v> {
    fn reels(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<Reels> {
        let fields = log.object(place, value, &["strips", "weights", "rows"])?;
        let source = match fields.get("weights") {
            None => self.strips(log, place, fields).map(Source::Strips),
            Some(_) if fields.contains_key("strips") => {
                log.add(&place.key("weights"), format_args!("a mode draws from strips or from weights, not both"));
                None
            }
            Some(weights) => self.weights(log, &place.key("weights"), weights).map(Source::Weights),
        };
        let rows = match fields.get("rows") {
            None => Some(None),
            Some(_) if self.on_lines => {
                log.add(&place.key("rows"), format_args!("lines need the same rows in every spin"));
                None
            }
            Some(rows) => self.rows(log, &place.key("rows"), rows).map(Some),
        };
        Some(Reels { source: source?, rows: rows? })
    }

    fn per_reel<'a>(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        value: &'a Value,
        what: &'static str,
    ) -> Option<&'a [Value]> {
        let counts = self.grid.as_ref().map_or(1..=MAX_REELS, |grid| grid.reels..=grid.reels);
        log.list(place, value, counts, what)
    }

    fn height(&self, reel: usize) -> Option<usize> {
        self.grid.as_ref().map(|grid| grid.height(reel))
    }

    fn strips(&self, log: &mut FaultLog, place: &Place<'_>, fields: &'v Object) -> Option<Vec<Vec<String>>> {
        let strips = log.need(place, fields, "strips")?;
        let place = place.key("strips");
        let strips = self.per_reel(log, &place, strips, "strips, one for each reel,")?;
        let mut read = Vec::with_capacity(strips.len());
        for (reel, strip) in strips.iter().enumerate() {
            let place = place.index(reel);
            // A shorter strip would show one stop in two rows of the same window.
            let lengths = self.height(reel).unwrap_or(1)..=MAX_STOPS;
            let strip = log.list(&place, strip, lengths, "stops");
            let names: Vec<Option<String>> = strip
                .unwrap_or_default()
                .iter()
                .enumerate()
                .map(|(stop, name)| self.vocabulary.any(log, &place.index(stop), name).map(str::to_owned))
                .collect();
            read.push(strip.and(names.into_iter().collect::<Option<Vec<String>>>()));
        }
        read.into_iter().collect()
    }

    fn weights(&self, log: &mut FaultLog, place: &Place<'_>, value: &'v Value) -> Option<Vec<BTreeMap<String, u32>>> {
        let tables = self.per_reel(log, place, value, "tables of weights, one for each reel,")?;
        let mut read = Vec::with_capacity(tables.len());
        for (reel, table) in tables.iter().enumerate() {
            let place = place.index(reel);
            let Some(table) = log.table(&place, table) else {
                read.push(None);
                continue;
            };
            if table.is_empty() {
                log.add(&place, format_args!("at least one symbol must have a weight"));
            }
            let mut weights = BTreeMap::new();
            for (name, weight) in table {
                let place = place.key(name);
                let name = self.vocabulary.known(log, &place, name);
                let weight = log.whole(&place, weight, 1..=MAX_WEIGHT);
                weights.extend(name.map(str::to_owned).zip(weight));
            }
            read.push(Some(weights));
        }
        read.into_iter().collect()
    }

    #[allow(clippy::cast_possible_truncation)]
    fn rows(&self, log: &mut FaultLog, place: &Place<'_>, value: &Value) -> Option<Vec<BTreeMap<u32, u32>>> {
        let tables = self.per_reel(log, place, value, "tables of rows, one for each reel,")?;
        let mut read = Vec::with_capacity(tables.len());
        for (reel, table) in tables.iter().enumerate() {
            let place = place.index(reel);
            let Some(table) = log.table(&place, table) else {
                read.push(None);
                continue;
            };
            if table.is_empty() {
                log.add(&place, format_args!("at least one number of rows must have a weight"));
            }
            let most = self.height(reel).unwrap_or(MAX_ROWS) as u32;
            let mut weights = BTreeMap::new();
            for (rows, weight) in table {
                let place = place.key(rows);
                let rows = log.whole_key(&place, rows, 1..=most);
                let weight = log.whole(&place, weight, 1..=MAX_WEIGHT);
                weights.extend(rows.zip(weight));
            }
            read.push(Some(weights));
        }
        read.into_iter().collect()
    }
}
