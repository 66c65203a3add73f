//! Ranking of one score vector, best (highest) score first, exact and in near-linear time.
//!
//! Scores are quantised linearly and monotonically to integers, sorted by a least-significant-digit radix sort that keeps
//! the index order of equal keys, and every run of equal keys is put in exact order by comparing the scores themselves.
//! Quantisation is only a head start: order and ties are those of the full-precision scores, whatever their distribution.
//! A long run (scores clustered beside an outlier) is sorted by comparison, so the worst case is O(n log n).

use std::fmt;

use serde::{Deserialize, Serialize};

/// How cities with the same score are ranked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ties {
    /// All take the best rank of their group: 1 2 2 4 (competition ranking).
    #[default]
    Min,
    /// All take the mean of the ranks they cover: 1 2.5 2.5 4.
    Average,
    /// All take the same rank and the next group follows without a gap: 1 2 2 3.
    Dense,
}

impl fmt::Display for Ties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Min => "take the smallest rank (1 2 2 4)",
            Self::Average => "take the mean of their ranks (1 2.5 2.5 4)",
            Self::Dense => "leave no gap (1 2 2 3)",
        })
    }
}

/// Buffers that [`rank_into`] reuses: after the first call on `n` cities no call on up to `n` allocates, but
/// for scores clustered as no call before.
#[derive(Default, Debug, Clone)]
pub(crate) struct RankWork {
    /// The order, best first, each with the flag [`TIED`] where asked for.
    order: Vec<u32>,
    /// Two digits: the quantised score of each city.
    keys: Vec<u32>,
    /// Two digits: high digit and index after the first pass.
    halves: Vec<u32>,
    /// Short words: quantised score and index, sorted.
    words: Vec<u32>,
    /// Quantised score and index in one word.
    packed: Vec<u64>,
    /// The other side of the passes over one bucket.
    scratch: Vec<u64>,
    /// Score and index of a long run of equal keys.
    exact: Vec<u128>,
}

/// Up to here counting all pairs is fastest.
const PAIRS: usize = 64;
/// Up to here sorting packed words by comparison is fastest.
const SMALL: usize = 160;
/// Up to here the index leaves room for a quantised score of 18 bits in a word of 32, the fastest to sort.
const SHORT: usize = 1 << SHORT_BITS;
const SHORT_BITS: u32 = 14;
/// Up to here two digits of 11 bits are fastest; the keys still fit the second-level cache.
const ELEVEN: usize = 120_000;
/// Flags a city whose score equals that of the one before it in the order.
const TIED: u32 = 1 << 31;
const CITY: u32 = TIED - 1;
/// Bits of the index in a packed word; the others hold the quantised score.
const CITY_BITS: u32 = 31;
/// Runs up to this length are sorted by insertion.
const INSERTION: usize = 16;
/// Adding 2^52 to a number in `0..2^52` leaves its nearest integer in the low bits of the mantissa.
const TWO_52: f64 = 4_503_599_627_370_496.0;

/// Ranks as `f64` into `out`, best score = rank 1 (whole numbers except under [`Ties::Average`]).
///
/// Cities whose score lies within `tolerance` of the best score of their tie group share a rank: the order is walked from
/// the best score down, the first score of a group anchors it, and a group ends at the first score with
/// `anchor - score > tolerance`. At tolerance 0 only equal scores tie; a negative or NaN tolerance acts as 0. A NaN score is
/// not ranked: its rank is NaN, and it takes no rank from others. Permuting the cities permutes the ranks. Pitfall: under a
/// tolerance, near ties are not transitive, so two cities closer than `tolerance` may fall on both sides of a group's end.
///
/// `out` should be as long as `scores`: only the first `out.len()` cities are ranked, and surplus places become NaN.
pub(crate) fn rank_into(scores: &[f64], ties: Ties, tolerance: f64, work: &mut RankWork, out: &mut [f64]) {
    let scores = &scores[..scores.len().min(out.len())];
    if tolerance > 0.0 {
        sort::<false>(scores, work);
        let mut anchor = f64::NAN;
        walk(&work.order, ties, out, |city| {
            let score = scores[city as usize];
            let shared = score == anchor || anchor - score <= tolerance;
            anchor = if shared { anchor } else { score };
            shared
        });
    } else {
        sort::<true>(scores, work);
        walk(&work.order, ties, out, |city| city & TIED != 0);
    }
}

