//! The schema of a wire type, as its model states it. All of it is `static` data, made by `cargo xtask codegen`.

use crate::Check;

/// A structure: an input, an output, or a nested type.
#[derive(Debug)]
pub struct StructureSchema {
    /// The shape's name in the model.
    pub name: &'static str,
    /// The members in the model's order.
    pub members: &'static [Member],
}

/// One member of a structure.
#[derive(Debug)]
pub struct Member {
    /// The JSON name.
    pub name: &'static str,
    /// The name in the query protocol and in XML; of a flattened list or map, the name each entry repeats.
    pub query: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether the model says a caller must send it.
    pub required: bool,
    /// The constraints on a scalar value, or on the length of a list or map.
    pub checks: &'static [Check],
}

/// What a member, a list item or a map value holds.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// UTF-8 text; enumerations are text with a [`Check::OneOf`].
    String,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    Long,
    /// A floating-point number.
    Double,
    /// `true` or `false`.
    Boolean,
    /// Bytes; base64 on the wire.
    Blob,
    /// An instant in epoch milliseconds; epoch seconds in JSON, ISO 8601 in XML.
    Timestamp,
    /// A list.
    List(&'static ListSchema),
    /// A map with string keys.
    Map(&'static MapSchema),
    /// A nested structure.
    Structure(&'static StructureSchema),
}

/// A list and its items.
#[derive(Debug)]
pub struct ListSchema {
    /// What each item holds.
    pub item: Kind,
    /// The constraints on each item.
    pub checks: &'static [Check],
    /// The item's element name in the query protocol (`member` unless the model names another).
    pub query: &'static str,
    /// Whether items repeat the member's own name (`Name.1`) instead of nesting (`Names.member.1`).
    pub flattened: bool,
}

/// A map with string keys and its values.
#[derive(Debug)]
pub struct MapSchema {
    /// The key's element name in the query protocol.
    pub query_key: &'static str,
    /// The value's element name in the query protocol.
    pub query_value: &'static str,
    /// The constraints on each key.
    pub key_checks: &'static [Check],
    /// What each value holds.
    pub value: Kind,
    /// The constraints on each value.
    pub value_checks: &'static [Check],
    /// Whether entries repeat the member's own name (`Tag.1.Key`) instead of nesting (`Tags.entry.1.key`).
    pub flattened: bool,
}
