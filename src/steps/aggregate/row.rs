//! City by city: the one place where a row of children's scores is gathered.

/// Up to so many children a row stands on the stack.
const FEW: usize = 32;

/// Scores a block of cities one by one: NaN where fewer children than needed are known, all known ones have weight 0, or
/// there is no finite result. Gives whether every city has a score.
pub(crate) fn by_row(
    children: &[&[f64]],
    weights: &[f64],
    need: usize,
    out: &mut [f64],
    score: impl Fn(&[f64], &[f64]) -> f64,
) -> bool {
    let (mut few, mut many) = ([0.0; FEW], Vec::new());
    let row = if children.len() <= FEW {
        &mut few[..children.len()]
    } else {
        many.resize(children.len(), 0.0);
        many.as_mut_slice()
    };
    let mut all = true;
    for (i, out) in out.iter_mut().enumerate() {
        let (mut known, mut total) = (0, 0.0);
        for ((to, column), weight) in row.iter_mut().zip(children).zip(weights) {
            *to = column[i];
            if !to.is_nan() {
                known += 1;
                total += weight;
            }
        }
        let result = if known >= need && total > 0.0 { score(row, weights) } else { f64::NAN };
        *out = if result.is_finite() { result } else { f64::NAN };
        all &= result.is_finite();
    }
    all
}

/// The children that are known and have a weight: place, score, and weight rescaled so that all of them add up to 1.
pub(crate) fn known<'a>(row: &'a [f64], weights: &'a [f64]) -> impl Iterator<Item = (usize, f64, f64)> + Clone + 'a {
    let counts = |(z, w): &(&f64, &f64)| !z.is_nan() && **w > 0.0;
    let total: f64 = row.iter().zip(weights).filter(counts).map(|(_, w)| w).sum();
    let all = row.iter().zip(weights).enumerate();
    all.filter(move |(_, pair)| counts(pair)).map(move |(j, (&z, &w))| (j, z, w / total))
}
