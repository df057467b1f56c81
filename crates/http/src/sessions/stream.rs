//! The stream of a session's events, as server-sent events (HTML Living Standard, section 9.2).

use std::convert::Infallible;
use std::time::Duration;

use actix_web::http::{Method, header};
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::{Stream, StreamExt as _, stream};
use reelhouse_application::{Error, Followed, Follower, SessionView};
use reelhouse_domain::SessionId;
use reelhouse_domain::session::GameplayEvent;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bodies::{EventBody, StateName};
use crate::common::DigestBody;
use crate::extract::{PathId, Query};
use crate::gate::{Gate, Visitor};
use crate::limits::HttpLimits;
use crate::problem::{Code, Problem, shorten};

/// The header in which a client that comes back says what it saw last.
const LAST_EVENT_ID: &str = "Last-Event-ID";

/// What a stream opens with: clients come back after this many milliseconds.
const OPENING: &str = "retry: 1000\n\n";

/// How a session ended: the data of the last message of its stream.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SessionEnd)]
pub(crate) struct EndBody {
    /// The session's id.
    session_id: Uuid,
    /// `completed` or `expired`.
    state: StateName,
    /// The `seq` of the session's last event.
    #[schema(minimum = 0)]
    last_seq: i64,
    /// The head of the hash chain of the session's events.
    chain_head: DigestBody,
}

impl From<SessionView> for EndBody {
    fn from(session: SessionView) -> Self {
        Self {
            session_id: session.session_id.0,
            state: session.state.into(),
            last_seq: session.last_seq,
            chain_head: DigestBody(session.chain_head),
        }
    }
}

/// Follow a session's events
///
/// Server-sent events. Every event that the session has or will have, from the one after `Last-Event-ID` or
/// `after`, is a message without a name, whose `id` is the event's `seq` and whose `data` is the event, as in the
/// list of events. When the session has ended, a last message named `end` says so (`SessionEnd`), and the stream
/// is over: a client should not come back then. A stream that is over without it is to be taken up again by
/// `Last-Event-ID`, as browsers do. Comments keep a quiet stream open.
#[utoipa::path(
    get, path = "/sessions/{id}/events/stream", tag = "sessions", operation_id = "event_stream",
    params(
        ("after" = Option<u64>, Query, description = "Events with a greater `seq` only; 0 for all.", minimum = 0),
        ("Last-Event-ID" = Option<u64>, Header, description = "As `after`, which it goes before.", minimum = 0),
    ),
    responses((
        status = 200, description = "The events as they happen.", content_type = "text/event-stream", body = String,
        example = "id: 7\ndata: {\"event_id\":\"01976e3c-9f00-7abc-8000-000000000007\",\"seq\":7}\n\n\
                   event: end\ndata: {\"state\":\"completed\",\"last_seq\":7}\n\n",
    ))
)]
pub(crate) async fn stream(
    house: Visitor,
    gate: web::Data<Gate>,
    limits: web::Data<HttpLimits>,
    id: PathId,
    query: Query,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let query = query.only(&["after"])?;
    let after = match last_event_id(&request)? {
        Some(seq) => seq,
        None => query.text("after").map(read_after).transpose()?.unwrap_or(0),
    };
    let follower = house.session_follow(SessionId(id.0), after).await?;
    let mut response = HttpResponse::Ok();
    response.insert_header((header::CONTENT_TYPE, "text/event-stream"));
    response.insert_header((header::CACHE_CONTROL, "no-store"));
    // Asks a proxy in between to pass each message on at once.
    response.insert_header(("X-Accel-Buffering", "no"));
    if request.method() == Method::HEAD {
        return Ok(response.finish());
    }
    Ok(response.streaming(messages(follower, limits.heartbeat, gate, request)))
}

fn read_seq(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn read_after(text: &str) -> Result<i64, Problem> {
    let reason = || format!("the seq of an event was expected, not {:?}", shorten(text));
    read_seq(text).ok_or_else(|| Problem::invalid_query("after", reason()))
}

fn last_event_id(request: &HttpRequest) -> Result<Option<i64>, Problem> {
    let Some(value) = request.headers().get(LAST_EVENT_ID) else {
        return Ok(None);
    };
    let seq = value.to_str().ok().and_then(read_seq);
    let reason = || format!("{LAST_EVENT_ID}: the seq of an event was expected, not {:?}", shorten(&shown(value)));
    seq.map(Some).ok_or_else(|| Problem::new(Code::InvalidLastEventId, reason()))
}

fn shown(value: &header::HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

/// The stream's text, piece by piece. Before each piece the key is looked at again: it may be good no more.
fn messages(
    follower: Follower,
    heartbeat: Duration,
    gate: web::Data<Gate>,
    request: HttpRequest,
) -> impl Stream<Item = Result<web::Bytes, Infallible>> + use<> {
    let news = stream::unfold(Some((follower, gate, request)), move |state| async move {
        let (mut follower, gate, request) = state?;
        let news = tokio::time::timeout(heartbeat, follower.next()).await;
        let news = match gate.readmit(&request).await {
            Ok(()) => news,
            Err(error) => Ok(Err(error)),
        };
        let (text, goes_on) = match news {
            Ok(Ok(Followed::Events(events))) => (event_messages(events), true),
            Ok(Ok(Followed::Ended(session))) => (end_message(*session), false),
            Ok(Ok(Followed::Closing)) => (comment("the server is stopping"), false),
            Ok(Err(Error::Unauthenticated(_))) => (comment("the key is good no more"), false),
            Ok(Err(error)) => {
                tracing::warn!(%error, "a stream of events was broken off");
                (comment("the events could not be read"), false)
            }
            Err(_) => (comment("nothing new"), true),
        };
        Some((text, goes_on.then_some((follower, gate, request))))
    });
    stream::iter([OPENING.to_owned()]).chain(news).map(|text| Ok(web::Bytes::from(text)))
}

fn comment(text: &str) -> String {
    format!(": {text}\n\n")
}

fn event_messages(events: Vec<GameplayEvent>) -> String {
    let message = |event: GameplayEvent| {
        let seq = event.body.seq;
        format!("id: {seq}\ndata: {}\n\n", json(&EventBody::from(event)))
    };
    events.into_iter().map(message).collect()
}

fn end_message(session: SessionView) -> String {
    let seq = session.last_seq;
    format!("id: {seq}\nevent: end\ndata: {}\n\n", json(&EndBody::from(session)))
}

/// The body as JSON, which has no line feed in it: a message's data is one line.
fn json(body: &impl Serialize) -> String {
    serde_json::to_string(body).unwrap_or_default()
}
