//! Request ids: every request has one, the client's or a new one. It is in the answer's header, in a problem's body,
//! and in the log lines that are written while the request is answered.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

/// The header in which a client or a proxy may name a request, and the answer repeats the name.
pub(super) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The longest id that is taken from a client, in bytes.
const MAX_LENGTH: usize = 128;

tokio::task_local! {
    pub(super) static CURRENT: HeaderValue;
}

/// The id of the request that is being answered; none outside of one.
pub(crate) fn current() -> Option<String> {
    CURRENT.try_with(|id| text(id).to_owned()).ok()
}

/// The id that the client gave, if it is one. It goes into logs, so it is plain and short, and there is one.
pub(super) fn sent(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut values = headers.get_all(&X_REQUEST_ID);
    let id = values.next().filter(|_| values.next().is_none())?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.:+/=@".contains(byte);
    ((1..=MAX_LENGTH).contains(&id.len()) && id.as_bytes().iter().all(plain)).then_some(id)
}

/// The text of an id, which is ASCII.
pub(super) fn text(id: &HeaderValue) -> &str {
    id.to_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&[u8]]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(X_REQUEST_ID, HeaderValue::from_bytes(value).unwrap());
        }
        sent(&headers).map(|id| text(id).to_owned())
    }

    #[test]
    fn a_plain_id_is_taken_and_any_other_is_not() {
        let long = "x".repeat(MAX_LENGTH + 1);
        for id in ["7", "01976e3c-9f00-7000-8000-000000000000", "Root=1-67891233-abcdef", &long[1..]] {
            assert_eq!(read(&[id.as_bytes()]).as_deref(), Some(id));
        }
        for id in [&b""[..], b"two words", b"a\"b", b"a\tb", b"\xc3\xa9", b"{id}", long.as_bytes()] {
            assert_eq!(read(&[id]), None, "{id:?}");
        }
        assert_eq!(read(&[]), None);
        assert_eq!(read(&[b"a", b"b"]), None, "which of them would be meant?");
    }

    #[test]
    fn outside_of_a_request_there_is_no_id() {
        assert_eq!(current(), None);
    }
}
