//! The PAR sheet: everything that a game's definition and its profile say, in the order that a testing lab reads it.
//!
//! PAR stands for probability accounting report. Nothing is computed here that the profile leaves out: a sheet
//! shows the figures that are there and says which are not.

mod bands;
mod pays;
mod reels;

use num_rational::BigRational;
use num_traits::One as _;
use serde::Serialize;

use super::definition::{Cascades, Combine, Evaluation, FreeGames, FullGrid, Respins, Symbol, SymbolMap};
use super::profile::{
    Cycle, Figure, FreeGamesProfile, Frequency, MaxWins, RoundProfile, Rtp, SimulationSource, StatisticalProfile,
    WinDistribution,
};
use super::{Faults, Game, Readiness};
use crate::canonical::Digest;
use crate::id::GameId;
use crate::money::Money;
use crate::time::{Timestamp, millis_format};

pub use bands::{BAND_GAMES, RtpBand, RtpBands};
pub use pays::{Combination, Combinations, CountRange, PayRow, PayTable};
pub use reels::{ReelSheet, ReelSheets, SymbolStops};

/// The version of the sheet's document.
pub const PAR_SHEET_VERSION: u32 = 1;

/// A game's PAR sheet.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ParSheet {
    /// Always [`PAR_SHEET_VERSION`].
    pub version: u32,
    /// The game's id.
    pub game_id: GameId,
    /// The name for people.
    pub name: String,
    /// SHA-256 over the canonical JSON of the definition.
    pub fingerprint: Digest,
    /// When the game was first posted.
    #[serde(with = "millis_format")]
    pub created_at: Timestamp,
    /// How the figures were got: a [`super::profile::Method`], or the name of a [`Readiness`] while there are none;
    /// none when the stored profile is one that this program does not read.
    pub method: Option<String>,
    /// The version of the mathematics that they were got with.
    pub engine_version: Option<u32>,
    /// Where the figures come from when they are simulated, and how far off they may be.
    pub simulation: Option<SimulationSource>,
    /// What is left out of the figures, and why.
    pub not_computed: Vec<String>,
    /// The window, and how wins are found in it.
    pub layout: Layout,
    /// The symbols with their roles.
    pub symbols: Vec<Symbol>,
    /// What symbols pay on lines, ways or in clusters, in bets.
    pub pays: PayTable,
    /// What scatters pay, in total stakes.
    pub scatter_pays: PayTable,
    /// What the game does beyond its pays.
    pub features: Features,
    /// What each mode draws from.
    pub reels: ReelSheets,
    /// The return to player, by source.
    pub rtp: Option<Rtp>,
    /// What the house keeps of the stakes on average: one less the RTP.
    pub hold: Option<Figure>,
    /// How many combinations each mode has.
    pub cycle: Option<Cycle>,
    /// Paid spins that win something by themselves.
    pub hit_frequency: Option<Frequency>,
    /// What a whole paid round wins: mean, variance, standard deviation, volatility index.
    pub round: Option<RoundProfile>,
    /// Between what bounds the RTP of so many games lies.
    pub rtp_bands: Vec<RtpBands>,
    /// The most that one spin wins, with its odds.
    pub max_win: Option<MaxWins>,
    /// The figures of free games.
    pub free_games: Option<FreeGamesProfile>,
    /// What a paid spin wins, without its free games.
    pub win_distribution: Option<WinDistribution>,
    /// Each winning combination, with how often it comes and what it returns.
    pub combinations: Option<Combinations>,
}

/// The window of a game, and how wins are found in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Layout {
    /// How many reels.
    pub reels: usize,
    /// The rows of each reel, at most.
    pub rows: Vec<usize>,
    /// How wins are found.
    pub evaluation: Evaluation,
    /// How many bets of one credit a unit bet is: the lines, where there are lines.
    pub bets: u32,
    /// How many ways the full window has, in a game of ways.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ways: Option<u64>,
    /// The denomination.
    pub credit: Money,
    /// The least stake, of which every stake is a multiple.
    pub unit_bet: Money,
}

