//! The mockall mocks, one per port.

// What `mock!` expands to (expectation builders, constructors) has no place to hang a doc on.
#![allow(missing_docs)]

use std::num::NonZeroU32;

use async_trait::async_trait;
use mockall::mock;
use reelhouse_domain::access::ApiKey;
use reelhouse_domain::analytics::{GameTally, Span};
use reelhouse_domain::fairness::{Dealer, Draws, HeadSigner, PublicKey, ServerSeed, Signature};
use reelhouse_domain::game::Game;
use reelhouse_domain::id::Randomness;
use reelhouse_domain::job::{Job, JobKind};
use reelhouse_domain::observation::Observation;
use reelhouse_domain::ports::{
    AnalyticsRepository, Changes, Counted, Episode, EpisodeFilter, ExperienceRepository, GameRepository, JobFilter,
    JobRepository, KeyRepository, Needs, ObservationRepository, Progress, RecordedMetric, RecordedStep, SessionFilter,
    SessionRepository, Snapshot, StepQuery, StoreError, StoreProbe, TallyQuery, UnitOfWork, UnitOfWorkFactory,
    Unobserved, WalletFilter, WalletRepository,
};
use reelhouse_domain::session::{GameplayEvent, Session, Transition};
use reelhouse_domain::time::Clock;
use reelhouse_domain::wallet::{LedgerEntry, TrialBalance, Wallet};
use reelhouse_domain::{Digest, GameId, JobId, KeyId, SessionId, Timestamp, WalletId};

mock! {
    /// A mock of the factory of units of work.
    pub UnitOfWorkFactory {}

    #[async_trait]
    impl UnitOfWorkFactory for UnitOfWorkFactory {
        async fn begin(&self, needs: &Needs) -> Result<(Snapshot, Box<dyn UnitOfWork>), StoreError>;
    }
}

mock! {
    /// A mock of an open unit of work.
    pub UnitOfWork {}

    #[async_trait]
    impl UnitOfWork for UnitOfWork {
        async fn write(&mut self, changes: &Changes) -> Result<(), StoreError>;
        async fn commit(self: Box<Self>) -> Result<(), StoreError>;
        async fn rollback(self: Box<Self>) -> Result<(), StoreError>;
    }
}

mock! {
    /// A mock of the reads of games.
    pub GameRepository {}

    #[async_trait]
    impl GameRepository for GameRepository {
        async fn game_find(&self, game_id: GameId) -> Result<Option<Game>, StoreError>;
        async fn game_list(&self, after: Option<GameId>, limit: u32) -> Result<Vec<Game>, StoreError>;
    }
}

mock! {
    /// A mock of the reads of jobs.
    pub JobRepository {}

    #[async_trait]
    impl JobRepository for JobRepository {
        async fn job_find(&self, job_id: JobId) -> Result<Option<Job>, StoreError>;
        async fn job_list(&self, filter: JobFilter, after: Option<JobId>, limit: u32) -> Result<Vec<Job>, StoreError>;
        async fn job_latest(&self, game_id: GameId, kind: JobKind) -> Result<Option<Job>, StoreError>;
        async fn job_due_list(&self, kind: JobKind, now: Timestamp, limit: u32) -> Result<Vec<JobId>, StoreError>;
    }
}

mock! {
    /// A mock of the reads of wallets and ledgers.
    pub WalletRepository {}

    #[async_trait]
    impl WalletRepository for WalletRepository {
        async fn wallet_find(&self, wallet_id: WalletId) -> Result<Option<Wallet>, StoreError>;
        async fn wallet_list(
            &self,
            filter: WalletFilter,
            after: Option<WalletId>,
            limit: u32,
        ) -> Result<Vec<Wallet>, StoreError>;
        async fn ledger_list(
            &self,
            wallet_id: WalletId,
            after: i64,
            limit: u32,
        ) -> Result<Vec<LedgerEntry>, StoreError>;
        async fn trial_balance(&self) -> Result<TrialBalance, StoreError>;
    }
}

mock! {
    /// A mock of the reads of sessions and their records.
    pub SessionRepository {}

    #[async_trait]
    impl SessionRepository for SessionRepository {
        async fn session_find(&self, session_id: SessionId) -> Result<Option<Session>, StoreError>;
        async fn session_list(
            &self,
            filter: SessionFilter,
            after: Option<SessionId>,
            limit: u32,
        ) -> Result<Vec<Session>, StoreError>;
        async fn session_idle_list(&self, due: Timestamp, limit: u32) -> Result<Vec<SessionId>, StoreError>;
        async fn event_list(
            &self,
            session_id: SessionId,
            after: i64,
            limit: u32,
        ) -> Result<Vec<GameplayEvent>, StoreError>;
        async fn transition_list(
            &self,
            session_id: SessionId,
            after: i64,
            limit: u32,
        ) -> Result<Vec<Transition>, StoreError>;
    }
}

