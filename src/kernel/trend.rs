//! Robust trends: Theil and Sen's slope, Mann and Kendall's test.

use super::kendall::Concordance;
use super::{special, stats};

/// The straight line through a series that outliers do not bend.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct TheilSen {
    /// The median of the slopes of all pairs of points.
    pub(crate) slope: f64,
    /// A point that the line goes through: the median of `x`, and the median of what the slope leaves of `y` there.
    pub(crate) anchor: (f64, f64),
    /// Between which slopes the true one lies with the confidence asked for; none where there are too few points for that.
    pub(crate) interval: Option<(f64, f64)>,
}

impl TheilSen {
    /// Of points with ascending `x`, none twice, none NaN, and a confidence between 0 and 1; none below two points, and
    /// where the figures are too large for a slope.
    ///
    /// The interval inverts the test of Mann and Kendall: with `N` pairs and `C = z sqrt(variance)` its ends are the slopes
    /// of rank `(N - C) / 2` and `(N + C) / 2 + 1`, the ranks rounded to whole ones. Where the first is below 1 without
    /// ties, no slope however steep is ruled out, and there is no interval; `SciPy` gives the outermost slopes then.
    ///
    /// Reference: Sen (1968), [10.1080/01621459.1968.10480934](https://doi.org/10.1080/01621459.1968.10480934).
    pub(crate) fn of(x: &[f64], y: &[f64], confidence: f64) -> Option<Self> {
        let unit = stats::unit(y);
        let y: Vec<f64> = y.iter().map(|y| y / unit).collect();
        let mut slopes = Vec::with_capacity(x.len() * x.len().saturating_sub(1) / 2);
        for later in 1..x.len().min(y.len()) {
            slopes.extend((0..later).map(|earlier| (y[later] - y[earlier]) / (x[later] - x[earlier])));
        }
        slopes.sort_unstable_by(f64::total_cmp);
        let slope = stats::quantile_of(&slopes, 1, 2);
        let middle = stats::median(x);
        let level = stats::median(&x.iter().zip(&y).map(|(x, y)| y - slope * (x - middle)).collect::<Vec<f64>>());
        let interval = ends(&slopes, &Concordance::of(x, &y), confidence).map(|(low, high)| (low * unit, high * unit));
        let (slope, level) = (slope * unit, level * unit);
        let finite = slope.is_finite() && level.is_finite() && interval.is_none_or(|(a, b)| (b - a).is_finite());
        finite.then_some(Self { slope, anchor: (middle, level), interval })
    }

    /// The line's value.
    pub(crate) fn at(&self, x: f64) -> f64 {
        self.anchor.1 + self.slope * (x - self.anchor.0)
    }
}

/// The slopes between which the true one lies.
fn ends(slopes: &[f64], balance: &Concordance, confidence: f64) -> Option<(f64, f64)> {
    let z = special::normal_beyond(1.0 - confidence);
    let rank = |variance: f64| ((slopes.len() as f64 - z * variance.sqrt()) / 2.0).round_ties_even();
    let n = balance.len() as f64;
    if rank(untied_variance(n)) < 1.0 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to the number of slopes")]
    let first = (rank(variance(balance)).max(1.0) as usize).checked_sub(1)?;
    // The same rank from the other end: SciPy rounds the upper rank on its own, which can differ by one place at a half.
    let last = slopes.len().checked_sub(first + 1)?;
    Some((*slopes.get(first.min(last))?, *slopes.get(last.max(first))?))
}

/// Whether a series goes up or down, by the signs of all its differences.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct MannKendall {
    /// Pairs of which the later one is higher, less those of which it is lower.
    pub(crate) s: i64,
    /// The variance of that where nothing goes up or down, corrected for ties.
    pub(crate) variance: f64,
    /// `s`, one nearer to 0, over its standard deviation; 0 where `s` or the variance is 0.
    pub(crate) z: f64,
    /// The share of the pairs that are not tied that go up, less the share that go down (tau-b); 0 where all are tied.
    pub(crate) tau: f64,
    /// The two-sided probability of an `s` at least as far from 0 where nothing goes up or down.
    pub(crate) p: f64,
    /// Whether `p` is counted out over all orders (no ties, at most 60 points); else it is the normal one of `z`.
    pub(crate) exact: bool,
}

impl MannKendall {
    /// Of points with ascending `x`, none NaN; none below three points.
    ///
    /// A series that is always the same has `p` 1: every order of it has the same `s`.
    ///
    /// References: Mann (1945), [10.2307/1907187](https://doi.org/10.2307/1907187); Kendall (1970), *Rank Correlation
    /// Methods*, chapters 4 and 5.
    pub(crate) fn of(x: &[f64], y: &[f64]) -> Option<Self> {
        let balance = Concordance::of(x, y);
        if balance.len() < 3 {
            return None;
        }
        let (s, variance) = (balance.balance(), variance(&balance));
        let corrected = s - s.signum();
        let z = if corrected == 0 || variance <= 0.0 { 0.0 } else { corrected as f64 / variance.sqrt() };
        let exact = balance.is_exact();
        let p = if exact { balance.p().unwrap_or(1.0) } else { special::normal_two_sided(z) };
        Some(Self { s, variance, z, tau: balance.tau_b().unwrap_or(0.0), p, exact })
    }
}

fn untied_variance(n: f64) -> f64 {
    n * (n - 1.0) * (2.0 * n + 5.0) / 18.0
}

