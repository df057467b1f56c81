//! Reads what a game may have beyond lines and free games, each of it absent unless it is named.

use std::ops::RangeInclusive;

use serde_json::Value;

use super::fault::{FaultLog, Place};
use super::model::{
    Cascades, Combine, DEFAULT_CASCADES, DEFAULT_RESPINS, FullGrid, MAX_CASCADES, MAX_LADDER, MAX_MULTIPLIER,
    MAX_RESPINS, MAX_SYMBOLS, Respins,
};
use super::reader::{Object, Shown};
use super::symbols::{Kind, Vocabulary};

/// What the features of a symbol map are read with.
pub(super) struct Features<'f, 'v> {
    pub(super) vocabulary: &'f Vocabulary<'v>,
    pub(super) fields: &'v Object,
    pub(super) place: &'f Place<'f>,
}

impl<'v> Features<'_, 'v> {
    /// Reads `wild_multipliers`.
    pub(super) fn wild_multipliers(&self, log: &mut FaultLog) -> Option<Combine> {
        let Some(value) = self.fields.get("wild_multipliers") else { return Some(Combine::default()) };
        let place = self.place.key("wild_multipliers");
        match log.text(&place, value)? {
            "highest" => Some(Combine::Highest),
            "product" => Some(Combine::Product),
            "sum" => Some(Combine::Sum),
            _ => {
                log.add(&place, format_args!("one of highest, product, sum was expected, not {}", Shown(value)));
                None
            }
        }
    }

    /// Reads `full_grid`.
    pub(super) fn full_grid(&self, log: &mut FaultLog) -> Option<Vec<FullGrid>> {
        let Some(value) = self.fields.get("full_grid") else { return Some(Vec::new()) };
        let place = self.place.key("full_grid");
        let items = log.list(&place, value, 1..=MAX_SYMBOLS, "sets of symbols")?;
        let mut seen = Vec::new();
        let mut sets = Vec::with_capacity(items.len());
        for (at, item) in items.iter().enumerate() {
            let place = place.index(at);
            let fields = log.object(&place, item, &["symbols", "multiplier"]);
            let set = fields.and_then(|fields| {
                let symbols = self.symbols(log, &place, fields, &[Kind::Regular, Kind::Wild], &mut seen);
                let multiplier = log.need(&place, fields, "multiplier");
                let multiplier =
                    multiplier.and_then(|value| log.whole(&place.key("multiplier"), value, 2..=MAX_MULTIPLIER));
                Some(FullGrid { symbols: symbols?, multiplier: multiplier? })
            });
            sets.push(set);
        }
        sets.into_iter().collect()
    }

    /// Reads `cascades`.
    pub(super) fn cascades(&self, log: &mut FaultLog) -> Option<Option<Cascades>> {
        let Some(value) = self.fields.get("cascades") else { return Some(None) };
        let place = self.place.key("cascades");
        let fields = log.object(&place, value, &["multipliers", "free_multipliers", "most"])?;
        if self.fields.contains_key("respins") {
            log.add(&place, format_args!("a game has cascades or respins, not both"));
        }
        let multipliers = match fields.get("multipliers") {
            None => Some(vec![1]),
            Some(value) => ladder(log, &place.key("multipliers"), value),
        };
        let free_multipliers = match fields.get("free_multipliers") {
            None => Some(None),
            Some(_) if !self.fields.contains_key("free_games") => {
                log.add(&place.key("free_multipliers"), format_args!("the game has no free_games"));
                None
            }
            Some(value) => ladder(log, &place.key("free_multipliers"), value).map(Some),
        };
        let most = log.whole_or(&place, fields, "most", 1..=MAX_CASCADES, DEFAULT_CASCADES);
        let (multipliers, free_multipliers) = (multipliers?, free_multipliers?);
        // Spelling out what holds anyway must not make two games of one.
        let free_multipliers = free_multipliers.filter(|free| *free != multipliers);
        Some(Some(Cascades { multipliers, free_multipliers, most: most? }))
    }

    /// Reads `respins`.
    pub(super) fn respins(&self, log: &mut FaultLog) -> Option<Option<Respins>> {
        let Some(value) = self.fields.get("respins") else { return Some(None) };
        let place = self.place.key("respins");
        let fields = log.object(&place, value, &["symbols", "most"])?;
        let symbols = self.symbols(log, &place, fields, &[Kind::Wild], &mut Vec::new());
        let most = log.whole_or(&place, fields, "most", 1..=MAX_RESPINS, DEFAULT_RESPINS);
        Some(Some(Respins { symbols: symbols?, most: most? }))
    }

    /// Reads a set of symbols that has at least one, and none that was `seen` before.
    fn symbols(
        &self,
        log: &mut FaultLog,
        place: &Place<'_>,
        fields: &'v Object,
        kinds: &[Kind],
        seen: &mut Vec<&'v str>,
    ) -> Option<Vec<String>> {
        let value = log.need(place, fields, "symbols")?;
        let place = place.key("symbols");
        let items = log.list(&place, value, 1..=MAX_SYMBOLS, "symbols")?;
        self.vocabulary.set(log, &place, items, kinds, seen)
    }
}

fn ladder(log: &mut FaultLog, place: &Place<'_>, value: &Value) -> Option<Vec<u32>> {
    const RANGE: RangeInclusive<u32> = 1..=MAX_MULTIPLIER;
    let steps = log.list(place, value, 1..=MAX_LADDER, "multipliers")?;
    let read: Vec<Option<u32>> =
        steps.iter().enumerate().map(|(at, step)| log.whole(&place.index(at), step, RANGE)).collect();
    let mut ladder: Vec<u32> = read.into_iter().collect::<Option<_>>()?;
    // The last one stays, so repeating it says nothing.
    while ladder.len() > 1 && ladder[ladder.len() - 1] == ladder[ladder.len() - 2] {
        ladder.pop();
    }
    Some(ladder)
}
