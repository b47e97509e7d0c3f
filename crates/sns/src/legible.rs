//! Texts that an answer cannot carry are refused when they come in, so that nothing is shown otherwise than it was set.
//!
//! SNS answers in XML 1.0, which has no spelling for most control characters, U+FFFE and U+FFFF. What is published is
//! not looked at: it is in no answer, and envelopes are JSON. What a queue does not take raw goes the way of everything
//! a queue does not take.

use std::cell::Cell;

use shape::{EachMember, ListSchema, MapSchema, Source, StructureSchema, Unreadable, is_xml_text};

/// A source that notes the first member with a text no answer can carry.
pub(crate) struct Legible<'a> {
    source: &'a mut dyn Source,
    /// The member of the input it belongs to; none yet at the input itself.
    member: Option<&'static str>,
    illegible: &'a Cell<Option<&'static str>>,
}

impl<'a> Legible<'a> {
    /// Reads from `source`, and notes in `illegible`.
    pub(crate) fn new(source: &'a mut dyn Source, illegible: &'a Cell<Option<&'static str>>) -> Self {
        Self { source, member: None, illegible }
    }
}

fn note(illegible: &Cell<Option<&'static str>>, member: Option<&'static str>, text: &str) {
    if illegible.get().is_none() && !is_xml_text(text) {
        illegible.set(member);
    }
}

impl Source for Legible<'_> {
    fn string(&mut self) -> Result<String, Unreadable> {
        let text = self.source.string()?;
        note(self.illegible, self.member, &text);
        Ok(text)
    }

    fn integer(&mut self) -> Result<i32, Unreadable> {
        self.source.integer()
    }

    fn long(&mut self) -> Result<i64, Unreadable> {
        self.source.long()
    }

    fn double(&mut self) -> Result<f64, Unreadable> {
        self.source.double()
    }

    fn boolean(&mut self) -> Result<bool, Unreadable> {
        self.source.boolean()
    }

    fn blob(&mut self) -> Result<Vec<u8>, Unreadable> {
        self.source.blob()
    }

    fn timestamp(&mut self) -> Result<i64, Unreadable> {
        self.source.timestamp()
    }

    fn list(
        &mut self,
        schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let (member, illegible) = (self.member, self.illegible);
        self.source.list(schema, &mut |source| item(&mut Legible { source, member, illegible }))
    }

    fn map(
        &mut self,
        schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let (member, illegible) = (self.member, self.illegible);
        self.source.map(schema, &mut |key, source| {
            note(illegible, member, &key);
            entry(key, &mut Legible { source, member, illegible })
        })
    }

    fn structure(
        &mut self,
        schema: &'static StructureSchema,
        each: &mut EachMember<'_>,
    ) -> Result<(), Unreadable> {
        let (outer, illegible) = (self.member, self.illegible);
        self.source.structure(schema, &mut |index, source| {
            let Some(source) = source else { return each(index, None) };
            let member = outer.or_else(|| schema.members.get(index).map(|member| member.name));
            each(index, Some(&mut Legible { source, member, illegible }))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::inputs::{CreateTopicInput, SetTopicAttributesInput, UntagResourceInput};

    /// Says the same wherever it is asked: a text, a list of one, a map of one, a structure with all its members.
    struct Echo(&'static str);

    type Read<T> = Result<T, Unreadable>;

    impl Source for Echo {
        fn string(&mut self) -> Read<String> {
            Ok(self.0.to_owned())
        }

        fn integer(&mut self) -> Read<i32> {
            Ok(0)
        }

        fn long(&mut self) -> Read<i64> {
            Ok(0)
        }

        fn double(&mut self) -> Read<f64> {
            Ok(0.0)
        }

        fn boolean(&mut self) -> Read<bool> {
            Ok(true)
        }

        fn blob(&mut self) -> Read<Vec<u8>> {
            Ok(Vec::new())
        }

        fn timestamp(&mut self) -> Read<i64> {
            Ok(0)
        }

        fn list(
            &mut self,
            _: &'static ListSchema,
            item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
        ) -> Read<()> {
            item(self)
        }

        fn map(
            &mut self,
            _: &'static MapSchema,
            entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
        ) -> Read<()> {
            entry(self.0.to_owned(), &mut Echo("a value"))
        }

        fn structure(&mut self, schema: &'static StructureSchema, each: &mut EachMember<'_>) -> Read<()> {
            (0..schema.members.len()).try_for_each(|index| each(index, Some(self)))
        }
    }

    fn noted<T: shape::ReadShape>(text: &'static str) -> Option<&'static str> {
        let illegible = Cell::new(None);
        shape::read_input::<T>(&mut Legible::new(&mut Echo(text), &illegible)).unwrap();
        illegible.get()
    }

    #[test]
    fn the_first_member_that_cannot_be_shown_is_named() {
        assert_eq!(noted::<SetTopicAttributesInput>("a\u{1}b"), Some("AttributeName"));
        // The key of a map, and what is in a list.
        assert_eq!(noted::<CreateTopicInput>("\u{FFFE}"), Some("Attributes"));
        assert_eq!(noted::<UntagResourceInput>("\0"), Some("ResourceArn"));
        assert_eq!(noted::<CreateTopicInput>("grüße\n"), None);
    }
}
