//! Problems: every error as RFC 9457 `application/problem+json`, with a stable code.

use std::fmt;
use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use reelhouse_application::Error;
use reelhouse_domain::Refusal;
use reelhouse_domain::access::Role;
use reelhouse_domain::game::Fault;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::watch::request_id;

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// What the `type` of a problem starts with; the code follows.
const TYPE_PREFIX: &str = "urn:reelhouse:problem:";

/// When a caller should come back to a store that did not answer.
const STORE_RETRY_AFTER: Duration = Duration::from_secs(1);

/// When a caller should look again for a server that stops: another one may be there by then.
const STOP_RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest piece of the client's own text that a problem repeats, in characters.
const MAX_ECHO: usize = 48;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $title:literal;)+) => {
        /// The stable codes of problems.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub(crate) enum Code {
            $($(#[doc = $doc])+ $variant,)+
        }

        impl Code {
            /// Every code.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The code as it is written.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The short text for people, the same for every problem of the code.
            pub(crate) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)+ }
            }

            /// What brings the problem about, for the API's description.
            pub(crate) const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($doc),+).trim_ascii(),)+ }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or holds a number that no double can; see `line` and `column`.
    MalformedJson = "malformed_json", "The body is not JSON";
    /// The body could not be read to its end.
    BrokenBody = "broken_body", "The body could not be read";
    /// The id in the path is not a UUID.
    InvalidId = "invalid_id", "The id in the path is not a UUID";
    /// A query parameter is unknown, given twice, or not what was expected; see `parameter`.
    InvalidQuery = "invalid_query", "A query parameter is not acceptable";
    /// The cursor does not read, or belongs to another list.
    InvalidCursor = "invalid_cursor", "The cursor is not one of this list";
    /// The `Last-Event-ID` header is not the `seq` of an event.
    InvalidLastEventId = "invalid_last_event_id", "The Last-Event-ID is not one of this stream";
    /// The caller does not say who it is by a key that is good here; see `reason`.
    Unauthenticated = "unauthenticated", "A key is needed";
    /// The caller's role does not let it do this; see `role`, and `roles` for those that do.
    Forbidden = "forbidden", "The key's role does not allow this";
    /// The request was sent to a name that this server does not answer to.
    ForeignHost = "foreign_host", "The server has another name";
    /// The request was sent by a page of another server.
    ForeignOrigin = "foreign_origin", "A page of another server may not write here";
    /// The key, or the address without one, calls more often than it may; nothing was done. See `Retry-After`.
    RateLimited = "rate_limited", "Too many requests";
    /// What was asked for was moved to an archive that this server cannot read; see `manifest`.
    Archived = "archived", "Archived";
    /// There is nothing of that id or path.
    NotFound = "not_found", "Not found";
    /// The path does not take this method; see `Allow`.
    MethodNotAllowed = "method_not_allowed", "The path does not take this method";
    /// The answer has none of the forms that `format` or `Accept` asks for; see `formats` and `media_types`.
    NotAcceptable = "not_acceptable", "The answer has no such form";
    /// The body did not arrive in time.
    BodyTimeout = "body_timeout", "The body did not arrive in time";
    /// The session's state does not allow the action; see `state` and `allowed_actions`.
    InvalidTransition = "invalid_transition", "The session's state does not allow the action";
    /// The session has not ended, so its server seed is secret still; see `state`.
    SessionNotEnded = "session_not_ended", "The session has not ended";
    /// The game's profile is `pending`, or `rejected` as its declared one was found wrong, or `outdated` as this version
    /// refuses its definition; see `profile`.
    GameNotReady = "game_not_ready", "The game cannot be played";
    /// The simulation is completed or failed already; see `state`.
    SimulationEnded = "simulation_ended", "The simulation has ended";
    /// The body is larger than `limit` bytes.
    BodyTooLarge = "body_too_large", "The body is too large";
    /// The body is not `application/json`, or it is compressed.
    UnsupportedMediaType = "unsupported_media_type", "The body is not application/json";
    /// A field is missing, unknown, or not what was expected; see `pointer`, and `limit` for a number above it.
    InvalidRequest = "invalid_request", "A field of the request is not acceptable";
    /// A field that holds money is not an amount; see `pointer`.
    InvalidAmount = "invalid_amount", "A field is not an amount";
    /// The `Idempotency-Key` header is not 1 to 255 visible ASCII characters.
    InvalidIdempotencyKey = "invalid_idempotency_key", "The Idempotency-Key is not acceptable";
    /// The `Idempotency-Key` was used before, with another request.
    IdempotencyKeyReused = "idempotency_key_reused", "The Idempotency-Key was used with another request";
    /// The game's definition breaks rules; see `faults` for all of them.
    InvalidGame = "invalid_game", "The game's definition has faults";
    /// The wallet holds less than the action costs; see `balance` and `needed`.
    InsufficientFunds = "insufficient_funds", "The wallet holds too little";
    /// The day's spend would pass the wallet's limit; see `daily_limit`, `spent_today` and `needed`.
    DailyLimitExceeded = "daily_limit_exceeded", "The day's spend would pass the wallet's limit";
    /// The stake is over the session's largest; see `max_bet` and `stake`.
    MaxBetExceeded = "max_bet_exceeded", "The stake is over the session's max_bet";
    /// The stake is not a positive multiple of the game's `unit_bet` up to its `max_stake`.
    InvalidStake = "invalid_stake", "The game does not take this stake";
    /// The session has more `events` than a proof is made of, which is `most`.
    ProofTooLarge = "proof_too_large", "The session is too long for a proof";
    /// A balance or a payout would leave the range of amounts.
    AmountOutOfRange = "amount_out_of_range", "The result would leave the range of amounts";
    /// A defect of the server; the request is not at fault.
    Internal = "internal", "Internal error";
    /// More waits to be written than the server takes on; nothing changed. See `Retry-After`.
    Overloaded = "overloaded", "The server is overloaded";
    /// As many streams are open already as the server keeps. See `Retry-After`.
    TooManyStreams = "too_many_streams", "Too many streams are open";
    /// As many jobs of the kind wait as the server takes on, which is `waiting`; nothing changed. See
    /// `Retry-After`.
    QueueFull = "queue_full", "Too many jobs wait";
    /// The server is about to stop: send work to another one. See `Retry-After`.
    Stopping = "stopping", "The server is stopping";
    /// The store did not answer; whether a write took hold is unknown, so repeat it under its
    /// `Idempotency-Key`. See `Retry-After`.
    StoreUnavailable = "store_unavailable", "The store is unavailable";
}

