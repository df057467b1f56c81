//! Processor time, read from `/proc`; on a system without it there is nothing to tell.

use std::fs;
use std::time::{Duration, Instant};

/// Ticks of processor time in a second, as Linux reports them on every machine it supports.
const TICKS: f64 = 100.0;

/// What had been used up at an instant.
pub(crate) struct Sample {
    at: Instant,
    server: u64,
    own: u64,
    machine: u64,
}

/// How many cores were busy between two samples, on average.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Busy {
    /// In the server.
    pub(crate) server: f64,
    /// In this program.
    pub(crate) own: f64,
    /// In everything else, the database among it.
    pub(crate) rest: f64,
}

impl Sample {
    /// What has been used up by now.
    pub(crate) fn take(server: u32) -> Option<Self> {
        Some(Self {
            at: Instant::now(),
            server: process_ticks(&fs::read_to_string(format!("/proc/{server}/stat")).ok()?)?,
            own: process_ticks(&fs::read_to_string("/proc/self/stat").ok()?)?,
            machine: machine_ticks(&fs::read_to_string("/proc/stat").ok()?)?,
        })
    }

    /// What was busy since an earlier sample.
    pub(crate) fn since(&self, earlier: &Self) -> Busy {
        let seconds = (self.at - earlier.at).as_secs_f64().max(f64::EPSILON);
        let cores = |now: u64, then: u64| now.saturating_sub(then) as f64 / TICKS / seconds;
        let server = cores(self.server, earlier.server);
        let own = cores(self.own, earlier.own);
        Busy { server, own, rest: (cores(self.machine, earlier.machine) - server - own).max(0.0) }
    }
}

/// The processor time that this thread has used, to the nanosecond.
pub(crate) fn this_thread() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    Some(Duration::from_nanos(text.split_ascii_whitespace().next()?.parse().ok()?))
}

/// How many cores are busy while nothing is measured yet.
pub(crate) async fn before() -> Option<f64> {
    let own = std::process::id();
    let earlier = Sample::take(own)?;
    tokio::time::sleep(Duration::from_secs(1)).await;
    Some(Sample::take(own)?.since(&earlier).rest)
}

/// User and system time of a process. Its name may hold spaces, so fields count from its end.
fn process_ticks(stat: &str) -> Option<u64> {
    let mut fields = stat.rsplit_once(')')?.1.split_ascii_whitespace().skip(11);
    Some(fields.next()?.parse::<u64>().ok()? + fields.next()?.parse::<u64>().ok()?)
}

/// Everything the processors did but idle and wait for disks.
fn machine_ticks(stat: &str) -> Option<u64> {
    let fields: Vec<u64> = stat
        .lines()
        .next()?
        .strip_prefix("cpu ")?
        .split_ascii_whitespace()
        .map_while(|field| field.parse().ok())
        .collect();
    // Time of guests, in the ninth and tenth field, is part of the first two.
    let [user, nice, system, _idle, _iowait, irq, softirq, steal] = *fields.first_chunk::<8>()?;
    Some(user + nice + system + irq + softirq + steal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_found_behind_any_name() {
        let stat = "42 (a b) c) S 1 2 3 4 5 6 7 8 9 10 250 50 1 1 20 0";
        assert_eq!(process_ticks(stat), Some(300));
        assert_eq!(process_ticks("42 (x) S 1"), None);
        assert_eq!(machine_ticks("cpu  10 1 5 900 99 1 2 3 7 7\ncpu0 1 1\n"), Some(22));
        assert_eq!(machine_ticks("intr 1"), None);
    }

    #[test]
    fn cores_are_ticks_over_time() {
        let earlier = Sample { at: Instant::now(), server: 100, own: 10, machine: 1000 };
        let later = Sample { at: earlier.at + Duration::from_secs(2), server: 200, own: 60, machine: 1400 };
        let Busy { server, own, rest } = later.since(&earlier);
        assert!((server - 0.5).abs() < 1e-9 && (own - 0.25).abs() < 1e-9 && (rest - 1.25).abs() < 1e-9);
    }
}
