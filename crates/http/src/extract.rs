//! Extractors: the id in the path, the idempotency key, the body, the query. Each refuses as a problem.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{FromRequest, HttpRequest, web};
use chrono::{DateTime, Datelike as _, Utc};
use futures_util::StreamExt;
use futures_util::future::LocalBoxFuture;
use reelhouse_domain::Timestamp;
use serde_json::Value;
use tokio::time::{Instant, timeout_at};
use uuid::Uuid;

use crate::cursor::{CursorKey, List};
use crate::fields::{Fields, read_id};
use crate::limits::HttpLimits;
use crate::problem::{Code, Problem, shorten};

/// The header that makes a write happen once.
pub(crate) const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The longest idempotency key, in characters.
const MAX_KEY: usize = 255;

/// The most items of a page.
pub(crate) const MAX_LIMIT: u32 = 1000;

/// How many items a page has when nobody says.
pub(crate) const DEFAULT_LIMIT: u32 = 100;

/// The most that is read of a body that is too large, in bytes, before its connection is closed behind the answer.
const MAX_DISCARDED: u64 = 16 << 20;

/// The id in the path.
pub(crate) struct PathId(pub(crate) Uuid);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let text = request.match_info().get("id").unwrap_or_default();
        let id = read_id(text).map(Self);
        ready(id.ok_or_else(|| Problem::new(Code::InvalidId, format!("{:?} is not a UUID", shorten(text)))))
    }
}

/// The idempotency key, if the request has one.
pub(crate) struct Key(pub(crate) Option<String>);

impl FromRequest for Key {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read_key(request.headers()).map(Self))
    }
}

fn read_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let refused = |reason: &str| Problem::new(Code::InvalidIdempotencyKey, format!("{IDEMPOTENCY_KEY}: {reason}"));
    let mut values = headers.get_all(IDEMPOTENCY_KEY);
    let Some(value) = values.next() else {
        return Ok(None);
    };
    if values.next().is_some() {
        return Err(refused("the header was given more than once"));
    }
    let key = value.to_str().map_err(|_| refused("visible ASCII characters were expected"))?;
    if key.is_empty() || key.len() > MAX_KEY {
        return Err(refused(&format!("1 to {MAX_KEY} characters were expected, not {}", key.len())));
    }
    Ok(Some(key.to_owned()))
}

/// The body: a JSON object, read within the limits.
#[derive(Debug)]
pub(crate) struct Body(pub(crate) Fields);

impl FromRequest for Body {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let body = AnyBody::from_request(request, payload);
        Box::pin(async move { Fields::root(body.await?.0).map(Self) })
    }
}

/// The body: JSON of any kind, read within the limits.
#[derive(Debug)]
pub(crate) struct AnyBody(pub(crate) Value);

impl FromRequest for AnyBody {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read_bytes(request, payload, &[JSON]);
        Box::pin(async move { parse(&bytes.await?.1).map(Self) })
    }
}

/// The media type of a JSON body.
const JSON: &str = "application/json";

/// The media type of a body of steps in binary form.
pub(crate) const STEPS: &str = "application/vnd.reelhouse.steps";

/// A body of many steps: a JSON object, or bytes of their own media type.
pub(crate) enum StepsPayload {
    /// The object.
    Json(Fields),
    /// The bytes.
    Binary(Vec<u8>),
}

impl FromRequest for StepsPayload {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = read_bytes(request, payload, &[JSON, STEPS]);
        Box::pin(async move {
            let (media_type, bytes) = bytes.await?;
            if media_type == STEPS {
                return Ok(Self::Binary(bytes));
            }
            parse(&bytes).and_then(Fields::root).map(Self::Json)
        })
    }
}

/// The body of a request that says nothing: none, or an empty object.
pub(crate) struct Empty;

impl FromRequest for Empty {
    type Error = Problem;
    type Future = LocalBoxFuture<'static, Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let none = headers.get(header::CONTENT_LENGTH).is_none_or(|length| length == "0");
        if none && !headers.contains_key(header::TRANSFER_ENCODING) {
            return Box::pin(ready(Ok(Self)));
        }
        let body = Body::from_request(request, payload);
        Box::pin(async move { body.await?.0.only(&[]).map(|_| Self) })
    }
}

