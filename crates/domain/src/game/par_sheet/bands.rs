//! RTP bands: between what bounds the RTP that is seen over a number of games lies.
//!
//! Over `n` independent rounds of mean `µ` and standard deviation `σ`, both in stakes, the RTP lies within
//! `µ ± z·σ/√n`, with the confidence of `z`, as far as the sum of `n` rounds is normally distributed (K. A.
//! Harrigan and M. Dixon, "PAR Sheets, probabilities, and slot machine play", Journal of Gambling Issues 23,
//! 2009). The higher the volatility, the more rounds that takes: a band of few games is no promise.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{Signed as _, Zero as _};
use serde::Serialize;

use super::super::profile::{StatisticalProfile, decimal, rounded_root};

/// The numbers of games that bands are given for.
pub const BAND_GAMES: [u64; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The bands of a number of games.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RtpBands {
    /// How many paid rounds.
    pub games: u64,
    /// The band of each confidence.
    pub bands: Vec<RtpBand>,
}

/// Between what bounds an RTP lies, in percent, rounded half up to 12 decimals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RtpBand {
    /// The confidence, two-sided, in percent.
    pub confidence: u32,
    /// The quantile of the standard normal distribution.
    pub z: String,
    /// How far the band reaches to either side of the RTP.
    pub half_width_percent: String,
    /// The lower bound; an RTP is never below 0.
    pub low_percent: String,
    /// The upper bound.
    pub high_percent: String,
}

/// The bands of a profile that has the moments of a round.
pub(super) fn of(profile: &StatisticalProfile) -> Option<Vec<RtpBands>> {
    let round = profile.round.as_ref()?;
    let mean: BigRational = round.mean.exact.parse().ok()?;
    let variance: BigRational = round.variance.exact.parse().ok()?;
    let quantiles: Vec<(u32, &str)> = round.volatility_index.iter().map(|one| (one.confidence, &*one.z)).collect();
    BAND_GAMES.iter().map(|games| bands(*games, &mean, &variance, &quantiles)).collect()
}

fn bands(games: u64, mean: &BigRational, variance: &BigRational, quantiles: &[(u32, &str)]) -> Option<RtpBands> {
    let hundred = BigInt::from(100);
    let mean = mean * &hundred;
    let band = |(confidence, text): &(u32, &str)| {
        let z = from_decimal(text)?;
        let half_width = rounded_root(&(variance * &z * &z * &hundred * &hundred / BigInt::from(games)));
        let low = &mean - &half_width;
        Some(RtpBand {
            confidence: *confidence,
            z: (*text).to_owned(),
            half_width_percent: decimal(&half_width),
            low_percent: decimal(&if low.is_negative() { BigRational::zero() } else { low }),
            high_percent: decimal(&(&mean + &half_width)),
        })
    };
    Some(RtpBands { games, bands: quantiles.iter().map(band).collect::<Option<_>>()? })
}

/// The value of digits with a point among them.
fn from_decimal(text: &str) -> Option<BigRational> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{decimals}").parse().ok()?;
    Some(BigRational::new(digits, BigInt::from(10).pow(u32::try_from(decimals.len()).ok()?)))
}
