//! The ranking against a plain comparison sort, on every path and on hostile distributions.

use super::{Placed, RankWork, Ties, places_into, rank_into};
use proptest::prelude::*;

/// The ranked cities, best first.
fn order<'w>(scores: &[f64], work: &'w mut RankWork) -> &'w [u32] {
    super::sort::<false>(scores, work);
    &work.order
}

/// Counts by definition, independent of any order: O(n²).
fn reference_ranks(scores: &[f64], ties: Ties) -> Vec<f64> {
    let mut distinct: Vec<f64> = scores.iter().copied().filter(|s| !s.is_nan()).collect();
    distinct.sort_by(f64::total_cmp);
    distinct.dedup_by(|a, b| a == b);
    scores
        .iter()
        .map(|&s| {
            let better = scores.iter().filter(|&&t| t > s).count() as f64;
            let equal = scores.iter().filter(|&&t| t == s).count() as f64;
            match ties {
                _ if s.is_nan() => f64::NAN,
                Ties::Min => better + 1.0,
                Ties::Average => better + f64::midpoint(1.0, equal),
                Ties::Dense => distinct.iter().filter(|&&t| t > s).count() as f64 + 1.0,
            }
        })
        .collect()
}

fn reference_order(scores: &[f64]) -> Vec<u32> {
    let mut order: Vec<u32> =
        (0..u32::try_from(scores.len()).unwrap()).filter(|&i| !scores[i as usize].is_nan()).collect();
    order.sort_by(|&a, &b| scores[b as usize].partial_cmp(&scores[a as usize]).unwrap());
    order
}

fn same(a: &[f64], b: &[f64]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| x == y || x.is_nan() && y.is_nan())
}

struct Draws(u64);

impl Draws {
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
    fn uniform(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / 9_007_199_254_740_992.0
    }
    fn finite(&mut self) -> f64 {
        loop {
            let value = f64::from_bits(self.bits());
            if value.is_finite() {
                return value;
            }
        }
    }
}

const KINDS: [&str; 16] = [
    "uniform",
    "bell",
    "tenths",
    "two values",
    "equal",
    "sorted",
    "reversed",
    "NaN half",
    "all NaN",
    "outlier up",
    "outlier down",
    "any bits",
    "subnormal",
    "full range",
    "zeros of both signs",
    "nested clusters",
];

fn vector(kind: &str, n: usize, draws: &mut Draws) -> Vec<f64> {
    let mut v: Vec<f64> = (0..n)
        .map(|i| match kind {
            "bell" | "outlier up" | "outlier down" => (0..12).map(|_| draws.uniform()).sum::<f64>() - 6.0,
            "tenths" => (draws.uniform() * 10.0).round() / 10.0,
            "two values" => f64::from(draws.uniform() < 0.3),
            "equal" => 0.1,
            "NaN half" if i % 2 == 0 || draws.uniform() < 0.1 => f64::NAN,
            "all NaN" => f64::NAN,
            "any bits" => draws.finite(),
            "subnormal" => f64::from_bits(draws.bits() % 1000),
            "full range" => [f64::MAX, f64::MIN, 0.0, 1.0, f64::MIN_POSITIVE][(draws.bits() % 5) as usize],
            "zeros of both signs" => [0.0, -0.0, 1e-300, -1e-300][(draws.bits() % 4) as usize],
            "nested clusters" => 10f64.powi(-40 * i32::try_from(draws.bits() % 6).unwrap()) * draws.uniform(),
            _ => draws.uniform(),
        })
        .collect();
    match kind {
        "sorted" => v.sort_by(f64::total_cmp),
        "reversed" => v.sort_by(|a, b| b.total_cmp(a)),
        "outlier up" if n > 0 => v[n / 2] = 1e300,
        "outlier down" if n > 0 => v[n / 3] = -1e300,
        _ => {}
    }
    v
}

/// Sizes on both sides of every change of path (160, 3,000, 120,000) are among these; buffers are reused throughout.
#[test]
fn order_is_that_of_a_comparison_sort_on_every_path() {
    let mut draws = Draws(1);
    let mut work = RankWork::default();
    for n in [0, 1, 2, 3, 8, 30, 160, 161, 500, 3_000, 3_001, 20_000, 120_000, 120_001, 200_000] {
        for kind in KINDS {
            let v = vector(kind, n, &mut draws);
            assert_eq!(order(&v, &mut work), reference_order(&v), "{kind} {n}");
        }
    }
}