/// Reads a body of one of these media types, within the limits; tells which it is of.
fn read_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    media_types: &'static [&'static str],
) -> impl Future<Output = Result<(&'static str, Vec<u8>), Problem>> + use<> {
    let limits = request.app_data::<web::Data<HttpLimits>>().map(|limits| *limits.get_ref()).unwrap_or_default();
    let checked = check_headers(request.headers(), media_types);
    let announced = announced_length(request.headers());
    let mut payload = payload.take();
    async move {
        let media_type = checked?;
        let deadline = Instant::now() + limits.body_timeout;
        let gathered = match announced {
            Some(length) if length > limits.body_bytes as u64 => None,
            _ => {
                timeout_at(deadline, gather(&mut payload, limits.body_bytes)).await.map_err(|_| too_late(limits))??
            }
        };
        if let Some(bytes) = gathered {
            return Ok((media_type, bytes));
        }
        let problem = too_large(limits.body_bytes, announced);
        let worth_it = announced.is_none_or(|length| length <= MAX_DISCARDED);
        let done = worth_it && timeout_at(deadline, discard(&mut payload)).await.is_ok_and(|at_end| at_end);
        Err(if done { problem } else { problem.and_close() })
    }
}

/// Refuses a body by its headers: its type, its coding. Gives the type that it is of.
fn check_headers(headers: &HeaderMap, media_types: &'static [&'static str]) -> Result<&'static str, Problem> {
    let text = |name| headers.get(name).map(|value: &header::HeaderValue| value.to_str().unwrap_or_default());
    let media_type = text(header::CONTENT_TYPE).unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let Some(known) = media_types.iter().find(|known| essence.eq_ignore_ascii_case(known)) else {
        let found = if media_type.is_empty() { "none".to_owned() } else { format!("{:?}", shorten(media_type)) };
        let detail = format!("the Content-Type must be {}, it is {found}", media_types.join(" or "));
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    };
    if let Some(coding) = text(header::CONTENT_ENCODING).filter(|coding| !coding.eq_ignore_ascii_case("identity")) {
        let detail = format!("a body must not be compressed, its Content-Encoding is {:?}", shorten(coding));
        return Err(Problem::new(Code::UnsupportedMediaType, detail));
    }
    Ok(known)
}

/// How long the body is, where a header says it.
fn announced_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_late(limits: HttpLimits) -> Problem {
    let waited = limits.body_timeout.as_secs_f64();
    Problem::new(Code::BodyTimeout, format!("the body had not arrived after {waited} seconds")).and_close()
}

fn too_large(limit: usize, announced: Option<u64>) -> Problem {
    let found = announced.map(|length| format!(", not {length}")).unwrap_or_default();
    Problem::new(Code::BodyTooLarge, format!("a body has at most {limit} bytes{found}")).with("limit", limit)
}

/// Reads the payload to its end; none if it passes the limit.
async fn gather(payload: &mut Payload, limit: usize) -> Result<Option<Vec<u8>>, Problem> {
    let mut body = Vec::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|error| Problem::new(Code::BrokenBody, error.to_string()).and_close())?;
        if body.len() + chunk.len() > limit {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

/// Reads on, keeping nothing, so that a client that writes all it has before it reads comes to read the answer. Tells
/// whether the end was reached.
async fn discard(payload: &mut Payload) -> bool {
    let mut discarded = 0;
    while let Some(chunk) = payload.next().await {
        let Ok(chunk) = chunk else { return false };
        discarded += chunk.len() as u64;
        if discarded > MAX_DISCARDED {
            return false;
        }
    }
    true
}

fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::new(Code::MalformedJson, error.to_string()).with("line", error.line()).with("column", error.column())
    })
}

/// The query parameters of a request, each given once and read once.
pub(crate) struct Query(Vec<(String, String)>);

impl FromRequest for Query {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(request.query_string());
        ready(match pairs {
            Ok(pairs) => Ok(Self(pairs.into_inner())),
            Err(error) => Err(Problem::new(Code::InvalidQuery, error.to_string())),
        })
    }
}

