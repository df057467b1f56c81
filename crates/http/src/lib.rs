//! The actix-web adapter: routes, bodies, error-to-status, OpenAPI.
//!
//! Handlers read a request into what [`reelhouse_application::House`] takes, and write what it
//! gives as a body of this crate. They hold no locks and begin no transactions, so that a handler
//! may be dropped at any point: a write goes on without it.

mod analytics;
mod common;
mod cursor;
mod dashboard;
mod docs;
#[cfg(test)]
mod error_codes;
mod extract;
mod fields;
mod games;
mod gate;
mod health;
mod keys;
mod limits;
mod metadata;
mod negotiate;
mod openapi;
mod problem;
mod rl;
mod routes;
mod schemas;
mod server;
mod sessions;
mod simulations;
mod wallets;
mod watch;

pub use gate::{AccessSettings, Gate, Rate};
pub use limits::HttpLimits;
pub use openapi::{openapi, openapi_json};
pub use routes::configure;
pub use server::{HttpSettings, server};
pub use watch::TraceParents;
