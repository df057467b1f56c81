//! What a request may take: the size of its body, the time in which it must have arrived, the silence of a stream.

use std::time::Duration;

/// Bounds on what one request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HttpLimits {
    /// The largest body, in bytes.
    pub body_bytes: usize,
    /// The time in which a body must have arrived, from the end of the headers.
    pub body_timeout: Duration,
    /// How long a stream is silent before it says that it is there still.
    pub heartbeat: Duration,
}

impl Default for HttpLimits {
    /// 1 MiB within 10 seconds, and a sign of life every 15.
    fn default() -> Self {
        Self { body_bytes: 1 << 20, body_timeout: Duration::from_secs(10), heartbeat: Duration::from_secs(15) }
    }
}
