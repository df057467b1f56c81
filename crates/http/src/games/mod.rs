//! Games: the catalogue.

pub(crate) mod bodies;
pub(crate) mod fingerprint;
pub(crate) mod par_sheet;

use actix_web::HttpResponse;
use reelhouse_domain::GameId;

use crate::common::{PageBody, created, ok};
use crate::cursor::List;
use crate::extract::{Body, Key, PathId, Query};
use crate::gate::Visitor;
use crate::problem::Problem;
use bodies::{GameBody, NewGameBody};

/// Add a game
///
/// The server checks the definition, computes its `statistical_profile` exactly, and takes its
/// fingerprint. Where that takes longer than a request may, a job does it: the profile's `method` is
/// `pending` until then, and the game cannot be played. A definition that is there already is not added again: the answer is 200 with the
/// first one's id, whatever the name.
#[utoipa::path(
    post, path = "/games", tag = "games", operation_id = "game_create",
    request_body(content = NewGameBody, example = json!({
        "name": "Tiny Sevens",
        "rng_signature": {
            "version": 1,
            "algorithm": "hmac-sha256",
            "modes": { "base": { "strips": [["seven", "plum"], ["seven", "plum", "plum"], ["seven", "plum"]] } }
        },
        "symbol_map": {
            "version": 1,
            "grid": { "reels": 3, "rows": 1 },
            "symbols": [{ "name": "seven", "role": "regular" }, { "name": "plum", "role": "regular" }],
            "evaluation": { "type": "lines", "lines": [[1, 1, 1]] },
            "pays": { "seven": { "3": 5 }, "plum": { "3": 1 } }
        }
    })),
    responses(
        (status = 201, description = "The game was added.", body = GameBody),
        (status = 200, description = "The same definition is there already.", body = GameBody),
    )
)]
pub(crate) async fn create(house: Visitor, key: Key, body: Result<Body, Problem>) -> Result<HttpResponse, Problem> {
    let body = body.map_err(Problem::of_definition)?;
    let NewGameBody { name, rng_signature, symbol_map, statistical_profile } = NewGameBody::read(body.0)?;
    let (game, new) = house.game_create(name, rng_signature, symbol_map, statistical_profile, key.0).await?;
    let id = game.game_id.0;
    let job = house.profile_job(&game).await?;
    let body = GameBody::with_job(game, job);
    Ok(if new { created("games", id, &body) } else { ok(&body) })
}

/// List games
///
/// In the order of their ids, which is that of their making.
#[utoipa::path(
    get, path = "/games", tag = "games", operation_id = "game_list",
    responses((status = 200, description = "A page of games.", body = PageBody<GameBody>))
)]
pub(crate) async fn list(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor"])?;
    let list = List::new("games", "");
    let page = house.game_list(query.after(&list)?, query.limit()?).await?;
    Ok(ok(&PageBody::<GameBody>::of(&list, page)))
}

/// Read a game
#[utoipa::path(
    get, path = "/games/{id}", tag = "games", operation_id = "game_find",
    responses((status = 200, description = "The game.", body = GameBody))
)]
pub(crate) async fn find(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    let game = house.game_find(GameId(id.0)).await?;
    let job = house.profile_job(&game).await?;
    Ok(ok(&GameBody::with_job(game, job)))
}
