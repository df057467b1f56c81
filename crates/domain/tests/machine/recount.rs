//! The counters of a session, counted again from its events alone.

use reelhouse_domain::Money;
use reelhouse_domain::session::{GameplayEvent, SessionMetrics};
use serde_json::Value;

fn money(value: &Value) -> Money {
    serde_json::from_value(value.clone()).unwrap()
}

fn add(sum: &mut Money, more: Money) {
    *sum = sum.checked_add(more).unwrap();
}

fn see(metrics: &mut SessionMetrics, balance: Money) {
    metrics.balance_high = Some(metrics.balance_high.unwrap_or(balance).max(balance));
    metrics.balance_low = Some(metrics.balance_low.unwrap_or(balance).min(balance));
}

/// The counters of a session that was opened with this balance.
pub(crate) fn opened(balance: Option<Money>) -> SessionMetrics {
    let mut metrics = SessionMetrics::default();
    if let Some(balance) = balance {
        see(&mut metrics, balance);
    }
    metrics
}

/// Counts one event.
pub(crate) fn count(metrics: &mut SessionMetrics, event: &GameplayEvent) {
    let result = &event.body.result;
    if let Some(fee) = result.get("fee") {
        add(&mut metrics.fees, money(fee));
    }
    match event.body.action["type"].as_str().unwrap() {
        "probe" => metrics.probe_spins += result["spins"].as_u64().unwrap(),
        "spin" => {
            if result["mode"] == "base" {
                metrics.spins += 1;
                add(&mut metrics.wagered, money(&result["stake"]));
            } else {
                metrics.free_games += 1;
            }
            add(&mut metrics.won, money(&result["payout"]));
            let won = money(&result["round"]["won"]);
            if result["round"]["closed"] == true && won > Money::ZERO {
                metrics.hits += 1;
                metrics.dry_run = 0;
                metrics.biggest_win = metrics.biggest_win.max(won);
            } else if result["round"]["closed"] == true {
                metrics.dry_run += 1;
                metrics.longest_dry_run = metrics.longest_dry_run.max(metrics.dry_run);
            }
        }
        _ => {}
    }
    let costs = metrics.wagered.checked_add(metrics.fees).unwrap();
    metrics.net = metrics.won.checked_sub(costs).unwrap();
    if let Some(balance) = result.get("balance") {
        see(metrics, money(balance));
    }
}
