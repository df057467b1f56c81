//! The routes: which handler answers what, and problems for everything else.

use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, Resource, Route, guard, web};

use crate::gate::{self, Gate};
use crate::limits::HttpLimits;
use crate::problem::{Code, Problem, shorten};
use crate::{
    analytics, dashboard, docs, games, health, keys, metadata, rl, schemas, sessions, simulations, wallets, watch,
};

/// The methods of what is only read, as `Allow` lists them.
const READ: &str = "GET, HEAD";
/// The methods of what is only written.
const WRITE: &str = "POST";
/// The methods of a collection.
const BOTH: &str = "GET, HEAD, POST";

/// Adds every route to an actix app, behind the gate.
pub fn configure(app: &mut web::ServiceConfig, gate: Arc<Gate>, limits: HttpLimits) {
    app.app_data(web::Data::from(gate)).app_data(web::Data::new(limits));
    let routes = web::scope("")
        .wrap(from_fn(gate::pass))
        // The last one is the outermost: what the gate refuses is watched too.
        .wrap(from_fn(watch::watch))
        // Routes are tried in their order, and this one is asked for the most.
        .service(resource("/sessions/{id}/action", WRITE).route(web::post().to(sessions::act)))
        .service(resource("/games", BOTH).route(read().to(games::list)).route(web::post().to(games::create)))
        .service(resource("/games/{id}", READ).route(read().to(games::find)))
        .service(resource("/games/{id}/fingerprint", READ).route(read().to(games::fingerprint::fingerprint)))
        .service(resource("/games/{id}/par-sheet", READ).route(read().to(games::par_sheet::par_sheet)))
        .service(resource("/wallets", BOTH).route(read().to(wallets::list)).route(web::post().to(wallets::create)))
        .service(resource("/wallets/{id}", READ).route(read().to(wallets::find)))
        .service(resource("/wallets/{id}/operations", WRITE).route(web::post().to(wallets::operate)))
        .service(resource("/wallets/{id}/ledger", READ).route(read().to(wallets::ledger)))
        .service(resource("/sessions", BOTH).route(read().to(sessions::list)).route(web::post().to(sessions::create)))
        .service(resource("/sessions/{id}", READ).route(read().to(sessions::find)))
        .service(resource("/sessions/{id}/events", READ).route(read().to(sessions::events)))
        .service(resource("/sessions/{id}/events/stream", READ).route(read().to(sessions::stream::stream)))
        .service(resource("/sessions/{id}/fairness", READ).route(read().to(sessions::fairness)))
        .service(resource("/sessions/{id}/proof", READ).route(read().to(sessions::proof)))
        .service(resource("/sessions/{id}/metrics", READ).route(read().to(sessions::metrics)))
        .service(
            resource("/simulations", BOTH)
                .route(read().to(simulations::list))
                .route(web::post().to(simulations::create)),
        )
        .service(resource("/simulations/{id}", READ).route(read().to(simulations::find)))
        .service(resource("/simulations/{id}/cancel", WRITE).route(web::post().to(simulations::cancel)))
        .service(resource("/schemas", READ).route(read().to(schemas::list)))
        .service(resource("/schemas/{name}", READ).route(read().to(schemas::find)))
        .service(resource("/metadata", READ).route(read().to(metadata::index)))
        .service(resource("/metadata/{domain}", READ).route(read().to(metadata::find)))
        .service(resource("/metadata/{domain}/{field}", READ).route(read().to(metadata::field)))
        .service(resource("/rl/spaces", READ).route(read().to(rl::spaces)))
        .service(resource("/rl/export", READ).route(read().to(rl::export::export)))
        .service(resource("/rl/export/manifest", READ).route(read().to(rl::export::manifest)))
        .service(resource("/rl/step", WRITE).route(web::post().to(rl::step::step)))
        .service(resource("/rl/reset", WRITE).route(web::post().to(rl::step::reset)))
        .service(resource("/analytics/games/{id}", READ).route(read().to(analytics::game)))
        .service(resource("/analytics/sessions/{id}", READ).route(read().to(analytics::session)))
        .service(resource("/rl/metrics", READ).route(read().to(rl::export::metrics)))
        .service(resource("/keys", BOTH).route(read().to(keys::list)).route(web::post().to(keys::create)))
        .service(resource("/keys/{id}", READ).route(read().to(keys::find)))
        .service(resource("/keys/{id}/revoke", WRITE).route(web::post().to(keys::revoke)))
        .service(resource("/healthz", READ).route(read().to(health::healthz)))
        .service(resource("/readyz", READ).route(read().to(health::readyz)))
        .service(resource("/metrics", READ).route(read().to(watch::metrics::metrics)))
        .service(resource("/openapi.json", READ).route(read().to(docs::openapi_document)))
        .service(resource("/", READ).route(read().to(dashboard::page)))
        .service(resource("/assets/{file}", READ).route(read().to(dashboard::asset)))
        .service(resource("/docs", READ).route(read().to(docs::page)))
        .service(resource("/docs/", READ).route(read().to(docs::page)))
        .service(resource("/docs/{file}", READ).route(read().to(docs::asset)))
        .default_service(web::to(no_such_path));
    // A target that is no path, such as the `*` of OPTIONS, is of no scope.
    let no_path = web::to(no_such_path).wrap(from_fn(gate::pass)).wrap(from_fn(watch::watch));
    app.service(routes).default_service(no_path);
}

/// A path that takes the methods `allow` and answers 405 to others.
fn resource(path: &str, allow: &'static str) -> Resource {
    web::resource(path).default_service(web::to(move |request: HttpRequest| {
        ready(Err::<HttpResponse, _>(Problem::method_not_allowed(request.method().as_str(), allow)))
    }))
}

/// A route that reads: GET, and HEAD, whose body the server leaves off.
fn read() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn no_such_path(request: HttpRequest) -> Ready<Result<HttpResponse, Problem>> {
    let detail = format!("there is nothing at {:?}; /docs says what is where", shorten(request.path()));
    ready(Err(Problem::new(Code::NotFound, detail)))
}
