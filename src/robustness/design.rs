//! Where the random numbers of a run come from.

use crate::kernel::draw::{Stream, mix};
use crate::kernel::sobol::{Sobol, unit};

/// Where the random numbers of a run come from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Design {
    /// Each run draws everything anew.
    Random { seed: u64 },
    /// Every combination of alternatives once, the last doubt's fastest.
    Factorial { levels: Vec<usize>, seed: u64 },
    /// The matrices A, B and A with a column of B (Saltelli 2010), one after the other; the first number that a doubt draws
    /// comes from a shifted Sobol' sequence.
    Saltelli { base: usize, seed: u64, points: Sobol },
}

impl Design {
    /// The random numbers of a doubt in a run.
    pub(super) fn stream(&self, run: usize, doubt: usize, doubts: usize) -> Stream {
        match self {
            Self::Random { seed } => Stream::new(mix(mix(mix(0, *seed), doubt as u64), run as u64)),
            Self::Factorial { levels, seed } => {
                let after: usize = levels[doubt + 1..].iter().product();
                let level = run / after % levels[doubt];
                let key = mix(mix(mix(0, *seed), doubt as u64), level as u64);
                Stream::led_by((level as f64 + 0.5) / levels[doubt] as f64, key)
            }
            Self::Saltelli { base, seed, points } => {
                let (block, row) = (run / base, run % base);
                let from_b = block == 1 || block == 2 + doubt;
                let matrix = usize::from(from_b);
                let key = mix(mix(mix(mix(0, *seed), doubt as u64), row as u64), 1 + matrix as u64);
                let dimension = matrix * doubts + doubt;
                if dimension >= Sobol::MOST {
                    return Stream::new(key);
                }
                let shift = mix(mix(!0, *seed), dimension as u64);
                Stream::led_by(unit(points.point(row as u64, dimension, shift)), key)
            }
        }
    }
}
