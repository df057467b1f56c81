//! The table of a run, as Markdown, so that it can be kept as it was printed.

use std::collections::BTreeMap;

use anyhow::Result;

use crate::cpu::Busy;
use crate::load::Tally;
use crate::pgbench::Figures;

/// The titles of the columns.
const TITLES: [&str; 12] = [
    "what",
    "store",
    "clients",
    "actions",
    "actions/s",
    "mean ms",
    "p50 ms",
    "p95 ms",
    "p99 ms",
    "max ms",
    "WAL B/action",
    "errors",
];

/// How many of the columns, from the left, hold words.
const WORDS: usize = 2;

/// One line of the table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    what: String,
    store: String,
    clients: usize,
    actions: u64,
    /// Actions in a second.
    pub(crate) rate: f64,
    mean_ms: f64,
    /// The 50th, 95th and 99th percentile and the longest, in milliseconds.
    percentiles: Option<[f64; 4]>,
    log_per_action: Option<f64>,
    errors: String,
}

impl Row {
    /// A phase that Reelhouse was played in.
    pub(crate) fn played(what: &str, store: &str, clients: usize, tally: &Tally, log: Option<u64>) -> Result<Self> {
        let histogram = tally.histogram()?;
        let ms = |micros: u64| micros as f64 / 1000.0;
        let actions = tally.actions;
        Ok(Self {
            what: what.to_owned(),
            store: store.to_owned(),
            clients,
            actions,
            rate: actions as f64 / tally.elapsed.as_secs_f64().max(f64::EPSILON),
            mean_ms: histogram.mean() / 1000.0,
            percentiles: Some([
                ms(histogram.value_at_quantile(0.50)),
                ms(histogram.value_at_quantile(0.95)),
                ms(histogram.value_at_quantile(0.99)),
                ms(histogram.max()),
            ]),
            log_per_action: log.map(|bytes| bytes as f64 / (actions as f64).max(1.0)),
            errors: errors(&tally.refused, tally.broken),
        })
    }

    /// A run of pgbench.
    pub(crate) fn pgbench(what: &str, clients: usize, figures: &Figures) -> Self {
        Self {
            what: what.to_owned(),
            store: "postgres".to_owned(),
            clients,
            actions: figures.spins,
            rate: figures.rate,
            mean_ms: figures.mean_ms,
            percentiles: None,
            log_per_action: Some(figures.log_bytes as f64 / (figures.spins as f64).max(1.0)),
            errors: if figures.failed == 0 { "none".to_owned() } else { format!("{} failed", figures.failed) },
        }
    }

    fn cells(&self) -> [String; TITLES.len()] {
        let ms = |index: usize| {
            let value = self.percentiles.and_then(|all| all.get(index).copied());
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.2}"))
        };
        [
            self.what.clone(),
            self.store.clone(),
            self.clients.to_string(),
            self.actions.to_string(),
            format!("{:.0}", self.rate),
            format!("{:.2}", self.mean_ms),
            ms(0),
            ms(1),
            ms(2),
            ms(3),
            self.log_per_action.map_or_else(|| "-".to_owned(), |bytes| format!("{bytes:.0}")),
            self.errors.clone(),
        ]
    }
}

/// What went wrong, by status: `409: 3, 503: 12, no answer: 1`.
fn errors(refused: &BTreeMap<u16, u64>, broken: u64) -> String {
    let mut parts: Vec<String> = refused.iter().map(|(status, count)| format!("{status}: {count}")).collect();
    if broken > 0 {
        parts.push(format!("no answer: {broken}"));
    }
    if parts.is_empty() { "none".to_owned() } else { parts.join(", ") }
}

/// The rows as a table.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut lines: Vec<[String; TITLES.len()]> = vec![TITLES.map(str::to_owned)];
    lines.extend(rows.iter().map(Row::cells));
    let mut widths = [0; TITLES.len()];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        let cells = line.iter().zip(widths).enumerate().map(|(column, (cell, width))| {
            if column < WORDS { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
        });
        text.push_str(&format!("| {} |\n", cells.collect::<Vec<_>>().join(" | ")));
        if number == 0 {
            let rule = widths.iter().enumerate().map(|(column, width)| {
                if column < WORDS { "-".repeat(width + 2) } else { format!("{}:", "-".repeat(width + 1)) }
            });
            text.push_str(&format!("|{}|\n", rule.collect::<Vec<_>>().join("|")));
        }
    }
    text
}

/// A ratio in words: `d / b = 1.83`.
pub(crate) fn ratio(name: &str, over: &Row, under: &Row) -> String {
    format!("{name} = {:.2}", over.rate / under.rate.max(f64::EPSILON))
}

/// Who kept the cores busy.
pub(crate) fn busy(busy: &Busy) -> String {
    let Busy { server, own, rest } = busy;
    format!(
        "cores busy under load: server {server:.2}, load generator {own:.2}, everything else, a database among it, {rest:.2}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn tally() -> Tally {
        Tally {
            actions: 1000,
            latencies: (1..=1000).map(|number| number * 100).collect(),
            refused: BTreeMap::from([(503, 12), (409, 3)]),
            slowest_refusal: 0,
            broken: 1,
            first_error: None,
            elapsed: Duration::from_secs(2),
        }
    }

    #[test]
    fn a_phase_becomes_a_row() {
        let row = Row::played("d", "sqlite", 64, &tally(), Some(4_000_000)).unwrap();
        let [what, store, clients, actions, rate, mean, p50, p95, p99, max, log, errors] = row.cells();
        assert_eq!([what, store, clients], ["d", "sqlite", "64"]);
        assert_eq!([actions, rate, log, errors], ["1000", "500", "4000", "409: 3, 503: 12, no answer: 1"]);
        let near = |text: String, expected: f64| {
            let value: f64 = text.parse().unwrap();
            assert!((value / expected - 1.0).abs() < 0.002, "{value} is not {expected}");
        };
        for (text, expected) in [(mean, 50.05), (p50, 50.0), (p95, 95.0), (p99, 99.0), (max, 100.0)] {
            near(text, expected);
        }
    }

    #[test]
    fn a_run_of_pgbench_has_no_percentiles() {
        let figures = Figures { spins: 100, rate: 50.0, mean_ms: 1.5, failed: 2, log_bytes: 300_000 };
        let cells = Row::pgbench("a", 16, &figures).cells();
        assert_eq!(cells, ["a", "postgres", "16", "100", "50", "1.50", "-", "-", "-", "-", "3000", "2 failed"]);
    }

    #[test]
    fn the_table_is_markdown_with_straight_edges() {
        let row =
            Row::played("d Reelhouse", "postgres", 64, &Tally { refused: BTreeMap::new(), broken: 0, ..tally() }, None);
        let figures = Figures { spins: 1, rate: 250.0, mean_ms: 1.0, failed: 0, log_bytes: 0 };
        let rows = [row.unwrap(), Row::pgbench("b", 16, &figures)];
        let text = table(&rows);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines.iter().all(|line| line.len() == lines[0].len() && line.matches('|').count() == 13), "{text}");
        assert!(lines[1].starts_with("|---") && lines[1].ends_with(":|"), "{text}");
        assert!(lines[2].contains("none"), "{text}");
        assert_eq!(ratio("d / b", &rows[0], &rows[1]), "d / b = 2.00");
    }
}
