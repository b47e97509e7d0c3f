//! Structures: their Rust types, their schemas, and the two trait implementations.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::file::File;
use super::model::{Body, Member, Model, Shape, Use};
use super::{names, query};
use crate::services::Service;

/// What the emitting functions need to know.
pub(super) struct Context<'a> {
    pub(super) service: &'a Service,
    pub(super) model: &'a Model,
    /// Shapes that are met in inputs; only they are read and checked.
    pub(super) read: BTreeSet<&'a str>,
    /// Shapes that are met in outputs; only they are written.
    pub(super) written: BTreeSet<&'a str>,
}

/// One structure to emit.
pub(super) struct Structure<'a> {
    /// The Rust type's name.
    pub(super) rust: String,
    /// The type's documentation.
    pub(super) doc: String,
    /// The shape's name in the model.
    pub(super) shape: String,
    pub(super) members: &'a [Member],
    pub(super) read: bool,
    pub(super) written: bool,
}

impl Context<'_> {
    /// Emits type, schema and implementations.
    pub(super) fn structure(&self, file: &mut File, structure: &Structure<'_>) {
        self.definition(file, structure);
        self.schema(file, structure);
        if structure.read {
            read_shape(file, structure);
        }
        if structure.written {
            write_shape(file, structure);
        }
    }

    fn definition(&self, file: &mut File, structure: &Structure<'_>) {
        let Structure { rust, doc, members, .. } = structure;
        file.line(&format!("/// {doc}\n#[derive(Clone, Debug, Default, PartialEq)]\npub struct {rust} {{"));
        for member in *members {
            let of = self.rust_type(file, &member.target);
            let (of, note) =
                if member.required { (of, "required") } else { (format!("Option<{of}>"), "optional") };
            let field = names::field(&member.name);
            file.line(&format!("    /// `{}`; {note}.\n    pub {field}: {of},", member.name));
        }
        file.line("}\n");
    }

    /// The Rust type of a use of a shape.
    fn rust_type(&self, file: &mut File, target: &Use) -> String {
        match &self.model.shape(&target.shape).body {
            Body::String => "String".to_owned(),
            Body::Integer => "i32".to_owned(),
            Body::Long | Body::Timestamp => "i64".to_owned(),
            Body::Double => "f64".to_owned(),
            Body::Boolean => "bool".to_owned(),
            Body::Blob => file.shape("Blob").to_owned(),
            Body::List(item) => format!("Vec<{}>", self.rust_type(file, item)),
            Body::Map(_, value) => {
                file.shape("Map");
                format!("Map<{}>", self.rust_type(file, value))
            }
            Body::Structure(_) => {
                let name = names::camel(&target.shape);
                file.import("super::types", &name);
                name
            }
        }
    }

    fn schema(&self, file: &mut File, structure: &Structure<'_>) {
        file.shape("StructureSchema");
        let Structure { rust, shape, members, read, .. } = structure;
        // Left alone by rustfmt: one line a member, so that a person can grep it.
        file.line(&format!(
            "/// The schema of [`{rust}`].\n#[rustfmt::skip]\npub static {}: StructureSchema = StructureSchema {{\n    \
             name: {shape:?},\n    members: &[",
            names::upper(rust)
        ));
        for member in *members {
            file.shape("Member");
            let kind = self.kind(file, &member.target);
            let checks =
                if *read { self.checks(file, self.model.shape(&member.target.shape)) } else { String::new() };
            file.line(&format!(
                "        Member {{ name: {:?}, query: {:?}, kind: {kind}, required: {}, checks: &[{checks}] }},",
                member.name,
                query::member_name(self.model, member),
                member.required,
            ));
        }
        file.line("    ],\n};\n");
    }

    /// The `Kind` of a use of a shape.
    fn kind(&self, file: &mut File, target: &Use) -> String {
        file.shape("Kind");
        let shape = self.model.shape(&target.shape);
        match &shape.body {
            Body::String => "Kind::String".to_owned(),
            Body::Integer => "Kind::Integer".to_owned(),
            Body::Long => "Kind::Long".to_owned(),
            Body::Timestamp => "Kind::Timestamp".to_owned(),
            Body::Double => "Kind::Double".to_owned(),
            Body::Boolean => "Kind::Boolean".to_owned(),
            Body::Blob => "Kind::Blob".to_owned(),
            Body::List(_) => format!("Kind::List(&{})", self.collection(file, target)),
            Body::Map(..) => format!("Kind::Map(&{})", self.collection(file, target)),
            Body::Structure(_) => {
                let name = names::upper(&names::camel(&target.shape));
                file.import("super::types", &name);
                format!("Kind::Structure(&{name})")
            }
        }
    }

    /// The name of a list's or map's schema. A shape that is flattened here and nested there has two of them.
    fn collection(&self, file: &mut File, target: &Use) -> String {
        let name = collection_name(self.model, target);
        file.import("super::types", &name);
        name
    }

    /// Emits the schema of a list or map.
    pub(super) fn collection_schema(&self, file: &mut File, target: &Use) {
        let shape = self.model.shape(&target.shape);
        let name = collection_name(self.model, target);
        let flattened = query::flattened(self.model, target);
        let read = self.read.contains(target.shape.as_str());
        let checked = |file: &mut File, used: &Use| {
            if read { self.checks(file, self.model.shape(&used.shape)) } else { String::new() }
        };
        let fields = match &shape.body {
            Body::List(item) => {
                file.shape("ListSchema");
                let (kind, checks) = (self.kind(file, item), checked(file, item));
                let query = query::item_name(item);
                format!(
                    "ListSchema {{ item: {kind}, checks: &[{checks}], query: {query:?}, flattened: {flattened} }}"
                )
            }
            Body::Map(key, value) => {
                file.shape("MapSchema");
                let (query_key, query_value) = query::entry_names(key, value);
                let key_checks = checked(file, key);
                let (kind, value_checks) = (self.kind(file, value), checked(file, value));
                format!(
                    "MapSchema {{ query_key: {query_key:?}, query_value: {query_value:?}, key_checks: &[{key_checks}], \
                     value: {kind}, value_checks: &[{value_checks}], flattened: {flattened} }}"
                )
            }
            _ => return,
        };
        let kind = fields.split(' ').next().unwrap_or_default().to_owned();
        file.line(&format!("/// The model's `{}`.\npub static {name}: {kind} = {fields};\n", target.shape));
    }

    /// The constraints of a shape, as the items of a list of `Check`s.
    fn checks(&self, file: &mut File, shape: &Shape) -> String {
        let mut checks = Vec::new();
        if shape.sensitive && (shape.min.is_some() || shape.max.is_some() || shape.pattern.is_some()) {
            checks.push("Check::Sensitive".to_owned());
        }
        if shape.min.is_some() || shape.max.is_some() {
            let name = match shape.body {
                Body::Integer | Body::Long | Body::Double => "Range",
                _ => "Length",
            };
            checks.push(format!("Check::{name}({:?}, {:?})", shape.min, shape.max));
        }
        if let Some(pattern) = &shape.pattern {
            let known = self.service.predicates.iter().find(|(text, _)| text == pattern);
            let predicate = known.map_or_else(|| pattern_function(shape), |(_, path)| (*path).to_owned());
            checks.push(format!("Check::Pattern({}, {predicate})", names::literal(pattern)));
        }
        if self.service.enums && !shape.values.is_empty() {
            checks.push(format!("Check::OneOf(super::enums::{}::VALUES)", names::snake(&shape.name)));
        }
        if !checks.is_empty() {
            file.shape("Check");
        }
        checks.join(", ")
    }
}

