//! Tests of observed fingerprints: against formulas on paper, honest draws, and games that cheat.

mod drift;
mod expected;
mod tally;
