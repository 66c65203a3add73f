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

#[cfg(test)]
mod tests {
    use super::*;

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
