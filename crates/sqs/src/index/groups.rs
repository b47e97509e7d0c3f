//! Message groups by number.

use std::collections::HashMap;
use std::sync::Arc;

/// A message group of one queue; 0 is "no group".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct GroupNumber(u32);

/// The names of the groups that have messages, each given a number, so that a message carries four bytes and not a
/// name. A name is forgotten with its last message, and its number used again.
#[derive(Debug, Default)]
pub(super) struct GroupNames {
    numbers: HashMap<Arc<str>, u32>,
    groups: Vec<Group>,
    free: Vec<u32>,
}

#[derive(Debug)]
struct Group {
    name: Arc<str>,
    messages: usize,
}

impl GroupNames {
    /// The number of a name that has messages.
    pub(super) fn find(&self, name: Option<&str>) -> Option<GroupNumber> {
        match name {
            None => Some(GroupNumber::default()),
            Some(name) => self.numbers.get(name).copied().map(GroupNumber),
        }
    }

    /// The name of a number.
    pub(super) fn name(&self, group: GroupNumber) -> Option<&str> {
        let place = (group.0 as usize).checked_sub(1)?;
        self.groups.get(place).map(|group| &*group.name)
    }

    /// The number of a name, for one more message of it.
    pub(super) fn hold(&mut self, name: Option<&str>) -> GroupNumber {
        let Some(name) = name else { return GroupNumber::default() };
        if let Some(number) = self.numbers.get(name) {
            self.groups[*number as usize - 1].messages += 1;
            return GroupNumber(*number);
        }
        let group = Group { name: name.into(), messages: 1 };
        let number =
            self.free.pop().unwrap_or_else(|| u32::try_from(self.groups.len() + 1).unwrap_or(u32::MAX));
        self.numbers.insert(Arc::clone(&group.name), number);
        match self.groups.get_mut(number as usize - 1) {
            Some(free) => *free = group,
            None => self.groups.push(group),
        }
        GroupNumber(number)
    }

    /// One message less of a group.
    pub(super) fn release(&mut self, group: GroupNumber) {
        let Some(entry) = (group.0 as usize).checked_sub(1).and_then(|place| self.groups.get_mut(place))
        else {
            return;
        };
        entry.messages = entry.messages.saturating_sub(1);
        if entry.messages == 0 && self.numbers.remove(&entry.name).is_some() {
            self.free.push(group.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::GroupNames;

    #[test]
    fn a_name_is_forgotten_with_its_last_message() {
        let mut names = GroupNames::default();
        let (a, b) = (names.hold(Some("a")), names.hold(Some("b")));
        assert_eq!(names.hold(Some("a")), a);
        names.release(a);
        assert_eq!(names.find(Some("a")), Some(a));
        names.release(a);
        assert_eq!(names.find(Some("a")), None);
        assert_eq!(names.hold(Some("c")), a, "its number is used again");
        assert_eq!(names.find(Some("b")), Some(b));
    }
}
