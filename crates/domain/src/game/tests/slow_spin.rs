//! A slow player of any game: it reads the rules off the definition, with names for symbols and lists for windows.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::game::Mode;
use crate::game::definition::{Combine, Definition, Evaluation, Role, Source, Symbol};

/// A win: where, of which symbol, how many, and what it pays with every multiplier.
pub(super) type SlowWin = (String, String, usize, u64);
type SlowWindow = Vec<Vec<String>>;
type Cells = BTreeSet<(usize, usize)>;

/// What a spin came to: the windows before wilds expanded, the wins, and the free games awarded.
pub(super) struct SlowOutcome {
    pub(super) windows: Vec<SlowWindow>,
    pub(super) wins: Vec<SlowWin>,
    pub(super) awarded: u32,
    /// Numbers that were given and not drawn.
    pub(super) left: usize,
}

pub(super) struct Slow<'d> {
    pub(super) definition: &'d Definition,
    pub(super) mode: Mode,
    pub(super) numbers: VecDeque<u32>,
    tops: Vec<usize>,
}

impl<'d> Slow<'d> {
    pub(super) fn new(definition: &'d Definition, mode: Mode, numbers: &[u32]) -> Self {
        Self { definition, mode, numbers: numbers.iter().copied().collect(), tops: vec![0; 8] }
    }

