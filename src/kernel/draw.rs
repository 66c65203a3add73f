//! Random draws: a stream, or a hash, for everything that is drawn, named by what it is for, so that order and threads do not matter.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::logarithm::ln;
use super::normal::quantile;

/// A stream of uniform numbers. The first one may be given, as in a low-discrepancy design.
#[derive(Debug, Clone)]
pub(crate) struct Stream {
    lead: Option<f64>,
    rng: Xoshiro256PlusPlus,
}

/// Brings a word into a hash: the finaliser of `SplitMix64` (Steele, Lea and Flood 2014).
pub(crate) fn mix(hash: u64, word: u64) -> u64 {
    let mut z = (hash ^ word).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A hash of a text that is the same everywhere.
pub(crate) fn name(hash: u64, text: &str) -> u64 {
    // The length closes the text, so that `ab`, `c` and `a`, `bc` differ.
    mix(text.bytes().fold(hash, |hash, byte| mix(hash, byte.into())), text.len() as u64)
}

/// The uniform number of a key that [`mix`] has made, in the open interval from 0 to 1, on 2^52 values that are symmetric about the
/// middle: for draws that have a key each.
pub(crate) fn uniform_at(key: u64) -> f64 {
    // From 1 to 2, less what is left to the middle of the first of the values: no conversion, no rounding.
    f64::from_bits(key >> 12 | 1f64.to_bits()) - (1.0 - 2f64.powi(-53))
}

impl Stream {
    pub(crate) fn new(key: u64) -> Self {
        Self { lead: None, rng: Xoshiro256PlusPlus::seed_from_u64(key) }
    }

    /// A stream whose first number is given.
    pub(crate) fn led_by(lead: f64, key: u64) -> Self {
        Self { lead: Some(lead), ..Self::new(key) }
    }

    /// Uniform as [`uniform_at`].
    pub(crate) fn uniform(&mut self) -> f64 {
        if let Some(lead) = self.lead.take() {
            return lead.clamp(2f64.powi(-53), 1.0 - 2f64.powi(-53));
        }
        self.following()
    }

    fn following(&mut self) -> f64 {
        uniform_at(self.rng.next_u64())
    }

    /// A word to key further streams by.
    pub(crate) fn key(&mut self) -> u64 {
        let lead = self.lead.map_or(0, f64::to_bits);
        mix(self.rng.next_u64(), lead)
    }

    /// One of `0..of`, each as likely as the others.
    pub(crate) fn choice(&mut self, of: usize) -> usize {
        // The product stays below `of`, but for the rounding of a very large one.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to below `of`")]
        let at = (self.uniform() * of as f64) as usize;
        at.min(of - 1)
    }

    /// The exponential distribution of mean 1, by inversion.
    pub(crate) fn exponentials(&mut self, out: &mut [f64]) {
        let Some((first, rest)) = out.split_first_mut() else { return };
        *first = self.uniform();
        for u in rest {
            *u = self.following();
        }
        // All draws before all logarithms, which run in lanes.
        for u in out {
            *u = -ln(*u);
        }
    }

    /// The standard normal distribution, by inversion.
    pub(crate) fn normal(&mut self) -> f64 {
        quantile(self.uniform())
    }

    /// The natural logarithm of a gamma variate of the given shape and scale 1: Marsaglia and Tsang (2000), with their
    /// boost for shapes below 1. The logarithm, because a small shape gives numbers below double precision.
    pub(crate) fn ln_gamma_variate(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = ln(self.uniform()) / shape;
            return self.ln_gamma_variate(shape + 1.0) + boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = 1.0 + c * x;
            if v > 0.0 {
                let v = v * v * v;
                if ln(self.uniform()) < 0.5 * x * x + d - d * v + d * ln(v) {
                    return ln(d * v);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Xoshiro256++ seeded with `SplitMix64` is a named algorithm: results of a seed are the same in every version.
    #[test]
    fn the_stream_of_a_key_never_changes() {
        let mut stream = Stream::new(1);
        let first: Vec<u64> = (0..3).map(|_| stream.rng.next_u64()).collect();
        assert_eq!(first, [14971601782005023387, 13781649495232077965, 1847458086238483744]);
    }

    /// The finaliser of `SplitMix64` is one too, and so are texts brought into it byte by byte.
    #[test]
    fn the_number_of_a_key_never_changes() {
        // The first of SplitMix64 seeded with 0 and with 1234567.
        assert_eq!((mix(0, 0), mix(1234567, 0)), (16294208416658607535, 6457827717110365317));
        assert_eq!(uniform_at(mix(0, 0)), (16294208416658607535_u64 >> 12) as f64 / 2f64.powi(52) + 2f64.powi(-53));
        let [a, b] = [u64::from(b'a'), u64::from(b'b')];
        assert_eq!(name(7, "ab"), mix(mix(mix(7, a), b), 2));
    }

    #[test]
    fn texts_hash_apart() {
        assert_ne!(name(name(0, "ab"), "c"), name(name(0, "a"), "bc"));
        assert_ne!(name(0, ""), name(0, "\0"));
    }

    /// Defect 13 (COINr): it cuts the range of the numbers that were drawn, so that 0.1, 0.2 and 0.3 become A, A and B.
    #[test]
    fn defect_13_a_choice_does_not_depend_on_what_else_was_drawn() {
        let choice = |lead: f64, of| Stream::led_by(lead, 1).choice(of);
        assert_eq!([0.1, 0.2, 0.3].map(|u| choice(u, 2)), [0, 0, 0]);
        assert_eq!([0.0, 0.499, 0.5, 0.999].map(|u| choice(u, 2)), [0, 0, 1, 1]);
        assert_eq!(choice(1.0, 7), 6);
    }

    #[test]
    fn an_exponential_is_the_logarithm_of_a_uniform_number() {
        for mut stream in [Stream::new(3), Stream::led_by(0.25, 3)] {
            let mut many = [0.0; 11];
            stream.clone().exponentials(&mut many);
            for e in many {
                let u = stream.uniform();
                assert!((e + u.ln()).abs() <= 1e-15 * e.max(1e-3), "{e} from {u}");
            }
        }
    }

    fn moments(draw: impl FnMut(&mut Stream) -> f64) -> (f64, f64) {
        let mut draw = draw;
        let mut stream = Stream::new(7);
        let n = 200_000;
        let values: Vec<f64> = (0..n).map(|_| draw(&mut stream)).collect();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / f64::from(n))
    }

    /// Means and variances within five standard errors of those of the distributions.
    #[test]
    fn distributions_have_their_moments() {
        let near = |(mean, variance): (f64, f64), m: f64, v: f64, kurtosis: f64| {
            let n: f64 = 200_000.0;
            assert!((mean - m).abs() < 5.0 * (v / n).sqrt(), "mean {mean}, not {m}");
            assert!((variance - v).abs() < 5.0 * v * ((kurtosis - 1.0) / n).sqrt(), "variance {variance}, not {v}");
        };
        near(moments(Stream::uniform), 0.5, 1.0 / 12.0, 1.8);
        let mut at = 0;
        let keyed = |_: &mut Stream| {
            at += 1;
            uniform_at(mix(mix(9, at % 500), name(0, &(at / 500).to_string())))
        };
        near(moments(keyed), 0.5, 1.0 / 12.0, 1.8);
        let exponential = |stream: &mut Stream| {
            let mut one = [0.0];
            stream.exponentials(&mut one);
            one[0]
        };
        near(moments(exponential), 1.0, 1.0, 9.0);
        near(moments(Stream::normal), 0.0, 1.0, 3.0);
        for shape in [0.3, 1.0, 2.5, 40.0] {
            near(moments(|s| s.ln_gamma_variate(shape).exp()), shape, shape, 3.0 + 6.0 / shape);
        }
    }
}
