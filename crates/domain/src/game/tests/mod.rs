//! Tests of games: what is read, what is played, what is computed, each against something simpler.

mod definition;
mod engine;
mod exact;
mod hostile;
mod profile;
mod report;
mod samples;