/// A rank as a whole number, as narrow as the number of cities allows; 0 for a city that is not ranked.
pub(crate) trait Rank: Copy + Default {
    /// A rank that fits.
    fn of(place: u32) -> Self;
    fn get(self) -> u32;
}

impl Rank for u16 {
    #[allow(clippy::cast_possible_truncation, reason = "for at most 65,535 cities")]
    fn of(place: u32) -> Self {
        place as u16
    }

    fn get(self) -> u32 {
        self.into()
    }
}

impl Rank for u32 {
    fn of(place: u32) -> Self {
        place
    }

    fn get(self) -> u32 {
        self
    }
}

/// What is known of ranks without looking at them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Placed {
    /// How many have one.
    pub(crate) ranked: usize,
    /// The one that has rank 1, where it is known to be alone.
    pub(crate) first: Option<usize>,
}

/// Writes ranks as whole numbers, best score = 1, ties taking the smallest; 0 for a city that is not ranked. Tolerance as in
/// [`rank_into`].
pub(crate) fn places_into<R: Rank>(scores: &[f64], tolerance: f64, work: &mut RankWork, out: &mut [R]) -> Placed {
    let scores = &scores[..scores.len().min(out.len())];
    let exact = tolerance.is_nan() || tolerance <= 0.0;
    if exact {
        let (low, high, present) = extent(scores);
        let range = high - low;
        if scores.len() <= PAIRS && present == scores.len() && scales(range) {
            if let Some(placed) = pair_places(scores, high, range, out) {
                return placed;
            }
        }
        if (SMALL + 1..=SHORT).contains(&scores.len()) && scales(range) {
            return short_places(scores, high, range, present, work, out);
        }
        sort::<true>(scores, work);
    } else {
        sort::<false>(scores, work);
    }
    if work.order.len() < out.len() {
        out.fill(R::default());
    }
    let ranked = work.order.len();
    if exact {
        hand_out(&work.order, 1, out);
        let alone = work.order.get(1).is_none_or(|city| city & TIED == 0);
        return Placed { ranked, first: work.order.first().filter(|_| alone).map(|&city| city as usize) };
    }
    let (mut rank, mut anchor) = (0, f64::NAN);
    for (place, &city) in (1..).zip(&work.order) {
        let score = scores[city as usize];
        let shared = score == anchor || anchor - score <= tolerance;
        (rank, anchor) = if shared { (rank, anchor) } else { (place, score) };
        out[city as usize] = R::of(rank);
    }
    Placed { ranked, first: None }
}

/// Hands out ranks down a flagged order, the first of which is given.
fn hand_out<R: Rank>(order: &[u32], first: u32, out: &mut [R]) {
    let mut rank = first;
    for (place, &city) in (first..).zip(order) {
        rank = if city & TIED != 0 { rank } else { place };
        out[(city & CITY) as usize] = R::of(rank);
    }
}

/// Hands out ranks down the order; `shared` says whether a city shares the rank of the one before.
fn walk(order: &[u32], ties: Ties, out: &mut [f64], mut shared: impl FnMut(u32) -> bool) {
    if order.len() < out.len() {
        out.fill(f64::NAN);
    }
    if ties == Ties::Average {
        let mut start = 0;
        for end in 1..=order.len() {
            if end == 1 {
                shared(order[0]);
            }
            if end == order.len() || !shared(order[end]) {
                // The mean of the ranks start + 1 ..= end.
                let rank = (start + 1 + end) as f64 / 2.0;
                for &city in &order[start..end] {
                    out[(city & CITY) as usize] = rank;
                }
                start = end;
            }
        }
    } else {
        let dense = ties == Ties::Dense;
        let (mut rank, mut place) = (0.0, 0.0);
        for &city in order {
            place += 1.0;
            let next = if dense { rank + 1.0 } else { place };
            rank = if shared(city) { rank } else { next };
            out[(city & CITY) as usize] = rank;
        }
    }
}

/// Fills `work.order`; with `FLAGS` each city tied with the one before carries [`TIED`].
fn sort<const FLAGS: bool>(scores: &[f64], work: &mut RankWork) {
    work.order.clear();
    let n = scores.len();
    if n > CITY as usize {
        return;
    }
    let (low, high, present) = extent(scores);
    let range = high - low;
    if scales(range) {
        let sort = match n {
            _ if n <= SMALL => small::<FLAGS>,
            _ if n <= SHORT => short::<FLAGS>,
            _ if n <= ELEVEN => two_digits::<FLAGS>,
            _ => buckets::<FLAGS>,
        };
        sort(scores, high, range, present, work);
    } else {
        // All equal, or too narrow or too wide to scale.
        work.order.extend((0u32..).zip(scores).filter(|(_, s)| !s.is_nan()).map(|(i, _)| i));
        sort_run::<FLAGS>(scores, &mut work.order, &mut work.exact);
    }
}

