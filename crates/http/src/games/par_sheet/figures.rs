//! The sections of figures: RTP, volatility, bands, wins, free games, combinations.

use reelhouse_domain::game::ParSheet;
use reelhouse_domain::game::par_sheet::Combination;
use reelhouse_domain::game::profile::{
    FreeGamesProfile, Frequency, RoundProfile, SimulationSource, WinBucket, WinDistribution,
};
use serde_json::{Value, json};

use super::section::{Cell, FREQUENCY, Section, amount, figure, frequency};

/// Every section of figures that the sheet has.
pub(super) fn sections(sheet: &ParSheet) -> Vec<Section> {
    let round = sheet.round.as_ref();
    let found = [
        rtp(sheet),
        sheet.simulation.as_ref().map(simulation),
        frequencies(sheet),
        round.map(moments),
        round.map(volatility),
        rtp_bands(sheet),
        sheet.free_games.as_ref().map(free_games),
        sheet.win_distribution.as_ref().map(win_distribution),
        sheet.simulation.as_ref().map(|source| {
            let note = "By what a simulated round won, its free games included; combinations are rounds.";
            wins_by_size("rounds_by_win", "Simulated rounds by win", note, &source.rounds_by_win)
        }),
        sheet.win_distribution.as_ref().map(wins),
    ];
    found.into_iter().flatten().chain(combinations(sheet)).collect()
}

/// The RTP by whatever sources the profile tells apart, the total last.
fn rtp(sheet: &ParSheet) -> Option<Section> {
    let rtp = sheet.rtp.as_ref()?;
    let mut section = Section::new("rtp", "Return to player by source", &["source", "RTP %", "RTP"])
        .note("Shares of the stake of a paid game. They add up to the total; the house holds the rest.");
    let sources = json!(rtp);
    let text = |figure: &Value, field: &str| figure[field].as_str().unwrap_or_default().to_owned();
    let parts = sources.as_object().into_iter().flatten().filter(|(name, part)| *name != "total" && part.is_object());
    let mut parts: Vec<(&String, &Value)> = parts.collect();
    // Those of the paid spin first.
    parts.sort_by_key(|(name, _)| *name == "free_games");
    for (name, part) in parts {
        let name = name.replace('_', " ");
        section.row([Cell::Text(name), Cell::Number(text(part, "percent")), Cell::Fraction(text(part, "exact"))]);
    }
    section.row([Cell::text("total")].into_iter().chain(figure(&rtp.total)));
    if let Some(hold) = &sheet.hold {
        section.row([Cell::text("hold")].into_iter().chain(figure(hold)));
    }
    Some(section)
}

/// What simulated figures come from.
fn simulation(source: &SimulationSource) -> Section {
    let mut section = Section::facts("simulation", "Simulation").note(
        "The exact count of this game costs too much: its moments are those of simulated rounds, and so are RTP and \
         combinations where an interval by source is given. The RTP of so many rounds lies within the interval with \
         its confidence.",
    );
    section.fact("generator", Cell::text(&source.generator));
    section.fact("seed", Cell::number(source.seed));
    section.fact("rounds", Cell::number(source.rounds));
    for interval in &source.rtp_intervals {
        let name = format!("RTP at {} %: within ± %", interval.confidence);
        section.fact(&name, Cell::number(&interval.half_width_percent));
    }
    if let Some(sources) = &source.source_intervals {
        let of = [("line", &sources.line), ("scatter", &sources.scatter), ("free games", &sources.free_games)];
        for (source, intervals) in of {
            for interval in intervals {
                let name = format!("RTP of {source} at {} %: within ± %", interval.confidence);
                section.fact(&name, Cell::number(&interval.half_width_percent));
            }
        }
    }
    section.fact("rounds that won, one in", Cell::number(&source.round_hit_frequency.one_in));
    section.fact("best round, stakes", Cell::number(&source.best_round.decimal));
    section
}

/// Hits and the largest wins, each with its odds.
fn frequencies(sheet: &ParSheet) -> Option<Section> {
    let columns = [&["event", "win in stakes"][..], &FREQUENCY].concat();
    let mut section = Section::new("frequencies", "Hit frequency, maximum win and its odds", &columns).note(
        "A paid game hits when it wins something by itself. The maximum win is that of one spin, without the free \
         games that it awards.",
    );
    let mut row = |name: &str, win: Cell, of: &Frequency| {
        section.row([Cell::text(name), win].into_iter().chain(frequency(of)));
    };
    if let Some(hits) = &sheet.hit_frequency {
        row("hit, paid game", Cell::Empty, hits);
    }
    if let Some(free) = &sheet.free_games {
        let events = [("hit, free game", &free.hit_frequency), ("free games won", &free.trigger)];
        for (name, of) in events.into_iter().chain([("free games won again", &free.retrigger)]) {
            if let Some(of) = of {
                row(name, Cell::Empty, of);
            }
        }
    }
    if let Some(wins) = &sheet.max_win {
        let by_mode = [("maximum win, paid game", Some(&wins.base)), ("maximum win, free game", wins.free.as_ref())];
        for (name, win) in by_mode {
            if let Some(win) = win {
                row(name, Cell::number(&win.stakes.decimal), &win.frequency);
            }
        }
    }
    (!section.rows.is_empty()).then_some(section)
}

fn moments(round: &RoundProfile) -> Section {
    let mut section = Section::new("moments", "Moments of a paid game", &["figure", "value", "exact"])
        .note("In stakes, of a paid game with all the free games that come of it.");
    let mut row = |name: &str, cells: [Cell; 2]| section.row([Cell::text(name)].into_iter().chain(cells));
    row("mean", amount(&round.mean));
    row("variance", amount(&round.variance));
    row("standard deviation", [Cell::number(&round.standard_deviation), Cell::Empty]);
    if let Some(variance) = &round.spin_variance {
        row("variance of the paid spin alone", amount(variance));
    }
    row("free games of a paid game", amount(&round.free_games_mean));
    section
}

