//! The cases, by what they are about. Each is one behaviour that the ports' docs promise.

pub mod analytics;
pub mod books;
pub mod clashes;
pub mod commits;
pub mod entities;
pub mod experience;
pub mod hostile;
pub mod jobs;
pub mod keys;
pub mod locks;
pub mod observations;
pub mod paging;
pub mod plays;
pub mod probe;
pub mod recall;
pub mod sessions;
pub mod snapshots;