/// The HTTP status of a code. This is the one place where it is decided.
pub(crate) const fn status(code: Code) -> StatusCode {
    match code {
        Code::MalformedJson
        | Code::BrokenBody
        | Code::InvalidId
        | Code::InvalidQuery
        | Code::InvalidCursor
        | Code::InvalidLastEventId => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::Forbidden | Code::ForeignHost | Code::ForeignOrigin => StatusCode::FORBIDDEN,
        Code::RateLimited => StatusCode::TOO_MANY_REQUESTS,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::Archived => StatusCode::GONE,
        Code::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Code::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
        Code::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
        Code::InvalidTransition | Code::SessionNotEnded | Code::GameNotReady | Code::SimulationEnded => {
            StatusCode::CONFLICT
        }
        Code::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Code::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Code::InvalidRequest
        | Code::InvalidAmount
        | Code::InvalidIdempotencyKey
        | Code::IdempotencyKeyReused
        | Code::InvalidGame
        | Code::InsufficientFunds
        | Code::DailyLimitExceeded
        | Code::MaxBetExceeded
        | Code::InvalidStake
        | Code::ProofTooLarge
        | Code::AmountOutOfRange => StatusCode::UNPROCESSABLE_ENTITY,
        Code::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        Code::Overloaded | Code::TooManyStreams | Code::QueueFull | Code::Stopping | Code::StoreUnavailable => {
            StatusCode::SERVICE_UNAVAILABLE
        }
    }
}

/// A problem, on its way to become a response.
#[derive(Debug)]
pub(crate) struct Problem {
    code: Code,
    detail: String,
    more: Map<String, Value>,
    retry_after: Option<Duration>,
    allow: Option<&'static str>,
    close: bool,
}

/// The body of a problem (RFC 9457). Beside these members it carries what the code says: `state`,
/// `allowed_actions`, `faults`, `pointer`, `balance`, `needed` and others.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemBody {
    /// Names the kind of problem: `urn:reelhouse:problem:` and the code.
    #[serde(rename = "type")]
    #[schema(example = "urn:reelhouse:problem:invalid_request")]
    kind: String,
    /// The kind of problem, for people.
    #[schema(example = "A field of the request is not acceptable")]
    title: &'static str,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, example = 422)]
    status: u16,
    /// What is wrong with this request, for people.
    #[schema(example = "/type: the field is missing")]
    detail: String,
    /// The kind of problem, for programs.
    #[schema(example = "invalid_request")]
    code: &'static str,
    /// The id of the request, as `X-Request-Id` has it and the server's log; not in a problem within another answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "01976e3c-9f00-7000-8000-000000000000")]
    request_id: Option<String>,
    /// What the code adds.
    #[serde(flatten)]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    more: Map<String, Value>,
}

