//! Writing: a generated type walks itself into a [`Sink`]; a codec implements the sink.

use crate::read::Blob;
use crate::{Map, Member, StructureSchema};

/// Where a value is written to, in document order. A codec keeps what it needs of the schema: a member's
/// [`Kind`](crate::Kind) tells how the list or map that follows is named.
pub trait Sink {
    /// Opens a structure.
    fn begin_structure(&mut self);
    /// Names the member whose value comes next. Absent members are never named.
    fn member(&mut self, member: &'static Member);
    /// Closes the structure.
    fn end_structure(&mut self);
    /// Opens the list of the member (or item, or value) that was named last.
    fn begin_list(&mut self);
    /// Announces the next item.
    fn item(&mut self);
    /// Closes the list.
    fn end_list(&mut self);
    /// Opens the map of the member (or item, or value) that was named last.
    fn begin_map(&mut self);
    /// Announces the next entry's value by its key.
    fn key(&mut self, key: &str);
    /// Closes the map.
    fn end_map(&mut self);
    /// Writes text.
    fn string(&mut self, value: &str);
    /// Writes an integer, or an instant in epoch milliseconds where the schema says timestamp.
    fn number(&mut self, value: i64);
    /// Writes a floating-point number.
    fn double(&mut self, value: f64);
    /// Writes `true` or `false`.
    fn boolean(&mut self, value: bool);
    /// Writes bytes.
    fn blob(&mut self, value: &[u8]);
}

/// A structure that can be written.
pub trait WriteShape: Send {
    /// Its schema.
    fn schema(&self) -> &'static StructureSchema;
    /// Names and writes every present member, in the schema's order, without opening or closing the structure.
    fn write_members(&self, sink: &mut dyn Sink);
}

/// A value that can be written: every scalar, [`Vec`], [`Map`] and [`WriteShape`].
pub trait WriteValue {
    /// Writes the value.
    fn write_value(&self, sink: &mut dyn Sink);
}

/// Writes a member if it is there.
pub fn write_optional<T: WriteValue>(sink: &mut dyn Sink, member: &'static Member, value: Option<&T>) {
    if let Some(value) = value {
        sink.member(member);
        value.write_value(sink);
    }
}

impl<T: WriteShape> WriteValue for T {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.begin_structure();
        self.write_members(sink);
        sink.end_structure();
    }
}

impl WriteValue for String {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.string(self);
    }
}

impl WriteValue for i32 {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.number(i64::from(*self));
    }
}

impl WriteValue for i64 {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.number(*self);
    }
}

impl WriteValue for f64 {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.double(*self);
    }
}

impl WriteValue for bool {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.boolean(*self);
    }
}

impl WriteValue for Blob {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.blob(&self.0);
    }
}

impl<T: WriteValue> WriteValue for Vec<T> {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.begin_list();
        for item in self {
            sink.item();
            item.write_value(sink);
        }
        sink.end_list();
    }
}

impl<T: WriteValue> WriteValue for Map<T> {
    fn write_value(&self, sink: &mut dyn Sink) {
        sink.begin_map();
        for (key, value) in self.iter() {
            sink.key(key);
            value.write_value(sink);
        }
        sink.end_map();
    }
}
