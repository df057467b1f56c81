//! Sessions: play, and what it recorded.

pub(crate) mod actions;
pub(crate) mod bodies;
pub(crate) mod fairness;
pub(crate) mod profile;
pub(crate) mod stream;

use actix_web::HttpResponse;
use actix_web::http::header;
use reelhouse_application::{Error, Play};
use reelhouse_domain::ports::SessionFilter;
use reelhouse_domain::session::{Action, SessionState};
use reelhouse_domain::{GameId, SessionId, WalletId};

use crate::common::{OrderName, PageBody, created, ok};
use crate::cursor::List;
use crate::extract::{AnyBody, Body, Key, PathId, Query};
use crate::gate::Visitor;
use crate::problem::{Problem, shorten};
use actions::ActBody;
use bodies::{ActAnswerBody, EventBody, MetricsAnswerBody, NewSessionBody, SessionBody};
use fairness::{FairnessProofBody, SessionProofBody};

/// Open a session
///
/// With a wallet it starts `initialized`, without one `idle`. Its server seed is committed to at once.
#[utoipa::path(
    post, path = "/sessions", tag = "sessions", operation_id = "session_create",
    request_body(content = NewSessionBody, example = json!({
        "game_id": "01976e3c-9f00-7abc-8000-000000000001",
        "wallet_id": "01976e3c-9f00-7abc-8000-000000000002",
        "player_profile": { "behavior": "conservative", "max_bet": "5.00" },
        "client_seed": "my lucky words"
    })),
    responses((status = 201, description = "The session was opened.", body = SessionBody))
)]
pub(crate) async fn create(house: Visitor, key: Key, body: Body) -> Result<HttpResponse, Problem> {
    let session = house.session_create(NewSessionBody::read(body.0)?.into(), key.0).await?;
    let id = session.session_id.0;
    Ok(created("sessions", id, &SessionBody::from(session)))
}

/// List sessions
///
/// In the order of their ids, which is that of their making, or the newest first. A cursor goes with the filter and the
/// order it came from.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", operation_id = "session_list",
    params(
        ("game_id" = Option<uuid::Uuid>, Query, description = "Sessions of this game only."),
        ("wallet_id" = Option<uuid::Uuid>, Query, description = "Sessions whose current wallet this is only."),
        ("state" = Option<bodies::StateName>, Query, description = "Sessions in this state only."),
        ("order" = Option<OrderName>, Query, description = "Which end the list begins at; `oldest` unless given."),
    ),
    responses((status = 200, description = "A page of sessions.", body = PageBody<SessionBody>))
)]
pub(crate) async fn list(house: Visitor, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor", "game_id", "wallet_id", "state", "order"])?;
    let filter = SessionFilter {
        game_id: query.id("game_id")?.map(GameId),
        wallet_id: query.id("wallet_id")?.map(WalletId),
        state: query.text("state").map(read_state).transpose()?,
        owner: None,
        newest_first: query.newest_first()?,
    };
    let list = List::new("sessions", &format!("{filter:?}"));
    let page = house.session_list(filter, query.after(&list)?, query.limit()?).await?;
    Ok(ok(&PageBody::<SessionBody>::of(&list, page)))
}

fn read_state(name: &str) -> Result<SessionState, Problem> {
    SessionState::named(name).ok_or_else(|| {
        let names = SessionState::ALL.map(SessionState::name).join(", ");
        Problem::invalid_query("state", format!("one of {names} was expected, not {:?}", shorten(name)))
    })
}

/// Read a session
#[utoipa::path(
    get, path = "/sessions/{id}", tag = "sessions", operation_id = "session_find",
    responses((status = 200, description = "The session.", body = SessionBody))
)]
pub(crate) async fn find(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&SessionBody::from(house.session_find(SessionId(id.0)).await?)))
}

