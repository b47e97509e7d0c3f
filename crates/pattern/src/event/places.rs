//! Where a value stands in the arrays of an event.
//!
//! Two fields may match together only if no array has them in different elements. An array's elements that are objects
//! have a place each; places form a tree. Scalar elements stand where their array stands. An array
//! directly in an array is part of it: its objects are elements of the outer one.

/// Outside of all arrays, or an element of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place(pub(crate) u32);

/// Outside of all arrays.
pub(crate) const OUTSIDE: Place = Place(0);

#[derive(Clone, Copy, Debug)]
struct Element {
    outer: Place,
    array: u32,
    depth: u32,
}

/// The places of an event.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    /// The element of a place `n` stands at `n - 1`.
    elements: Vec<Element>,
    arrays: u32,
}

impl Places {
    /// A number for an array that was met.
    pub(crate) fn array(&mut self) -> u32 {
        self.arrays += 1;
        self.arrays
    }

    /// A place for the next element of an array.
    pub(crate) fn element(&mut self, outer: Place, array: u32) -> Place {
        let depth = self.depth(outer) + 1;
        self.elements.push(Element { outer, array, depth });
        Place(self.elements.len() as u32)
    }

    /// Whether no array has the two in different elements.
    pub(crate) fn agree(&self, a: Place, b: Place) -> bool {
        let (mut a, mut b) = (a, b);
        while a != b {
            let (deep_a, deep_b) = (self.depth(a), self.depth(b));
            let (Some(in_a), Some(in_b)) = (self.get(a), self.get(b)) else { return true };
            if deep_a > deep_b {
                a = in_a.outer;
            } else if deep_b > deep_a {
                b = in_b.outer;
            } else if in_a.array == in_b.array {
                return false;
            } else {
                (a, b) = (in_a.outer, in_b.outer);
            }
        }
        true
    }

    /// The outermost array around a place.
    pub(crate) fn outermost_array(&self, place: Place) -> Option<u32> {
        let mut element = self.get(place)?;
        while let Some(outer) = self.get(element.outer) {
            element = outer;
        }
        Some(element.array)
    }

    fn get(&self, place: Place) -> Option<Element> {
        self.elements.get((place.0 as usize).checked_sub(1)?).copied()
    }

    fn depth(&self, place: Place) -> u32 {
        self.get(place).map_or(0, |element| element.depth)
    }
}

#[cfg(test)]
mod tests {
    use super::{OUTSIDE, Places};

    #[test]
    fn different_elements_of_one_array_disagree() {
        let mut places = Places::default();
        let (one, other) = (places.array(), places.array());
        let [a, b] = [places.element(OUTSIDE, one), places.element(OUTSIDE, one)];
        let c = places.element(OUTSIDE, other);
        let inner = places.array();
        let [d, e] = [places.element(a, inner), places.element(a, inner)];
        assert!(!places.agree(a, b) && !places.agree(d, e) && !places.agree(d, b));
        assert!(places.agree(a, c) && places.agree(d, a) && places.agree(d, c) && places.agree(OUTSIDE, b));
    }
}
