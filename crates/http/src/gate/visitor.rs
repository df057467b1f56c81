//! The house as the caller of a request sees it, for handlers to work with.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use reelhouse_application::{Error, House};
use reelhouse_domain::access::KeyFault;

use crate::problem::Problem;

/// The house as the caller sees it. The gate puts it into the requests that it lets pass; a handler of a path that
/// the gate does not know has none, and refuses.
pub(crate) struct Visitor(House);

impl Visitor {
    pub(super) const fn new(house: House) -> Self {
        Self(house)
    }
}

impl Deref for Visitor {
    type Target = House;

    fn deref(&self) -> &House {
        &self.0
    }
}

impl FromRequest for Visitor {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let admitted = request.extensions_mut().remove::<Self>();
        ready(admitted.ok_or_else(|| Error::from(KeyFault::Missing).into()))
    }
}