impl Problem {
    /// A problem with what is to be said about it.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), more: Map::new(), retry_after: None, allow: None, close: false }
    }

    /// A field of the request that is not what was expected.
    pub(crate) fn invalid_request(pointer: &str, reason: impl fmt::Display) -> Self {
        Self::pointed(Code::InvalidRequest, pointer, reason)
    }

    /// A field of the request that is not an amount.
    pub(crate) fn invalid_amount(pointer: &str, reason: impl fmt::Display) -> Self {
        Self::pointed(Code::InvalidAmount, pointer, reason)
    }

    /// A query parameter that is not what was expected.
    pub(crate) fn invalid_query(parameter: &str, reason: impl fmt::Display) -> Self {
        Self::new(Code::InvalidQuery, format!("{parameter}: {reason}")).with("parameter", parameter)
    }

    /// A method that the path does not take.
    pub(crate) fn method_not_allowed(method: &str, allow: &'static str) -> Self {
        let detail = format!("{} is not among the methods of this path: {allow}", shorten(method));
        Self { allow: Some(allow), ..Self::new(Code::MethodNotAllowed, detail) }
    }

    fn pointed(code: Code, pointer: &str, reason: impl fmt::Display) -> Self {
        let detail = if pointer.is_empty() { reason.to_string() } else { format!("{pointer}: {reason}") };
        Self::new(code, detail).with("pointer", pointer)
    }

    /// Adds a member to the body.
    pub(crate) fn with(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.more.insert(member.to_owned(), value.into());
        self
    }

    /// Closes the connection behind the response, whose request was not read to its end.
    pub(crate) fn and_close(self) -> Self {
        Self { close: true, ..self }
    }

    /// The same problem of a game's definition: one that is too large is one with a fault.
    pub(crate) fn of_definition(self) -> Self {
        if self.code != Code::BodyTooLarge {
            return self;
        }
        let fault = Fault { pointer: String::new(), reason: self.detail };
        Self { close: self.close, ..Refusal::InvalidGame { faults: vec![fault] }.into() }
    }

    /// Says when to try again.
    pub(crate) fn come_back(self, after: Duration) -> Self {
        Self { retry_after: Some(after), ..self }
    }

    /// The body of a problem that is the answer to a request.
    pub(crate) fn body_for(&self, request_id: String) -> ProblemBody {
        ProblemBody { request_id: Some(request_id), ..self.body() }
    }

    /// The body of a problem that is part of an answer.
    pub(crate) fn body(&self) -> ProblemBody {
        ProblemBody {
            kind: format!("{TYPE_PREFIX}{}", self.code.name()),
            title: self.code.title(),
            status: status(self.code).as_u16(),
            detail: self.detail.clone(),
            code: self.code.name(),
            request_id: None,
            more: self.more.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.name(), self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        status(self.code)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponseBuilder::new(self.status_code());
        if let Some(after) = self.retry_after {
            // Whole seconds, rounded up: RFC 9110, section 10.2.3.
            let seconds = after.as_secs() + u64::from(after.subsec_nanos() > 0);
            response.insert_header((header::RETRY_AFTER, seconds.max(1)));
        }
        if let Some(allow) = self.allow {
            response.insert_header((header::ALLOW, allow));
        }
        if self.code == Code::Unauthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"reelhouse\""));
        }
        if self.code == Code::UnsupportedMediaType {
            response.insert_header((header::ACCEPT_ENCODING, "identity"));
        }
        if self.close {
            response.force_close();
        }
        let body = match request_id::current() {
            Some(id) => self.body_for(id),
            None => self.body(),
        };
        // For whoever counts problems.
        response.extensions_mut().insert(self.code);
        response.insert_header((header::CONTENT_TYPE, PROBLEM_JSON)).json(body)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let detail = refusal.to_string();
        match refusal {
            Refusal::NotFound { what, id } => Self::new(Code::NotFound, detail).with("resource", what).with("id", id),
            Refusal::InvalidTransition { state, action, allowed } => Self::new(Code::InvalidTransition, detail)
                .with("state", state.name())
                .with("action", action)
                .with("allowed_actions", allowed),
            Refusal::InsufficientFunds { balance, needed } => Self::new(Code::InsufficientFunds, detail)
                .with("balance", balance.to_string())
                .with("needed", needed.to_string()),
            Refusal::DailyLimitExceeded { daily_limit, spent_today, needed } => {
                Self::new(Code::DailyLimitExceeded, detail)
                    .with("daily_limit", daily_limit.to_string())
                    .with("spent_today", spent_today.to_string())
                    .with("needed", needed.to_string())
            }
            Refusal::MaxBetExceeded { max_bet, stake } => Self::new(Code::MaxBetExceeded, detail)
                .with("max_bet", max_bet.to_string())
                .with("stake", stake.to_string()),
            Refusal::InvalidStake { stake, unit_bet, max_stake } => Self::new(Code::InvalidStake, detail)
                .with("stake", stake.to_string())
                .with("unit_bet", unit_bet.to_string())
                .with("max_stake", max_stake.to_string()),
            Refusal::InvalidAmount { pointer, reason } => Self::invalid_amount(&pointer, reason),
            Refusal::AmountOutOfRange => Self::new(Code::AmountOutOfRange, detail),
            Refusal::InvalidRequest { pointer, reason } => Self::invalid_request(&pointer, reason),
            Refusal::InvalidGame { faults } => Self::new(Code::InvalidGame, detail).with("faults", json!(faults)),
            Refusal::GameNotReady { profile } => Self::new(Code::GameNotReady, detail).with("profile", profile),
            Refusal::JobEnded { state } => Self::new(Code::SimulationEnded, detail).with("state", state.name()),
            Refusal::SessionNotEnded { state } => Self::new(Code::SessionNotEnded, detail).with("state", state.name()),
            Refusal::ProofTooLarge { events, most } => {
                Self::new(Code::ProofTooLarge, detail).with("events", events).with("most", most)
            }
            Refusal::Forbidden { role, roles, .. } => Self::new(Code::Forbidden, detail)
                .with("role", role.name())
                .with("roles", roles.into_iter().map(Role::name).collect::<Vec<_>>()),
            Refusal::IdempotencyKeyReused => Self::new(Code::IdempotencyKeyReused, detail),
        }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Unauthenticated(fault) => {
                Self::new(Code::Unauthenticated, fault.to_string()).with("reason", fault.name())
            }
            Error::Overloaded { retry_after } => {
                Self::new(Code::Overloaded, "more waits to be written than the server takes on; nothing changed")
                    .come_back(retry_after)
            }
            Error::Crowded { most, retry_after } => {
                let detail = format!("{most} streams are open, which is as many as the server keeps");
                Self::new(Code::TooManyStreams, detail).come_back(retry_after)
            }
            Error::QueueFull { waiting, retry_after } => {
                let detail = format!("{waiting} jobs wait already; nothing changed");
                Self::new(Code::QueueFull, detail).with("waiting", waiting).come_back(retry_after)
            }
            // What the store says of itself is for the log, not for the client.
            Error::Unavailable(why) => {
                tracing::warn!(%why, "the store is unavailable");
                let detail = "the store did not answer; repeat a write under its Idempotency-Key";
                Self::new(Code::StoreUnavailable, detail).come_back(STORE_RETRY_AFTER)
            }
            Error::Closing => {
                let detail = "the server was told to stop: it answers what is open, and takes no more work after that";
                Self::new(Code::Stopping, detail).come_back(STOP_RETRY_AFTER)
            }
            Error::Archived { ref manifest, .. } => {
                Self::new(Code::Archived, error.to_string()).with("manifest", manifest.as_str())
            }
            Error::Internal(why) => {
                tracing::error!(%why, "internal error");
                Self::new(Code::Internal, "the server met a defect of its own; it was logged")
            }
        }
    }
}