#[test]
fn ranks_are_counts_of_better_cities() {
    let mut draws = Draws(2);
    let mut work = RankWork::default();
    for n in [0, 1, 2, 5, 30, 160, 161, 700] {
        for kind in KINDS {
            for ties in [Ties::Min, Ties::Average, Ties::Dense] {
                let v = vector(kind, n, &mut draws);
                let mut out = vec![-1.0; n];
                rank_into(&v, ties, 0.0, &mut work, &mut out);
                assert!(same(&out, &reference_ranks(&v, ties)), "{kind} {n} {ties:?}");
            }
        }
    }
}

/// Whole ranks by their own ways are those of `rank_into`, and what is said of them holds: by pairs, packed, in short words (also
/// at the last size that has room for the index), and beyond.
#[test]
fn whole_ranks_are_the_same_on_every_path() {
    let mut draws = Draws(4);
    let mut work = RankWork::default();
    for n in [1, 2, 7, 8, 9, 30, 63, 64, 65, 160, 161, 1_000, 16_384, 16_385] {
        for kind in KINDS {
            let v = vector(kind, n, &mut draws);
            let mut expected = vec![0.0; n];
            rank_into(&v, Ties::Min, 0.0, &mut work, &mut expected);
            let mut out = vec![u32::MAX; n];
            let Placed { ranked, first } = places_into(&v, 0.0, &mut work, &mut out);
            let whole: Vec<f64> = out.iter().map(|&r| if r == 0 { f64::NAN } else { f64::from(r) }).collect();
            assert!(same(&whole, &expected), "{kind} {n}");
            assert_eq!(ranked, out.iter().filter(|&&r| r > 0).count(), "{kind} {n}");
            if let Some(first) = first {
                let firsts: Vec<usize> = (0..n).filter(|&city| out[city] == 1).collect();
                assert_eq!(firsts, [first], "{kind} {n}");
            }
            let mut short = vec![u16::MAX; n];
            places_into(&v, 0.0, &mut work, &mut short);
            assert!(short.iter().zip(&out).all(|(&short, &long)| u32::from(short) == long), "{kind} {n}");
        }
    }
}

/// Beyond the sizes that can be counted in O(n²): ranks follow from the reference order.
#[test]
fn ranks_of_many_cities_follow_the_order() {
    let mut draws = Draws(3);
    let mut work = RankWork::default();
    for n in [4_000, 130_000] {
        for kind in KINDS {
            let v = vector(kind, n, &mut draws);
            let reference = reference_order(&v);
            let mut expected = vec![f64::NAN; n];
            let mut rank = 0.0;
            for (place, &city) in reference.iter().enumerate() {
                if place == 0 || v[reference[place - 1] as usize] != v[city as usize] {
                    rank = (place + 1) as f64;
                }
                expected[city as usize] = rank;
            }
            let mut out = vec![-1.0; n];
            rank_into(&v, Ties::Min, 0.0, &mut work, &mut out);
            assert!(same(&out, &expected), "{kind} {n}");
        }
    }
}

#[test]
fn permuting_the_cities_permutes_the_ranks_bit_for_bit() {
    let mut draws = Draws(4);
    let mut work = RankWork::default();
    for n in [7, 100, 1_000, 5_000, 125_000] {
        // Of the largest size every third kind, for time.
        for kind in KINDS.into_iter().step_by(if n > 100_000 { 3 } else { 1 }) {
            let v = vector(kind, n, &mut draws);
            let mut to: Vec<usize> = (0..n).collect();
            for i in (1..n).rev() {
                to.swap(i, usize::try_from(draws.bits() % (i as u64 + 1)).unwrap());
            }
            let mut moved = vec![0.0; n];
            (0..n).for_each(|i| moved[to[i]] = v[i]);
            for (ties, tolerance) in [(Ties::Min, 0.0), (Ties::Average, 0.0), (Ties::Dense, 0.01), (Ties::Average, 0.1)]
            {
                let (mut a, mut b) = (vec![0.0; n], vec![0.0; n]);
                rank_into(&v, ties, tolerance, &mut work, &mut a);
                rank_into(&moved, ties, tolerance, &mut work, &mut b);
                let back: Vec<f64> = (0..n).map(|i| b[to[i]]).collect();
                assert!(same(&a, &back), "{kind} {n} {ties:?} {tolerance}");
            }
        }
    }
}

