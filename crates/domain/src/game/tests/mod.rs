//! Tests of games: what is read, what is played, what is computed, each against something simpler.

mod bounds;
mod brute;
mod definition;
mod engine;
mod exact;
mod examples;
mod features;
mod guide;
mod hostile;
mod par_sheet;
mod profile;
mod published;
mod random;
mod report;
mod samples;
mod schema;
mod simulated;
mod slow;
mod slow_spin;
