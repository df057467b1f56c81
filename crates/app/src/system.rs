//! The real clock, the real randomness, and the priority of threads.

use std::time::{SystemTime, UNIX_EPOCH};

use reelhouse_domain::id::Randomness;
use reelhouse_domain::time::{Clock, Timestamp, from_millis};

/// The lowest priority that a thread can have, as `nice` counts.
#[cfg(target_os = "linux")]
const LOWEST_PRIORITY: i32 = 19;

/// The operating system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(clippy::disallowed_methods, reason = "this is the one place where the clock is read")]
    fn now(&self) -> Timestamp {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since_epoch.as_millis()).ok().and_then(from_millis).unwrap_or_default()
    }
}

/// The operating system's randomness.
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    /// # Panics
    /// When the operating system has no randomness to give: a seed anybody could guess would be worse.
    #[allow(clippy::panic, reason = "without randomness no draw can be fair")]
    fn server_seed(&self) -> [u8; 32] {
        let mut seed = [0; 32];
        if let Err(error) = getrandom::fill(&mut seed) {
            panic!("the operating system gave no randomness: {error}");
        }
        seed
    }

    fn id_bits(&self) -> u64 {
        // A cryptographic generator seeded by the operating system: one call an id to the kernel
        // would cost more than the id.
        rand::random()
    }
}

/// Lowers the priority of the calling thread, and of those that it starts, as far as it goes, so that it takes
/// what others leave. Where that cannot be done, it stays as it is.
pub fn lower_priority() {
    // On Linux the process of id 0 is the calling thread; elsewhere it would be the whole program.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, LOWEST_PRIORITY) {
        tracing::warn!(%error, "the priority of a thread could not be lowered");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seeds_and_bits_differ_from_call_to_call() {
        assert_ne!(SystemRandomness.server_seed(), SystemRandomness.server_seed());
        assert_ne!(SystemRandomness.id_bits(), SystemRandomness.id_bits());
    }
}
