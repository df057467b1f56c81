//! The bodies of what is learnt from: rewards, observations, spaces.

use reelhouse_domain::rl::Reward;
use reelhouse_domain::session::Observation;
use serde::{Serialize, Serializer};
use serde_json::Value;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::common::{Amount, SignedAmount};
use crate::fields::{Fields, expected};
use crate::problem::{Problem, shorten};
use crate::sessions::bodies::StateName;

/// The name of a reward function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RewardName(pub(crate) Reward);

impl RewardName {
    /// Takes a reward's name that may be absent.
    pub(crate) fn read(body: &mut Fields, name: &str) -> Result<Option<Self>, Problem> {
        let Some(value) = body.optional(name) else {
            return Ok(None);
        };
        let names = Reward::ALL.map(Reward::name);
        let what = format!("one of {}", names.join(", "));
        match value.as_str().and_then(Reward::named) {
            Some(reward) => Ok(Some(Self(reward))),
            None => Err(expected(&body.pointer(name), &what, &value).with("expected", names.to_vec())),
        }
    }
}

impl Serialize for RewardName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl PartialSchema for RewardName {
    fn schema() -> RefOr<Schema> {
        let meanings = Reward::ALL.map(|reward| format!("`{}`: {}", reward.name(), reward.meaning()));
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(meanings.join(" ")))
            .enum_values(Some(Reward::ALL.map(Reward::name)))
            .into()
    }
}

impl ToSchema for RewardName {
    fn name() -> std::borrow::Cow<'static, str> {
        "Reward".into()
    }
}

/// What an agent sees of its session after an action.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Observation)]
pub(crate) struct ObservationBody {
    /// Where the session stands.
    state: StateName,
    /// The wallet's balance, in test credits; null without a wallet.
    #[schema(required)]
    balance: Option<Amount>,
    /// The balance when the wallet was attached, in test credits; null without one.
    #[schema(required)]
    balance_start: Option<Amount>,
    /// What the daily limit still leaves, in test credits; null without a limit.
    #[schema(required)]
    spend_left: Option<Amount>,
    /// The stake that is held or whose round is open, else the last one; zero before the first.
    stake: Amount,
    /// What the last event paid, in test credits.
    last_payout: Amount,
    /// Rounds since the last one that paid.
    dry_run: u64,
    /// Free games left in the open round.
    free_games_left: u32,
    /// Paid spins so far.
    spins: u64,
    /// Payouts less stakes played and fees so far, in test credits, signed.
    net: SignedAmount,
    /// The fee of a paid spin, in test credits.
    fee: Amount,
    /// The largest stake that the session accepts, in test credits; null without one.
    #[schema(required)]
    max_bet: Option<Amount>,
}

impl From<Observation> for ObservationBody {
    fn from(seen: Observation) -> Self {
        Self {
            state: seen.state.into(),
            balance: seen.balance.map(Amount),
            balance_start: seen.balance_start.map(Amount),
            spend_left: seen.spend_left.map(Amount),
            stake: Amount(seen.stake),
            last_payout: Amount(seen.last_payout),
            dry_run: seen.dry_run,
            free_games_left: seen.free_games_left,
            spins: seen.spins,
            net: SignedAmount(seen.net),
            fee: Amount(seen.fee),
            max_bet: seen.max_bet.map(Amount),
        }
    }
}

/// The spaces of a game and a ladder of stakes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Spaces)]
pub(crate) struct SpacesBody {
    /// The version of the encoder: it changes whenever an observation would become other floats.
    #[schema(minimum = 1, example = 1)]
    pub(crate) encoder_version: u32,
    /// The game.
    pub(crate) game_id: uuid::Uuid,
    /// The fingerprint of the game's definition.
    pub(crate) game_fingerprint: crate::common::DigestBody,
    /// The stakes of the ladder, rising.
    pub(crate) ladder: Vec<Amount>,
    /// The Gymnasium `Box` of observations.
    pub(crate) observation_space: BoxBody,
    /// The Gymnasium `Discrete` of actions.
    pub(crate) action_space: DiscreteBody,
    /// The reward functions that a session can be opened with.
    pub(crate) rewards: Vec<RewardBody>,
}

/// A Gymnasium `Box`: its entries say how each float comes from an observation document.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = BoxSpace)]
pub(crate) struct BoxBody {
    /// Always `Box`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// Always `float32`.
    pub(crate) dtype: &'static str,
    /// The length of an observation.
    pub(crate) shape: [usize; 1],
    /// The lower bounds.
    pub(crate) low: Vec<f32>,
    /// The upper bounds.
    pub(crate) high: Vec<f32>,
    /// For each float: `name`, `unit`, `meaning`, `low`, `high`, and the `formula` that makes it of an
    /// observation document; `docs/rl.md` says how formulas are read.
    #[schema(value_type = Vec<Object>)]
    pub(crate) entries: Value,
}

/// A Gymnasium `Discrete`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DiscreteSpace)]
pub(crate) struct DiscreteBody {
    /// Always `Discrete`.
    #[serde(rename = "type")]
    pub(crate) kind: &'static str,
    /// Always `int64`.
    pub(crate) dtype: &'static str,
    /// The first index: always 0.
    pub(crate) start: u32,
    /// How many indices there are.
    pub(crate) n: usize,
    /// What each index does.
    pub(crate) actions: Vec<IndexedActionBody>,
}

/// An action by its index.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = IndexedAction)]
pub(crate) struct IndexedActionBody {
    /// The index.
    pub(crate) index: usize,
    /// The name.
    #[schema(examples("spin 1.0000"))]
    pub(crate) name: String,
    /// The body of `POST /sessions/{id}/action`; null for index 2, which recorded actions have that are
    /// none of the others: it cannot be asked for.
    #[schema(required, value_type = Option<Object>)]
    pub(crate) body: Option<Value>,
}

/// A reward function.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RewardFunction)]
pub(crate) struct RewardBody {
    /// The name, as `POST /sessions` takes it.
    pub(crate) name: RewardName,
    /// What it rewards.
    pub(crate) meaning: &'static str,
}

/// Reads a ladder, as the amounts of a query parameter or a list.
pub(crate) fn read_stake(text: &str) -> Result<reelhouse_domain::Money, String> {
    text.parse().map_err(|error| format!("{error}, not {:?}", shorten(text)))
}
