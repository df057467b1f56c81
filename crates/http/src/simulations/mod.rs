//! Simulations: many rounds of a game, played in the background.

pub(crate) mod bodies;
pub(crate) mod report;

use actix_web::HttpResponse;
use reelhouse_domain::job::JobState;
use reelhouse_domain::{GameId, JobId};

use crate::common::{PageBody, created, ok};
use crate::cursor::List;
use crate::extract::{Body, Empty, Key, PathId, Query};
use crate::gate::Visitor;
use crate::problem::{Problem, shorten};
use bodies::{JobStateName, NewSimulationBody, SimulationBody};

/// Queue a simulation
///
/// The rounds are played in the background, so the answer comes at once: look at `Location` for how far it
/// is. The result depends on the game and the fields of the request alone, not on the machine, nor on
/// whether it was interrupted. With a `behavior` the rounds are those of a player's sessions, and the report
/// tells what becomes of the bankroll.
#[utoipa::path(
    post, path = "/simulations", tag = "simulations", operation_id = "simulation_create",
    request_body(content = NewSimulationBody, example = json!({
        "game_id": "01976e3c-9f00-7abc-8000-000000000001", "rounds": 10_000_000, "seed": 1, "stake": "1.00",
        "behavior": "conservative", "starting_balance": "100.00"
    })),
    responses((status = 201, description = "The simulation was queued.", body = SimulationBody))
)]
pub(crate) async fn create(house: Visitor, key: Key, body: Body) -> Result<HttpResponse, Problem> {
    let job = house.simulation_create(NewSimulationBody::read(body.0)?.into(), key.0).await?;
    let id = job.job_id.0;
    Ok(created("simulations", id, &SimulationBody::try_from(job)?))
}

/// List simulations
///
/// In the order of their ids, which is that of their making. A cursor goes with the filter it came from.
#[utoipa::path(
    get, path = "/simulations", tag = "simulations", operation_id = "simulation_list",
    params(
        ("game_id" = Option<uuid::Uuid>, Query, description = "Simulations of this game only."),
        ("state" = Option<JobStateName>, Query, description = "Simulations in this state only."),
    ),
    responses((status = 200, description = "A page of simulations.", body = PageBody<SimulationBody>))
)]
pub(crate) async fn list(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor", "game_id", "state"])?;
    let game_id = query.id("game_id")?.map(GameId);
    let state = query.text("state").map(read_state).transpose()?;
    let list = List::new("simulations", &format!("{game_id:?} {state:?}"));
    let page = house.simulation_list(game_id, state, query.after(&list)?, query.limit()?).await?;
    Ok(ok(&PageBody {
        items: page.items.into_iter().map(SimulationBody::try_from).collect::<Result<_, _>>()?,
        next_cursor: page.next.map(|key| list.cursor(&key)),
    }))
}

fn read_state(name: &str) -> Result<JobState, Problem> {
    JobState::named(name).ok_or_else(|| {
        let names = JobState::ALL.map(JobState::name).join(", ");
        Problem::invalid_query("state", format!("one of {names} was expected, not {:?}", shorten(name)))
    })
}

/// Read a simulation
///
/// Its progress is that of its last checkpoint, a few seconds old at most while it runs.
#[utoipa::path(
    get, path = "/simulations/{id}", tag = "simulations", operation_id = "simulation_find",
    responses((status = 200, description = "The simulation.", body = SimulationBody))
)]
pub(crate) async fn find(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&SimulationBody::try_from(house.simulation_find(JobId(id.0)).await?)?))
}

/// Cancel a simulation
///
/// What it had counted by its last checkpoint stays in its progress. Cancelling once more changes nothing. The request has no body, or an
/// empty object.
#[utoipa::path(
    post, path = "/simulations/{id}/cancel", tag = "simulations", operation_id = "simulation_cancel",
    responses((status = 200, description = "The simulation is cancelled.", body = SimulationBody))
)]
pub(crate) async fn cancel(house: Visitor, id: PathId, key: Key, _: Empty) -> Result<HttpResponse, Problem> {
    Ok(ok(&SimulationBody::try_from(house.simulation_cancel(JobId(id.0), key.0).await?)?))
}
