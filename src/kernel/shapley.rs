//! Shapley values of a game whose every set of players has been valued.

/// Adds to each player's part what it adds to the value of a set of others, on average over the orders in which the players can
/// come. The values are those of all sets, by the bits of their players; at most as many play as a number has bits.
pub(crate) fn shapley(values: &[f64], parts: &mut [f64]) {
    let k = parts.len();
    // 1 / (k (k - 1 over s)), the share of the orders in which these s come first and the player next.
    let mut shares = [0.0; usize::BITS as usize];
    let mut ways = 1.0;
    for (s, share) in shares[..k].iter_mut().enumerate() {
        *share = 1.0 / (k as f64 * ways);
        ways = ways * (k - 1 - s) as f64 / (s + 1) as f64;
    }
    for set in 0..values.len() {
        for (p, part) in parts.iter_mut().enumerate().filter(|(p, _)| set >> p & 1 == 0) {
            *part += shares[set.count_ones() as usize] * (values[set | 1 << p] - values[set]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_players_by_hand() {
        // Worth 6 with the first player and any other, 9 with all: the first adds 0, 6, 6 and 9 in its four places.
        let values = [0.0, 0.0, 0.0, 6.0, 0.0, 6.0, 0.0, 9.0];
        let mut parts = [0.0; 3];
        shapley(&values, &mut parts);
        let first = 6.0 / 6.0 + 6.0 / 6.0 + 9.0 / 3.0;
        let other = 6.0 / 6.0 + 3.0 / 3.0;
        for (part, by_hand) in parts.iter().zip([first, other, other]) {
            assert!((part - by_hand).abs() < 1e-12, "{parts:?}");
        }
        assert!((parts.iter().sum::<f64>() - 9.0).abs() < 1e-12);
    }
}