/// Whether scores so far apart can be brought on a scale; else all are equal, or too narrow or too wide.
fn scales(range: f64) -> bool {
    range > 1e-280 && range.is_finite()
}

/// Lowest and highest score and how many are no NaN (infinities the wrong way round where there is none).
fn extent(scores: &[f64]) -> (f64, f64, usize) {
    const LANES: usize = 8;
    let mut low = [f64::INFINITY; LANES];
    let mut high = [f64::NEG_INFINITY; LANES];
    // Finite unless something is not, or all is huge: looking for NaN in the same pass would keep it from running in lanes.
    let mut sum = [0.0; LANES];
    let chunks = scores.chunks_exact(LANES);
    let rest = chunks.remainder();
    for chunk in chunks {
        for lane in 0..LANES {
            let s = chunk[lane];
            low[lane] = if low[lane] < s { low[lane] } else { s };
            high[lane] = if high[lane] > s { high[lane] } else { s };
            sum[lane] += s;
        }
    }
    for (lane, &s) in rest.iter().enumerate() {
        low[lane] = if low[lane] < s { low[lane] } else { s };
        high[lane] = if high[lane] > s { high[lane] } else { s };
        sum[lane] += s;
    }
    if sum.iter().sum::<f64>().is_finite() {
        let low = low.into_iter().fold(f64::INFINITY, |low, s| if s < low { s } else { low });
        let high = high.into_iter().fold(f64::NEG_INFINITY, |high, s| if s > high { s } else { high });
        return (low, high, scores.len());
    }
    let known = scores.iter().copied().filter(|s| !s.is_nan());
    known.fold((f64::INFINITY, f64::NEG_INFINITY, 0), |(low, high, n), s| (low.min(s), high.max(s), n + 1))
}

/// Maps a score to an integer of `bits` bits, the best score to 0, NaN behind the worst.
///
/// Each operation is monotone in floating point, so a better score never gets a larger key.
#[derive(Clone, Copy)]
struct Quantiser {
    high: f64,
    scale: f64,
    behind: f64,
}

impl Quantiser {
    fn new(high: f64, range: f64, bits: u32) -> Self {
        // The leading 16 bits of what is behind are its own.
        let worst = ((1u64 << bits) - (1 << (bits - 16))) as f64;
        Self { high, scale: worst / range, behind: ((1u64 << bits) - 1) as f64 }
    }

    #[inline]
    fn key(self, score: f64) -> u64 {
        let scaled = (self.high - score) * self.scale;
        // Only NaN goes there.
        let scaled = if scaled < self.behind { scaled } else { self.behind };
        (scaled + TWO_52).to_bits() & ((1 << 52) - 1)
    }

    /// Key and index in one word.
    #[inline]
    fn word(self, city: usize, score: f64) -> u64 {
        self.key(score) << CITY_BITS | city as u64
    }
}

/// Few cities: the ranks by counting all pairs of quantised scores, if these differ.
fn pair_places<R: Rank>(scores: &[f64], high: f64, range: f64, out: &mut [R]) -> Option<Placed> {
    /// So many keys at a time are compared with all: as many as the machine has in a register.
    const FEW: usize = 8;
    let n = scores.len();
    let scale = f64::from(u16::MAX) / range;
    // From the smallest number, the best, to the largest; those that fill up the last few come before nobody.
    let mut keys = [i16::MAX; PAIRS];
    for (key, &score) in keys.iter_mut().zip(scores) {
        let bits = ((high - score) * scale + TWO_52).to_bits();
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        let low = (bits ^ 1 << 15) as i16;
        *key = low;
    }
    let mut before = [0i16; PAIRS];
    // Whole registers: what is counted for those that fill up is never read.
    let wide = n.next_multiple_of(2 * FEW).min(PAIRS);
    for few in keys.chunks_exact(FEW).take(n.div_ceil(FEW)) {
        for (before, &own) in before[..wide].iter_mut().zip(&keys[..wide]) {
            *before += few.iter().map(|&other| i16::from(other < own)).sum::<i16>();
        }
    }
    let mut better = 0;
    for (to, &before) in out.iter_mut().zip(&before[..n]) {
        let before = u32::from(before.unsigned_abs());
        better += before;
        *to = R::of(before + 1);
    }
    // Of each pair one is better, unless two are equal.
    let distinct = better as usize == n * (n - 1) / 2;
    distinct.then(|| Placed { ranked: n, first: out[..n].iter().position(|rank| rank.get() == 1) })
}

