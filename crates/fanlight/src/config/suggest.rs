//! `did you mean …?`

/// Of `candidates`, the one most like `word`, if it is like it at all.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.into_iter().map(|candidate| (distance(word, candidate), candidate));
    let (distance, candidate) = near.min_by_key(|(distance, _)| *distance)?;
    (distance <= candidate.len().max(word.len()) / 3).then_some(candidate)
}

/// How many letters must be changed, added or left out (Levenshtein), taking `-` for `_` and ignoring case.
fn distance(one: &str, other: &str) -> usize {
    let plain = |text: &str| text.to_ascii_lowercase().replace('-', "_");
    let (one, other) = (plain(one), plain(other));
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (left, other_letter) in other.chars().enumerate() {
            let substituted = diagonal + usize::from(letter != other_letter);
            diagonal = row[left + 1];
            row[left + 1] = substituted.min(row[left] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn typing_errors_find_their_word() {
        let words = ["listen", "hosts", "allow_origins", "durability"];
        for (word, expected) in [
            ("listn", Some("listen")),
            ("Host", Some("hosts")),
            ("allow-origins", Some("allow_origins")),
            ("durabilty", Some("durability")),
            ("colour", None),
        ] {
            assert_eq!(closest(word, words), expected, "{word}");
        }
        assert_eq!(closest("x", []), None);
    }
}