#[test]
fn a_group_is_anchored_at_its_best_score() {
    let mut out = [0.0; 5];
    let mut work = RankWork::default();
    // 1.0 anchors 0.95; 0.85 is within 0.1 of 0.95 but not of 1.0, so it anchors the next group.
    let scores = [0.85, 1.0, 0.95, 0.1, 0.8];
    rank_into(&scores, Ties::Min, 0.1, &mut work, &mut out);
    assert_eq!(out, [3.0, 1.0, 1.0, 5.0, 3.0]);
    rank_into(&scores, Ties::Average, 0.1, &mut work, &mut out);
    assert_eq!(out, [3.5, 1.5, 1.5, 5.0, 3.5]);
    rank_into(&scores, Ties::Dense, 0.1, &mut work, &mut out);
    assert_eq!(out, [2.0, 1.0, 1.0, 3.0, 2.0]);
    rank_into(&scores, Ties::Min, f64::INFINITY, &mut work, &mut out);
    assert_eq!(out, [1.0; 5]);
    for tolerance in [0.0, -1.0, f64::NAN] {
        rank_into(&scores, Ties::Min, tolerance, &mut work, &mut out);
        assert_eq!(out, [3.0, 1.0, 2.0, 5.0, 4.0], "{tolerance}");
    }
}

/// DEFINITIONS 4.5: the ranks of (9, 7, 7, 5) under the three policies.
#[test]
fn defect_25_and_31_ranks_are_no_inverse_permutation_and_identical_cities_share_theirs() {
    let mut out = [0.0; 4];
    let mut work = RankWork::default();
    for (ties, expected) in
        [(Ties::Min, [1.0, 2.0, 2.0, 4.0]), (Ties::Average, [1.0, 2.5, 2.5, 4.0]), (Ties::Dense, [1.0, 2.0, 2.0, 3.0])]
    {
        rank_into(&[9.0, 7.0, 7.0, 5.0], ties, 0.0, &mut work, &mut out);
        assert_eq!(out, expected);
    }
    // Scores whose ranks are (3, 1, 2, 1): the tied first stays tied first.
    rank_into(&[1.0, 3.0, 2.0, 3.0], Ties::Dense, 0.0, &mut work, &mut out);
    assert_eq!(out, [3.0, 1.0, 2.0, 1.0]);
    rank_into(&[2.0; 4], Ties::Min, 0.0, &mut work, &mut out);
    assert_eq!(out, [1.0; 4]);
}

#[test]
fn neighbouring_floats_are_told_apart_at_any_size() {
    let mut work = RankWork::default();
    for n in [2u64, 30, 1_000, 50_000, 150_000] {
        // All but two scores differ by single bits around 1; two far ones squeeze them into one quantised value.
        let mut v: Vec<f64> = (0..n).map(|i| f64::from_bits(1f64.to_bits() + i * 7919 % n)).collect();
        v.push(1e9);
        v.push(-1e9);
        assert_eq!(order(&v, &mut work), reference_order(&v), "{n}");
    }
}

#[test]
fn infinities_are_ranked_although_they_never_come_in() {
    let v = [f64::INFINITY, 1.0, f64::NEG_INFINITY, f64::INFINITY, f64::NAN];
    let mut out = [0.0; 5];
    rank_into(&v, Ties::Min, 0.0, &mut RankWork::default(), &mut out);
    assert!(same(&out, &[1.0, 3.0, 4.0, 1.0, f64::NAN]));
    rank_into(&v, Ties::Min, 1.0, &mut RankWork::default(), &mut out);
    assert!(same(&out, &[1.0, 3.0, 4.0, 1.0, f64::NAN]));
}

#[test]
fn places_without_a_score_become_nan() {
    let mut out = [0.0; 4];
    rank_into(&[1.0, 2.0], Ties::Min, 0.0, &mut RankWork::default(), &mut out);
    assert!(same(&out, &[2.0, 1.0, f64::NAN, f64::NAN]));
    let mut short = [0.0; 1];
    rank_into(&[1.0, 2.0], Ties::Min, 0.0, &mut RankWork::default(), &mut short);
    assert_eq!(short, [1.0]);
}

proptest! {
    #[test]
    fn any_finite_scores_rank_by_definition(v in prop::collection::vec(prop_oneof![
        8 => any::<f64>().prop_filter("finite", |x| x.is_finite()),
        4 => (-3i32..3).prop_map(f64::from),
        1 => Just(f64::NAN),
    ], 0..300)) {
        let mut out = vec![0.0; v.len()];
        rank_into(&v, Ties::Average, 0.0, &mut RankWork::default(), &mut out);
        prop_assert!(same(&out, &reference_ranks(&v, Ties::Average)));
    }
}
