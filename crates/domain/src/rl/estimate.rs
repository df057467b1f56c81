//! Means and variances of a stream of numbers, in one pass (Welford, Technometrics 4, 1962).

use super::Ending;

/// The two-sided 95 % quantile of the normal distribution.
const Z95: f64 = 1.959_963_984_540_054;

/// The mean and the spread of numbers that come one at a time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    count: u64,
    mean: f64,
    /// The sum of the squared distances from the mean.
    squares: f64,
}

impl Estimate {
    /// Takes a number in.
    #[allow(clippy::cast_precision_loss)]
    pub fn push(&mut self, number: f64) {
        self.count += 1;
        let distance = number - self.mean;
        self.mean += distance / self.count as f64;
        self.squares += distance * (number - self.mean);
    }

    /// How many numbers there were.
    #[must_use]
    pub const fn count(&self) -> u64 {
        self.count
    }

    /// The mean; `None` of no numbers.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then_some(self.mean)
    }

    /// The sample variance (n - 1); `None` of fewer than two numbers.
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn variance(&self) -> Option<f64> {
        (self.count > 1).then(|| self.squares / (self.count - 1) as f64)
    }

    /// The normal 95 % confidence interval of the mean: mean ± 1.96 √(variance / n).
    #[must_use]
    #[allow(clippy::cast_precision_loss)]
    pub fn interval(&self) -> Option<[f64; 2]> {
        let reach = Z95 * (self.variance()? / self.count as f64).sqrt();
        Some([self.mean - reach, self.mean + reach])
    }
}

/// The figures of a set of episodes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Summary {
    /// The rewards of all steps.
    pub reward: Estimate,
    /// The sums of the rewards of each episode.
    pub episode_return: Estimate,
    /// The numbers of steps of each episode.
    pub episode_length: Estimate,
    /// How many episodes ended for good.
    pub terminated: u64,
    /// How many were cut off.
    pub truncated: u64,
    open: Option<(f64, u64)>,
}

impl Summary {
    /// Takes a step in, with the ending that its row is exported with: the last of an episode has one.
    #[allow(clippy::cast_precision_loss)]
    pub fn push(&mut self, reward: f64, ending: Ending) {
        self.reward.push(reward);
        let (sum, steps) = self.open.take().unwrap_or_default();
        let (sum, steps) = (sum + reward, steps + 1);
        match ending {
            Ending::Open => {
                self.open = Some((sum, steps));
                return;
            }
            Ending::Terminated => self.terminated += 1,
            Ending::Truncated => self.truncated += 1,
        }
        self.episode_return.push(sum);
        self.episode_length.push(steps as f64);
    }
}