/// Act in a session
///
/// The action is one transaction: stake, fee, outcome, payout, event, ledger and state are stored
/// together or not at all. An answer of 200 means that they are durable.
///
/// A list of 1 to 1000 actions is done in its order and in one transaction, and is answered with
/// `events` when all of it is durable. It stops at the first action that is refused: what was done
/// before stays done, `refused` says why with the action's `index`, and what comes after is not
/// tried. When the first action is refused nothing was done, and the answer is that problem. An
/// `Idempotency-Key` covers the whole list. Probes of one list have at most 10000 spins together.
#[utoipa::path(
    post, path = "/sessions/{id}/action", tag = "sessions", operation_id = "session_act",
    request_body(content = ActBody, examples(
        ("bet" = (value = json!({ "type": "bet", "amount": "1.00" }))),
        ("spin" = (value = json!({ "type": "spin" }))),
        ("bet and spin" = (value = json!({ "type": "spin", "amount": "1.00" }))),
        ("probe" = (value = json!({ "type": "probe", "spins": 1000 }))),
        ("rotate the seed" = (value = json!({ "type": "rotate_seed", "client_seed": "my luckier words" }))),
        ("cash out" = (value = json!({ "type": "cash_out" }))),
        ("a list" = (value = json!([{ "type": "spin", "amount": "1.00" }, { "type": "spin", "amount": "1.00" }]))),
    )),
    responses((status = 200, description = "What was done is durable.", body = ActAnswerBody))
)]
pub(crate) async fn act(house: Visitor, id: PathId, key: Key, body: AnyBody) -> Result<HttpResponse, Problem> {
    let session_id = SessionId(id.0);
    match ActBody::read(body.0)? {
        ActBody::One(action) => {
            let answer = house.session_act(session_id, action.into(), key.0).await?;
            Ok(ok(&ActAnswerBody::One(Box::new(answer.into()))))
        }
        ActBody::Many(actions) => {
            let play = Play { session_id, actions: actions.0.into_iter().map(Action::from).collect() };
            let outcome = house.sessions_act(vec![play], key.0).await?.pop();
            let outcome = outcome.ok_or_else(|| Error::Internal("a play was not answered".to_owned()))?;
            let answer = outcome.map_err(|refusal| Problem::from(refusal).with("index", 0))?;
            Ok(ok(&ActAnswerBody::Many(Box::new(answer.into()))))
        }
    }
}

/// Read a session's events
///
/// In the order of `seq`.
#[utoipa::path(
    get, path = "/sessions/{id}/events", tag = "sessions", operation_id = "event_list",
    responses((status = 200, description = "A page of events.", body = PageBody<EventBody>))
)]
pub(crate) async fn events(house: Visitor, id: PathId, query: Query) -> Result<HttpResponse, Problem> {
    let query = query.only(&["limit", "cursor"])?;
    let list = List::new("events", &id.0.to_string());
    let after = query.after(&list)?.unwrap_or(0);
    let page = house.event_list(SessionId(id.0), after, query.limit()?).await?;
    Ok(ok(&PageBody::<EventBody>::of(&list, page)))
}

/// Read what it takes to check a session's draws
///
/// The server seed is in it once the session has ended.
#[utoipa::path(
    get, path = "/sessions/{id}/fairness", tag = "sessions", operation_id = "session_fairness",
    responses((status = 200, description = "The commitment, the seeds and the chain.", body = FairnessProofBody))
)]
pub(crate) async fn fairness(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&FairnessProofBody::from(house.session_fairness(SessionId(id.0)).await?)))
}

/// Download the proof of a session
///
/// Everything that it takes to check an ended session offline, in one signed document: the definition, the
/// seeds, every event, the ledger entries they caused and the signed end of the chain. The body is canonical
/// JSON (RFC 8785) and is to be kept to the byte. How it is checked is in `docs/fairness.md`.
#[utoipa::path(
    get, path = "/sessions/{id}/proof", tag = "sessions", operation_id = "session_proof",
    responses((
        status = 200, description = "The proof, as a download.", body = SessionProofBody,
        headers(("Content-Disposition" = String, description = "`attachment`, with a file name.")),
    ))
)]
pub(crate) async fn proof(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    let text = house.session_proof(SessionId(id.0)).await?;
    let disposition = format!("attachment; filename=\"session-{}.proof.json\"", id.0);
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .insert_header(header::ContentType::json())
        .body(text))
}

/// Read a session's counters
#[utoipa::path(
    get, path = "/sessions/{id}/metrics", tag = "sessions", operation_id = "session_metrics",
    responses((status = 200, description = "The running counters.", body = MetricsAnswerBody))
)]
pub(crate) async fn metrics(house: Visitor, id: PathId) -> Result<HttpResponse, Problem> {
    Ok(ok(&MetricsAnswerBody::from(house.session_find(SessionId(id.0)).await?)))
}
