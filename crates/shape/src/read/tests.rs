//! What a refusal of a list or map quotes.

use super::*;

static PLAIN: ListSchema = ListSchema { item: Kind::String, checks: &[], query: "member", flattened: false };
static SECRETS: ListSchema =
    ListSchema { item: Kind::String, checks: &[Check::Sensitive], query: "member", flattened: false };
static COUNTS: MapSchema = MapSchema {
    query_key: "key",
    query_value: "value",
    key_checks: &[],
    value: Kind::Integer,
    value_checks: &[],
    flattened: false,
};
static AT_MOST_ONE: [Check; 1] = [Check::Length(None, Some(1))];

/// Two of whatever is asked for.
struct Twice;

impl Source for Twice {
    fn string(&mut self) -> Read<String> {
        Ok("a".to_owned())
    }
    fn integer(&mut self) -> Read<i32> {
        Ok(7)
    }
    fn long(&mut self) -> Read<i64> {
        Ok(7)
    }
    fn double(&mut self) -> Read<f64> {
        Ok(0.5)
    }
    fn boolean(&mut self) -> Read<bool> {
        Ok(true)
    }
    fn blob(&mut self) -> Read<Vec<u8>> {
        Ok(vec![7])
    }
    fn timestamp(&mut self) -> Read<i64> {
        Ok(7)
    }
    fn list(
        &mut self,
        _: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        item(&mut Self)?;
        item(&mut Self)
    }
    fn map(
        &mut self,
        _: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        entry("x".to_owned(), &mut Self)?;
        entry("y".to_owned(), &mut Self)
    }
    fn structure(&mut self, _: &'static StructureSchema, _: &mut EachMember<'_>) -> Read<()> {
        Ok(())
    }
}

/// A class of AWS's whose members nobody tells.
#[derive(Default)]
struct Opaque;

impl ReadShape for Opaque {
    fn schema() -> &'static StructureSchema {
        static OPAQUE: StructureSchema = StructureSchema { name: "Opaque", members: &[] };
        &OPAQUE
    }
    fn read_member(&mut self, _: usize, _: &mut Reader<'_>) -> Read<()> {
        Ok(())
    }
}

#[track_caller]
fn refused<T: FromReader>(kind: Kind) -> Violation {
    let mut found = Found::default();
    let mut reader = Reader { source: &mut Twice, kind, checks: &AT_MOST_ONE, found: &mut found };
    reader.value::<T>().expect("readable");
    found.violations.pop().expect("too long")
}

#[test]
fn lists_and_maps_are_quoted_as_java_prints_them() {
    let list = refused::<Vec<String>>(Kind::List(&PLAIN));
    assert_eq!(list.value.as_deref(), Some("[a, a]"));
    let map = refused::<Map<i32>>(Kind::Map(&COUNTS));
    assert_eq!(map.value.as_deref(), Some("{x=7, y=7}"));
}

#[test]
fn structures_are_not_quoted() {
    let list = refused::<Vec<Opaque>>(Kind::List(&PLAIN));
    assert_eq!(list.value.as_deref(), Some("[]"));
    let map = refused::<Map<Opaque>>(Kind::Map(&COUNTS));
    assert_eq!(map.value.as_deref(), Some("{}"));
}

#[test]
fn a_list_of_secrets_is_a_secret() {
    assert!(refused::<Vec<String>>(Kind::List(&SECRETS)).sensitive);
    assert!(!refused::<Vec<String>>(Kind::List(&PLAIN)).sensitive);
}
