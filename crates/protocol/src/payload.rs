//! The unread input of an operation.

use shape::{EachMember, ListSchema, MapSchema, Source, StructureSchema, Unreadable};

use crate::json::Json;
use crate::query::Node;

type Read<T> = Result<T, Unreadable>;

/// The unread input of an operation, borrowed from the request's bytes where they can be used as they are.
pub struct Payload<'a>(Form<'a>);

enum Form<'a> {
    Json(Json<'a>),
    Query(Node<'a>),
}

impl<'a> Payload<'a> {
    pub(crate) fn json(tree: Json<'a>) -> Self {
        Self(Form::Json(tree))
    }

    pub(crate) fn query(tree: Node<'a>) -> Self {
        Self(Form::Query(tree))
    }

    /// Fills in a parameter that the request's path stands for, unless the caller sent it.
    pub fn set_missing(&mut self, name: &'static str, value: String) {
        match &mut self.0 {
            Form::Json(tree) => tree.set_missing(name, value),
            Form::Query(tree) => tree.set_missing(name, value),
        }
    }

    fn source(&mut self) -> &mut dyn Source {
        match &mut self.0 {
            Form::Json(tree) => tree,
            Form::Query(tree) => tree,
        }
    }
}

/// A payload stands for the input structure as a whole, whichever protocol it came in.
impl Source for Payload<'_> {
    fn string(&mut self) -> Read<String> {
        self.source().string()
    }

    fn integer(&mut self) -> Read<i32> {
        self.source().integer()
    }

    fn long(&mut self) -> Read<i64> {
        self.source().long()
    }

    fn double(&mut self) -> Read<f64> {
        self.source().double()
    }

    fn boolean(&mut self) -> Read<bool> {
        self.source().boolean()
    }

    fn blob(&mut self) -> Read<Vec<u8>> {
        self.source().blob()
    }

    fn timestamp(&mut self) -> Read<i64> {
        self.source().timestamp()
    }

    fn list(
        &mut self,
        schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        self.source().list(schema, item)
    }

    fn map(
        &mut self,
        schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        self.source().map(schema, entry)
    }

    fn structure(&mut self, schema: &'static StructureSchema, member: &mut EachMember<'_>) -> Read<()> {
        self.source().structure(schema, member)
    }
}
