//! The model as the generator sees it: botocore's JSON, typed.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::Fault;

/// A service's model.
pub(super) struct Model {
    pub(super) version: String,
    pub(super) target_prefix: Option<String>,
    pub(super) xml_namespace: String,
    pub(super) query_compatible: bool,
    pub(super) operations: Vec<Operation>,
    pub(super) shapes: BTreeMap<String, Shape>,
}

/// One operation.
pub(super) struct Operation {
    pub(super) name: String,
    pub(super) input: Option<String>,
    pub(super) output: Option<String>,
    pub(super) result_wrapper: Option<String>,
    pub(super) errors: Vec<String>,
}

/// One shape.
pub(super) struct Shape {
    pub(super) name: String,
    pub(super) body: Body,
    pub(super) query: Option<String>,
    pub(super) flattened: bool,
    pub(super) min: Option<i64>,
    pub(super) max: Option<i64>,
    pub(super) pattern: Option<String>,
    /// Whether refusals must not quote it.
    pub(super) sensitive: bool,
    pub(super) values: Vec<String>,
    /// Present when the shape is an exception.
    pub(super) error: Option<Exception>,
}

/// What a shape is made of.
pub(super) enum Body {
    String,
    Integer,
    Long,
    Double,
    Boolean,
    Blob,
    Timestamp,
    List(Use),
    Map(Use, Use),
    Structure(Vec<Member>),
}

/// A use of a shape, with what the place of use says about its names.
pub(super) struct Use {
    pub(super) shape: String,
    pub(super) query: Option<String>,
    pub(super) flattened: bool,
}

/// A structure's member.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) target: Use,
    pub(super) required: bool,
}

/// An exception's wire names.
pub(super) struct Exception {
    pub(super) code: Option<String>,
    pub(super) status: u16,
    pub(super) sender_fault: bool,
}

