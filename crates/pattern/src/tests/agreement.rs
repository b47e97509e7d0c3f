//! One pattern, a set of them, and the naive matcher say the same.

use proptest::collection::vec;
use proptest::prelude::*;

use super::generate;
use crate::{Event, Pattern, RuleSet, explain, naive};

fn compiled(texts: &[String]) -> Vec<(usize, Pattern)> {
    texts.iter().enumerate().filter_map(|(at, text)| Some((at, Pattern::compile(text).ok()?))).collect()
}

/// What the naive matcher says of each, and that each says so itself.
fn matching(patterns: &[(usize, Pattern)], json: &str) -> Result<Vec<usize>, TestCaseError> {
    let event = Event::parse(json).map_err(|error| TestCaseError::fail(error.to_string()))?;
    let mut keys = Vec::new();
    for (key, pattern) in patterns {
        let wanted = naive::matches(pattern, json);
        prop_assert_eq!(pattern.matches(&event), wanted, "pattern {} of {:?}", key, pattern);
        prop_assert_eq!(explain(pattern, &event).is_none(), wanted);
        if wanted {
            keys.push(*key);
        }
    }
    Ok(keys)
}

fn check(
    set: &RuleSet<usize>,
    patterns: &[(usize, Pattern)],
    events: &[String],
) -> Result<(), TestCaseError> {
    prop_assert_eq!(set.len(), patterns.len());
    for json in events {
        let wanted = matching(patterns, json)?;
        let event = Event::parse(json).map_err(|error| TestCaseError::fail(error.to_string()))?;
        prop_assert_eq!(&set.matches(&event), &wanted, "the set, of {}", json);
        prop_assert_eq!(&set.matches_json(json), &Ok(wanted), "the set, reading {}", json);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::default())]

    #[test]
    fn all_three_say_the_same(
        texts in vec(generate::pattern(), 1..12),
        events in vec(generate::event(), 1..5),
        removed in vec(any::<bool>(), 12),
    ) {
        let patterns = compiled(&texts);
        let mut set = RuleSet::new();
        for (key, pattern) in &patterns {
            set.insert(*key, pattern);
        }
        check(&set, &patterns, &events)?;

        let mut left = patterns.clone();
        left.retain(|(key, _)| !removed[*key]);
        for (key, _) in patterns.iter().filter(|(key, _)| removed[*key]) {
            prop_assert!(set.remove(key));
            prop_assert!(!set.remove(key));
        }
        check(&set, &left, &events)?;

        // In again, in another order, and some under keys that are taken.
        for (key, pattern) in patterns.iter().rev() {
            set.insert(*key, pattern);
        }
        check(&set, &patterns, &events)?;
        for (key, _) in &patterns {
            set.remove(key);
        }
        prop_assert!(set.is_empty() && set.leaves_nothing());
    }

    #[test]
    fn no_text_makes_the_compiler_or_the_reader_panic(text in "[\\[\\]{}:,\"\\\\a$or0-9.eE*/ é\u{1}-]{0,40}") {
        let _ = Pattern::compile(&text).map_err(|error| (error.to_string(), error.in_filter_policy()));
        let _ = Event::parse(&text);
        let mut set = RuleSet::new();
        if let Ok(pattern) = Pattern::compile(r#"{"a":{"o":[1]}}"#) {
            set.insert(1, &pattern);
        }
        let _ = set.matches_json(&text);
    }
}
