//! The form of an answer: the one that `?format=` names, else the one that `Accept` likes best.

use actix_web::HttpRequest;
use actix_web::http::header::{Accept, Header as _, Quality};

use crate::extract::Query;
use crate::problem::{Code, Problem, shorten};

/// A form that an answer can take.
pub(crate) struct Format<T> {
    /// Its name in `?format=`.
    pub(crate) name: &'static str,
    /// Its media type, without parameters.
    pub(crate) media_type: &'static str,
    /// What stands for it.
    pub(crate) form: T,
}

/// The form that a request asks for; the first one when it does not care.
///
/// Of forms that `Accept` likes alike the first one is taken. An `Accept` that does not read is as none.
pub(crate) fn form<T: Copy>(request: &HttpRequest, query: &Query, formats: &[Format<T>]) -> Result<T, Problem> {
    let refused = |found: &str| {
        let known: Vec<&str> = formats.iter().map(|format| format.name).collect();
        let types: Vec<&str> = formats.iter().map(|format| format.media_type).collect();
        let detail = format!("{found}; the formats here are: {}, as {}", known.join(", "), types.join(", "));
        Problem::new(Code::NotAcceptable, detail).with("formats", known).with("media_types", types)
    };
    if let Some(name) = query.text("format") {
        let named = formats.iter().find(|format| format.name == name);
        return named.map(|format| format.form).ok_or_else(|| refused(&format!("format {:?}", shorten(name))));
    }
    let accept = Accept::parse(request).ok().filter(|accept| !accept.is_empty()).unwrap_or_else(Accept::star);
    let mut best: Option<(Quality, T)> = None;
    for format in formats {
        let liking = liking(&accept, format.media_type);
        if liking > best.map_or(Quality::ZERO, |(most, _)| most) {
            best = Some((liking, format.form));
        }
    }
    best.map(|(_, form)| form).ok_or_else(|| refused("none of the media types of Accept is answered"))
}

/// How much a media type is liked: what the most specific range that holds it says (RFC 9110,
/// section 12.5.1).
fn liking(accept: &Accept, media_type: &str) -> Quality {
    let (kind, _) = media_type.split_once('/').unwrap_or((media_type, ""));
    let ranges = accept.iter().filter_map(|range| {
        let specific = match range.item.essence_str() {
            "*/*" => 0,
            essence if essence == media_type => 2,
            essence if essence.strip_suffix("/*") == Some(kind) => 1,
            _ => return None,
        };
        Some((specific, range.quality))
    });
    ranges.max_by_key(|(specific, _)| *specific).map_or(Quality::ZERO, |(_, quality)| quality)
}

#[cfg(test)]
mod tests {
    use actix_web::FromRequest as _;
    use actix_web::dev::Payload;
    use actix_web::test::TestRequest;

    use super::*;

    const FORMATS: &[Format<char>] = &[
        Format { name: "json", media_type: "application/json", form: 'j' },
        Format { name: "html", media_type: "text/html", form: 'h' },
        Format { name: "csv", media_type: "text/csv", form: 'c' },
    ];

    fn chosen(query: &str, accept: &[&str]) -> Option<char> {
        let mut request = TestRequest::with_uri(&format!("/?{query}"));
        for value in accept {
            request = request.append_header(("accept", *value));
        }
        let request = request.to_http_request();
        let query = Query::from_request(&request, &mut Payload::None).into_inner().unwrap();
        form(&request, &query, FORMATS).ok()
    }

    #[test]
    fn the_parameter_goes_before_the_header() {
        assert_eq!(chosen("format=csv", &["text/html"]), Some('c'));
        assert_eq!(chosen("format=xml", &["text/html"]), None);
        assert_eq!(chosen("format=", &[]), None);
    }

    #[test]
    fn the_header_is_weighed() {
        for (accept, expected) in [
            ("", Some('j')),
            ("*/*", Some('j')),
            ("text/*", Some('h')),
            ("text/csv", Some('c')),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Some('h')),
            ("text/csv;q=0.5, text/html;q=0.4", Some('c')),
            ("text/csv;q=0.001, text/html;q=0", Some('c')),
            ("*/*;q=0.1, application/json;q=0", Some('h')),
            ("text/csv; header=present", Some('c')),
            ("image/png", None),
            ("*/*;q=0", None),
            ("application/json;q=0", None),
        ] {
            assert_eq!(chosen("", &[accept]), expected, "{accept}");
        }
        assert_eq!(chosen("", &["image/png", "text/csv"]), Some('c'));
        assert_eq!(chosen("", &[]), Some('j'));
    }
}
