//! Test doubles of the domain's ports: mockall mocks, and deterministic stand-ins.
//!
//! A mock says what it expects and fails the test that does otherwise; it is for the error paths
//! that a real store does not show on demand. Where a test needs a store that behaves, take the
//! in-memory adapter instead.
//!
//! [`FixedClock`], [`CountingRandomness`] and [`ScriptedDealer`] stand in for time, ids and draws.

mod clock;
mod dealer;
mod generated;
mod randomness;

pub use clock::FixedClock;
pub use dealer::ScriptedDealer;
pub use generated::{
    MockAnalyticsRepository, MockClock, MockDealer, MockDraws, MockExperienceRepository, MockGameRepository,
    MockHeadSigner, MockJobRepository, MockKeyRepository, MockObservationRepository, MockRandomness,
    MockSessionRepository, MockStoreProbe, MockUnitOfWork, MockUnitOfWorkFactory, MockWalletRepository,
};
pub use randomness::CountingRandomness;
