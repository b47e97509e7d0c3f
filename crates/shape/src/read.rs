//! Reading: a codec offers a [`Source`], a generated type fills itself from a [`Reader`].

#[cfg(test)]
mod tests;

use crate::check::{Problem, Step};
use crate::{Check, Kind, ListSchema, Map, MapSchema, StructureSchema, Violation};

/// The wire value does not have the form its schema asks for; the text is what the caller is told.
///
/// This is a *rejection*: we could not read the request. A value that could be read but is not allowed is a
/// [`Violation`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

type Read<T> = Result<T, Unreadable>;

/// What is done with each member of a structure: its index and, unless it is absent, its value.
pub type EachMember<'a> = dyn FnMut(usize, Option<&mut dyn Source>) -> Result<(), Unreadable> + 'a;

/// One wire value that waits to be read. A codec implements it; each method takes the value out.
pub trait Source {
    /// Takes text.
    fn string(&mut self) -> Read<String>;
    /// Takes a 32-bit integer.
    fn integer(&mut self) -> Read<i32>;
    /// Takes a 64-bit integer.
    fn long(&mut self) -> Read<i64>;
    /// Takes a floating-point number.
    fn double(&mut self) -> Read<f64>;
    /// Takes `true` or `false`.
    fn boolean(&mut self) -> Read<bool>;
    /// Takes bytes.
    fn blob(&mut self) -> Read<Vec<u8>>;
    /// Takes an instant, in epoch milliseconds.
    fn timestamp(&mut self) -> Read<i64>;
    /// Takes a list, item by item.
    fn list(
        &mut self,
        schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
    ) -> Read<()>;
    /// Takes a map, entry by entry.
    fn map(
        &mut self,
        schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()>;
    /// Takes a structure. `member` is called once for every member of the schema, in the schema's order, with its
    /// index and, unless it is absent, its value. JSON `null` is absence.
    fn structure(&mut self, schema: &'static StructureSchema, member: &mut EachMember<'_>) -> Read<()>;
}

/// A structure that can be read.
pub trait ReadShape: Default {
    /// Its schema.
    fn schema() -> &'static StructureSchema;
    /// Fills the member at `index` of the schema.
    fn read_member(&mut self, index: usize, reader: &mut Reader<'_>) -> Read<()>;
}

/// A value that can be read: every scalar, [`Vec`], [`Map`] and [`ReadShape`].
pub trait FromReader: Sized {
    /// Takes the value the reader stands at.
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self>;

    /// The value as a refusal of the list or map it is in quotes it; nothing if the model does not tell how AWS's own
    /// class prints itself.
    fn quoted(&self) -> Option<String> {
        None
    }
}

/// What is collected while an input is read.
#[derive(Default)]
struct Found {
    path: Vec<Step>,
    violations: Vec<Violation>,
}

/// A source together with what the schema says of the value there.
pub struct Reader<'a> {
    source: &'a mut dyn Source,
    kind: Kind,
    checks: &'static [Check],
    found: &'a mut Found,
}

impl Reader<'_> {
    /// Takes the value; its type decides how it is read.
    pub fn value<T: FromReader>(&mut self) -> Read<T> {
        T::from_reader(self)
    }

    fn violated(&mut self, value: Option<String>, problem: Problem) {
        let sensitive = is_sensitive(self.checks) || self.items_are_sensitive();
        self.found.violations.push(Violation { path: self.found.path.clone(), value, sensitive, problem });
    }

    fn items_are_sensitive(&self) -> bool {
        match self.kind {
            Kind::List(schema) => is_sensitive(schema.checks),
            Kind::Map(schema) => is_sensitive(schema.key_checks) || is_sensitive(schema.value_checks),
            _ => false,
        }
    }

    fn check_text(&mut self, value: &str) {
        for problem in self.checks.iter().filter_map(|check| check.text(value)) {
            self.violated(Some(value.to_owned()), problem);
        }
    }

    fn check_number(&mut self, value: i64) {
        for problem in self.checks.iter().filter_map(|check| check.number(value)) {
            self.violated(Some(value.to_string()), problem);
        }
    }

    fn check_length(&mut self, count: usize, quoted: impl Fn() -> String) {
        for problem in self.checks.iter().filter_map(|check| check.length(count as u64)) {
            self.violated(Some(quoted()), problem);
        }
    }
}

fn is_sensitive(checks: &[Check]) -> bool {
    checks.iter().any(|check| matches!(check, Check::Sensitive))
}

/// Reads a whole input: the structure, and every violated constraint in the schema's order.
pub fn read_input<T: ReadShape>(source: &mut dyn Source) -> Read<(T, Vec<Violation>)> {
    let mut found = Found::default();
    let value = read_structure(source, &mut found)?;
    Ok((value, found.violations))
}

