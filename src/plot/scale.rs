//! From values to places, and where the ticks stand. Private.

use crate::text::thousands;

/// A straight scale: values from `low` to `high` stand from `from` to `to`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Scale {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Scale {
    /// From the lowest to the highest of some values, widened to the next ticks; from 0 to 1 where there are none.
    pub(super) fn round(values: impl IntoIterator<Item = f64>, from: f64, to: f64, ticks: usize) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.into_iter().filter(|v| v.is_finite()) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        if !varies(low, high) {
            // Where all are the same, some room around them.
            let room = if low == 0.0 { 1.0 } else { (low.abs() / 10.0).max(f64::MIN_POSITIVE) };
            (low, high) = (low - room, high + room);
        }
        let step = step(low, high, ticks);
        let (wide_low, wide_high) = ((low / step).floor() * step, (high / step).ceil() * step);
        let sound = wide_low.is_finite() && wide_high.is_finite() && wide_low < wide_high;
        if sound { Self { low: wide_low, high: wide_high, from, to } } else { Self { low, high, from, to } }
    }

    /// From the first rank to the last of `n`, with half a rank of room at either end.
    pub(super) fn ranks(n: usize, from: f64, to: f64) -> Self {
        Self { low: 0.5, high: n.max(1) as f64 + 0.5, from, to }
    }

    /// Where a value stands.
    pub(super) fn at(&self, value: f64) -> f64 {
        self.from + (self.to - self.from) * self.share(value)
    }

    /// A value as a share of the scale.
    pub(super) fn share(&self, value: f64) -> f64 {
        // Halves, so that the ends of all numbers do not overflow.
        let span = self.high / 2.0 - self.low / 2.0;
        if span > 0.0 { (value / 2.0 - self.low / 2.0) / span } else { 0.5 }
    }

    /// The round values on it, about as many as asked for, with their text.
    pub(super) fn ticks(&self, about: usize) -> Vec<(f64, String)> {
        let step = step(self.low, self.high, about);
        let (first, last) = ((self.low / step - 1e-9).ceil(), (self.high / step + 1e-9).floor());
        if !(step > 0.0 && (last - first) < 100.0) {
            return vec![(self.low, scientific(self.low)), (self.high, scientific(self.high))];
        }
        let figures = Figures::of_step(step, self.low.abs().max(self.high.abs()));
        let mut ticks = Vec::new();
        let mut at = first;
        while at <= last {
            ticks.push((at * step, figures.text(at * step)));
            at += 1.0;
        }
        ticks
    }

    /// Whole ranks: the first, and multiples of a round step.
    pub(super) fn rank_ticks(&self, about: usize) -> Vec<(f64, String)> {
        let n = self.high - 0.5;
        let step = step(0.0, n, about).max(1.0).round();
        let mut ticks = vec![(1.0, "1".to_owned())];
        let mut at = step;
        while at <= n {
            if at > 1.0 {
                ticks.push((at, at.to_string()));
            }
            at += step;
        }
        ticks
    }
}

/// Whether numbers from `low` to `high` differ by more than what rounding does to sums of them.
pub(super) fn varies(low: f64, high: f64) -> bool {
    high / 2.0 - low / 2.0 > 1e-13 * low.abs().max(high.abs())
}

/// A round step (1, 2 or 5 times a power of ten) that makes about so many of a range.
fn step(low: f64, high: f64, about: usize) -> f64 {
    let rough = (high / 2.0 - low / 2.0) / about.max(1) as f64 * 2.0;
    let power = 10f64.powf(rough.log10().floor());
    let times = [1.0, 2.0, 5.0, 10.0].into_iter().find(|times| times * power >= rough * (1.0 - 1e-9));
    let step = times.unwrap_or(10.0) * power;
    if step.is_finite() { step } else { rough }
}

/// How many decimals the numbers of a range need.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Figures {
    Decimals(usize),
    Scientific,
}

impl Figures {
    fn of_step(step: f64, size: f64) -> Self {
        if size >= 1e7 || step < 1e-4 {
            return Self::Scientific;
        }
        (0..5)
            .find(|&d| step >= 10f64.powi(-d) * (1.0 - 1e-9))
            .map_or(Self::Scientific, |d| Self::Decimals(usize::try_from(d).unwrap_or(0)))
    }

    /// As many as tell about a hundred values of the range apart, or about a hundred from 0 where there is but one.
    pub(super) fn of_range(low: f64, high: f64) -> Self {
        let size = low.abs().max(high.abs());
        let span = if varies(low, high) { high - low } else { size };
        Self::of_step(if span > 0.0 { span / 90.0 } else { 1.0 }, size)
    }