impl Query {
    /// Refuses parameters that are not among `known` and those given twice.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Problem> {
        for (at, (name, _)) in self.0.iter().enumerate() {
            let shown = shorten(name);
            if !known.contains(&name.as_str()) {
                let reason = format!("unknown parameter; the parameters here are: {}", known.join(", "));
                return Err(Problem::invalid_query(&shown, reason));
            }
            if self.0[..at].iter().any(|(other, _)| other == name) {
                return Err(Problem::invalid_query(&shown, "the parameter was given more than once"));
            }
        }
        Ok(self)
    }

    /// The text of a parameter.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }

    /// A parameter that is an id.
    pub(crate) fn id(&self, name: &str) -> Result<Option<Uuid>, Problem> {
        let read = |text| {
            read_id(text)
                .ok_or_else(|| Problem::invalid_query(name, format!("a UUID was expected, not {:?}", shorten(text))))
        };
        self.text(name).map(read).transpose()
    }

    /// A parameter that is an instant.
    pub(crate) fn instant(&self, name: &str) -> Result<Option<Timestamp>, Problem> {
        let read = |text: &str| {
            let at = DateTime::parse_from_rfc3339(text).ok().map(|at| at.with_timezone(&Utc));
            at.filter(|at| (1970..=9999).contains(&at.year())).ok_or_else(|| {
                let reason = format!("an instant such as 2026-01-02T03:04:05Z was expected, not {:?}", shorten(text));
                Problem::invalid_query(name, reason)
            })
        };
        self.text(name).map(read).transpose()
    }

    /// How many items the page has.
    pub(crate) fn limit(&self) -> Result<u32, Problem> {
        let Some(text) = self.text("limit") else {
            return Ok(DEFAULT_LIMIT);
        };
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let limit = text.parse().ok().filter(|limit| digits && (1..=MAX_LIMIT).contains(limit));
        limit.ok_or_else(|| {
            let reason = format!("a whole number from 1 to {MAX_LIMIT} was expected, not {:?}", shorten(text));
            Problem::invalid_query("limit", reason)
        })
    }

    /// Whether the list begins at its newest end.
    pub(crate) fn newest_first(&self) -> Result<bool, Problem> {
        match self.text("order") {
            None | Some("oldest") => Ok(false),
            Some("newest") => Ok(true),
            Some(text) => {
                Err(Problem::invalid_query("order", format!("oldest or newest was expected, not {:?}", shorten(text))))
            }
        }
    }

    /// The key that the page starts after.
    pub(crate) fn after<K: CursorKey>(&self, list: &List) -> Result<Option<K>, Problem> {
        self.text("cursor").map(|cursor| list.after(cursor)).transpose()
    }
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use actix_web::test::TestRequest;

    use super::*;

    fn query(text: &str) -> Query {
        let request = TestRequest::with_uri(&format!("/?{text}")).to_http_request();
        Query::from_request(&request, &mut Payload::None).into_inner().unwrap()
    }

    #[test]
    fn limits_are_whole_numbers_in_range() {
        assert_eq!(query("").limit().unwrap(), DEFAULT_LIMIT);
        assert_eq!(query("limit=1000").limit().unwrap(), 1000);
        for text in ["0", "1001", "-1", "%2B5", "1.5", "x", "", "99999999999999999999", "1e2"] {
            assert!(query(&format!("limit={text}")).limit().is_err(), "{text}");
        }
    }

    #[test]
    fn parameters_are_known_and_given_once() {
        assert!(query("limit=1&cursor=a").only(&["limit", "cursor"]).is_ok());
        assert!(query("limit=1&offset=a").only(&["limit", "cursor"]).is_err());
        assert!(query("limit=1&limit=1").only(&["limit", "cursor"]).is_err());
    }

    #[test]
    fn keys_are_visible_ascii_of_bounded_length() {
        let read = |value: &[u8]| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key".parse().unwrap(), HeaderValue::from_bytes(value).unwrap());
            read_key(&headers)
        };
        assert_eq!(read(b"a").unwrap(), Some("a".to_owned()));
        assert_eq!(read(&[b'k'; 255]).unwrap().map(|key| key.len()), Some(255));
        for value in [b"".as_slice(), &[b'k'; 256], "é".as_bytes(), b"\xff"] {
            assert!(read(value).is_err(), "{value:?}");
        }
        assert_eq!(read_key(&HeaderMap::new()).unwrap(), None);
    }

    #[test]
    fn a_body_is_an_object() {
        let parse = |bytes: &[u8]| parse(bytes).and_then(Fields::root);
        assert!(parse(b"{}").is_ok());
        for (body, problem) in [
            ("", "malformed_json"),
            ("{", "malformed_json"),
            ("{}{}", "malformed_json"),
            (r#"{"a":1e400}"#, "malformed_json"),
            (r#"{"a":"\ud800"}"#, "malformed_json"),
            ("\u{feff}{}", "malformed_json"),
            ("[]", "invalid_request: an object was expected, not a list"),
            ("null", "invalid_request: an object was expected, not null"),
        ] {
            let found = parse(body.as_bytes()).unwrap_err().to_string();
            assert!(found.starts_with(problem), "{body}: {found}");
        }
        let deep = "[".repeat(100_000);
        assert!(parse(deep.as_bytes()).unwrap_err().to_string().contains("recursion limit"));
        assert!(parse(b"{\"a\":\"\xff\"}").is_err());
    }
}