/// What a game does beyond its pays, as its definition has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Features {
    /// What the multipliers of several wilds in one win come to.
    pub wild_multipliers: Combine,
    /// Free games: what they are awarded for, and their rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub free_games: Option<FreeGames>,
    /// What a window that is full of one symbol multiplies the wins by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub full_grid: Vec<FullGrid>,
    /// Cascades with their ladders.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cascades: Option<Cascades>,
    /// Respins that hold wilds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub respins: Option<Respins>,
}

impl ParSheet {
    /// The sheet of a game.
    ///
    /// # Errors
    /// The faults of documents that this program cannot play.
    pub fn of(game: &Game) -> Result<Self, Faults> {
        let definition = game.definition()?;
        let map = definition.symbol_map();
        let profile = serde_json::from_value::<StatisticalProfile>(game.statistical_profile.clone());
        let readiness = game.readiness();
        let missing = profile.is_err().then(|| missing(readiness).to_owned());
        let method = &game.statistical_profile["method"];
        let method = method.as_str().filter(|_| profile.is_ok() || readiness != Readiness::Ready).map(str::to_owned);
        let profile = profile.ok();
        let figures = profile.as_ref();
        let not_computed = figures.map_or(&[][..], |profile| &profile.not_computed);
        Ok(Self {
            version: PAR_SHEET_VERSION,
            game_id: game.game_id,
            name: game.name.clone(),
            fingerprint: game.fingerprint,
            created_at: game.created_at,
            method,
            engine_version: figures.map(|profile| profile.engine_version),
            simulation: figures.and_then(|profile| profile.simulation.clone()),
            not_computed: not_computed.iter().cloned().chain(missing).collect(),
            layout: Layout::of(map),
            symbols: map.symbols.clone(),
            pays: PayTable::of(map, &map.pays),
            scatter_pays: PayTable::of(map, &map.scatter_pays),
            features: Features::of(map),
            reels: ReelSheets::of(&definition),
            hold: figures.and_then(hold),
            rtp_bands: figures.and_then(bands::of).unwrap_or_default(),
            combinations: figures
                .and_then(|profile| profile.contributions.as_ref())
                .map(|all| pays::combinations(map, all)),
            rtp: figures.and_then(|profile| profile.rtp.clone()),
            cycle: figures.and_then(|profile| profile.cycle.clone()),
            hit_frequency: figures.and_then(|profile| profile.hit_frequency.clone()),
            round: figures.and_then(|profile| profile.round.clone()),
            max_win: figures.and_then(|profile| profile.max_win.clone()),
            free_games: figures.and_then(|profile| profile.free_games.clone()),
            win_distribution: figures.and_then(|profile| profile.win_distribution.clone()),
        })
    }
}

impl Layout {
    fn of(map: &SymbolMap) -> Self {
        let rows: Vec<usize> = map.grid.heights().collect();
        let is_ways = matches!(map.evaluation, Evaluation::Ways { .. });
        Self {
            reels: map.grid.reels,
            // At most 8 rows on each of 8 reels.
            ways: is_ways.then(|| rows.iter().map(|rows| *rows as u64).product()),
            rows,
            evaluation: map.evaluation.clone(),
            bets: map.evaluation.bets(),
            credit: map.credit,
            unit_bet: map.unit_bet(),
        }
    }
}

impl Features {
    fn of(map: &SymbolMap) -> Self {
        Self {
            wild_multipliers: map.wild_multipliers,
            free_games: map.free_games.clone(),
            full_grid: map.full_grid.clone(),
            cascades: map.cascades.clone(),
            respins: map.respins.clone(),
        }
    }
}

/// Why a game has no figures.
const fn missing(readiness: Readiness) -> &'static str {
    match readiness {
        Readiness::Pending => "the figures are being computed in the background",
        Readiness::Rejected => "the figures were rejected; the statistical_profile of the game says why",
        Readiness::Ready => "the stored profile is one that this program does not read",
    }
}

/// One less the RTP.
fn hold(profile: &StatisticalProfile) -> Option<Figure> {
    let rtp: BigRational = profile.rtp.as_ref()?.total.exact.parse().ok()?;
    Some(Figure::signed(&(BigRational::one() - rtp)))
}
