//! The cases, by what they are about. Each is one behaviour that the ports' docs promise.

pub mod probe;
