//! Texts with wildcards.

/// `*` stands for any text, `?` for one character. Greedy, with one place to come back to, so it is never slow.
pub(super) fn is_like(wanted: &str, given: &str) -> bool {
    let (wanted, given): (Vec<char>, Vec<char>) = (wanted.chars().collect(), given.chars().collect());
    let (mut at, mut of, mut star) = (0, 0, None);
    while of < given.len() {
        if wanted.get(at) == Some(&'*') {
            star = Some((at, of));
            at += 1;
        } else if wanted.get(at).is_some_and(|letter| *letter == '?' || *letter == given[of]) {
            at += 1;
            of += 1;
        } else if let Some((star_at, star_of)) = star {
            star = Some((star_at, star_of + 1));
            at = star_at + 1;
            of = star_of + 1;
        } else {
            return false;
        }
    }
    wanted[at..].iter().all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::is_like;

    #[test]
    fn stars_and_question_marks() {
        for (wanted, given, expected) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("*c", "abc", true),
            ("a*c*e", "abcde", true),
            ("a*c*d", "abcde", false),
            ("a?c", "abc", true),
            ("a?", "a", false),
            ("A", "a", false),
            ("*ab", "aab", true),
            ("?", "ä", true),
        ] {
            assert_eq!(is_like(wanted, given), expected, "{wanted} {given}");
        }
    }
}
