//! The whole numbers that combinations are counted in: 128 bits where the cycle fits, any size where it does not.

use std::ops::{AddAssign, Div, Mul};

use num_bigint::BigUint;
use num_integer::Integer;

/// A number of combinations.
pub(super) trait Count:
    Clone
    + Send
    + Sync
    + Integer
    + AddAssign
    + From<u32>
    + Into<BigUint>
    + for<'a> Mul<&'a Self, Output = Self>
    + for<'a> Div<&'a Self, Output = Self>
{
    /// The number less one that is not greater.
    fn minus(self, other: &Self) -> Self;
}

impl Count for u128 {
    fn minus(self, other: &Self) -> Self {
        self - other
    }
}

impl Count for BigUint {
    fn minus(self, other: &Self) -> Self {
        self - other
    }
}

/// `base` multiplied so many times.
pub(super) fn power<N: Count>(base: &N, times: usize) -> N {
    (0..times).fold(N::one(), |power, _| power * base)
}
