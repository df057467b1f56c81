//! The sweeper: expires the sessions that were left idle past their time-out.

use std::sync::Arc;
use std::time::Duration;

use crate::house::House;

/// How many sessions one sweep looks at before it takes a breath.
const SWEEP: u32 = 256;

/// Sweeps every `period`, for as long as the task is not dropped. An error is logged and the next
/// sweep tries again.
pub async fn sweep(house: Arc<House>, period: Duration) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        match house.sessions_sweep(SWEEP).await {
            Ok((0, _)) => {}
            Ok((expired, looked_at)) => tracing::info!(expired, looked_at, "idle sessions expired"),
            Err(error) => tracing::warn!(%error, "idle sessions could not be swept"),
        }
    }
}
