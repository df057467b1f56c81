//! What symbols pay, as a table, and how often each paying combination comes.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::definition::SymbolMap;
use super::super::profile::{Contributions, SymbolContribution};

/// What symbols pay by their count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayTable {
    /// The columns: counts for which every symbol pays the same are one.
    pub counts: Vec<CountRange>,
    /// The rows, in the order of the definition; symbols that pay nothing are left out.
    pub symbols: Vec<PayRow>,
}

/// Counts of a symbol, from and to included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CountRange {
    /// The least.
    pub from: u32,
    /// The most.
    pub to: u32,
}

/// What a symbol pays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PayRow {
    /// The symbol.
    pub symbol: String,
    /// By the columns of the table; 0 where it pays nothing.
    pub pays: Vec<u32>,
}

/// The paying combinations of each mode.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Combinations {
    /// Of paid spins.
    pub base: Vec<Combination>,
    /// Of a free game, its multiplier included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free: Option<Vec<Combination>>,
}

/// A paying combination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Combination {
    /// What the pay table says, in bets, for a scatter in total stakes; none where it does not tell which.
    pub pay: Option<u32>,
    /// How often it comes, and what it returns.
    #[serde(flatten)]
    pub contribution: SymbolContribution,
}

type Pays = BTreeMap<String, BTreeMap<u32, u32>>;

impl PayTable {
    /// The table of pays by symbol and count.
    pub(super) fn of(map: &SymbolMap, pays: &Pays) -> Self {
        let listed: BTreeSet<u32> = pays.values().flat_map(BTreeMap::keys).copied().collect();
        let column = |count: u32| -> Vec<u32> { pays.values().map(|row| pay(row, count)).collect() };
        let mut counts: Vec<CountRange> = Vec::new();
        for count in listed {
            match counts.last_mut() {
                Some(last) if last.to + 1 == count && column(last.to) == column(count) => last.to = count,
                _ => counts.push(CountRange { from: count, to: count }),
            }
        }
        let row = |(symbol, row): (&String, &BTreeMap<u32, u32>)| PayRow {
            symbol: symbol.clone(),
            pays: counts.iter().map(|range| pay(row, range.from)).collect(),
        };
        let symbols = map.symbols.iter().filter_map(|symbol| pays.get_key_value(&symbol.name)).map(row).collect();
        Self { counts, symbols }
    }
}

fn pay(row: &BTreeMap<u32, u32>, count: u32) -> u32 {
    row.get(&count).copied().unwrap_or(0)
}

/// The contributions of a profile with the pays that they come of.
pub(super) fn combinations(map: &SymbolMap, contributions: &Contributions) -> Combinations {
    let find = |pays: &Pays, one: &SymbolContribution| pays.get(&one.symbol)?.get(&one.count).copied();
    let with_pay = |one: &SymbolContribution| {
        let (in_line, in_window) = (find(&map.pays, one), find(&map.scatter_pays, one));
        // A wild that is a scatter as well may pay as either.
        let pay = if in_line.is_some() && in_window.is_some() { None } else { in_line.or(in_window) };
        Combination { pay, contribution: one.clone() }
    };
    Combinations {
        base: contributions.base.iter().map(with_pay).collect(),
        free: contributions.free.as_ref().map(|free| free.iter().map(with_pay).collect()),
    }
}