fn read_structure<T: ReadShape>(source: &mut dyn Source, found: &mut Found) -> Read<T> {
    let schema = T::schema();
    let mut value = T::default();
    source.structure(schema, &mut |index, source| {
        let member = &schema.members[index];
        found.path.push(Step::Member(member.name, member.query));
        let read = match source {
            Some(source) => {
                let mut reader = Reader { source, kind: member.kind, checks: member.checks, found };
                value.read_member(index, &mut reader)
            }
            None => {
                if member.required {
                    let path = found.path.clone();
                    found.violations.push(Violation {
                        path,
                        value: None,
                        sensitive: false,
                        problem: Problem::Missing,
                    });
                }
                Ok(())
            }
        };
        found.path.pop();
        read
    })?;
    Ok(value)
}

impl<T: ReadShape> FromReader for T {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        read_structure(reader.source, reader.found)
    }
}

impl FromReader for String {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        let value = reader.source.string()?;
        reader.check_text(&value);
        Ok(value)
    }

    fn quoted(&self) -> Option<String> {
        Some(self.clone())
    }
}

impl FromReader for i32 {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        let value = reader.source.integer()?;
        reader.check_number(i64::from(value));
        Ok(value)
    }

    fn quoted(&self) -> Option<String> {
        Some(self.to_string())
    }
}

impl FromReader for f64 {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        reader.source.double()
    }
}

impl FromReader for bool {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        reader.source.boolean()
    }
}

/// A long, or an instant in epoch milliseconds: the schema tells which.
impl FromReader for i64 {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        if matches!(reader.kind, Kind::Timestamp) {
            return reader.source.timestamp();
        }
        let value = reader.source.long()?;
        reader.check_number(value);
        Ok(value)
    }
}

/// Bytes of a blob; a newtype, because `Vec<u8>` would read as a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blob(pub Vec<u8>);

impl FromReader for Blob {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        let bytes = reader.source.blob()?;
        reader.check_length(bytes.len(), || "java.nio.HeapByteBuffer".to_owned());
        Ok(Self(bytes))
    }
}

impl<T: FromReader> FromReader for Option<T> {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        T::from_reader(reader).map(Some)
    }
}

impl<T: FromReader> FromReader for Vec<T> {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        let Kind::List(schema) = reader.kind else { return Err(schema_mismatch("list")) };
        let mut items = Self::new();
        let found = &mut *reader.found;
        reader.source.list(schema, &mut |source| {
            found.path.push(Step::Item(items.len() + 1));
            let mut item = Reader { source, kind: schema.item, checks: schema.checks, found };
            let read = item.value();
            found.path.pop();
            items.push(read?);
            Ok(())
        })?;
        reader.check_length(items.len(), || items.quoted().unwrap_or_else(|| "[]".to_owned()));
        Ok(items)
    }

    /// As Java prints its lists. Recorded: test_put_events_exceed_limit_ten_entries.
    fn quoted(&self) -> Option<String> {
        let items: Option<Vec<String>> = self.iter().map(T::quoted).collect();
        Some(format!("[{}]", items?.join(", ")))
    }
}

impl<T: FromReader> FromReader for Map<T> {
    fn from_reader(reader: &mut Reader<'_>) -> Read<Self> {
        let Kind::Map(schema) = reader.kind else { return Err(schema_mismatch("map")) };
        let mut entries = Self::new();
        let found = &mut *reader.found;
        reader.source.map(schema, &mut |key, source| {
            for problem in schema.key_checks.iter().filter_map(|check| check.text(&key)) {
                let mut path = found.path.clone();
                path.push(Step::Key);
                found.violations.push(Violation {
                    path,
                    value: Some(key.clone()),
                    sensitive: false,
                    problem,
                });
            }
            found.path.push(Step::Value(key.clone()));
            let mut value = Reader { source, kind: schema.value, checks: schema.value_checks, found };
            let read = value.value();
            found.path.pop();
            entries.insert(key, read?);
            Ok(())
        })?;
        reader.check_length(entries.len(), || entries.quoted().unwrap_or_else(|| "{}".to_owned()));
        Ok(entries)
    }

    /// As Java prints its maps.
    fn quoted(&self) -> Option<String> {
        let entries = self.iter().map(|(key, value)| Some(format!("{key}={}", value.quoted()?)));
        let entries: Option<Vec<String>> = entries.collect();
        Some(format!("{{{}}}", entries?.join(", ")))
    }
}

/// Generated types and schemas are made together, so this tells of a generator's fault, not a caller's.
fn schema_mismatch(asked: &str) -> Unreadable {
    Unreadable(format!("the schema holds no {asked} here"))
}
