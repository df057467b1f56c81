//! Reinforcement learning: the spaces, the record, its figures, and steps of many sessions.

pub(crate) mod bodies;
pub(crate) mod export;
pub(crate) mod step;

use actix_web::HttpResponse;
use reelhouse_application::Spaces;
use reelhouse_domain::rl::{CASH_OUT, ENCODER_VERSION, Ladder, OTHER, Reward, SPIN, entries};
use reelhouse_domain::{GameId, Money};
use serde_json::json;

use crate::common::{Amount, DigestBody, ok};
use crate::extract::Query;
use crate::gate::Visitor;
use crate::problem::Problem;
use bodies::{BoxBody, DiscreteBody, IndexedActionBody, RewardBody, RewardName, SpacesBody, read_stake};

/// Read the spaces of a game
///
/// The observation and action spaces as Gymnasium has them, for a game and a ladder of stakes, with all that
/// it takes to make the floats of an observation document. Nothing here depends on a session.
#[utoipa::path(
    get, path = "/rl/spaces", tag = "rl", operation_id = "rl_spaces",
    params(
        ("game_id" = uuid::Uuid, Query, description = "The game."),
        ("ladder" = Option<String>, Query, example = "0.50,1.00,5.00",
         description = "The stakes to choose from, rising, with commas; absent for the unit bet times 1, 2, 5, 10, \
                        20, 50 and 100, as far as the game takes them."),
    ),
    responses((status = 200, description = "The spaces.", body = SpacesBody))
)]
pub(crate) async fn spaces(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["game_id", "ladder"])?;
    let game_id = query.id("game_id")?.ok_or_else(|| Problem::invalid_query("game_id", "the parameter is missing"))?;
    let spaces = house.rl_spaces(GameId(game_id), read_ladder(&query)?.as_deref()).await?;
    Ok(ok(&describe(&spaces)))
}

/// The stakes of the parameter `ladder`.
pub(crate) fn read_ladder(query: &Query) -> Result<Option<Vec<Money>>, Problem> {
    let read = |text: &str| {
        let stakes: Result<Vec<Money>, String> = text.split(',').map(read_stake).collect();
        stakes.map_err(|reason| Problem::invalid_query("ladder", reason))
    };
    query.text("ladder").map(read).transpose()
}

fn describe(spaces: &Spaces) -> SpacesBody {
    let entries = entries();
    SpacesBody {
        encoder_version: ENCODER_VERSION,
        game_id: spaces.game_id.0,
        game_fingerprint: DigestBody(spaces.fingerprint),
        ladder: spaces.ladder.stakes().iter().copied().map(Amount).collect(),
        observation_space: BoxBody {
            kind: "Box",
            dtype: "float32",
            shape: [entries.len()],
            low: entries.iter().map(|entry| entry.low).collect(),
            high: entries.iter().map(|entry| entry.high).collect(),
            entries: json!(entries),
        },
        action_space: DiscreteBody {
            kind: "Discrete",
            dtype: "int64",
            start: 0,
            n: spaces.actions.size(),
            actions: (0..spaces.actions.size()).map(|index| indexed(spaces, index)).collect(),
        },
        rewards: Reward::ALL.map(|reward| RewardBody { name: RewardName(reward), meaning: reward.meaning() }).into(),
    }
}

fn indexed(spaces: &Spaces, index: usize) -> IndexedActionBody {
    let name = match index {
        SPIN => "spin".to_owned(),
        CASH_OUT => "cash_out".to_owned(),
        OTHER => "other".to_owned(),
        _ => format!("spin {}", stake(&spaces.ladder, index)),
    };
    IndexedActionBody { index, name, body: spaces.actions.action(index).map(|action| json!(action)) }
}

fn stake(ladder: &Ladder, index: usize) -> Money {
    ladder.stakes().get(index.wrapping_sub(reelhouse_domain::rl::FIRST_STAKE)).copied().unwrap_or_default()
}