fn variance(balance: &Concordance) -> f64 {
    let tied = balance.ties(1).iter().map(|&t| untied_variance(f64::from(t))).sum::<f64>();
    // The series that is always the same, without what rounding leaves.
    if balance.ties(1).iter().any(|&t| t as usize == balance.len()) {
        return 0.0;
    }
    untied_variance(balance.len() as f64) - tied
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    /// Name, x, y, and the other columns.
    type Row = (String, Vec<f64>, Vec<f64>, Vec<f64>);

    /// The vectors of the oracle.
    fn oracle() -> Vec<Row> {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracles/trajectory/trend.csv");
        let numbers = |text: &str| text.split(' ').map(|v| v.parse().unwrap()).collect::<Vec<f64>>();
        let rows = csv::Reader::from_path(path).unwrap().into_records().map(|row| {
            let row = row.unwrap();
            let figures = row.iter().skip(3).map(|v| v.parse().unwrap()).collect();
            (row[0].to_owned(), numbers(&row[1]), numbers(&row[2]), figures)
        });
        let rows: Vec<_> = rows.collect();
        assert_eq!(rows.len(), 43);
        rows
    }

    #[test]
    fn slopes_and_intervals_agree_with_scipy() {
        let mut intervals = 0;
        for (name, x, y, o) in oracle() {
            let line = TheilSen::of(&x, &y, 0.95).unwrap();
            let scale = y.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
            assert_relative_eq!(line.slope, o[0], epsilon = 1e-12 * scale, max_relative = 1e-12);
            assert_relative_eq!(line.at(0.0), o[1], epsilon = 1e-10 * scale, max_relative = 1e-9);
            for (confidence, low, high) in [(0.95, o[3], o[4]), (0.9, o[5], o[6])] {
                let Some((l, h)) = TheilSen::of(&x, &y, confidence).unwrap().interval else {
                    panic!("{name} has no interval")
                };
                assert_relative_eq!(l, low, epsilon = 1e-12 * scale, max_relative = 1e-12);
                assert_relative_eq!(h, high, epsilon = 1e-12 * scale, max_relative = 1e-12);
                intervals += 1;
            }
        }
        assert_eq!(intervals, 86);
    }

    #[test]
    fn tests_agree_with_pymannkendall_and_scipy() {
        let mut exact = 0;
        for (name, x, y, o) in oracle() {
            let test = MannKendall::of(&x, &y).unwrap();
            assert_eq!(test.s as f64, o[7], "{name}");
            assert_relative_eq!(test.variance, o[8], max_relative = 1e-12);
            assert_relative_eq!(test.z, o[9], max_relative = 1e-12);
            // pymannkendall takes 1 minus the distribution function, which keeps few digits of a small probability.
            assert_relative_eq!(special::normal_two_sided(test.z), o[10], epsilon = 1e-15, max_relative = 1e-9);
            if test.exact {
                assert_relative_eq!(test.p, o[11], max_relative = 1e-10);
                exact += 1;
            } else {
                assert_eq!(test.p, special::normal_two_sided(test.z), "{name}");
            }
        }
        assert!(exact >= 15, "{exact}");
    }

    #[test]
    fn a_constant_series_has_slope_0_and_p_1() {
        let x = [1.0, 2.0, 4.0, 5.0, 9.0];
        let line = TheilSen::of(&x, &[7.1; 5], 0.95).unwrap();
        assert_eq!((line.slope, line.at(3.0), line.interval), (0.0, 7.1, Some((0.0, 0.0))));
        let test = MannKendall::of(&x, &[7.1; 5]).unwrap();
        assert_eq!((test.s, test.variance, test.z, test.tau, test.p), (0, 0.0, 0.0, 0.0, 1.0));
    }

    #[test]
    fn few_points_have_no_interval_and_too_few_no_trend() {
        // Four points have six slopes and C = 1.96 sqrt(26 / 3) = 5.77: (6 - 5.77) / 2 rounds to 0.
        assert_eq!(TheilSen::of(&[1.0, 2.0, 3.0, 4.0], &[1.0, 3.0, 2.0, 5.0], 0.95).unwrap().interval, None);
        assert_eq!(TheilSen::of(&[1.0, 3.0], &[1.0, 2.0], 0.95).unwrap().slope, 0.5);
        assert_eq!(TheilSen::of(&[1.0], &[1.0], 0.95), None);
        assert_eq!(TheilSen::of(&[], &[], 0.95), None);
        assert_eq!(MannKendall::of(&[1.0, 2.0], &[1.0, 2.0]), None);
        // Of six orders two are as extreme: 1/3.
        let test = MannKendall::of(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]).unwrap();
        assert!(test.exact);
        assert_relative_eq!(test.p, 1.0 / 3.0, max_relative = 1e-14);
    }

    #[test]
    fn magnitudes_do_not_matter_and_what_is_too_large_is_none() {
        let (x, y) = ([1.0, 2.0, 5.0, 6.0, 7.0, 11.0], [3.0, -1.0, 4.0, 1.0, 5.0, 9.0]);
        let plain = TheilSen::of(&x, &y, 0.9).unwrap();
        for unit in [2.0_f64.powi(-900), 2.0_f64.powi(900)] {
            let scaled = TheilSen::of(&x, &y.map(|v| v * unit), 0.9).unwrap();
            assert_eq!(scaled.slope, plain.slope * unit);
            assert_eq!(scaled.interval, plain.interval.map(|(a, b)| (a * unit, b * unit)));
        }
        assert_eq!(TheilSen::of(&[1.0, 2.0], &[-1.7e308, 1.7e308], 0.9), None);
        let mirrored = TheilSen::of(&x, &y.map(|v| -v), 0.9).unwrap();
        assert_eq!((mirrored.slope, mirrored.interval), (-plain.slope, plain.interval.map(|(a, b)| (-b, -a))));
    }
}