mock! {
    /// A mock of the reads of the experience.
    pub ExperienceRepository {}

    #[async_trait]
    impl ExperienceRepository for ExperienceRepository {
        async fn episode_list(
            &self,
            filter: EpisodeFilter,
            first: Option<SessionId>,
            limit: u32,
        ) -> Result<Vec<Episode>, StoreError>;
        async fn step_list(&self, query: &StepQuery) -> Result<Vec<RecordedStep>, StoreError>;
    }
}

mock! {
    /// A mock of observations.
    pub ObservationRepository {}

    #[async_trait]
    impl ObservationRepository for ObservationRepository {
        async fn observation_find(&self, game_id: GameId) -> Result<Option<Observation>, StoreError>;
        async fn unobserved_list(
            &self,
            game_id: GameId,
            after: Option<SessionId>,
            limit: u32,
        ) -> Result<Vec<Unobserved>, StoreError>;
        async fn observation_store(&self, observation: &Observation, counted: &Counted) -> Result<(), StoreError>;
        async fn observation_forget(&self, observation: &Observation) -> Result<(), StoreError>;
    }
}

mock! {
    /// A mock of the reads of what observing leaves.
    pub AnalyticsRepository {}

    #[async_trait]
    impl AnalyticsRepository for AnalyticsRepository {
        async fn tally_find(&self, game_id: GameId, spans: &[(Span, Timestamp)]) -> Result<Vec<GameTally>, StoreError>;
        async fn tally_list(&self, query: &TallyQuery) -> Result<Vec<GameTally>, StoreError>;
        async fn progress_find(&self, session_id: SessionId) -> Result<Option<Progress>, StoreError>;
        async fn metric_list(&self, session_id: SessionId, limit: u32) -> Result<Vec<RecordedMetric>, StoreError>;
    }
}

mock! {
    /// A mock of keys.
    pub KeyRepository {}

    #[async_trait]
    impl KeyRepository for KeyRepository {
        async fn key_create(&self, key: &ApiKey) -> Result<(), StoreError>;
        async fn key_revoke(&self, key_id: KeyId, at: Timestamp) -> Result<Option<ApiKey>, StoreError>;
        async fn key_find(&self, key_id: KeyId) -> Result<Option<ApiKey>, StoreError>;
        async fn key_find_by_digest(&self, digest: Digest) -> Result<Option<ApiKey>, StoreError>;
        async fn key_list(&self, after: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, StoreError>;
        async fn key_admin_exists(&self, now: Timestamp) -> Result<bool, StoreError>;
    }
}

mock! {
    /// A mock of the store's probe.
    pub StoreProbe {}

    #[async_trait]
    impl StoreProbe for StoreProbe {
        async fn ping(&self) -> Result<(), StoreError>;
    }
}

mock! {
    /// A mock of the clock.
    pub Clock {}

    impl Clock for Clock {
        fn now(&self) -> Timestamp;
    }
}

mock! {
    /// A mock of the source of randomness.
    pub Randomness {}

    impl Randomness for Randomness {
        fn server_seed(&self) -> [u8; 32];
        fn id_bits(&self) -> u64;
    }
}

mock! {
    /// A mock of the dealer.
    pub Dealer {}

    impl Dealer for Dealer {
        fn deal(&self, seed: &ServerSeed, client_seed: &str, nonce: u64, words: u64) -> Box<dyn Draws>;
    }
}

mock! {
    /// A mock of the signer.
    pub HeadSigner {}

    impl HeadSigner for HeadSigner {
        fn public_key(&self) -> PublicKey;
        fn sign(&self, message: &[u8]) -> Signature;
    }
}

mock! {
    /// A mock of a round's draws.
    pub Draws {}

    impl Draws for Draws {
        fn below(&mut self, bound: NonZeroU32) -> u32;
        fn words_drawn(&self) -> u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_mocked_factory_hands_out_a_mocked_unit_that_writes_nothing() {
        let mut factory = MockUnitOfWorkFactory::new();
        factory.expect_begin().times(1).returning(|_| {
            let mut unit = MockUnitOfWork::new();
            unit.expect_rollback().times(1).returning(|| Ok(()));
            unit.expect_write().times(1).returning(|_| Err(StoreError::Clash("the key".to_owned())));
            Ok((Snapshot::default(), Box::new(unit)))
        });
        let factory: &dyn UnitOfWorkFactory = &factory;
        let (snapshot, unit) = factory.begin(&Needs::default()).await.unwrap();
        assert_eq!(snapshot, Snapshot::default());
        assert_eq!(unit.finish(&Changes::default()).await, Err(StoreError::Clash("the key".to_owned())));
    }
}
