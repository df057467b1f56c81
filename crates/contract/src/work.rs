//! Short ways through a unit of work, for cases that are about something else.

use std::future::Future;
use std::time::Duration;

use reelhouse_domain::ports::{Changes, Needs, Snapshot, StoreError, UnitOfWork};
use reelhouse_domain::session::{Action, Step};
use reelhouse_domain::{SessionId, WalletId};
use tokio::time::timeout;

use crate::Store;
use crate::fixtures::{House, step_taken};

/// How long anything may take before the case calls it a deadlock.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// What locks everything that the changes update.
#[must_use]
pub fn needs_of(changes: &Changes) -> Needs {
    Needs {
        sessions: changes.sessions_updated.iter().map(|session| session.session_id).collect(),
        wallets: changes.wallets_updated.iter().map(|wallet| wallet.wallet_id).collect(),
        jobs: changes.jobs_updated.iter().map(|job| job.job_id).collect(),
        ..Needs::default()
    }
}

/// What locks a session and its wallet.
#[must_use]
pub fn needs_session(session_id: SessionId) -> Needs {
    Needs { sessions: [session_id].into(), ..Needs::default() }
}

/// What locks a wallet.
#[must_use]
pub fn needs_wallet(wallet_id: WalletId) -> Needs {
    Needs { wallets: [wallet_id].into(), ..Needs::default() }
}

/// Opens a unit of work that nothing should keep from opening.
pub async fn begin(store: &dyn Store, needs: &Needs) -> (Snapshot, Box<dyn UnitOfWork>) {
    in_time(store.begin(needs)).await.expect("a unit of work begins")
}

/// Writes the changes in a unit of work of their own.
///
/// # Errors
/// What the commit answered.
pub async fn try_save(store: &dyn Store, changes: &Changes) -> Result<(), StoreError> {
    let (_, unit) = begin(store, &needs_of(changes)).await;
    in_time(unit.finish(changes)).await
}

/// Writes changes that nothing should keep from being written.
pub async fn save(store: &dyn Store, changes: &Changes) {
    try_save(store, changes).await.expect("the changes are written");
}

/// The outcome, which must come within [`PATIENCE`].
pub async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(PATIENCE, work).await.expect("the store answers in time")
}

/// Takes an action in a unit of work of its own, on the session and wallet that it finds stored.
pub async fn play(store: &dyn Store, house: &House, session_id: SessionId, action: &Action) -> Step {
    let attached = if let Action::AttachWallet { wallet_id } = action { Some(*wallet_id) } else { None };
    let needs = Needs { wallets: attached.into_iter().collect(), ..needs_session(session_id) };
    let (mut snapshot, unit) = begin(store, &needs).await;
    let session = snapshot.sessions.remove(&session_id).expect("the session is there");
    let wallet_id = attached.or(session.current_wallet_id);
    let wallet = wallet_id.map(|id| snapshot.wallets.remove(&id).expect("the wallet is there"));
    let step = house.act(session, wallet, action);
    in_time(unit.finish(&step_taken(&step))).await.expect("the step is written");
    step
}
