//! The key that a request comes with.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use reelhouse_domain::access::{KeyFault, Token};

/// Reads the token of `Authorization: Bearer …` (RFC 6750); none when the header is not there.
pub(super) fn read_token(headers: &HeaderMap) -> Result<Option<Token>, KeyFault> {
    let mut values = headers.get_all(AUTHORIZATION);
    let Some(value) = values.next() else { return Ok(None) };
    let text = value.to_str().ok().filter(|_| values.next().is_none());
    let token = text.and_then(|text| {
        let (scheme, token) = text.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim_matches(' '))
    });
    token.ok_or(KeyFault::Malformed)?.parse::<Token>().map(Some).map_err(KeyFault::Mistyped)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;
    use reelhouse_domain::id::Randomness;
    use reelhouse_mocks::CountingRandomness;

    use super::*;

    fn read(values: &[&[u8]]) -> Result<Option<Token>, String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        read_token(&headers).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_bearer_token_is_read() {
        let randomness: &dyn Randomness = &CountingRandomness::default();
        let token = Token::generate(randomness);
        let text = token.reveal();
        assert_eq!(read(&[]), Ok(None));
        for header in [format!("Bearer {text}"), format!("bearer {text}"), format!("BEARER   {text} ")] {
            assert_eq!(read(&[header.as_bytes()]), Ok(Some(token.clone())), "{header}");
        }
        let whole = format!("Bearer {text}");
        for (values, found) in [
            (vec![whole.as_bytes(), whole.as_bytes()], "must be one"),
            (vec![b"Basic cmVlbDpob3VzZQ=="], "must be one"),
            (vec![b"Bearer"], "must be one"),
            (vec![b""], "must be one"),
            (vec![b"Bearer \xff"], "must be one"),
            (vec![b"Bearer "], "a key starts with"),
            (vec![b"Bearer reel_short"], "49 letters and digits"),
            (vec![&whole.as_bytes()[..whole.len() - 1]], "49 letters and digits"),
        ] {
            let error = read(&values).unwrap_err();
            assert!(error.contains(found), "{values:?}: {error}");
        }
    }
}
