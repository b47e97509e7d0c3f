//! Structures of the API as the store keeps them: JSON text by their schema, so that a member added to the model later
//! is simply absent in what was kept before.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map as Object, Value};
use shape::{
    EachMember, ListSchema, MapSchema, Member, ReadShape, Sink, Source, StructureSchema, Unreadable,
    WriteShape, WriteValue, read_input,
};

/// Writes a structure.
pub(crate) fn to_text(shape: &impl WriteShape) -> String {
    let mut sink = Tree { open: Vec::new(), names: Vec::new(), done: Value::Null };
    shape.write_value(&mut sink);
    sink.done.to_string()
}

/// Reads a structure back. What cannot be read is not ours, and gives an empty one.
pub(crate) fn from_text<T: ReadShape>(text: &str) -> T {
    let mut tree: Value = serde_json::from_str(text).unwrap_or_default();
    read_input::<T>(&mut Kept(&mut tree)).map(|(shape, _)| shape).unwrap_or_default()
}

/// Builds a JSON tree.
struct Tree {
    open: Vec<Value>,
    names: Vec<Option<String>>,
    done: Value,
}

impl Tree {
    fn add(&mut self, value: Value) {
        match self.open.last_mut() {
            Some(Value::Array(items)) => items.push(value),
            Some(Value::Object(members)) => {
                let name = self.names.last_mut().and_then(Option::take).unwrap_or_default();
                members.insert(name, value);
            }
            _ => self.done = value,
        }
    }

    fn open(&mut self, value: Value) {
        self.open.push(value);
        self.names.push(None);
    }

    fn close(&mut self) {
        self.names.pop();
        let closed = self.open.pop().unwrap_or_default();
        self.add(closed);
    }

    fn name(&mut self, name: &str) {
        if let Some(next) = self.names.last_mut() {
            *next = Some(name.to_owned());
        }
    }
}

impl Sink for Tree {
    fn begin_structure(&mut self) {
        self.open(Value::Object(Object::new()));
    }

    fn member(&mut self, member: &'static Member) {
        self.name(member.name);
    }

    fn end_structure(&mut self) {
        self.close();
    }

    fn begin_list(&mut self) {
        self.open(Value::Array(Vec::new()));
    }

    fn item(&mut self) {}

    fn end_list(&mut self) {
        self.close();
    }

    fn begin_map(&mut self) {
        self.begin_structure();
    }

    fn key(&mut self, key: &str) {
        self.name(key);
    }

    fn end_map(&mut self) {
        self.close();
    }

    fn string(&mut self, value: &str) {
        self.add(value.into());
    }

    fn number(&mut self, value: i64) {
        self.add(value.into());
    }

    fn double(&mut self, value: f64) {
        self.add(value.into());
    }

    fn boolean(&mut self, value: bool) {
        self.add(value.into());
    }

    fn blob(&mut self, value: &[u8]) {
        self.add(STANDARD.encode(value).into());
    }
}

/// Offers a JSON tree.
struct Kept<'a>(&'a mut Value);

fn unfit() -> Unreadable {
    Unreadable("what is kept does not fit its schema".to_owned())
}

impl Source for Kept<'_> {
    fn string(&mut self) -> Result<String, Unreadable> {
        match self.0.take() {
            Value::String(text) => Ok(text),
            _ => Err(unfit()),
        }
    }

    fn integer(&mut self) -> Result<i32, Unreadable> {
        i32::try_from(self.long()?).map_err(|_| unfit())
    }

    fn long(&mut self) -> Result<i64, Unreadable> {
        self.0.as_i64().ok_or_else(unfit)
    }

    fn double(&mut self) -> Result<f64, Unreadable> {
        self.0.as_f64().ok_or_else(unfit)
    }

    fn boolean(&mut self) -> Result<bool, Unreadable> {
        self.0.as_bool().ok_or_else(unfit)
    }

    fn blob(&mut self) -> Result<Vec<u8>, Unreadable> {
        STANDARD.decode(self.string()?).map_err(|_| unfit())
    }

    fn timestamp(&mut self) -> Result<i64, Unreadable> {
        self.long()
    }

    fn list(
        &mut self,
        _schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let items = self.0.as_array_mut().ok_or_else(unfit)?;
        items.iter_mut().try_for_each(|value| item(&mut Kept(value)))
    }

    fn map(
        &mut self,
        _schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Result<(), Unreadable>,
    ) -> Result<(), Unreadable> {
        let entries = self.0.as_object_mut().ok_or_else(unfit)?;
        entries.iter_mut().try_for_each(|(key, value)| entry(key.clone(), &mut Kept(value)))
    }

    fn structure(
        &mut self,
        schema: &'static StructureSchema,
        member: &mut EachMember<'_>,
    ) -> Result<(), Unreadable> {
        let members = self.0.as_object_mut().ok_or_else(unfit)?;
        for (index, wanted) in schema.members.iter().enumerate() {
            match members.get_mut(wanted.name) {
                Some(value) => member(index, Some(&mut Kept(value)))?,
                None => member(index, None)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{from_text, to_text};
    use crate::api::types::{HttpParameters, InputTransformer, RetryPolicy, Target};

    #[test]
    fn a_target_comes_back_as_it_was_kept() {
        let target = Target {
            arn: "arn:aws:sqs:us-east-1:000000000000:q".into(),
            id: "1".into(),
            input_transformer: Some(InputTransformer {
                input_paths_map: Some([("a", "$.detail.a".to_owned())].into_iter().collect()),
                input_template: "\"<a>\"".into(),
            }),
            http_parameters: Some(HttpParameters {
                path_parameter_values: Some(vec!["x".into(), "y".into()]),
                ..Default::default()
            }),
            retry_policy: Some(RetryPolicy { maximum_retry_attempts: Some(3), ..Default::default() }),
            ..Default::default()
        };
        assert_eq!(from_text::<Target>(&to_text(&target)), target);
        assert_eq!(from_text::<Target>("no json"), Target::default());
    }
}
