//! The client: one request at a time, with patience where a second try is harmless.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER};
use ureq::http::{Method, Request, Response};
use ureq::{Agent, Body};
use url::{Host, Url};

use crate::answer::Answer;
use crate::error::{Error, Problem};

/// The time in which a connection must be there.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The longest silence of a server that owes an answer, or the next part of one.
const READ_TIMEOUT: Duration = Duration::from_secs(60);

/// The longest answer that is taken into memory, in bytes.
const MAX_ANSWER: u64 = 256 << 20;

/// The longest wait before another try, whatever the server asks for.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// The wait before another try when the server says nothing of it.
const WAIT: Duration = Duration::from_secs(1);

/// The key that makes a write happen once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// A key that nobody used before.
    #[must_use]
    pub fn fresh() -> Self {
        Self(format!("reel-{:032x}", rand::random::<u128>()))
    }

    /// The key as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Key {
    fn from(key: String) -> Self {
        Self(key)
    }
}

/// How often a request is tried, the first time included. Every request of this client may be repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// While the server answers that it cannot take work now (503).
    pub busy: u32,
    /// While no server answers.
    pub gone: u32,
}

impl Default for Patience {
    /// A server that is busy is asked five times, one that is not there once.
    fn default() -> Self {
        Self { busy: 5, gone: 1 }
    }
}

/// What is told before another try: why, and how long the wait is.
type OnRetry = Box<dyn Fn(&Error, Duration) + Send + Sync>;

/// A client of one server.
pub struct Client {
    agent: Agent,
    base: Url,
    bearer: Option<String>,
    patience: Patience,
    on_retry: Option<OnRetry>,
}

impl fmt::Debug for Client {
    /// Without the key, which is a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("base", &self.base.as_str()).finish_non_exhaustive()
    }
}

