//! `equals-ignore-case`: each code point of the pattern stands for its lower-case and its upper-case form.
//!
//! The forms are taken of the *pattern*, by Java's full mappings. So `straße` matches `STRASSE`, and `STRASSE` does not
//! match `straße`; `ς` matches `Σ`.

/// A text that is compared without case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Folded {
    /// Every character is its own other case, or ASCII: it is enough to compare bytes without ASCII case.
    Plain(Box<str>),
    /// For each character its lower-case and its upper-case form.
    Pairs(Box<[(Box<str>, Box<str>)]>),
}

impl Folded {
    pub(crate) fn new(text: &str) -> Folded {
        let plain =
            text.chars().all(|c| c.is_ascii() || (c.to_lowercase().eq([c]) && c.to_uppercase().eq([c])));
        if plain {
            return Folded::Plain(text.to_ascii_lowercase().into());
        }
        let form = |c: char| {
            (c.to_lowercase().collect::<String>().into(), c.to_uppercase().collect::<String>().into())
        };
        Folded::Pairs(text.chars().map(form).collect())
    }

    /// The text, in lower case, if it is enough to compare bytes without ASCII case.
    pub(crate) fn plain(&self) -> Option<&str> {
        match self {
            Folded::Plain(plain) => Some(plain),
            Folded::Pairs(_) => None,
        }
    }

    /// The lower-case form.
    pub(crate) fn lower(&self) -> String {
        match self {
            Folded::Plain(plain) => plain.to_string(),
            Folded::Pairs(pairs) => pairs.iter().map(|(lower, _)| &**lower).collect(),
        }
    }

    /// Whether all of a text is this.
    pub(crate) fn equals(&self, text: &str) -> bool {
        match self {
            Folded::Plain(plain) => plain.eq_ignore_ascii_case(text),
            Folded::Pairs(_) => self.strip_prefix(text).is_some_and(str::is_empty),
        }
    }

    /// What follows this at the start of a text.
    pub(crate) fn strip_prefix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Folded::Plain(plain) => {
                let head = text.get(..plain.len())?;
                plain.eq_ignore_ascii_case(head).then(|| &text[plain.len()..])
            }
            Folded::Pairs(pairs) => {
                let step = |rest: &'t str, (lower, upper): &(Box<str>, Box<str>)| {
                    rest.strip_prefix(&**lower).or_else(|| rest.strip_prefix(&**upper))
                };
                pairs.iter().try_fold(text, step)
            }
        }
    }

    /// What precedes this at the end of a text.
    pub(crate) fn strip_suffix<'t>(&self, text: &'t str) -> Option<&'t str> {
        match self {
            Folded::Plain(plain) => {
                let at = text.len().checked_sub(plain.len())?;
                plain.eq_ignore_ascii_case(text.get(at..)?).then(|| &text[..at])
            }
            Folded::Pairs(pairs) => {
                let step = |rest: &'t str, (lower, upper): &(Box<str>, Box<str>)| {
                    rest.strip_suffix(&**lower).or_else(|| rest.strip_suffix(&**upper))
                };
                pairs.iter().rev().try_fold(text, step)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Folded;

    #[test]
    fn the_forms_are_those_of_the_pattern() {
        let check = |pattern: &str, text: &str| Folded::new(pattern).equals(text);
        assert!(check("abC", "ABc"));
        assert!(check("straße", "STRASSE"));
        assert!(!check("STRASSE", "straße"));
        assert!(check("ς", "Σ"));
        assert!(!check("k", "\u{212a}"));
        assert!(check("\u{212a}", "k"));
        assert!(check("日本", "日本"));
        assert!(!check("日本", "日"));
        assert!(!check("", "a"));
    }
}
