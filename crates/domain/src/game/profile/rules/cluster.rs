//! All clusters of a window: reads which column each reel shows, and keeps the clusters that touch the last one.

use super::super::gain::Gain;
use super::super::machine::Rule;
use super::super::model::{Board, combine, uncombined};

/// The clusters of a window.
pub(in super::super) struct ClusterRule<'a> {
    pub(in super::super) board: &'a Board,
    pub(in super::super) paying: Vec<u8>,
    /// By reel, the columns that the inputs stand for.
    pub(in super::super) inputs: Vec<Vec<Vec<u8>>>,
}

/// A cluster that may still grow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in super::super) struct Growing {
    symbol: u8,
    /// Its cells in the last column, a bit for each row.
    rows: u8,
    pub(in super::super) cells: usize,
    /// Whether a cell shows the symbol itself.
    own: bool,
    multiplier: u64,
}

impl ClusterRule<'_> {
    /// The pieces of one column that count as a symbol, each of neighbouring rows.
    fn pieces(&self, symbol: u8, column: &[u8]) -> Vec<Growing> {
        let how = self.board.combine;
        let mut pieces: Vec<Growing> = Vec::new();
        for (row, shown) in column.iter().enumerate() {
            if !self.board.counts(*shown, symbol) {
                continue;
            }
            let helper = uncombined(how, self.board.helps(*shown, symbol));
            let one = Growing { symbol, rows: 1 << row, cells: 1, own: *shown == symbol, multiplier: helper };
            match pieces.last_mut().filter(|last| row > 0 && last.rows >> (row - 1) & 1 == 1) {
                Some(last) => *last = self.joined(last, &one),
                None => pieces.push(one),
            }
        }
        pieces
    }

    fn joined(&self, one: &Growing, other: &Growing) -> Growing {
        Growing {
            symbol: one.symbol,
            rows: one.rows | other.rows,
            cells: one.cells + other.cells,
            own: one.own || other.own,
            multiplier: combine(self.board.combine, one.multiplier, other.multiplier),
        }
    }

    /// What a cluster pays that grows no more.
    pub(in super::super) fn pay(&self, cluster: &Growing) -> u64 {
        if cluster.own { self.board.pay(cluster.symbol, cluster.cells) * cluster.multiplier.max(1) } else { 0 }
    }

    /// The clusters that may still grow after one more reel, and those that it has ended.
    pub(in super::super) fn step(&self, growing: &[Growing], reel: usize, input: u16) -> (Vec<Growing>, Vec<Growing>) {
        let column = &self.inputs[reel][usize::from(input)];
        let mut after: Vec<Growing> = Vec::new();
        let mut ended = Vec::new();
        for symbol in &self.paying {
            let mut parts = self.pieces(*symbol, column);
            for old in growing.iter().filter(|old| old.symbol == *symbol) {
                // The rows of a part are those of the new column, whatever it was joined with.
                let (touching, apart): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.rows & old.rows != 0);
                parts = apart;
                match touching.into_iter().reduce(|one, other| self.joined(&one, &other)) {
                    Some(part) => parts.push(Growing { rows: part.rows, ..self.joined(&part, old) }),
                    None => ended.push(old.clone()),
                }
            }
            after.append(&mut parts);
        }
        after.sort_unstable();
        (after, ended)
    }
}

impl Rule for ClusterRule<'_> {
    const COST: u64 = 32;
    type State = Vec<Growing>;

    fn start(&self) -> Vec<Growing> {
        Vec::new()
    }

    fn next(&self, growing: &Vec<Growing>, reel: usize, input: u16) -> (Vec<Growing>, Gain) {
        let (after, ended) = self.step(growing, reel, input);
        (after, Gain::win(ended.iter().map(|cluster| self.pay(cluster)).sum()))
    }

    fn end(&self, growing: &Vec<Growing>) -> Gain {
        Gain::win(growing.iter().map(|cluster| self.pay(cluster)).sum())
    }
}
