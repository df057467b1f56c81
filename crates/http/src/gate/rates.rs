//! How often each key, and each address without one, may call: a bucket of tokens for each.

use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::problem::{Code, Problem};

/// How many may call at once, in seconds of the rate.
const BURST_SECONDS: u32 = 2;

/// After how many requests the buckets that have filled up again are dropped.
const SWEEP: u32 = 4096;

/// How often somebody may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    per_second: NonZeroU32,
    burst: NonZeroU32,
}

impl Rate {
    /// So many requests a second, and as many as in two seconds at once; none for 0.
    #[must_use]
    pub fn per_second(requests: u32) -> Option<Self> {
        let per_second = NonZeroU32::new(requests)?;
        Some(Self { per_second, burst: per_second.saturating_mul(NonZeroU32::MIN.saturating_add(BURST_SECONDS - 1)) })
    }

    /// How long an empty bucket takes to fill, in whole seconds.
    const fn window(self) -> u32 {
        self.burst.get().div_ceil(self.per_second.get())
    }
}

/// A bucket for each of many.
pub(super) struct Meter<K: Hash + Eq + Clone> {
    name: &'static str,
    rate: Rate,
    buckets: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock, StateInformationMiddleware>,
    counted: AtomicU32,
}

/// What a request left in its bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    name: &'static str,
    rate: Rate,
    remaining: u32,
}

impl<K: Hash + Eq + Clone> Meter<K> {
    pub(super) fn new(name: &'static str, rate: Rate) -> Self {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Self { name, rate, buckets: RateLimiter::keyed(quota).with_middleware(), counted: AtomicU32::new(0) }
    }

    /// Takes a token out of somebody's bucket, and notes what is left.
    pub(super) fn count(&self, key: K, reading: &mut Option<Reading>) -> Result<(), Problem> {
        if self.counted.fetch_add(1, Ordering::Relaxed) % SWEEP == SWEEP - 1 {
            self.buckets.retain_recent();
        }
        let taken = self.buckets.check_key(&key);
        let remaining = taken.as_ref().map_or(0, |snapshot| snapshot.remaining_burst_capacity());
        *reading = Some(Reading { name: self.name, rate: self.rate, remaining });
        taken
            .map(drop)
            .map_err(|not_until| refused(self.name, self.rate, not_until.wait_time_from(DefaultClock::default().now())))
    }
}

fn refused(name: &str, rate: Rate, wait: Duration) -> Problem {
    let detail = format!("this {name} may call {} times a second; nothing was done", rate.per_second);
    Problem::new(Code::RateLimited, detail).come_back(wait)
}

impl Reading {
    /// Writes the headers of draft-ietf-httpapi-ratelimit-headers-10: the policy (quota, window in seconds), and
    /// what is left of the quota with the seconds until it is whole again.
    pub(super) fn write(self, headers: &mut HeaderMap) {
        let Self { name, rate, remaining } = self;
        let missing = rate.burst.get().saturating_sub(remaining);
        let whole = missing.div_ceil(rate.per_second.get());
        let policy = format!("\"{name}\";q={};w={}", rate.burst, rate.window());
        let left = format!("\"{name}\";r={remaining};t={whole}");
        for (header, text) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(header), value);
            }
        }
    }
}

/// Whom an address stands for: itself, or of IPv6 the network of 64 bits, all of which one subscriber has.
pub(super) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() >> 64 << 64).into(),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(requests: u32) -> Rate {
        Rate::per_second(requests).unwrap()
    }

    #[test]
    fn a_rate_of_nothing_is_no_rate() {
        assert_eq!(Rate::per_second(0), None);
        assert_eq!((rate(5).burst.get(), rate(5).window(), rate(u32::MAX).window()), (10, 2, 1));
    }

    /// At one request a second nothing comes back within the test, however slow the machine... unless it sleeps a
    /// second between two lines, which only ever lets more through.
    #[test]
    fn each_has_a_bucket_of_its_own_that_empties() {
        let meter = Meter::new("key", rate(1));
        let mut reading = None;
        assert!(meter.count(1, &mut reading).is_ok());
        assert_eq!(reading, Some(Reading { name: "key", rate: rate(1), remaining: 1 }));
        let refused = (0..100).find_map(|_| meter.count(1, &mut reading).err());
        assert!(refused.unwrap().to_string().starts_with("rate_limited"));
        assert_eq!(reading.map(|reading| reading.remaining), Some(0));
        assert!(meter.count(2, &mut reading).is_ok(), "another one's bucket is full");
    }

    #[test]
    fn the_headers_say_what_is_left() {
        let mut headers = HeaderMap::new();
        Reading { name: "key", rate: rate(100), remaining: 150 }.write(&mut headers);
        let text = |name: &str| headers.get(name).unwrap().to_str().unwrap();
        assert_eq!(text("ratelimit-policy"), r#""key";q=200;w=2"#);
        assert_eq!(text("ratelimit"), r#""key";r=150;t=1"#);
    }

    #[test]
    fn an_address_stands_for_its_network() {
        for (address, found) in
            [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
        {
            assert_eq!(network(address.parse().unwrap()), found.parse::<IpAddr>().unwrap());
        }
    }
}
