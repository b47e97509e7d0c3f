//! What a wire type is.
//!
//! **Knows** schemas (`StructureSchema`, `Member`, `Kind`), the constraints a model states about a member
//! (`Check`), and the two object-safe traits every codec and every generated type meet at: [`Source`], from which
//! a value is read, and [`Sink`], into which it is written. The cost is *shapes + codecs*, not *shapes × codecs*.
//!
//! **Must not know** any wire format, any service, or what an operation does.
//!
//! **Start reading** at [`schema`], then [`read`] (a generated type fills itself from a `Reader`) and [`write`].

pub mod check;
pub mod map;
pub mod read;
pub mod schema;
mod text;
pub mod write;

pub use check::{Check, Violation};
pub use map::Map;
pub use read::{Blob, EachMember, FromReader, ReadShape, Reader, Source, Unreadable, read_input};
pub use schema::{Kind, ListSchema, MapSchema, Member, StructureSchema};
pub use text::is_xml_text;
pub use write::{Sink, WriteShape, WriteValue, write_optional};