    fn role(&self, name: &str) -> &'d Role {
        let symbol = self.definition.symbol_map().symbols.iter().find(|symbol| symbol.name == name);
        symbol.unwrap().role_in(self.mode)
    }

    fn symbols(&self) -> &'d [Symbol] {
        &self.definition.symbol_map().symbols
    }

    fn source(&self) -> (&'d Source, &'d Option<Vec<BTreeMap<u32, u32>>>) {
        let modes = &self.definition.rng_signature().modes;
        let reels = if self.mode == Mode::Free { modes.free.as_ref().unwrap() } else { &modes.base };
        (&reels.source, &reels.rows)
    }

    /// Draws one of some weighted names, in the order given.
    fn weighted<T: Clone>(&mut self, weights: &[(T, u32)]) -> T {
        let all: Vec<&T> =
            weights.iter().flat_map(|(value, weight)| std::iter::repeat_n(value, *weight as usize)).collect();
        all[self.numbers.pop_front().unwrap() as usize].clone()
    }

    fn weights_of(&self, table: &BTreeMap<String, u32>) -> Vec<(String, u32)> {
        self.symbols().iter().filter_map(|symbol| Some((symbol.name.clone(), *table.get(&symbol.name)?))).collect()
    }

    fn fill(&mut self, window: &mut SlowWindow, held: &Cells) {
        for (reel, cells) in window.iter_mut().enumerate() {
            if (0..cells.len()).all(|row| held.contains(&(reel, row))) {
                continue;
            }
            match self.source().0 {
                Source::Strips(strips) => {
                    self.tops[reel] = self.numbers.pop_front().unwrap() as usize;
                    for (row, cell) in cells.iter_mut().enumerate().filter(|(row, _)| !held.contains(&(reel, *row))) {
                        *cell = strips[reel][(self.tops[reel] + row) % strips[reel].len()].clone();
                    }
                }
                Source::Weights(tables) => {
                    let weights = self.weights_of(&tables[reel]);
                    for (_, cell) in cells.iter_mut().enumerate().filter(|(row, _)| !held.contains(&(reel, *row))) {
                        *cell = self.weighted(&weights);
                    }
                }
            }
        }
    }

    fn fall(&mut self, window: &mut SlowWindow, gone: &Cells) {
        for (reel, cells) in window.iter_mut().enumerate() {
            let height = cells.len();
            let mut kept: Vec<String> =
                (0..height).filter(|row| !gone.contains(&(reel, *row))).map(|row| cells[row].clone()).collect();
            let mut new = Vec::new();
            match self.source().0 {
                Source::Strips(strips) => {
                    for _ in kept.len()..height {
                        let length = strips[reel].len();
                        self.tops[reel] = (self.tops[reel] + length - 1) % length;
                        new.insert(0, strips[reel][self.tops[reel]].clone());
                    }
                }
                Source::Weights(tables) => {
                    let weights = self.weights_of(&tables[reel]);
                    new = (kept.len()..height).map(|_| self.weighted(&weights)).collect();
                }
            }
            new.append(&mut kept);
            *cells = new;
        }
    }

    fn expand(&self, window: &SlowWindow) -> SlowWindow {
        let full = |cells: &Vec<String>| {
            let wild = cells.iter().find(|name| matches!(self.role(name), Role::Wild { expands: true, .. }));
            wild.map_or_else(|| cells.clone(), |wild| vec![wild.clone(); cells.len()])
        };
        window.iter().map(full).collect()
    }

    fn counts_as(&self, cell: &str, symbol: &Symbol) -> bool {
        let role = self.role(cell);
        (cell == symbol.name && *role != Role::Scatter) || symbol.is_substituted_by(role, self.mode)
    }

    fn multiplier(&self, symbol: &str, cells: &[&String]) -> u64 {
        let of = |cell: &&&String| match self.role(cell) {
            Role::Wild { multiplier, .. } if cell.as_str() != symbol => Some(u64::from(*multiplier)),
            _ => None,
        };
        let all: Vec<u64> = cells.iter().filter_map(|cell| of(&cell)).collect();
        match self.definition.symbol_map().wild_multipliers {
            Combine::Highest => all.into_iter().max().unwrap_or(1),
            Combine::Product => all.into_iter().product(),
            Combine::Sum => all.into_iter().filter(|multiplier| *multiplier > 1).sum::<u64>().max(1),
        }
    }

    fn pay(&self, symbol: &str, count: usize) -> u64 {
        let row = self.definition.symbol_map().pays.get(symbol);
        row.and_then(|row| row.get(&(count as u32))).map_or(0, |pay| u64::from(*pay))
    }

    /// The wins of one window before the multipliers of its step, each with its cells.
    fn search(&self, window: &SlowWindow) -> Vec<(SlowWin, Cells)> {
        match &self.definition.symbol_map().evaluation {
            Evaluation::Lines { lines, both_ways } => {
                let mut wins = Vec::new();
                for (number, line) in lines.iter().enumerate() {
                    let mut places: Vec<(usize, usize)> =
                        line.iter().enumerate().map(|(reel, row)| (reel, *row as usize - 1)).collect();
                    wins.extend(self.line(window, &places, places.len(), format!("line {}", number + 1)));
                    places.reverse();
                    if *both_ways {
                        wins.extend(self.line(window, &places, places.len() - 1, format!("right {}", number + 1)));
                    }
                }
                wins
            }
            Evaluation::Ways { both_ways, .. } => {
                let forward: Vec<usize> = (0..window.len()).collect();
                let backward: Vec<usize> = forward.iter().rev().copied().collect();
                let of_symbol = |symbol: &Symbol| {
                    let left = self.ways(window, symbol, &forward, forward.len(), "ways");
                    let right = self.ways(window, symbol, &backward, forward.len() - 1, "right");
                    left.into_iter().chain(right.filter(|_| *both_ways))
                };
                self.symbols().iter().flat_map(of_symbol).collect()
            }
            Evaluation::Cluster { .. } => {
                self.symbols().iter().flat_map(|symbol| self.clusters(window, symbol)).collect()
            }
        }
    }

    fn line(
        &self,
        window: &SlowWindow,
        places: &[(usize, usize)],
        most: usize,
        kind: String,
    ) -> Option<(SlowWin, Cells)> {
        let cells: Vec<&String> = places.iter().map(|(reel, row)| &window[*reel][*row]).collect();
        let mut best: Option<(SlowWin, Cells, bool)> = None;
        for symbol in self.symbols() {
            let run = cells.iter().take_while(|cell| self.counts_as(cell, symbol)).count();
            if run > most || !cells[..run].iter().any(|cell| **cell == symbol.name) {
                continue;
            }
            let pay = self.pay(&symbol.name, run) * self.multiplier(&symbol.name, &cells[..run]);
            let is_wild = self.role(&symbol.name).is_wild();
            let better = best.as_ref().is_none_or(|((.., other), _, wild)| (pay, is_wild) > (*other, *wild));
            if pay > 0 && better {
                let win = (kind.clone(), symbol.name.clone(), run, pay);
                best = Some((win, places[..run].iter().copied().collect(), is_wild));
            }
        }
        best.map(|(win, cells, _)| (win, cells))
    }

    fn ways(
        &self,
        window: &SlowWindow,
        symbol: &Symbol,
        order: &[usize],
        most: usize,
        kind: &str,
    ) -> Option<(SlowWin, Cells)> {
        let mut ways: Vec<Vec<(usize, usize)>> = vec![Vec::new()];
        for reel in order {
            let rows = window[*reel].iter().enumerate().filter(|(_, cell)| self.counts_as(cell, symbol));
            let places: Vec<(usize, usize)> = rows.map(|(row, _)| (*reel, row)).collect();
            if places.is_empty() {
                break;
            }
            let with = |way: &Vec<(usize, usize)>, place: &(usize, usize)| [&way[..], &[*place]].concat();
            ways = ways.iter().flat_map(|way| places.iter().map(move |place| with(way, place))).collect();
        }
        let reels = ways[0].len();
        let name = |place: &(usize, usize)| &window[place.0][place.1];
        ways.retain(|way| way.iter().any(|place| *name(place) == symbol.name));
        let each = ways.iter().map(|way| self.multiplier(&symbol.name, &way.iter().map(name).collect::<Vec<_>>()));
        let pay = self.pay(&symbol.name, reels) * each.sum::<u64>();
        let win = (format!("{kind} {}", ways.len()), symbol.name.clone(), reels, pay);
        (pay > 0 && reels <= most).then(|| (win, ways.into_iter().flatten().collect()))
    }

    fn clusters(&self, window: &SlowWindow, symbol: &Symbol) -> Vec<(SlowWin, Cells)> {
        let mut wins = Vec::new();
        let mut seen = Cells::new();
        for (reel, cells) in window.iter().enumerate() {
            for (row, cell) in cells.iter().enumerate() {
                if *cell != symbol.name || !self.counts_as(cell, symbol) || seen.contains(&(reel, row)) {
                    continue;
                }
                let mut cluster = Cells::new();
                let mut next = vec![(reel, row)];
                while let Some((reel, row)) = next.pop() {
                    let cell = window.get(reel).and_then(|cells| cells.get(row));
                    if cell.is_some_and(|cell| self.counts_as(cell, symbol)) && cluster.insert((reel, row)) {
                        next.extend([(reel + 1, row), (reel, row + 1)]);
                        next.extend(reel.checked_sub(1).map(|reel| (reel, row)));
                        next.extend(row.checked_sub(1).map(|row| (reel, row)));
                    }
                }
                seen.extend(&cluster);
                let names: Vec<&String> = cluster.iter().map(|(reel, row)| &window[*reel][*row]).collect();
                let pay = self.pay(&symbol.name, cluster.len()) * self.multiplier(&symbol.name, &names);
                if pay > 0 {
                    wins.push((("cluster".to_owned(), symbol.name.clone(), cluster.len(), pay), cluster));
                }
            }
        }
        wins
    }

    fn times(&self, shown: &SlowWindow, cascades: usize) -> u64 {
        let map = self.definition.symbol_map();
        let ladder = map.cascades.as_ref().map(|rules| match (&rules.free_multipliers, self.mode) {
            (Some(free), Mode::Free) => free.clone(),
            _ => rules.multipliers.clone(),
        });
        let step = ladder.map_or(1, |ladder| ladder[cascades.min(ladder.len() - 1)]);
        let names: BTreeSet<&String> = shown.iter().flatten().collect();
        let is_full = |name: &String| map.full_grid.iter().find(|set| set.symbols.contains(name));
        let full = if names.len() == 1 { names.first().and_then(|name| is_full(name)) } else { None };
        u64::from(step) * full.map_or(1, |set| u64::from(set.multiplier)) * self.of_free_games()
    }

    fn of_free_games(&self) -> u64 {
        let free = self.definition.symbol_map().free_games.as_ref().filter(|_| self.mode == Mode::Free);
        free.map_or(1, |free| u64::from(free.multiplier))
    }

    fn scatters(&self, window: &SlowWindow, wins: &mut Vec<SlowWin>) -> u32 {
        let map = self.definition.symbol_map();
        let mut awarded = 0;
        for symbol in self.symbols().iter().filter(|symbol| symbol.role_in(self.mode).is_scatter()) {
            let count = window.iter().flatten().filter(|cell| **cell == symbol.name).count();
            let of = |table: &BTreeMap<String, BTreeMap<u32, u32>>| {
                table.get(&symbol.name).and_then(|row| row.get(&(count as u32))).copied().unwrap_or(0)
            };
            let pay = u64::from(of(&map.scatter_pays)) * self.of_free_games();
            if pay > 0 {
                wins.push(("scatter".to_owned(), symbol.name.clone(), count, pay));
            }
            let rules = map.free_games.as_ref().filter(|rules| self.mode == Mode::Base || rules.retrigger);
            awarded += rules.map_or(0, |rules| of(&rules.awards));
        }
        awarded
    }

    /// Plays the spin.
    pub(super) fn spin(mut self) -> SlowOutcome {
        let map = self.definition.symbol_map();
        let mut window: SlowWindow = map.grid.heights().map(|height| vec![String::new(); height]).collect();
        if let Some(rows) = self.source().1 {
            for (reel, table) in rows.iter().enumerate() {
                let weights: Vec<(u32, u32)> = table.iter().map(|(rows, weight)| (*rows, *weight)).collect();
                window[reel] = vec![String::new(); self.weighted(&weights) as usize];
            }
        }
        self.fill(&mut window, &Cells::new());
        let first = window.clone();
        let (mut windows, mut wins, mut held) = (Vec::new(), Vec::new(), Cells::new());
        loop {
            windows.push(window.clone());
            let shown = self.expand(&window);
            let found = self.search(&shown);
            let times = self.times(&shown, windows.len() - 1);
            wins.extend(
                found.iter().map(|((kind, symbol, count, pay), _)| (kind.clone(), symbol.clone(), *count, pay * times)),
            );
            window = shown;
            let gone: Cells = found.into_iter().flat_map(|(_, cells)| cells).collect();
            let most = map.cascades.as_ref().map_or(0, |rules| rules.most as usize);
            if !gone.is_empty() && windows.len() <= most {
                self.fall(&mut window, &gone);
                continue;
            }
            let Some(respins) = map.respins.as_ref().filter(|rules| windows.len() <= rules.most as usize) else {
                break;
            };
            let holds = |name: &String| respins.symbols.contains(name) && self.role(name).is_wild();
            let places = window.iter().enumerate().flat_map(|(reel, cells)| {
                cells.iter().enumerate().filter(|(_, cell)| holds(cell)).map(move |(row, _)| (reel, row))
            });
            let now: Cells = places.collect();
            if now.is_subset(&held) {
                break;
            }
            held.extend(now);
            self.fill(&mut window, &held);
        }
        let awarded = self.scatters(&first, &mut wins);
        SlowOutcome { windows, wins, awarded, left: self.numbers.len() }
    }
}