/// Few cities: packed words, sorted by comparison.
fn small<const FLAGS: bool>(scores: &[f64], high: f64, range: f64, present: usize, work: &mut RankWork) {
    let RankWork { packed, order, exact, .. } = work;
    let quantiser = Quantiser::new(high, range, 64 - CITY_BITS);
    packed.clear();
    packed.extend(scores.iter().enumerate().map(|(city, &score)| quantiser.word(city, score)));
    packed.sort_unstable();
    emit::<FLAGS>(scores, &packed[..present], order, exact);
}

/// Some cities: words of 18 bits of quantised score and 14 of index, sorted by two digits of 9 bits, the lower first. Each word
/// is told with its place.
fn sort_words(scores: &[f64], high: f64, range: f64, work: &mut RankWork, mut told: impl FnMut(u32, u32)) {
    const BINS: usize = 512;
    let RankWork { keys, halves, words, .. } = work;
    let quantiser = Quantiser::new(high, range, 32);
    keys.clear();
    keys.extend(scores.iter().map(|&score| low_half(quantiser.key(score).into())));
    let low_digit = |key: u32| (key >> SHORT_BITS) as usize % BINS;
    let top_digit = |key: u32| (key >> (SHORT_BITS + 9)) as usize % BINS;
    let (mut low, mut top) = ([0u32; BINS], [0u32; BINS]);
    for &key in keys.iter() {
        low[low_digit(key)] += 1;
        top[top_digit(key)] += 1;
    }
    starts(&mut low);
    starts(&mut top);
    halves.resize(scores.len(), 0);
    // Slices stay in registers in the loop; vectors would be looked up anew after each store.
    let halves = halves.as_mut_slice();
    for (city, &key) in (0u32..).zip(keys.iter()) {
        let place = &mut low[low_digit(key)];
        halves[*place as usize] = key >> SHORT_BITS << SHORT_BITS | city;
        *place += 1;
    }
    words.resize(scores.len(), 0);
    let words = words.as_mut_slice();
    for &word in halves.iter() {
        let place = &mut top[top_digit(word)];
        words[*place as usize] = word;
        told(*place, word);
        *place += 1;
    }
}

/// The city of a short word.
fn city_of(word: u32) -> u32 {
    word % (1 << SHORT_BITS)
}

/// So many sorted words are looked at together for equal quantised scores.
const WORDS: usize = 8;

/// Whether two words have the same quantised score.
fn same(a: u32, b: u32) -> bool {
    (a ^ b) >> SHORT_BITS == 0
}

/// How many words, from the first, stand before the next few that hold equal quantised scores. By itself, so that it keeps to
/// the registers of its loop.
#[inline(never)]
fn clear(words: &[u32]) -> usize {
    let next = words.get(1..).unwrap_or_default();
    let skip = |(a, b): &(&[u32], &[u32])| (0..WORDS).fold(true, |none, lane| none & !same(a[lane], b[lane]));
    WORDS * words.chunks_exact(WORDS).zip(next.chunks_exact(WORDS)).take_while(skip).count()
}

/// Tells of each run of equal quantised scores in sorted words.
fn each_run(words: &[u32], mut told: impl FnMut(std::ops::Range<usize>)) {
    let mut at = clear(words);
    while at + 1 < words.len() {
        let end = (words.len() - 1).min(at + WORDS);
        while at < end {
            let mut len = 1;
            if same(words[at], words[at + 1]) {
                len = words[at..].iter().take_while(|&&word| same(word, words[at])).count();
                told(at..at + len);
            }
            at += len;
        }
        at += clear(&words[at..]);
    }
}

/// Some cities: the order from sorted words.
fn short<const FLAGS: bool>(scores: &[f64], high: f64, range: f64, present: usize, work: &mut RankWork) {
    sort_words(scores, high, range, work, |_, _| {});
    let RankWork { order, words, exact, .. } = work;
    let words = &words[..present];
    order.extend(words.iter().map(|&word| city_of(word)));
    each_run(words, |run| sort_run::<FLAGS>(scores, &mut order[run], exact));
}

