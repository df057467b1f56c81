//! What it takes to be answered, path by path. A path that is not here is for operators, until somebody thinks of it.

use actix_web::http::Method;
use reelhouse_domain::access::Right;

/// What a path asks of its callers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// Nothing: it tells nothing of anybody.
    Open,
    /// A right.
    Needs(Right),
}

use Access::{Needs, Open};
use Right::{Operate, Play, See, SeeAll};

/// The routes, in the order of `routes.rs`.
const ROUTES: &[(Method, &str, Access)] = &[
    (Method::POST, "/sessions/{id}/action", Needs(Play)),
    (Method::GET, "/games", Needs(See)),
    // Whoever defines a game could define one that pays more than it takes.
    (Method::POST, "/games", Needs(Operate)),
    (Method::GET, "/games/{id}", Needs(See)),
    (Method::GET, "/games/{id}/fingerprint", Needs(See)),
    (Method::GET, "/games/{id}/par-sheet", Needs(See)),
    (Method::GET, "/wallets", Needs(See)),
    (Method::POST, "/wallets", Needs(Play)),
    (Method::GET, "/wallets/{id}", Needs(See)),
    (Method::POST, "/wallets/{id}/operations", Needs(Play)),
    (Method::GET, "/wallets/{id}/ledger", Needs(See)),
    (Method::GET, "/sessions", Needs(See)),
    (Method::POST, "/sessions", Needs(Play)),
    (Method::GET, "/sessions/{id}", Needs(See)),
    (Method::GET, "/sessions/{id}/events", Needs(See)),
    (Method::GET, "/sessions/{id}/events/stream", Needs(See)),
    (Method::GET, "/sessions/{id}/fairness", Needs(See)),
    (Method::GET, "/sessions/{id}/proof", Needs(See)),
    (Method::GET, "/sessions/{id}/metrics", Needs(See)),
    (Method::GET, "/simulations", Needs(See)),
    // Jobs keep the machine busy for minutes, and belong to nobody.
    (Method::POST, "/simulations", Needs(Operate)),
    (Method::GET, "/simulations/{id}", Needs(See)),
    (Method::POST, "/simulations/{id}/cancel", Needs(Operate)),
    (Method::GET, "/schemas", Open),
    (Method::GET, "/schemas/{name}", Open),
    (Method::GET, "/metadata", Open),
    (Method::GET, "/metadata/{domain}", Open),
    (Method::GET, "/metadata/{domain}/{field}", Open),
    (Method::GET, "/rl/spaces", Needs(See)),
    (Method::GET, "/rl/export", Needs(See)),
    (Method::GET, "/rl/export/manifest", Needs(See)),
    (Method::POST, "/rl/step", Needs(Play)),
    (Method::POST, "/rl/reset", Needs(Play)),
    (Method::GET, "/analytics/games/{id}", Needs(SeeAll)),
    (Method::GET, "/analytics/sessions/{id}", Needs(See)),
    (Method::GET, "/rl/metrics", Needs(See)),
    (Method::GET, "/keys", Needs(Operate)),
    (Method::POST, "/keys", Needs(Operate)),
    (Method::GET, "/keys/{id}", Needs(Operate)),
    (Method::POST, "/keys/{id}/revoke", Needs(Operate)),
    (Method::GET, "/healthz", Open),
    (Method::GET, "/readyz", Open),
    (Method::GET, "/metrics", Needs(SeeAll)),
    (Method::GET, "/openapi.json", Open),
    (Method::GET, "/", Open),
    (Method::GET, "/assets/{file}", Open),
    (Method::GET, "/docs", Open),
    (Method::GET, "/docs/", Open),
    (Method::GET, "/docs/{file}", Open),
];

/// What a route asks of its callers; none for a method that its path does not take. HEAD is GET without a body.
pub(crate) fn access(method: &Method, pattern: &str) -> Option<Access> {
    let known = ROUTES.iter().any(|(_, path, _)| *path == pattern);
    if known { listed(method, pattern) } else { Some(Needs(Operate)) }
}

/// What the list says of a route.
pub(crate) fn listed(method: &Method, pattern: &str) -> Option<Access> {
    let method = if method == Method::HEAD { &Method::GET } else { method };
    let found = ROUTES.iter().find(|(known, path, _)| *path == pattern && known == method);
    found.map(|(_, _, access)| *access)
}
