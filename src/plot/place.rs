//! Where labels go, so that none lies on another. Private.

/// A rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Area {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
}

impl Area {
    pub(super) fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn within(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// Moves places along a line apart as little as may be, so that each is at least `gap` from the next and all lie from `low` to
/// `high`; they are given in order and keep it. Where there is not enough room the gap is smaller.
pub(super) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let n = wanted.len();
    let gap = if n > 1 { gap.min((high - low) / (n - 1) as f64) } else { gap };
    // Runs of places that touch each other: how many, and where the first of them would like to stand, on average.
    let mut runs: Vec<(usize, f64)> = Vec::new();
    let start = |(count, sum): (usize, f64)| {
        let most = high - gap * (count - 1) as f64;
        (sum / count as f64).min(most).max(low)
    };
    for &want in wanted {
        let mut run = (1, want);
        while let Some(&last) = runs.last() {
            let end = start(last) + gap * last.0 as f64;
            if end <= start(run) {
                break;
            }
            // As members of one run, those of the second want its start to lie so much before.
            run = (last.0 + run.0, last.1 + run.1 - (last.0 * run.0) as f64 * gap);
            runs.pop();
        }
        runs.push(run);
    }
    runs.iter().flat_map(|&run| (0..run.0).map(move |i| start(run) + gap * i as f64)).collect()
}

/// What is taken up already.
#[derive(Debug)]
pub(super) struct Taken {
    within: Area,
    areas: Vec<Area>,
}

impl Taken {
    pub(super) fn new(within: Area) -> Self {
        Self { within, areas: Vec::new() }
    }

    pub(super) fn take(&mut self, area: Area) {
        self.areas.push(area);
    }

    /// A free place for a label of a width and height near a mark at `(x, y)`, and takes it: beside the mark, above or below, then
    /// farther and farther off. None where all of these are taken.
    pub(super) fn near(&mut self, (x, y): (f64, f64), (wide, high): (f64, f64), off: f64) -> Option<Area> {
        for far in [1.0, 1.6, 2.6, 4.0, 6.0] {
            let (dx, dy) = (off * far, off * far);
            let side = high / 2.0;
            let places = [
                (x + dx, y - side),
                (x - dx - wide, y - side),
                (x - wide / 2.0, y - dy - high),
                (x - wide / 2.0, y + dy),
                (x + dx * 0.7, y - dy * 0.7 - high),
                (x + dx * 0.7, y + dy * 0.7),
                (x - dx * 0.7 - wide, y - dy * 0.7 - high),
                (x - dx * 0.7 - wide, y + dy * 0.7),
            ];
            for (left, top) in places {
                let area = Area { left, top, right: left + wide, bottom: top + high };
                if area.within(&self.within) && !self.areas.iter().any(|taken| taken.overlaps(&area)) {
                    self.areas.push(area);
                    return Some(area);
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_move_apart_as_little_as_may_be() {
        assert_eq!(spread(&[10.0, 50.0], 10.0, 0.0, 100.0), [10.0, 50.0]);
        // three at one place stand about it
        assert_eq!(spread(&[50.0, 50.0, 50.0], 10.0, 0.0, 100.0), [40.0, 50.0, 60.0]);
        // at the ends they stay inside
        assert_eq!(spread(&[0.0, 0.0], 10.0, 0.0, 100.0), [0.0, 10.0]);
        assert_eq!(spread(&[100.0, 100.0], 10.0, 0.0, 100.0), [90.0, 100.0]);
        assert_eq!(spread(&[], 10.0, 0.0, 100.0), [0.0; 0]);
        // too little room: evenly
        assert_eq!(spread(&[5.0, 5.0, 5.0], 10.0, 0.0, 10.0), [0.0, 5.0, 10.0]);
    }

    #[test]
    fn places_keep_their_gap_and_their_order() {
        let wanted: Vec<f64> = (0..60).map(|i| f64::from((i * i * 37) % 101)).collect();
        let mut wanted = wanted;
        wanted.sort_by(f64::total_cmp);
        let placed = spread(&wanted, 3.0, -50.0, 250.0);
        assert!(placed.windows(2).all(|pair| pair[1] - pair[0] >= 3.0 - 1e-9), "{placed:?}");
        assert!(placed[0] >= -50.0 && placed[59] <= 250.0);
    }

    #[test]
    fn labels_do_not_lie_on_each_other() {
        let mut taken = Taken::new(Area { left: 0.0, top: 0.0, right: 200.0, bottom: 200.0 });
        let mut placed: Vec<Area> = Vec::new();
        for _ in 0..10 {
            let area = taken.near((100.0, 100.0), (40.0, 12.0), 6.0).unwrap();
            assert!(placed.iter().all(|other| !other.overlaps(&area)));
            placed.push(area);
        }
        assert_eq!(taken.near((100.0, 100.0), (300.0, 12.0), 6.0), None);
    }
}
