//! Searching along the doubles between two numbers.

/// The place of a number in the order of all doubles.
fn place(x: f64) -> i64 {
    let bits = i64::from_ne_bytes((x + 0.0).to_ne_bytes());
    if bits < 0 { i64::MIN.wrapping_sub(bits) } else { bits }
}

fn at(place: i64) -> f64 {
    let bits = if place < 0 { i64::MIN.wrapping_sub(place) } else { place };
    f64::from_ne_bytes(bits.to_ne_bytes())
}

/// The smallest double above a finite number.
pub(super) fn above(x: f64) -> f64 {
    at(place(x) + 1)
}

/// The largest double below a finite number.
pub(super) fn below(x: f64) -> f64 {
    at(place(x) - 1)
}

/// The first double on the way from one number to another at which something holds that holds from there on; none where it
/// does not hold at the end.
pub(super) fn first(from: f64, to: f64, mut holds: impl FnMut(f64) -> bool) -> Option<f64> {
    if !holds(to) {
        return None;
    }
    if from == to || holds(from) {
        return Some(from);
    }
    // Halving the numbers first: near 0 there are more doubles than anywhere, and seldom an answer.
    let (mut no, mut yes) = (from, to);
    for _ in 0..40 {
        let middle = no / 2.0 + yes / 2.0;
        if middle == no || middle == yes {
            break;
        }
        if holds(middle) { yes = middle } else { no = middle }
    }
    let (mut no, mut yes) = (i128::from(place(no)), i128::from(place(yes)));
    while (yes - no).abs() > 1 {
        let middle = no + (yes - no) / 2;
        let holds = i64::try_from(middle).is_ok_and(|place| holds(at(place)));
        if holds { yes = middle } else { no = middle }
    }
    i64::try_from(yes).ok().map(at)
}

/// The same, with a guess between the two that is right but for rounding: steps that double from there, and halving then, look
/// at far fewer numbers.
pub(super) fn near(from: f64, to: f64, guess: f64, mut holds: impl FnMut(f64) -> bool) -> Option<f64> {
    let (start, end, middle) = (i128::from(place(from)), i128::from(place(to)), i128::from(place(guess)));
    let forward = (end - start).signum();
    let mut ask = |p: i128| i64::try_from(p).is_ok_and(|p| holds(at(p)));
    let inside = |p: i128| p.clamp(start.min(end), start.max(end));
    let middle = inside(middle);
    let (mut no, mut yes, mut step) = (middle, middle, 1);
    if ask(middle) {
        loop {
            if yes == start {
                return Some(from);
            }
            no = inside(middle - forward * step);
            if !ask(no) {
                break;
            }
            (yes, step) = (no, step * 2);
        }
    } else {
        loop {
            if no == end {
                return None;
            }
            yes = inside(middle + forward * step);
            if ask(yes) {
                break;
            }
            (no, step) = (yes, step * 2);
        }
    }
    while (yes - no).abs() > 1 {
        let middle = no + (yes - no) / 2;
        if ask(middle) { yes = middle } else { no = middle }
    }
    i64::try_from(yes).ok().map(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guess_finds_the_same_double() {
        for (from, to) in [(0.0, 10.0), (10.0, -4.0), (-3.0, 3.0), (1.0, 1.0)] {
            for edge in [-5.0, -0.5, 0.0, 1e-300, 1.0, 3.25, 9.999_999, 12.0] {
                let holds = |x: f64| if to >= from { x >= edge } else { x <= edge };
                for guess in [from, to, f64::midpoint(from, to), edge, above(edge), below(below(edge)), 1e9, -1e9] {
                    assert_eq!(near(from, to, guess, holds), first(from, to, holds), "{from} {to} {edge} {guess}");
                }
            }
        }
        let mut looks = 0;
        let found = near(1.0, 9.0, above(above(3.25)), |x| {
            looks += 1;
            x >= 3.25
        });
        assert!(found == Some(3.25) && looks < 8, "{looks}");
    }

    #[test]
    fn the_first_double_is_found_upwards_and_downwards() {
        assert_eq!(first(0.0, 10.0, |x| x >= 3.0), Some(3.0));
        assert_eq!(first(5.0, -7.0, |x| x <= -0.1), Some(-0.1));
        assert_eq!(first(0.0, 1.0, |x| x > 2.0), None);
        assert_eq!(first(1.0, 2.0, |_| true), Some(1.0));
        assert_eq!(first(1.0, 2.0, |x| x > 1.0), Some(above(1.0)));
        assert_eq!((above(0.0), below(above(-3.5))), (5e-324, -3.5));
    }
}
