//! The dashboard: the page at `/` and its files, which are part of this program.

use std::io::Write as _;
use std::sync::LazyLock;

use actix_web::http::header::{
    self, AcceptEncoding, CacheControl, CacheDirective, ContentEncoding, ETag, Encoding, EntityTag, Header as _,
    IfNoneMatch,
};
use actix_web::{HttpRequest, HttpResponse, web};
use flate2::Compression;
use flate2::write::GzEncoder;
use reelhouse_domain::Digest;

use crate::problem::{Code, Problem, shorten};

/// What the page may load: its own files, and the API it came with.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file as it was built from `dashboard/`.
struct File {
    /// What it is asked for as, below `/assets/`; the page itself has the empty name.
    name: &'static str,
    media_type: &'static str,
    bytes: &'static [u8],
}

macro_rules! built {
    ($($name:literal $path:literal $media_type:literal)+) => {
        [$(File {
            name: $name,
            media_type: $media_type,
            bytes: include_bytes!(concat!("../../../dashboard/dist/", $path)),
        }),+]
    };
}

/// All of `dashboard/dist`.
static FILES: [File; 5] = built! {
    "" "index.html" "text/html; charset=utf-8"
    "app.js" "assets/app.js" "text/javascript; charset=utf-8"
    "verify.js" "assets/verify.js" "text/javascript; charset=utf-8"
    "app.css" "assets/app.css" "text/css; charset=utf-8"
    "icon.svg" "assets/icon.svg" "image/svg+xml"
};

/// A file with what is made of it once: its entity tag, and its compressed form.
struct Served {
    file: &'static File,
    /// It is weak: the same file goes out compressed and plain.
    tag: EntityTag,
    gzip: Vec<u8>,
}

static SERVED: LazyLock<Vec<Served>> = LazyLock::new(|| {
    let tag = |file: &File| EntityTag::new_weak(hex::encode(&Digest::of(&[file.bytes]).0[..12]));
    FILES.iter().map(|file| Served { file, tag: tag(file), gzip: compressed(file.bytes) }).collect()
});

/// The bytes compressed as far as they go; nothing when that fails, which writing to memory does not.
fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default()
}

/// The page.
pub(crate) async fn page(request: HttpRequest) -> Result<HttpResponse, Problem> {
    answer(&request, "")
}

/// A file that the page needs.
pub(crate) async fn asset(request: HttpRequest, name: web::Path<String>) -> Result<HttpResponse, Problem> {
    if name.is_empty() {
        return Err(missing(&name));
    }
    answer(&request, &name)
}

fn missing(name: &str) -> Problem {
    Problem::new(Code::NotFound, format!("there is no file {:?} here", shorten(name)))
}

/// The file, or that the client has it already. Names stay the same from version to version, so that a client asks each
/// time, and is sent a file once for each version.
fn answer(request: &HttpRequest, name: &str) -> Result<HttpResponse, Problem> {
    let found = SERVED.iter().find(|served| served.file.name == name);
    let Served { file, tag, gzip } = found.ok_or_else(|| missing(name))?;
    let known = has(request, tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response
        .insert_header(ETag(tag.clone()))
        .insert_header(CacheControl(vec![CacheDirective::NoCache]))
        .insert_header((header::VARY, "accept-encoding"));
    if known {
        return Ok(response.finish());
    }
    response
        .insert_header((header::CONTENT_TYPE, file.media_type))
        .insert_header((header::CONTENT_SECURITY_POLICY, POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    if gzip.is_empty() || !takes_gzip(request) {
        return Ok(response.body(file.bytes));
    }
    Ok(response.insert_header(ContentEncoding::Gzip).body(gzip.as_slice()))
}

/// Whether the client asks for compressed answers.
fn takes_gzip(request: &HttpRequest) -> bool {
    let offered = [Encoding::gzip(), Encoding::identity()];
    let accepted = AcceptEncoding::parse(request).ok();
    request.headers().contains_key(header::ACCEPT_ENCODING)
        && accepted.and_then(|accepted| accepted.negotiate(offered.iter())) == Some(Encoding::gzip())
}

/// Whether the client says that it has the file. A header that does not read is as good as none.
fn has(request: &HttpRequest, tag: &EntityTag) -> bool {
    if !request.headers().contains_key(header::IF_NONE_MATCH) {
        return false;
    }
    match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(items)) => items.iter().any(|item| item.weak_eq(tag)),
        Err(_) => false,
    }
}
