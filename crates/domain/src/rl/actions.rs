//! Actions as numbers: a ladder of stakes, and what each index does.

use crate::game::Engine;
use crate::money::Money;
use crate::session::{Action, Observation, SessionState};

/// The longest ladder.
pub const MAX_LADDER: usize = 64;

/// The index of a spin without an amount: the held stake, or the next free game.
pub const SPIN: usize = 0;

/// The index of a cash-out.
pub const CASH_OUT: usize = 1;

/// The index that recorded actions have which are none of the others. It cannot be asked for.
pub const OTHER: usize = 2;

/// The index of a bet and spin of the ladder's first stake; the others follow.
pub const FIRST_STAKE: usize = 3;

/// What the stakes of a ladder are multiplied from, where nobody names one.
const MULTIPLES: [i64; 7] = [1, 2, 5, 10, 20, 50, 100];

/// Why stakes are no ladder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// None or too many.
    #[error("a ladder has 1 to {MAX_LADDER} stakes, not {0}")]
    Length(usize),
    /// Not in order.
    #[error("the stakes of a ladder rise: {0} is not above the one before it")]
    Order(Money),
    /// Not a stake of the game.
    #[error("{stake} is no stake of the game: a multiple of {unit_bet} up to {max_stake} was expected")]
    Stake {
        /// The stake.
        stake: Money,
        /// What stakes are multiples of.
        unit_bet: Money,
        /// The largest stake.
        max_stake: Money,
    },
}

/// The stakes that an agent chooses from, in rising order; never empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ladder(Vec<Money>);

impl Ladder {
    /// The unit bet of a game times 1, 2, 5, 10, 20, 50 and 100, as far as the game takes them.
    #[must_use]
    pub fn of_game(engine: &Engine) -> Self {
        let stakes = MULTIPLES.iter().filter_map(|times| engine.unit_bet().checked_mul(*times));
        let mut stakes: Vec<Money> = stakes.filter(|stake| *stake <= engine.max_stake()).collect();
        if stakes.is_empty() {
            stakes.push(engine.unit_bet());
        }
        Self(stakes)
    }

    /// A ladder of these stakes.
    ///
    /// # Errors
    /// [`LadderError`] when they are not stakes of the game in rising order.
    pub fn new(stakes: Vec<Money>, engine: &Engine) -> Result<Self, LadderError> {
        if stakes.is_empty() || stakes.len() > MAX_LADDER {
            return Err(LadderError::Length(stakes.len()));
        }
        let (unit_bet, max_stake) = (engine.unit_bet(), engine.max_stake());
        let mut before = Money::ZERO;
        for &stake in &stakes {
            if stake <= Money::ZERO || !stake.is_multiple_of(unit_bet) || stake > max_stake {
                return Err(LadderError::Stake { stake, unit_bet, max_stake });
            }
            if stake <= before {
                return Err(LadderError::Order(stake));
            }
            before = stake;
        }
        Ok(Self(stakes))
    }

    /// The stakes, rising.
    #[must_use]
    pub fn stakes(&self) -> &[Money] {
        &self.0
    }

    /// The first stake.
    #[must_use]
    pub fn smallest(&self) -> Money {
        self.0.first().copied().unwrap_or_default()
    }

    /// How many stakes are at most this many units, over how many there are.
    #[allow(clippy::cast_precision_loss)]
    pub(super) fn position(&self, units: f64) -> f64 {
        let below = self.0.iter().filter(|stake| stake.units() as f64 <= units).count();
        below as f64 / self.0.len() as f64
    }
}

/// The actions of a ladder, each with its index: [`SPIN`], [`CASH_OUT`], [`OTHER`], then the stakes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActionSpace {
    ladder: Ladder,
}

impl ActionSpace {
    /// The actions of a ladder.
    #[must_use]
    pub const fn new(ladder: Ladder) -> Self {
        Self { ladder }
    }

    /// How many indices there are, from 0.
    #[must_use]
    pub fn size(&self) -> usize {
        FIRST_STAKE + self.ladder.0.len()
    }

    /// The action of an index; `None` for [`OTHER`] and what is no index.
    #[must_use]
    pub fn action(&self, index: usize) -> Option<Action> {
        match index {
            SPIN => Some(Action::Spin { amount: None }),
            CASH_OUT => Some(Action::CashOut),
            OTHER => None,
            _ => self.ladder.0.get(index - FIRST_STAKE).map(|stake| Action::Spin { amount: Some(*stake) }),
        }
    }

    /// The index of an action; [`OTHER`] for what none of the others is.
    #[must_use]
    pub fn index(&self, action: &Action) -> usize {
        match action {
            Action::Spin { amount: None } => SPIN,
            Action::CashOut => CASH_OUT,
            Action::Spin { amount: Some(stake) } => {
                self.ladder.0.binary_search(stake).map_or(OTHER, |at| FIRST_STAKE + at)
            }
            _ => OTHER,
        }
    }

    /// Writes for each index whether the action would be taken in a session that is as observed.
    ///
    /// It goes by the document alone; what happened to the wallet since is not in it.
    pub fn mask_into(&self, seen: &Observation, mask: &mut Vec<bool>) {
        use SessionState::{BetPlaced, FreeGames, Initialized, Playing};
        let between = matches!(seen.state, Initialized | Playing);
        mask.extend([matches!(seen.state, BetPlaced | FreeGames), between, false]);
        mask.extend(self.ladder.0.iter().map(|stake| between && affordable(*stake, seen)));
    }

    /// For each index, whether the action would be taken in a session that is as observed.
    #[must_use]
    pub fn mask(&self, seen: &Observation) -> Vec<bool> {
        let mut mask = Vec::with_capacity(self.size());
        self.mask_into(seen, &mut mask);
        mask
    }
}

/// Whether a stake and its fee are within the largest bet, the balance and what the limit leaves.
fn affordable(stake: Money, seen: &Observation) -> bool {
    let Some(cost) = stake.checked_add(seen.fee) else {
        return false;
    };
    seen.max_bet.is_none_or(|max_bet| stake <= max_bet)
        && seen.balance.is_some_and(|balance| cost <= balance)
        && seen.spend_left.is_none_or(|left| cost <= left)
}