/// Some cities: the ranks straight from sorted words, ties taking the smallest.
fn short_places<R: Rank>(
    scores: &[f64],
    high: f64,
    range: f64,
    present: usize,
    work: &mut RankWork,
    out: &mut [R],
) -> Placed {
    sort_words(scores, high, range, work, |place, word| out[city_of(word) as usize] = R::of(place + 1));
    let RankWork { order, words, exact, .. } = work;
    let (words, missing) = words.split_at(present);
    for &word in missing {
        out[city_of(word) as usize] = R::default();
    }
    let mut first = words.first().map(|&word| city_of(word) as usize);
    each_run(words, |run| {
        first = first.filter(|_| run.start > 0);
        let place = 1 + low_half(run.start as u128);
        place_run(scores, &words[run], place, order, exact, out);
    });
    Placed { ranked: present, first }
}

/// The ranks of a run of equal quantised scores, from a place on. By itself, because there are few.
#[inline(never)]
fn place_run<R: Rank>(
    scores: &[f64],
    run: &[u32],
    place: u32,
    order: &mut Vec<u32>,
    exact: &mut Vec<u128>,
    out: &mut [R],
) {
    // As a rule there are two.
    if let &[a, b] = run {
        let (a, b) = (city_of(a) as usize, city_of(b) as usize);
        out[a] = R::of(place + u32::from(scores[a] < scores[b]));
        out[b] = R::of(place + u32::from(scores[b] < scores[a]));
        return;
    }
    order.clear();
    order.extend(run.iter().map(|&word| city_of(word)));
    sort_run::<true>(scores, order, exact);
    hand_out(order, place, out);
}

/// More cities: two digits of 11 bits, the lower first.
fn two_digits<const FLAGS: bool>(scores: &[f64], high: f64, range: f64, present: usize, work: &mut RankWork) {
    const BITS: u32 = 11;
    const BINS: usize = 1 << BITS;
    let RankWork { order, keys, halves, exact, .. } = work;
    let quantiser = Quantiser::new(high, range, 2 * BITS);
    let index_bits = 32 - BITS;
    keys.clear();
    keys.extend(scores.iter().map(|&score| low_half(quantiser.key(score).into())));
    let (mut low, mut top) = ([0u32; BINS], [0u32; BINS]);
    for &key in keys.iter() {
        low[key as usize % BINS] += 1;
        top[(key >> BITS) as usize % BINS] += 1;
    }
    starts(&mut low);
    starts(&mut top);
    halves.resize(scores.len(), 0);
    let halves = halves.as_mut_slice();
    for (city, &key) in (0u32..).zip(keys.iter()) {
        let place = &mut low[key as usize % BINS];
        halves[*place as usize] = (key >> BITS) << index_bits | city;
        *place += 1;
    }
    order.resize(scores.len(), 0);
    let sorted = order.as_mut_slice();
    for &half in halves.iter() {
        let place = &mut top[(half >> index_bits) as usize % BINS];
        sorted[*place as usize] = half & ((1 << index_bits) - 1);
        *place += 1;
    }
    order.truncate(present);
    let key = |city: u32| keys[city as usize];
    let mut before = key(order[0]);
    let mut i = 1;
    while i < present {
        let here = key(order[i]);
        if here == before {
            let end = i + order[i..].iter().take_while(|&&city| key(city) == here).count();
            sort_run::<FLAGS>(scores, &mut order[i - 1..end], exact);
            i = end;
        } else {
            before = here;
            i += 1;
        }
    }
}