fn volatility(round: &RoundProfile) -> Section {
    let mut section = Section::new("volatility", "Volatility index", &["confidence %", "z", "volatility index"])
        .note("z standard deviations of a paid game, in stakes.");
    for one in &round.volatility_index {
        section.row([Cell::number(one.confidence), Cell::number(&one.z), Cell::number(&one.index)]);
    }
    section
}

fn rtp_bands(sheet: &ParSheet) -> Option<Section> {
    let first = sheet.rtp_bands.first()?;
    let mut section = Section::new("rtp_bands", "RTP bands by number of games", &["games"]).note(
        "Over so many games the RTP that is seen lies between these bounds, in percent, with the confidence of the \
         column, as far as the sum of the games is normally distributed: RTP ± volatility index / √games.",
    );
    for band in &first.bands {
        section.columns.extend(["from", "to"].map(|end| format!("{} % {end}", band.confidence)));
    }
    for bands in &sheet.rtp_bands {
        let ends = bands.bands.iter().flat_map(|band| [&band.low_percent, &band.high_percent]);
        section.row([Cell::number(bands.games)].into_iter().chain(ends.map(Cell::number)));
    }
    Some(section)
}

fn free_games(free: &FreeGamesProfile) -> Section {
    let mut section = Section::new("free_games", "Free games", &["figure", "value", "exact"]);
    let mut row = |name: &str, cells: [Cell; 2]| section.row([Cell::text(name)].into_iter().chain(cells));
    if let Some(rtp) = &free.rtp {
        row("RTP of one free game with those that it wins, %", figure(rtp));
    }
    row("free games won by a paid game", [Cell::Empty, Cell::Fraction(free.awarded_per_spin.clone())]);
    row("free games won by a free game", [Cell::Empty, Cell::Fraction(free.awarded_per_free_game.clone())]);
    if let Some(series) = &free.per_trigger {
        row("free games of a trigger: first award", amount(&series.first));
        row("free games of a trigger: ratio of the series", amount(&series.ratio));
        row("free games of a trigger: mean", amount(&series.mean));
        row("free games of a trigger: variance", amount(&series.variance));
    }
    section
}

fn win_distribution(distribution: &WinDistribution) -> Section {
    let note = "By what a paid spin wins without its free games: from the first number on, below the second one.";
    wins_by_size("win_distribution", "Win distribution of a paid spin", note, &distribution.buckets)
}

fn wins_by_size(id: &'static str, title: &str, note: &str, buckets: &[WinBucket]) -> Section {
    let columns = ["win in stakes", "combinations", "probability %", "RTP %", "probability", "RTP"];
    let mut section = Section::new(id, title, &columns).note(note);
    for bucket in buckets {
        let range = match (bucket.from, bucket.below) {
            (0, None) => "nothing".to_owned(),
            (0, Some(below)) => format!("more than 0, below {below}"),
            (from, Some(below)) => format!("{from} to below {below}"),
            (from, None) => format!("{from} and more"),
        };
        let [percent, share] = figure(&bucket.probability);
        let [rtp, exact] = bucket.rtp.as_ref().map_or([Cell::Empty, Cell::Empty], figure);
        section.row([Cell::Text(range), Cell::number(&bucket.combinations), percent, rtp, share, exact]);
    }
    section
}

/// Every win: too long for the page.
fn wins(distribution: &WinDistribution) -> Section {
    let mut section = Section::new("wins", "Every win of a paid game", &["win in bets", "combinations"]).only_in_data();
    for (win, combinations) in &distribution.wins {
        section.row([Cell::number(win), Cell::number(combinations)]);
    }
    section
}

fn combinations(sheet: &ParSheet) -> Vec<Section> {
    let Some(found) = &sheet.combinations else { return Vec::new() };
    let table = |id, title: &str, note: &str, rows: &[Combination]| {
        let columns = ["symbol", "count", "pay", "combinations", "probability %", "RTP %", "probability", "RTP"];
        // The confidence of simulated rows, which all have one.
        let simulated = rows.iter().find_map(|row| row.contribution.interval.as_ref());
        let counted = simulated.map_or("", |_| " Counted over the simulated spins.");
        let mut section = Section::new(id, title, &columns).note(format!("{note}{counted}"));
        section.columns.extend(simulated.map(|interval| format!("RTP ± % at {} %", interval.confidence)));
        for Combination { pay, contribution: one } in rows {
            let ([percent, share], [rtp, exact]) = (figure(&one.probability), figure(&one.rtp));
            let cells = [
                Cell::text(&one.symbol),
                Cell::number(one.count),
                pay.map_or(Cell::Empty, Cell::number),
                Cell::number(&one.combinations),
                percent,
                rtp,
                share,
                exact,
            ];
            let interval = one.interval.as_ref().map(|interval| Cell::number(&interval.half_width_percent));
            section.row(cells.into_iter().chain(interval));
        }
        section
    };
    let note = "How often a symbol pays at a count on any one line, on ways, in clusters, or in the window for a \
                scatter, in all windows of a spin, and what that returns on all lines together. The pay is in bets, \
                for a scatter in stakes, before multipliers.";
    let base = table("combinations_base", "Winning combinations, paid games", note, &found.base);
    let free = found.free.as_ref().map(|free| {
        let note = "The same in one free game, its multiplier included in the RTP.";
        table("combinations_free", "Winning combinations, free games", note, free)
    });
    [Some(base), free].into_iter().flatten().collect()
}
