//! Tests of the session rules.
