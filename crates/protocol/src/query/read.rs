//! The parameter tree as a source. AWS's own framework answers what does not fit with `MalformedInput`.
//!
//! Lists and maps come in more spellings than the models state: AWS's documentation and older SDKs leave the number
//! out where there is one item (`AttributeName=All`, `Attribute.Name=Policy&Attribute.Value=…`), so those are read too.

use std::borrow::Cow;

use shape::{EachMember, Kind, ListSchema, MapSchema, Member, Source, StructureSchema, Unreadable};

use super::Node;

type Read<T> = Result<T, Unreadable>;

impl<'a> Node<'a> {
    fn text(&mut self) -> Read<Cow<'a, str>> {
        self.value.take().ok_or_else(|| self.not_scalar())
    }

    fn not_scalar(&self) -> Unreadable {
        let numbered = self.below.iter().any(|node| node.number().is_some());
        malformed(if numbered {
            "Start of list found where not expected"
        } else {
            "Start of structure or map found where not expected."
        })
    }

    fn parsed<T>(&mut self, parse: impl FnOnce(&str) -> Option<T>, wanted: &str) -> Read<T> {
        let text = self.text()?;
        parse(&text).ok_or_else(|| malformed(&format!("{wanted} must follow xsd1.1 definition")))
    }

    /// The number a list's item is sent with.
    fn number(&self) -> Option<u32> {
        let plain = self.name.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| self.name.parse().ok()).flatten()
    }

    /// The items below in the order of their numbers. Gaps are allowed.
    fn numbered(&mut self) -> Read<Vec<&mut Node<'a>>> {
        let mut items = Vec::with_capacity(self.below.len());
        for node in &mut self.below {
            match node.number() {
                Some(0) => return Err(malformed("0 is not a valid index")),
                Some(number) => items.push((number, node)),
                None => return Err(malformed("Start of structure or map found where not expected.")),
            }
        }
        items.sort_by_key(|(number, _)| *number);
        Ok(items.into_iter().map(|(_, node)| node).collect())
    }

    /// The node whose children are the numbered items: this one, or the one the items are nested in.
    fn holder(&mut self, nested: &str) -> &mut Node<'a> {
        let flat = self.below.iter().any(|node| node.number().is_some());
        let nested = if flat { None } else { self.below.iter().position(|node| node.name == nested) };
        match nested {
            Some(at) => &mut self.below[at],
            None => self,
        }
    }

    /// The value sent for a member. Of a flattened list or map, older models repeat the item's own name.
    fn member(&mut self, member: &Member) -> Option<&mut Node<'a>> {
        let item = match member.kind {
            Kind::List(schema) if schema.flattened => schema.query,
            _ => member.query,
        };
        let name = [member.query, item, member.name].into_iter().find(|name| self.has(name))?;
        self.child(name)
    }

    fn take_entry(
        &mut self,
        schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        let key = self.child(schema.query_key).ok_or_else(|| missing(schema.query_key))?.string()?;
        let value = self.child(schema.query_value).ok_or_else(|| missing(schema.query_value))?;
        entry(key, value)
    }
}

fn malformed(text: &str) -> Unreadable {
    Unreadable(text.to_owned())
}

fn missing(name: &str) -> Unreadable {
    Unreadable(format!("The request must contain the parameter {name}."))
}

impl Source for Node<'_> {
    fn string(&mut self) -> Read<String> {
        self.text().map(Cow::into_owned)
    }

    fn integer(&mut self) -> Read<i32> {
        self.parsed(|text| text.parse().ok(), "integer")
    }

    fn long(&mut self) -> Read<i64> {
        self.parsed(|text| text.parse().ok(), "long")
    }

    fn double(&mut self) -> Read<f64> {
        self.parsed(|text| text.parse().ok(), "double")
    }

    fn boolean(&mut self) -> Read<bool> {
        let parse = |text: &str| match text {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        };
        self.parsed(parse, "boolean")
    }

    fn blob(&mut self) -> Read<Vec<u8>> {
        crate::base64::decode(&self.text()?)
    }

    fn timestamp(&mut self) -> Read<i64> {
        self.parsed(crate::instant::parse_iso8601, "timestamp")
    }

    fn list(
        &mut self,
        schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        let holder = self.holder(schema.query);
        if holder.below.is_empty() {
            return match holder.value.as_deref() {
                // `Names=` is how an empty list is sent.
                None | Some("") => Ok(()),
                Some(_) if schema.flattened => item(holder),
                Some(_) => Err(malformed("Value found where not expected")),
            };
        }
        holder.numbered()?.into_iter().try_for_each(|node| item(node))
    }

    fn map(
        &mut self,
        schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        if self.has(schema.query_key) {
            return self.take_entry(schema, entry);
        }
        let holder = self.holder("entry");
        if holder.below.is_empty() {
            return match holder.value.as_deref() {
                None | Some("") => Ok(()),
                Some(_) => Err(malformed("Value found where not expected")),
            };
        }
        holder.numbered()?.into_iter().try_for_each(|node| node.take_entry(schema, entry))
    }

    fn structure(&mut self, schema: &'static StructureSchema, member: &mut EachMember<'_>) -> Read<()> {
        for (index, wanted) in schema.members.iter().enumerate() {
            member(index, self.member(wanted).map(|node| node as &mut dyn Source))?;
        }
        Ok(())
    }
}
