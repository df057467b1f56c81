//! The store on Citus: tables spread over several machines by their `shard` column.
//!
//! What a transaction may do there is less than on one machine: rows are locked in one part of a table at a time, so
//! the locks are taken part by part, always in the same order, and the wallets of sessions are named by this program
//! rather than by a subquery, since a session may play from a wallet of another part. That costs one round trip more.
//! All other statements are the same; each says which shards it is about, so that only their parts are asked.

mod begin;
mod distribute;
mod layout;

pub(crate) use begin::load;
pub use distribute::{DistributeError, Distributed, distribute};
pub(crate) use layout::Layout;
