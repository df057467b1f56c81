//! What a request may take: the size of its body, and the time in which it must have arrived.

use std::time::Duration;

/// Bounds on what one request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// The time in which a body must have arrived, from the end of the headers.
    pub body_timeout: Duration,
}

impl Default for HttpLimits {
    /// 1 MiB within 10 seconds.
    fn default() -> Self {
        Self { body_bytes: 1 << 20, body_timeout: Duration::from_secs(10) }
    }
}