/// Many cities: into buckets by the top 11 of 27 bits, then two digits of 8 bits within each bucket, in the first cache.
fn buckets<const FLAGS: bool>(scores: &[f64], high: f64, range: f64, present: usize, work: &mut RankWork) {
    const BINS: usize = 2048;
    const BLOCK: usize = 256;
    let RankWork { packed, scratch, order, exact, .. } = work;
    let quantiser = Quantiser::new(high, range, 27);
    let bin = |word: u64| (word >> (CITY_BITS + 16)) as usize % BINS;
    let mut block = [0u64; BLOCK];
    let mut ends = [0u32; BINS];
    for chunk in scores.chunks(BLOCK) {
        for (word, &score) in block.iter_mut().zip(chunk) {
            *word = quantiser.word(0, score);
        }
        for &word in &block[..chunk.len()] {
            ends[bin(word)] += 1;
        }
    }
    starts(&mut ends);
    packed.resize(scores.len(), 0);
    for (at, chunk) in scores.chunks(BLOCK).enumerate() {
        for (i, (word, &score)) in block.iter_mut().zip(chunk).enumerate() {
            *word = quantiser.word(at * BLOCK + i, score);
        }
        for &word in &block[..chunk.len()] {
            let place = &mut ends[bin(word)];
            packed[*place as usize] = word;
            *place += 1;
        }
    }
    let mut start = 0;
    for end in ends {
        let end = end as usize;
        sort_bucket(&mut packed[start..end], scratch);
        if start < present {
            emit::<FLAGS>(scores, &packed[start..end.min(present)], order, exact);
        }
        start = end;
    }
}

/// Sorts words that share the top digit by their two lower digits.
fn sort_bucket(bucket: &mut [u64], scratch: &mut Vec<u64>) {
    const BINS: usize = 256;
    if bucket.len() < 64 {
        bucket.sort_unstable();
        return;
    }
    let low = |word: u64| (word >> CITY_BITS) as usize % BINS;
    let top = |word: u64| (word >> (CITY_BITS + 8)) as usize % BINS;
    let (mut lows, mut tops) = ([0u32; BINS], [0u32; BINS]);
    for &word in bucket.iter() {
        lows[low(word)] += 1;
        tops[top(word)] += 1;
    }
    starts(&mut lows);
    starts(&mut tops);
    if scratch.len() < bucket.len() {
        scratch.resize(bucket.len(), 0);
    }
    let scratch = &mut scratch[..bucket.len()];
    for &word in bucket.iter() {
        let place = &mut lows[low(word)];
        scratch[*place as usize] = word;
        *place += 1;
    }
    for &word in scratch.iter() {
        let place = &mut tops[top(word)];
        bucket[*place as usize] = word;
        *place += 1;
    }
}

#[allow(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low_half(word: u128) -> u32 {
    word as u32
}

/// Counts to starting places.
fn starts(counts: &mut [u32]) {
    let mut sum = 0;
    for count in counts {
        sum += std::mem::replace(count, sum);
    }
}

/// Appends the cities of sorted words to the order, runs of equal keys in exact order.
fn emit<const FLAGS: bool>(scores: &[f64], words: &[u64], order: &mut Vec<u32>, exact: &mut Vec<u128>) {
    let start = order.len();
    order.extend(words.iter().map(|&word| low_half(word.into()) & CITY));
    let order = &mut order[start..];
    let mut i = 1;
    while i < words.len() {
        let key = words[i] >> CITY_BITS;
        if key == words[i - 1] >> CITY_BITS {
            let end = i + words[i..].iter().take_while(|&&word| word >> CITY_BITS == key).count();
            sort_run::<FLAGS>(scores, &mut order[i - 1..end], exact);
            i = end;
        }
        i += 1;
    }
}

/// Puts a run that is in index order into the exact order of the scores, equal ones staying in index order.
fn sort_run<const FLAGS: bool>(scores: &[f64], run: &mut [u32], exact: &mut Vec<u128>) {
    if run.len() <= INSERTION {
        for i in 1..run.len() {
            let city = run[i];
            let mut j = i;
            while j > 0 && scores[run[j - 1] as usize] < scores[city as usize] {
                run[j] = run[j - 1];
                j -= 1;
            }
            run[j] = city;
        }
    } else if run.windows(2).any(|pair| scores[pair[0] as usize] < scores[pair[1] as usize]) {
        exact.clear();
        exact.extend(run.iter().map(|&city| u128::from(descending(scores[city as usize])) << 32 | u128::from(city)));
        exact.sort_unstable();
        for (city, word) in run.iter_mut().zip(exact.iter()) {
            *city = low_half(*word);
        }
    }
    if FLAGS {
        let mut before = f64::NAN;
        for city in run {
            let score = scores[*city as usize];
            *city |= if score == before { TIED } else { 0 };
            before = score;
        }
    }
}

/// Bits that sort like the score, best first; no NaN comes in, and `-0.0` goes with `0.0`.
fn descending(score: f64) -> u64 {
    let bits = (score + 0.0).to_bits();
    if bits >> 63 == 0 { !(bits | 1 << 63) } else { bits }
}

#[cfg(test)]
mod tests;
