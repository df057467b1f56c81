//! The symbols in sight, and sets of cells as bits of one number.

use super::super::definition::{MAX_REELS, MAX_ROWS};

/// The symbols in sight: by reel, then by row, the number of rows a matter of the reel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    reels: usize,
    heights: [u8; MAX_REELS],
    cells: [[u8; MAX_ROWS]; MAX_REELS],
}

impl Window {
    /// A window of symbol 0 all over.
    pub(super) fn new(heights: &[u8]) -> Self {
        let reels = heights.len().min(MAX_REELS);
        let mut window = Self { reels, heights: [0; MAX_REELS], cells: [[0; MAX_ROWS]; MAX_REELS] };
        window.heights.iter_mut().zip(heights).for_each(|(slot, height)| *slot = *height);
        window
    }

    /// How many reels there are.
    #[must_use]
    pub const fn reels(&self) -> usize {
        self.reels
    }

    /// The symbols of a reel, top to bottom; nothing for one that is not there.
    #[must_use]
    pub fn reel(&self, reel: usize) -> &[u8] {
        let height = self.heights.get(reel).copied().unwrap_or(0);
        self.cells.get(reel).and_then(|cells| cells.get(..usize::from(height))).unwrap_or_default()
    }

    pub(super) fn reel_mut(&mut self, reel: usize) -> &mut [u8] {
        let height = self.heights.get(reel).copied().unwrap_or(0);
        self.cells.get_mut(reel).and_then(|cells| cells.get_mut(..usize::from(height))).unwrap_or_default()
    }

    /// Every cell with its place: reel, row and symbol.
    pub(super) fn cells(&self) -> impl Iterator<Item = (usize, usize, u8)> + '_ {
        (0..self.reels)
            .flat_map(|reel| self.reel(reel).iter().enumerate().map(move |(row, symbol)| (reel, row, *symbol)))
    }

    /// The cells whose symbol is one of a set: bit `n` of `symbols` is that of symbol `n`.
    pub(super) fn showing(&self, symbols: u64) -> u64 {
        let shown = self.cells().filter(|(_, _, symbol)| symbols >> symbol & 1 == 1);
        shown.fold(0, |cells, (reel, row, _)| cells | bit(reel, row))
    }

    /// The symbol of every cell, when it is the same one.
    pub(super) fn filled_by(&self) -> Option<u8> {
        let mut cells = self.cells().map(|(_, _, symbol)| symbol);
        let first = cells.next()?;
        cells.all(|symbol| symbol == first).then_some(first)
    }
}

/// The bit of a cell.
pub(super) const fn bit(reel: usize, row: usize) -> u64 {
    1 << (reel * MAX_ROWS + row)
}

/// The places of a set of cells, as reel and row from 0, reel by reel.
pub fn places(cells: u64) -> impl Iterator<Item = (usize, usize)> {
    (0..64_usize).filter(move |at| cells >> at & 1 == 1).map(|at| (at / MAX_ROWS, at % MAX_ROWS))
}

/// The cells that share an edge with one of these.
pub(super) const fn neighbours(cells: u64) -> u64 {
    const TOP: u64 = 0x0101_0101_0101_0101;
    const BOTTOM: u64 = TOP << 7;
    cells << 8 | cells >> 8 | (cells & !BOTTOM) << 1 | (cells & !TOP) >> 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_an_edge() {
        for at in 0..64_usize {
            let (reel, row) = (at / 8, at % 8);
            let near = |(r, w): &(usize, usize)| reel.abs_diff(*r) + row.abs_diff(*w) == 1;
            let expected = places(u64::MAX).filter(near).fold(0, |cells, (reel, row)| cells | bit(reel, row));
            assert_eq!(neighbours(1 << at), expected, "{reel} {row}");
        }
    }

    #[test]
    fn a_window_knows_its_rows() {
        let mut window = Window::new(&[2, 1, 3]);
        window.reel_mut(2).copy_from_slice(&[1, 2, 1]);
        assert_eq!((window.reel(0), window.reel(2), window.reel(3)), (&[0, 0][..], &[1, 2, 1][..], &[][..]));
        assert_eq!(window.cells().count(), 6);
        assert_eq!(places(window.showing(1 << 1)).collect::<Vec<_>>(), [(2, 0), (2, 2)]);
        assert_eq!(window.filled_by(), None);
        assert_eq!(Window::new(&[3, 3]).filled_by(), Some(0));
    }
}
