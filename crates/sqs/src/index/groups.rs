//! Message groups by number.

use std::collections::HashMap;

/// A message group of one queue; 0 is "no group".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupNumber(u32);

/// The names of a queue's groups, each given a number when first seen, so that a message carries four bytes and
/// not a name.
#[derive(Debug, Default)]
pub(super) struct GroupNames {
    numbers: HashMap<Box<str>, u32>,
}

/// More names than this and those of empty groups are worth forgetting.
const NAMES_WORTH_KEEPING: usize = 4096;

impl GroupNames {
    /// The number of a name; a new one if it was never seen.
    pub(super) fn number(&mut self, name: Option<&str>) -> GroupNumber {
        let Some(name) = name else { return GroupNumber::default() };
        if let Some(number) = self.numbers.get(name) {
            return GroupNumber(*number);
        }
        let number = u32::try_from(self.numbers.len() + 1).unwrap_or(u32::MAX);
        self.numbers.insert(name.into(), number);
        GroupNumber(number)
    }

    /// Whether there are so many that they are worth forgetting.
    pub(super) fn are_many(&self) -> bool {
        self.numbers.len() > NAMES_WORTH_KEEPING
    }
}
