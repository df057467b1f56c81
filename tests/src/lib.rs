//! Tests across the whole: the real binary, spoken to over HTTP, on SQLite and on PostgreSQL.
#![cfg(test)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests fail by panicking")]

mod analytics;
mod archive;
mod command_line;
mod concurrency;
mod drain;
mod export;
mod hostile;
mod idempotency;
mod jobs;
mod keys;
mod overload;
mod play;
mod proof;
mod readme;
mod reel;
mod replica;
mod stream;
mod support;
mod traces;

/// Runs a scenario on both databases, as a test each.
macro_rules! on_both_stores {
    ($($(#[$attribute:meta])* async fn $name:ident($server:ident: Server) $body:block)*) => {
        $(
            mod $name {
                use super::*;

                $(#[$attribute])*
                async fn scenario($server: Server) $body

                #[tokio::test(flavor = "multi_thread")]
                async fn on_sqlite() {
                    scenario(Server::start(crate::support::Store::sqlite()).await).await;
                }

                #[tokio::test(flavor = "multi_thread")]
                async fn on_postgres() {
                    scenario(Server::start(crate::support::Store::postgres().await).await).await;
                }
            }
        )*
    };
}
pub(crate) use on_both_stores;
