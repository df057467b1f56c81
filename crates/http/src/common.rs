//! What the bodies of several resources share: amounts, instants, pages, and how answers are written.

use actix_web::HttpResponse;
use actix_web::http::header;
use reelhouse_application::Page;
use reelhouse_domain::time::millis_format;
use reelhouse_domain::{Money, Timestamp};
use serde::{Serialize, Serializer};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::cursor::{CursorKey, List};

/// An amount of test credits: a string, exact to 0.0001.
///
/// Answers have four decimals always. A request may leave trailing zeros off; it has no sign, exponent,
/// separator or leading zero, and names at most 1000000000000.0000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Amount, value_type = String, pattern = r"^(0|[1-9][0-9]*)(\.[0-9]{1,4})?$", examples("12.5000"))]
#[serde(transparent)]
pub(crate) struct Amount(pub(crate) Money);

/// A change in test credits: a string of four decimals, with a minus where it is below zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SignedAmount, value_type = String, pattern = r"^-?(0|[1-9][0-9]*)\.[0-9]{4}$", examples("-1.0000"))]
#[serde(transparent)]
pub(crate) struct SignedAmount(pub(crate) Money);

/// An instant in UTC, to the millisecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(as = Instant, value_type = String, format = DateTime, examples("2026-01-02T03:04:05.678Z"))]
pub(crate) struct Instant(pub(crate) Timestamp);

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        millis_format::serialize(&self.0, serializer)
    }
}

/// A SHA-256 digest, as 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(
    as = Digest,
    value_type = String,
    pattern = "^[0-9a-f]{64}$",
    examples("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
)]
#[serde(transparent)]
pub(crate) struct DigestBody(pub(crate) reelhouse_domain::Digest);

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub(crate) struct PageBody<T> {
    /// The items, in the order of their making.
    pub(crate) items: Vec<T>,
    /// What to send as `cursor` for the next page; null on the last one.
    #[schema(required, examples("01a3f2c4d5e6f7"))]
    pub(crate) next_cursor: Option<String>,
}

impl<T> PageBody<T> {
    /// The page of that list.
    pub(crate) fn of<U, K: CursorKey>(list: &List, page: Page<U, K>) -> Self
    where
        T: From<U>,
    {
        Self {
            items: page.items.into_iter().map(T::from).collect(),
            next_cursor: page.next.map(|key| list.cursor(&key)),
        }
    }
}

/// Which end a list begins at.
#[derive(Clone, Copy, Debug, ToSchema)]
#[schema(as = Order, rename_all = "snake_case")]
pub(crate) enum OrderName {
    /// In the order of making.
    #[allow(dead_code, reason = "its name is all that is used, in the API's description")]
    Oldest,
    /// The other way round.
    #[allow(dead_code, reason = "its name is all that is used, in the API's description")]
    Newest,
}

/// The answer that a thing was created, with the path where it is.
pub(crate) fn created(collection: &str, id: Uuid, body: &impl Serialize) -> HttpResponse {
    HttpResponse::Created().insert_header((header::LOCATION, format!("/{collection}/{id}"))).json(body)
}

/// The answer with what was asked for.
pub(crate) fn ok(body: &impl Serialize) -> HttpResponse {
    HttpResponse::Ok().json(body)
}