/// The path of the generated predicate of a shape's pattern.
fn pattern_function(shape: &Shape) -> String {
    format!("super::patterns::{}", names::snake(&shape.name))
}

fn collection_name(model: &Model, target: &Use) -> String {
    let own = model.shape(&target.shape).flattened;
    let suffix = if query::flattened(model, target) && !own { "_FLATTENED" } else { "" };
    names::upper(&target.shape) + suffix
}

fn read_shape(file: &mut File, structure: &Structure<'_>) {
    for name in ["ReadShape", "Reader", "Unreadable"] {
        file.shape(name);
    }
    let Structure { rust, members, .. } = structure;
    let mut arms = String::new();
    for (index, member) in members.iter().enumerate() {
        let _ = writeln!(arms, "{index} => self.{} = reader.value()?,", names::field(&member.name));
    }
    let (index, reader, body) = match members.len() {
        0 => ("_index", "_reader", String::new()),
        // A match of one arm would be an `if`.
        1 => (
            "index",
            "reader",
            format!("if index == 0 {{ self.{} = reader.value()?; }}", names::field(&members[0].name)),
        ),
        _ => ("index", "reader", format!("match index {{ {arms} _ => {{}} }}")),
    };
    file.line(&format!(
        "impl ReadShape for {rust} {{
            fn schema() -> &'static StructureSchema {{ &{} }}

            fn read_member(&mut self, {index}: usize, {reader}: &mut Reader<'_>) -> Result<(), Unreadable> {{
                {body}
                Ok(())
            }}
        }}
",
        names::upper(rust)
    ));
}

fn write_shape(file: &mut File, structure: &Structure<'_>) {
    for name in ["WriteShape", "Sink"] {
        file.shape(name);
    }
    let Structure { rust, members, .. } = structure;
    let schema = names::upper(rust);
    let mut lines = String::new();
    for (index, member) in members.iter().enumerate() {
        let field = names::field(&member.name);
        let _ = if member.required {
            file.shape("WriteValue");
            writeln!(lines, "sink.member(&{schema}.members[{index}]); self.{field}.write_value(sink);")
        } else {
            file.shape("write_optional");
            writeln!(lines, "write_optional(sink, &{schema}.members[{index}], self.{field}.as_ref());")
        };
    }
    let sink = if members.is_empty() { "_sink" } else { "sink" };
    file.line(&format!(
        "impl WriteShape for {rust} {{
            fn schema(&self) -> &'static StructureSchema {{ &{schema} }}

            fn write_members(&self, {sink}: &mut dyn Sink) {{ {lines} }}
        }}
"
    ));
}