impl Client {
    /// A client of the server at `address`, which calls with `key` if there is one.
    ///
    /// # Errors
    /// [`Error::BadAddress`].
    pub fn new(address: &str, key: Option<&str>) -> Result<Self, Error> {
        let bad = |why: &str| Error::BadAddress { address: address.to_owned(), why: why.to_owned() };
        let mut base = Url::parse(address).map_err(|error| bad(&format!("{error}; http://host:port was expected")))?;
        if !matches!(base.scheme(), "http" | "https") || base.host().is_none() {
            return Err(bad("http://host:port or https://host was expected"));
        }
        if let Some(key) = key
            && (key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_graphic()))
        {
            return Err(bad("the key to call it with is not visible ASCII"));
        }
        base.set_query(None);
        base.set_fragment(None);
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_per_read(Some(READ_TIMEOUT))
            .user_agent(concat!("reelhouse-client/", env!("CARGO_PKG_VERSION")));
        // A proxy of the environment does not know this machine's own loopback.
        let config = if is_loopback(&base) { config.proxy(None) } else { config };
        Ok(Self {
            agent: config.build().into(),
            base,
            bearer: key.map(|key| format!("Bearer {key}")),
            patience: Patience::default(),
            on_retry: None,
        })
    }

    /// The client with another patience.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The client that tells `on_retry` before every further try.
    #[must_use]
    pub fn on_retry(self, on_retry: impl Fn(&Error, Duration) + Send + Sync + 'static) -> Self {
        Self { on_retry: Some(Box::new(on_retry)), ..self }
    }

    /// The server's address.
    #[must_use]
    pub fn address(&self) -> &str {
        self.base.as_str().trim_end_matches('/')
    }

    pub(crate) fn url(&self, path: &[&str], query: &[(&str, String)]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    /// Reads what is at a path.
    pub(crate) fn get<T: DeserializeOwned>(&self, path: &[&str], query: &[(&str, String)]) -> Result<Answer<T>, Error> {
        let url = self.url(path, query);
        self.persist(|| self.send(Method::GET, &url, &[], String::new()).and_then(|response| self.read(response)))
    }

    /// Writes a body to a path, once, whatever happens on the way.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &[&str],
        key: &Key,
        body: &impl Serialize,
    ) -> Result<Answer<T>, Error> {
        let (url, body) = (self.url(path, &[]), serde_json::to_string(body)?);
        let headers = [("Idempotency-Key", key.as_str()), (CONTENT_TYPE.as_str(), "application/json")];
        self.persist(|| self.send(Method::POST, &url, &headers, body.clone()).and_then(|response| self.read(response)))
    }

    /// Opens what is at a path, to be read as it comes.
    pub(crate) fn open(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        headers: &[(&str, &str)],
    ) -> Result<impl Read + use<>, Error> {
        let url = self.url(path, query);
        let response = self.persist(|| self.send(Method::GET, &url, headers, String::new()))?;
        Ok(response.into_body().into_with_config().limit(u64::MAX).reader())
    }

    /// Reads the text that is at a path, to the byte.
    pub(crate) fn text(&self, path: &[&str], query: &[(&str, String)]) -> Result<String, Error> {
        let mut text = String::new();
        match self.open(path, query, &[])?.read_to_string(&mut text) {
            Ok(_) => Ok(text),
            Err(error) => Err(Error::Unreachable { server: self.address().to_owned(), why: error.to_string() }),
        }
    }

    /// Tries until there is an answer, or patience is at its end.
    fn persist<T>(&self, mut attempt: impl FnMut() -> Result<T, Error>) -> Result<T, Error> {
        let Patience { mut busy, mut gone } = self.patience;
        loop {
            let error = match attempt() {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            let (left, wait) = match &error {
                Error::Refused(problem) if problem.status == 503 => (&mut busy, problem.retry_after.unwrap_or(WAIT)),
                Error::Unreachable { .. } => (&mut gone, WAIT),
                _ => return Err(error),
            };
            *left = left.saturating_sub(1);
            if *left == 0 {
                return Err(error);
            }
            self.pause(&error, wait);
        }
    }

    /// Waits after an answer broke off for the `times`th time in a row, or gives up.
    pub(crate) fn wait_out(&self, error: Error, times: u32, wait: Duration) -> Result<(), Error> {
        if times >= self.patience.gone {
            return Err(error);
        }
        self.pause(&error, wait);
        Ok(())
    }

    /// Waits before another try, and tells why.
    fn pause(&self, error: &Error, wait: Duration) {
        let wait = wait.min(MAX_WAIT);
        if let Some(on_retry) = &self.on_retry {
            on_retry(error, wait);
        }
        std::thread::sleep(wait);
    }

    /// Sends one request; an answer that is a refusal is an error.
    fn send(&self, method: Method, url: &Url, headers: &[(&str, &str)], body: String) -> Result<Response<Body>, Error> {
        let mut request = Request::builder().method(method.clone()).uri(url.as_str()).header(ACCEPT, "*/*");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(bearer) = &self.bearer {
            request = request.header(AUTHORIZATION, bearer);
        }
        let sent = if method == Method::POST {
            request.body(body).map_err(ureq::Error::from).and_then(|request| self.agent.run(request))
        } else {
            request.body(()).map_err(ureq::Error::from).and_then(|request| self.agent.run(request))
        };
        let response = sent.map_err(|error| self.failed(&error))?;
        if response.status().is_success() { Ok(response) } else { Err(self.refused(response)) }
    }

    fn read<T: DeserializeOwned>(&self, response: Response<Body>) -> Result<Answer<T>, Error> {
        if !is_json(&response) {
            return Err(self.stranger("the answer is not JSON"));
        }
        let text = response.into_body().into_with_config().limit(MAX_ANSWER).read_to_string();
        Answer::read(text.map_err(|error| self.failed(&error))?)
    }

    /// The refusal that an answer is.
    fn refused(&self, response: Response<Body>) -> Error {
        let status = response.status();
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let json = is_json(&response);
        let text = response.into_body().into_with_config().limit(MAX_ANSWER).read_to_string().unwrap_or_default();
        match serde_json::from_str::<Problem>(&text) {
            Ok(problem) if json => {
                Error::Refused(Box::new(Problem { retry_after: retry_after.map(Duration::from_secs), ..problem }))
            }
            _ => self.stranger(&format!("status {status} without a problem document")),
        }
    }

    /// What went wrong on the way.
    fn failed(&self, error: &ureq::Error) -> Error {
        let server = self.address().to_owned();
        let why = match error {
            ureq::Error::Io(error) => error.to_string(),
            other => other.to_string(),
        };
        match error {
            ureq::Error::Http(_) | ureq::Error::BadUri(_) => Error::BadAddress { address: server, why },
            ureq::Error::Protocol(_) => Error::Stranger { server, why },
            _ => Error::Unreachable { server, why },
        }
    }

    pub(crate) fn stranger(&self, why: &str) -> Error {
        Error::Stranger { server: self.address().to_owned(), why: why.to_owned() }
    }
}

/// Whether the address is on this machine only.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_json(response: &Response<Body>) -> bool {
    response.body().mime_type().is_some_and(|kind| kind == "application/json" || kind.ends_with("+json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(address: &str) -> Client {
        Client::new(address, None).unwrap()
    }

    #[test]
    fn a_path_goes_below_the_address_and_is_escaped() {
        let url = |address: &str| client(address).url(&["games", "a/b ?"], &[("x", "1&2".to_owned())]).to_string();
        assert_eq!(url("http://127.0.0.1:8080"), "http://127.0.0.1:8080/games/a%2Fb%20%3F?x=1%262");
        assert_eq!(url("https://host/reel/?q#f"), "https://host/reel/games/a%2Fb%20%3F?x=1%262");
    }

    #[test]
    fn what_is_no_address_or_no_key_is_refused() {
        for address in ["", "localhost", "localhost:8080", "ftp://host", "http://", "data:,x"] {
            assert!(matches!(Client::new(address, None), Err(Error::BadAddress { .. })), "{address}");
        }
        for key in ["", "a b", "é", "a\nb"] {
            assert!(Client::new("http://host", Some(key)).is_err(), "{key:?}");
        }
    }

    #[test]
    fn a_key_is_not_shown() {
        let client = Client::new("http://host", Some("reel_secret")).unwrap();
        assert!(!format!("{client:?}").contains("secret"));
    }

    #[test]
    fn nobody_at_the_address_is_told_apart_from_a_stranger() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let error = client(&address).get::<()>(&["healthz"], &[]).unwrap_err();
        assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    }

    #[test]
    fn fresh_keys_differ() {
        assert_ne!(Key::fresh(), Key::fresh());
    }
}
