//! A session and its wallets against their model, over random actions, operations and jumps of the clock.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod machine;
mod support;

use proptest::prelude::ProptestConfig;
use proptest_state_machine::prop_state_machine;

use machine::real::SessionMachine;

prop_state_machine! {
    #![proptest_config(ProptestConfig { cases: 1024, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_session_does_as_its_model(sequential 50 => SessionMachine);
}
