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

    fn holds(&self, (x, y): (f64, f64)) -> bool {
        (self.left..=self.right).contains(&x) && (self.top..=self.bottom).contains(&y)
    }

    /// Whether the box about a line touches it.
    fn is_beside(&self, ((x, y), (u, v)): Segment) -> bool {
        !(x.max(u) < self.left || x.min(u) > self.right || y.max(v) < self.top || y.min(v) > self.bottom)
    }

    /// Whether a line touches it.
    fn meets(&self, line: Segment) -> bool {
        // Most lines are far off.
        if !self.is_beside(line) {
            return false;
        }
        let Self { left, top, right, bottom } = *self;
        let diagonals = [((left, top), (right, bottom)), ((left, bottom), (right, top))];
        self.holds(line.0) || self.holds(line.1) || diagonals.iter().any(|diagonal| cross(line, *diagonal))
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

/// A label is looked for on so many rings about its mark, each farther off.
const RINGS: u32 = 20;

/// A straight line between two places.
type Segment = ((f64, f64), (f64, f64));

/// A place for a label, and the line that leads to it from its mark where it is not beside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spot {
    pub(super) area: Area,
    pub(super) lead: Option<Segment>,
}

/// What is taken up already.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    within: Area,
    marks: Vec<Area>,
    labels: Vec<Area>,
    lines: Vec<Segment>,
}

impl Taken {
    pub(super) fn new(within: Area) -> Self {
        Self { within, marks: Vec::new(), labels: Vec::new(), lines: Vec::new() }
    }

    pub(super) fn mark(&mut self, area: Area) {
        self.marks.push(area);
    }

    /// Takes up an area in which there is a text.
    pub(super) fn label(&mut self, area: Area) {
        self.labels.push(area);
    }

    /// Takes up a line, which no label may lie on.
    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64)) {
        self.lines.push((from, to));
    }

    /// A free place for a label of a width and height near a mark at `(x, y)`, and takes it: beside the mark, above or below, then
    /// farther and farther off, where a line leads to it that crosses nothing; where there is none, one whose line crosses no label
    /// at least. None where all of these are taken.
    ///
    /// Marks are taken before, each as an area about its place.
    pub(super) fn near(&mut self, mark: (f64, f64), size: (f64, f64), off: f64) -> Option<Spot> {
        let spot = Choices::new(self, mark, size, off).pick(&Self::new(self.within))?;
        self.take(spot);
        Some(spot)
    }

    /// Takes up the place of a label, and the line that leads to it.
    pub(super) fn take(&mut self, spot: Spot) {
        self.labels.push(spot.area);
        self.lines.extend(spot.lead);
    }

    /// What is taken within reach.
    fn about(&self, reach: &Area) -> Self {
        let near = |areas: &[Area]| areas.iter().filter(|area| area.overlaps(reach)).copied().collect();
        let lines = self.lines.iter().filter(|line| reach.is_beside(**line)).copied().collect();
        Self { within: self.within, marks: near(&self.marks), labels: near(&self.labels), lines }
    }

    fn is_free(&self, area: &Area) -> bool {
        area.within(&self.within)
            && !self.marks.iter().chain(&self.labels).any(|taken| taken.overlaps(area))
            && !self.lines.iter().any(|line| area.meets(*line))
    }

    /// Whether a line from a mark meets neither a label, nor a mark that it does not start in, nor another line.
    fn is_clear(&self, line: Segment) -> bool {
        self.is_legible(line)
            && !self.marks.iter().any(|area| !area.holds(line.0) && area.meets(line))
            && !self.lines.iter().any(|other| cross(line, *other))
    }

    /// Whether a line meets no label.
    fn is_legible(&self, line: Segment) -> bool {
        !self.labels.iter().any(|area| area.meets(line))
    }
}

/// The places for the label of one mark that what is fixed leaves free, the best first. Each is looked up once, when it is first asked
/// for: the same label is placed again and again among others.
#[derive(Debug)]
pub(super) struct Choices {
    fixed: Taken,
    mark: (f64, f64),
    size: (f64, f64),
    off: f64,
    reach: Area,
    turns: [(f64, f64); 16],
    /// So many have been looked up.
    tried: u32,
    /// Those of them that are free, and whether the line of each meets nothing that is fixed.
    free: Vec<(Spot, bool)>,
}

impl Choices {
    /// The places for a label of a width and height near a mark at `(x, y)`: `off` from it, beside it, above or below, then farther
    /// and farther off.
    pub(super) fn new(fixed: &Taken, mark: (f64, f64), size: (f64, f64), off: f64) -> Self {
        let ((x, y), (wide, high)) = (mark, size);
        // A hair more than the last ring, so that rounding leaves nothing out.
        let far = off * (1.0 + 0.45 * f64::from(RINGS)) + 1.0;
        let reach = Area { left: x - far - wide, top: y - far - high, right: x + far + wide, bottom: y + far + high };
        let turns = [0_u32, 8, 4, 12, 2, 14, 6, 10, 1, 15, 7, 9, 3, 13, 5, 11]
            .map(|turn| (f64::from(turn) * std::f64::consts::TAU / 16.0).sin_cos());
        Self { fixed: fixed.about(&reach), mark, size, off, reach, turns, tried: 0, free: Vec::new() }
    }