fn text(value: &Value, key: &str) -> Option<String> {
    value.get(key).and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// The query protocol's name: `queryName` where a JSON model was given one, `locationName` in a query model.
fn query(value: &Value) -> Option<String> {
    text(value, "queryName").or_else(|| text(value, "locationName"))
}

fn object<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    value.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn strings(value: &Value, key: &str) -> Vec<String> {
    let items = value.get(key).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

impl Model {
    /// Reads a model; `chosen` narrows it to some of its operations.
    pub(super) fn read(model: &Value, chosen: Option<&[&str]>) -> Result<Self, Fault> {
        let metadata = model.get("metadata").ok_or("the model has no metadata")?;
        let mut operations: Vec<Operation> =
            object(model, "operations").map(|(name, value)| Operation::read(name, value)).collect();
        if let Some(chosen) = chosen {
            for name in chosen {
                if !operations.iter().any(|operation| operation.name == *name) {
                    return Err(format!("the model has no operation {name}").into());
                }
            }
            operations.retain(|operation| chosen.contains(&operation.name.as_str()));
        }
        let mut shapes = BTreeMap::new();
        for (name, value) in object(model, "shapes") {
            shapes.insert(name.clone(), Shape::read(name, value)?);
        }
        let model = Self {
            version: text(metadata, "apiVersion").ok_or("the model has no apiVersion")?,
            target_prefix: text(metadata, "targetPrefix"),
            xml_namespace: text(metadata, "xmlNamespace").unwrap_or_default(),
            query_compatible: metadata.get("awsQueryCompatible").is_some(),
            operations,
            shapes,
        };
        model.refuse_endless_structures()?;
        Ok(model)
    }

    /// A shape by name. The model refers only to shapes it has; if not, the model is broken.
    pub(super) fn shape(&self, name: &str) -> &Shape {
        self.shapes.get(name).unwrap_or_else(|| panic!("the model refers to a shape {name} that it lacks"))
    }

    /// Every shape that can be met from these, themselves included.
    pub(super) fn reachable<'a>(&'a self, roots: impl Iterator<Item = &'a String>) -> BTreeSet<&'a str> {
        let mut met = BTreeSet::new();
        let mut open: Vec<&str> = roots.map(String::as_str).collect();
        while let Some(name) = open.pop() {
            if !met.insert(name) {
                continue;
            }
            match &self.shape(name).body {
                Body::List(item) => open.push(&item.shape),
                Body::Map(key, value) => open.extend([key.shape.as_str(), value.shape.as_str()]),
                Body::Structure(members) => open.extend(members.iter().map(|m| m.target.shape.as_str())),
                _ => {}
            }
        }
        met
    }

    /// A structure that holds itself without a list or map between would have no size in Rust.
    fn refuse_endless_structures(&self) -> Result<(), Fault> {
        for name in self.shapes.keys() {
            let mut met = BTreeSet::new();
            let mut open = vec![name.as_str()];
            while let Some(at) = open.pop() {
                let Body::Structure(members) = &self.shape(at).body else { continue };
                for member in members {
                    if member.target.shape == *name {
                        return Err(format!("{name} holds itself through {at}.{}", member.name).into());
                    }
                    if met.insert(member.target.shape.as_str()) {
                        open.push(&member.target.shape);
                    }
                }
            }
        }
        Ok(())
    }
}

impl Operation {
    fn read(name: &str, value: &Value) -> Self {
        let errors = value.get("errors").and_then(Value::as_array).into_iter().flatten();
        Self {
            name: name.to_owned(),
            input: value.get("input").and_then(|input| text(input, "shape")),
            output: value.get("output").and_then(|output| text(output, "shape")),
            result_wrapper: value.get("output").and_then(|output| text(output, "resultWrapper")),
            errors: errors.filter_map(|error| text(error, "shape")).collect(),
        }
    }
}

impl Use {
    fn read(value: Option<&Value>) -> Result<Self, Fault> {
        let value = value.ok_or("a list or map without its items")?;
        let shape = text(value, "shape").ok_or("a use without a shape")?;
        Ok(Self { shape, query: query(value), flattened: flag(value, "flattened") })
    }
}

impl Shape {
    fn read(name: &str, value: &Value) -> Result<Self, Fault> {
        let kind = text(value, "type").ok_or_else(|| format!("the shape {name} has no type"))?;
        let body = match kind.as_str() {
            "string" | "character" => Body::String,
            "integer" => Body::Integer,
            "long" => Body::Long,
            "double" | "float" => Body::Double,
            "boolean" => Body::Boolean,
            "blob" => Body::Blob,
            "timestamp" => Body::Timestamp,
            "list" => Body::List(Use::read(value.get("member"))?),
            "map" => Body::Map(Use::read(value.get("key"))?, Use::read(value.get("value"))?),
            "structure" => Body::Structure(members(value)?),
            other => return Err(format!("the shape {name} has an unknown type {other}").into()),
        };
        Ok(Self {
            name: name.to_owned(),
            body,
            query: query(value),
            flattened: flag(value, "flattened"),
            min: value.get("min").and_then(Value::as_i64),
            max: value.get("max").and_then(Value::as_i64),
            pattern: text(value, "pattern"),
            sensitive: value["sensitive"] == true,
            values: strings(value, "enum"),
            error: flag(value, "exception").then(|| Exception::read(value)),
        })
    }
}

fn members(value: &Value) -> Result<Vec<Member>, Fault> {
    let required = strings(value, "required");
    let mut members = Vec::new();
    for (name, target) in object(value, "members") {
        let required = required.contains(name);
        members.push(Member { name: name.clone(), target: Use::read(Some(target))?, required });
    }
    Ok(members)
}

impl Exception {
    fn read(value: &Value) -> Self {
        let error = value.get("error").cloned().unwrap_or_default();
        let fault = flag(value, "fault");
        let status = error.get("httpStatusCode").and_then(Value::as_u64);
        Self {
            code: text(&error, "code"),
            status: status.and_then(|status| u16::try_from(status).ok()).unwrap_or(if fault {
                500
            } else {
                400
            }),
            sender_fault: error.get("senderFault").and_then(Value::as_bool).unwrap_or(!fault),
        }
    }
}
