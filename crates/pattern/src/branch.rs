//! Whether the conditions of a branch hold together in an event.
//!
//! Each condition needs a value that one of its matchers takes, and no array may have two of these values in different
//! elements. `exists: false` needs that the field is not there *in the array elements that the conditions before it
//! chose*, which is why conditions stand in the order of their paths.

use std::borrow::Cow;

use crate::event::{Occurrence, Place, Places};
use crate::matcher::{Matcher, Probe};

/// A condition, and the values of its field.
pub(crate) struct Found<'s, 'e> {
    pub(crate) matchers: &'s [Matcher],
    pub(crate) occurrences: Cow<'s, [Occurrence<'e>]>,
}

/// Where a condition can be met.
struct Choices {
    places: Vec<Place>,
    /// For `exists: false`: where the field is. Nowhere means that the condition is met.
    absent_from: Option<Vec<Place>>,
}

/// Whether conditions hold together; `get` finds the values for each.
pub(crate) fn holds<'s, 'e: 's>(count: usize, places: &Places, get: impl Fn(usize) -> Found<'s, 'e>) -> bool {
    let mut in_arrays = false;
    for at in 0..count {
        let found = get(at);
        match first_glance(&found) {
            Glance::Fails => return false,
            Glance::Holds => {}
            Glance::Depends => in_arrays = true,
        }
    }
    if !in_arrays {
        return true;
    }
    let mut pending: Vec<Choices> = (0..count).map(|at| choices(&get(at))).collect();
    // Conditions that hold outside of all arrays agree with every choice; they need no place of their own, unless a
    // later condition asks for absence and a place inside an array would serve it better.
    if pending.iter().all(|choices| choices.absent_from.is_none()) {
        pending.retain(|choices| !choices.places.contains(&Place(0)));
        return groups(pending, places).iter().all(|group| choose(group, &mut Vec::new(), places));
    }
    choose(&pending, &mut Vec::new(), places)
}

/// Conditions whose places share no array cannot stand in each other's way. Trying each group for itself keeps the
/// number of tries from multiplying.
fn groups(pending: Vec<Choices>, places: &Places) -> Vec<Vec<Choices>> {
    let mut groups: Vec<(Vec<u32>, Vec<Choices>)> = Vec::new();
    for choices in pending {
        let mut arrays: Vec<u32> =
            choices.places.iter().filter_map(|place| places.outermost_array(*place)).collect();
        arrays.sort_unstable();
        arrays.dedup();
        let mut group = vec![choices];
        let touches = |other: &[u32]| other.iter().any(|array| arrays.binary_search(array).is_ok());
        let touching: Vec<_> = groups.extract_if(.., |(other, _)| touches(other)).collect();
        for (mut other, mut members) in touching {
            arrays.append(&mut other);
            members.append(&mut group);
            group = members;
        }
        groups.push((arrays, group));
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

enum Glance {
    Fails,
    Holds,
    /// On the array elements that the other conditions choose.
    Depends,
}

fn first_glance(found: &Found<'_, '_>) -> Glance {
    let absent = found.matchers.contains(&Matcher::Absent);
    if absent {
        return if found.occurrences.is_empty() { Glance::Holds } else { Glance::Depends };
    }
    let mut glance = Glance::Fails;
    for occurrence in found.occurrences.iter() {
        if takes(found.matchers, occurrence) {
            if occurrence.place == Place(0) {
                return Glance::Holds;
            }
            glance = Glance::Depends;
        }
    }
    glance
}

/// Whether one of the matchers takes a value.
pub(crate) fn takes(matchers: &[Matcher], occurrence: &Occurrence<'_>) -> bool {
    let probe = Probe::new(&occurrence.value);
    matchers.iter().any(|matcher| matcher.takes(&probe))
}

fn choices(found: &Found<'_, '_>) -> Choices {
    let taken = found.occurrences.iter().filter(|occurrence| takes(found.matchers, occurrence));
    let mut places: Vec<Place> = taken.map(|occurrence| occurrence.place).collect();
    places.sort_by_key(|place| place.0);
    places.dedup();
    let absent = found.matchers.contains(&Matcher::Absent);
    let absent_from = absent.then(|| found.occurrences.iter().map(|occurrence| occurrence.place).collect());
    Choices { places, absent_from }
}

fn choose(pending: &[Choices], chosen: &mut Vec<Place>, places: &Places) -> bool {
    let Some((next, rest)) = pending.split_first() else { return true };
    let agrees = |chosen: &[Place], place: Place| chosen.iter().all(|other| places.agree(*other, place));
    for place in &next.places {
        if agrees(chosen, *place) {
            chosen.push(*place);
            if choose(rest, chosen, places) {
                return true;
            }
            chosen.pop();
        }
    }
    let absent = next.absent_from.as_ref();
    absent.is_some_and(|there| !there.iter().any(|place| agrees(chosen, *place)))
        && choose(rest, chosen, places)
}
