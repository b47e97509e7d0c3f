//! Walks the text of an event and tells a sink what fields it has.

use std::borrow::Cow;

use super::places::{OUTSIDE, Place, Places};
use super::scan::Scan;
use super::{NotAnObject, Value, ValueKind};

/// Containers inside containers.
const DEPTH_MAX: u32 = 1000;

/// Who wants to know the fields. What it does not want is passed over unread.
pub(crate) trait Sink<'a> {
    /// A path.
    type Node: Copy;

    fn root(&self) -> Self::Node;
    /// The path with a key added, if anything below it is wanted.
    fn child(&mut self, node: Self::Node, key: Cow<'a, str>) -> Option<Self::Node>;
    /// Whether values at this path are wanted.
    fn wants_values(&self, node: Self::Node) -> bool;
    /// Whether anything below this path is wanted.
    fn wants_fields(&self, node: Self::Node) -> bool;
    fn places(&mut self) -> &mut Places;
    fn value(&mut self, node: Self::Node, place: Place, value: Value<'a>);
}

/// Flattens the text of an object.
pub(crate) fn object<'a, S: Sink<'a>>(json: &'a str, sink: &mut S) -> Result<(), NotAnObject> {
    let mut walk = Walk { scan: Scan::new(json), sink, depth: 0 };
    let root = walk.sink.root();
    walk.whole(root).ok_or(NotAnObject)
}

/// Flattens the elements of an array as values of one field.
pub(crate) fn array<'a, S: Sink<'a>>(json: &'a str, node: S::Node, sink: &mut S) -> Result<(), NotAnObject> {
    let mut walk = Walk { scan: Scan::new(json), sink, depth: 0 };
    walk.whole_array(node).ok_or(NotAnObject)
}

struct Walk<'s, 'a, S> {
    scan: Scan<'a>,
    sink: &'s mut S,
    depth: u32,
}

impl<'a, S: Sink<'a>> Walk<'_, 'a, S> {
    fn whole(&mut self, root: S::Node) -> Option<()> {
        (self.scan.token()? == b'{').then_some(())?;
        self.fields(root, OUTSIDE)?;
        self.scan.at_end()
    }

    fn whole_array(&mut self, node: S::Node) -> Option<()> {
        (self.scan.token()? == b'[').then_some(())?;
        self.elements(node, OUTSIDE, false, &mut None)?;
        self.scan.at_end()
    }

    /// The fields of an object whose brace is passed.
    fn fields(&mut self, node: S::Node, place: Place) -> Option<()> {
        self.enter()?;
        let mut byte = self.scan.token()?;
        if byte != b'}' {
            loop {
                (byte == b'"').then_some(())?;
                let key = self.scan.string()?;
                // event-ruler does not see values under an empty key, but in the outermost object.
                let hidden = key.is_empty() && self.depth > 1;
                (self.scan.token()? == b':').then_some(())?;
                match self.sink.child(node, key) {
                    Some(child) => {
                        let first = self.scan.token()?;
                        self.value(first, child, place, hidden)?;
                    }
                    None => self.scan.skip_value()?,
                }
                match self.scan.token()? {
                    b',' => byte = self.scan.token()?,
                    b'}' => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// A value whose first byte is passed.
    fn value(&mut self, first: u8, node: S::Node, place: Place, hidden: bool) -> Option<()> {
        let wanted = !hidden && self.sink.wants_values(node);
        match first {
            b'{' if self.sink.wants_fields(node) => self.fields(node, place),
            b'{' => self.scan.skip_container(),
            b'[' => self.elements(node, place, hidden, &mut None),
            b'"' if wanted => {
                let text = self.scan.string()?;
                self.sink.value(node, place, Value { kind: ValueKind::Text, text });
                Some(())
            }
            b'"' => self.scan.skip_string(),
            _ => {
                let literal = self.scan.literal()?;
                if wanted {
                    let number = first == b'-' || first.is_ascii_digit();
                    let kind = if number { ValueKind::Number } else { ValueKind::Word };
                    self.sink.value(node, place, Value { kind, text: Cow::Borrowed(literal) });
                }
                Some(())
            }
        }
    }

    /// The elements of an array whose bracket is passed. An array in an array counts as part of it.
    fn elements(&mut self, node: S::Node, place: Place, hidden: bool, array: &mut Option<u32>) -> Option<()> {
        if !self.sink.wants_fields(node) && !self.sink.wants_values(node) {
            return self.scan.skip_container();
        }
        self.enter()?;
        let mut byte = self.scan.token()?;
        if byte != b']' {
            loop {
                if byte == b'[' {
                    self.elements(node, place, hidden, array)?;
                } else if byte == b'{' && self.sink.wants_fields(node) {
                    let places = self.sink.places();
                    let array = *array.get_or_insert_with(|| places.array());
                    let element = places.element(place, array);
                    self.fields(node, element)?;
                } else {
                    self.value(byte, node, place, hidden)?;
                }
                match self.scan.token()? {
                    b',' => byte = self.scan.token()?,
                    b']' => break,
                    _ => return None,
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    fn enter(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEPTH_MAX).then_some(())
    }
}
