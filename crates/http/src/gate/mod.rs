//! The gate: everything that is asked of a request before a handler sees it. Where it comes from, who calls, how
//! often, and whether it may.

mod credentials;
mod hosts;
mod rates;
mod rights;
mod visitor;

use std::net::{IpAddr, SocketAddr};

use actix_web::body::{BoxBody, EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::Next;
use actix_web::{HttpMessage as _, HttpRequest, ResponseError as _, web};
use reelhouse_application::{Error, House};
use reelhouse_domain::KeyId;
use reelhouse_domain::access::Caller;

use crate::problem::Problem;
use crate::watch::{Figures, TraceParents};
use credentials::read_token;
use hosts::Hosts;
pub use rates::Rate;
use rates::{Meter, Reading};
#[cfg(test)]
pub(crate) use rights::listed;
pub(crate) use rights::{Access, access};
pub(crate) use visitor::Visitor;

/// Who may call, from where and how often.
#[derive(Clone, Debug)]
pub struct AccessSettings {
    /// Where the server listens. On a loopback address it asks for no keys until there is one, and answers to
    /// names of this machine only.
    pub address: SocketAddr,
    /// Further names, with their ports if those are others, that the server answers to on a loopback address.
    pub allowed_hosts: Vec<String>,
    /// How often each key may call; none for as often as it likes.
    pub key_rate: Option<Rate>,
    /// How often each address of another machine may call without a key that is known; none for as often as it
    /// likes.
    pub address_rate: Option<Rate>,
}

impl AccessSettings {
    /// Access to a server that listens there: 1000 requests a second of each key, 100 of each address.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        let (key_rate, address_rate) = (Rate::per_second(1000), Rate::per_second(100));
        Self { address, allowed_hosts: vec![], key_rate, address_rate }
    }
}

/// The gate in front of a house. The threads of a server share one.
pub struct Gate {
    house: House,
    /// Whether who has no key is the operator, as long as there are no keys.
    keyless: bool,
    /// The names to answer to; none for all.
    hosts: Option<Hosts>,
    keys: Option<Meter<KeyId>>,
    addresses: Option<Meter<IpAddr>>,
    /// What is counted of what comes through.
    figures: Figures,
    trace_parents: Option<TraceParents>,
}

impl Gate {
    /// A gate in front of the house.
    #[must_use]
    pub fn new(house: &House, settings: AccessSettings) -> Self {
        let loopback = settings.address.ip().is_loopback();
        Self {
            house: house.seen_by(house.caller()),
            keyless: loopback,
            hosts: loopback.then(|| Hosts::new(settings.address.port(), settings.allowed_hosts)),
            keys: settings.key_rate.map(|rate| Meter::new("key", rate)),
            // Whoever is on this machine has other ways to keep it busy.
            addresses: settings.address_rate.filter(|_| !loopback).map(|rate| Meter::new("address", rate)),
            figures: Figures::new(house),
            trace_parents: None,
        }
    }

    /// The gate that puts the spans of requests into their callers' traces.
    #[must_use]
    pub fn with_trace_parents(self, trace_parents: Option<TraceParents>) -> Self {
        Self { trace_parents, ..self }
    }

    /// What puts the span of a request into its caller's trace.
    pub(crate) const fn trace_parents(&self) -> Option<TraceParents> {
        self.trace_parents
    }

    /// The house, as its operator sees it.
    pub(crate) const fn house(&self) -> &House {
        &self.house
    }

    /// What is counted of what comes through.
    pub(crate) const fn figures(&self) -> &Figures {
        &self.figures
    }

    /// Checks that the caller could still come in: its key may have been revoked or have expired since.
    pub(crate) async fn readmit(&self, request: &HttpRequest) -> Result<(), Error> {
        let token = read_token(request.headers())?;
        self.house.authenticate(token.as_ref(), self.keyless).await.map(drop)
    }

    /// Checks a request. What it took of a rate is told for refusals too, once it is known whose rate it is.
    async fn check(&self, request: &ServiceRequest, reading: &mut Option<Reading>) -> Result<Option<Caller>, Problem> {
        if let Some(hosts) = &self.hosts {
            hosts.check(request)?;
        }
        let pattern = request.match_pattern();
        let access = pattern.as_deref().and_then(|pattern| access(request.method(), pattern));
        // What is not there is told to everybody: the list of paths is no secret.
        let Some(Access::Needs(right)) = access else {
            self.count_address(request, reading)?;
            return Ok(None);
        };
        let token = read_token(request.headers());
        let known = token.as_ref().is_ok_and(|token| token.as_ref().is_some_and(|token| self.house.recognises(token)));
        if !known {
            self.count_address(request, reading)?;
        }
        let caller = self.house.authenticate(token.map_err(Error::from)?.as_ref(), self.keyless).await?;
        if let Some((meter, key_id)) = self.keys.as_ref().zip(caller.key_id()) {
            meter.count(key_id, reading)?;
        }
        caller.check(right, &format!("ask for {} {}", request.method(), pattern.unwrap_or_default()))?;
        Ok(Some(caller))
    }

    /// Counts a request of an address, if those are counted.
    fn count_address(&self, request: &ServiceRequest, reading: &mut Option<Reading>) -> Result<(), Problem> {
        match self.addresses.as_ref().zip(request.peer_addr()) {
            Some((meter, address)) => meter.count(rates::network(address.ip()), reading),
            None => Ok(()),
        }
    }
}

/// The gate as a middleware.
pub(crate) async fn pass<B: MessageBody + 'static>(
    gate: web::Data<Gate>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    let mut reading = None;
    let mut response = match gate.check(&request, &mut reading).await {
        Ok(caller) => {
            if let Some(caller) = caller {
                request.extensions_mut().insert(Visitor::new(gate.house.seen_by(caller)));
            }
            next.call(request).await?.map_into_left_body()
        }
        Err(problem) => {
            let response = problem.error_response();
            request.into_response(response).map_into_right_body()
        }
    };
    if let Some(reading) = reading {
        reading.write(response.headers_mut());
    }
    Ok(response)
}