    /// The best one that is free of what has been taken besides: one whose line is clear, else one whose line meets no label.
    pub(super) fn pick(&mut self, taken: &Taken) -> Option<Spot> {
        let taken = taken.about(&self.reach);
        let mut second_best = None;
        for at in 0.. {
            let Some((spot, is_clear)) = self.nth(at) else { break };
            if !taken.is_free(&spot.area) {
                continue;
            }
            if spot.lead.is_none_or(|lead| is_clear && taken.is_clear(lead)) {
                return Some(spot);
            }
            if second_best.is_none() && spot.lead.is_none_or(|lead| taken.is_legible(lead)) {
                second_best = Some(spot);
            }
        }
        second_best
    }

    /// One of those that are free of what is fixed, and whether its line meets nothing of it.
    fn nth(&mut self, at: usize) -> Option<(Spot, bool)> {
        while self.free.len() <= at && self.tried < RINGS * 16 {
            let spot = self.spot(self.tried / 16, self.turns[self.tried as usize % 16]);
            self.tried += 1;
            if self.fixed.is_free(&spot.area) && spot.lead.is_none_or(|lead| self.fixed.is_legible(lead)) {
                self.free.push((spot, spot.lead.is_none_or(|lead| self.fixed.is_clear(lead))));
            }
        }
        self.free.get(at).copied()
    }

    fn spot(&self, ring: u32, (sine, cosine): (f64, f64)) -> Spot {
        let ((x, y), (wide, high)) = (self.mark, self.size);
        let far = self.off * (1.0 + 0.45 * f64::from(ring));
        // The side of the box that looks at the mark stands as far off as the ring is wide.
        let left = x + cosine * far + wide * (cosine - 1.0) / 2.0;
        let top = y - sine * far - high * (sine + 1.0) / 2.0;
        let area = Area { left, top, right: left + wide, bottom: top + high };
        let near = (x.clamp(area.left, area.right), y.clamp(area.top, area.bottom));
        Spot { area, lead: (ring > 1).then_some(((x, y), near)) }
    }
}

/// On which side of a line a place lies, by its sign.
fn side((a, b): Segment, (x, y): (f64, f64)) -> f64 {
    (b.0 - a.0) * (y - a.1) - (b.1 - a.1) * (x - a.0)
}

/// Whether two lines cross.
fn cross(a: Segment, b: Segment) -> bool {
    side(a, b.0) * side(a, b.1) < 0.0 && side(b, a.0) * side(b, a.1) < 0.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_cross_and_meet_boxes() {
        let area = Area { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        assert!(area.meets(((-5.0, 5.0), (15.0, 5.0))));
        assert!(area.meets(((-5.0, 5.0), (5.0, 5.0))));
        assert!(!area.meets(((-5.0, -5.0), (-5.0, 15.0))));
        assert!(cross(((0.0, 0.0), (2.0, 2.0)), ((0.0, 2.0), (2.0, 0.0))));
        assert!(!cross(((0.0, 0.0), (1.0, 1.0)), ((3.0, 0.0), (0.0, 3.1))));
    }

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
        for mark in [(100.0, 100.0), (100.0, 100.0), (103.0, 101.0), (98.0, 130.0), (100.0, 135.0), (60.0, 100.0)] {
            let spot = taken.near(mark, (40.0, 12.0), 6.0).unwrap();
            assert!(placed.iter().all(|other| !other.overlaps(&spot.area)));
            assert!(spot.lead.is_none_or(|lead| placed.iter().all(|other| !other.meets(lead))));
            placed.push(spot.area);
        }
        assert_eq!(taken.near((100.0, 100.0), (300.0, 12.0), 6.0), None);
    }

    #[test]
    fn what_is_fixed_and_what_is_taken_later_are_in_the_way_alike() {
        let within = Area { left: 0.0, top: 0.0, right: 400.0, bottom: 400.0 };
        let place = |i: u32| (f64::from(i * 37 % 101) * 2.0 + 100.0, f64::from(i * 53 % 89) * 2.0 + 100.0);
        for n in [1, 7, 40, 200] {
            let mut marks = Taken::new(within);
            for (x, y) in (0..n).map(place) {
                marks.mark(Area { left: x - 4.0, top: y - 4.0, right: x + 4.0, bottom: y + 4.0 });
            }
            let (mut all, mut labels) = (marks.clone(), Taken::new(within));
            for mark in (0..n).map(place) {
                let spot = all.near(mark, (40.0, 12.0), 6.0);
                let mut choices = Choices::new(&marks, mark, (40.0, 12.0), 6.0);
                assert_eq!(choices.pick(&labels), spot);
                // and once more, when they have been looked up
                assert_eq!(choices.pick(&labels), spot);
                if let Some(spot) = spot {
                    labels.take(spot);
                }
            }
        }
    }
}