    pub(super) fn text(self, value: f64) -> String {
        match self {
            Self::Scientific => scientific(value),
            Self::Decimals(digits) => {
                let size = format!("{:.digits$}", value.abs());
                let (whole, decimals) = size.split_at(size.find('.').unwrap_or(size.len()));
                // What rounds to 0 has no sign; that of others is as wide as a digit.
                let is_below = value < 0.0 && size.bytes().any(|b| matches!(b, b'1'..=b'9'));
                format!("{}{}{decimals}", if is_below { "\u{2212}" } else { "" }, thousands(whole))
            }
        }
    }
}

fn scientific(value: f64) -> String {
    if value == 0.0 { "0".to_owned() } else { format!("{value:.1e}").replace('-', "\u{2212}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(scale: &Scale) -> Vec<String> {
        scale.ticks(5).into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn scales_end_at_ticks() {
        let scale = Scale::round([3.0, 97.0], 100.0, 600.0, 5);
        assert_eq!((scale.low, scale.high), (0.0, 100.0));
        assert_eq!(texts(&scale), ["0", "20", "40", "60", "80", "100"]);
        assert_eq!((scale.at(0.0), scale.at(50.0), scale.at(100.0)), (100.0, 350.0, 600.0));
        assert_eq!(
            texts(&Scale::round([-0.31, 0.42], 0.0, 1.0, 5)),
            ["\u{2212}0.4", "\u{2212}0.2", "0.0", "0.2", "0.4", "0.6"]
        );
    }

    #[test]
    fn what_does_not_vary_or_is_not_there_has_a_scale() {
        for values in [vec![], vec![0.0], vec![7.0, 7.0], vec![-1e300], vec![5e-324], vec![f64::NAN]] {
            let scale = Scale::round(values.iter().copied(), 0.0, 100.0, 5);
            assert!(scale.low < scale.high, "{values:?} {scale:?}");
            let ticks = scale.ticks(5);
            assert!(ticks.len() >= 2 && ticks.len() < 100, "{values:?} {ticks:?}");
            assert!(ticks.iter().all(|(v, _)| (-1e-6..=100.0 + 1e-6).contains(&scale.at(*v))), "{values:?} {ticks:?}");
        }
        let scale = Scale::round([0.3, 0.1 + 0.2], 0.0, 100.0, 5);
        assert!(scale.high - scale.low > 0.01 && scale.ticks(5).len() > 2, "{scale:?}");
        let scale = Scale::round([f64::MIN, f64::MAX], 0.0, 100.0, 5);
        assert_eq!((scale.at(f64::MIN), scale.at(0.0), scale.at(f64::MAX)), (0.0, 50.0, 100.0));
    }

    #[test]
    fn ranks_have_whole_ticks() {
        let ticks = |n: usize| Scale::ranks(n, 0.0, 1.0).rank_ticks(8).into_iter().map(|(v, _)| v).collect::<Vec<_>>();
        assert_eq!(ticks(1), [1.0]);
        assert_eq!(ticks(3), [1.0, 2.0, 3.0]);
        assert_eq!(ticks(39), [1.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 35.0]);
    }

    #[test]
    fn numbers_have_the_decimals_of_their_range() {
        assert_eq!(Figures::of_range(0.0, 100.0).text(35.66), "36");
        assert_eq!(Figures::of_range(0.0, 1.0).text(0.3566), "0.36");
        assert_eq!(Figures::of_range(-3.0, 3.0).text(-0.001), "0.00");
        assert_eq!(Figures::of_range(-3.0, 3.0).text(-1.5), "\u{2212}1.50");
        assert_eq!(Figures::of_range(0.0, 1e9).text(1.5e8), "1.5e8");
        // of one value alone, and where rounding makes two of it
        assert_eq!(Figures::of_range(5.0, 5.0).text(5.0), "5.00");
        assert_eq!(Figures::of_range(0.3, 0.1 + 0.2).text(0.3), "0.300");
        assert_eq!(Figures::of_range(0.0, 0.0).text(0.0), "0");
        assert_eq!(Figures::of_range(0.0, 5e6).text(-1234567.4), "\u{2212}1\u{202f}234\u{202f}567");
        assert_eq!(Figures::of_range(9999.0, 9999.5).text(9999.25), "9999.250");
    }
}