/// The text, cut when it is too long to be repeated whole.
pub(crate) fn shorten(text: &str) -> String {
    match text.char_indices().nth(MAX_ECHO) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_snake_case_with_an_error_status() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Code::ALL.len());
        for &code in Code::ALL {
            assert!(code.name().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{}", code.name());
            assert!(status(code).is_client_error() || status(code).is_server_error());
        }
    }

    #[test]
    fn what_the_store_says_stays_in_the_log() {
        for error in [Error::Internal("row 7: secret".to_owned()), Error::Unavailable("host db: secret".to_owned())] {
            let body = serde_json::to_string(&Problem::from(error).body()).unwrap();
            assert!(!body.contains("secret"), "{body}");
        }
    }

    #[test]
    fn retry_after_is_rounded_up_to_whole_seconds() {
        for (millis, seconds) in [(0, "1"), (1, "1"), (1000, "1"), (1001, "2")] {
            let problem = Problem::from(Error::Overloaded { retry_after: Duration::from_millis(millis) });
            let response = problem.error_response();
            assert_eq!(response.headers().get(header::RETRY_AFTER).unwrap(), seconds);
        }
    }

    #[test]
    fn a_long_text_is_cut_at_a_character() {
        assert_eq!(shorten(&"é".repeat(90)).chars().count(), MAX_ECHO + 1);
        assert_eq!(shorten("short"), "short");
    }
}
