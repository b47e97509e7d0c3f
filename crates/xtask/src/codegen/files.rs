//! The files of an `api/` folder.

use std::collections::{BTreeMap, BTreeSet};

use super::emit::{Context, Structure};
use super::file::File;
use super::model::{Body, Operation, Shape, Use};
use super::{names, query};
use crate::Fault;

/// Patterns that the `regex` crate refuses.
const LOOK_AROUND: &[&str] = &["(?=", "(?!", "(?<=", "(?<!"];

impl Context<'_> {
    /// `inputs.rs` or `outputs.rs`: one structure an operation, whatever the model calls it.
    pub(super) fn ends(&self, input: bool) -> File {
        let (suffix, doc, what) = if input {
            ("Input", "What each operation takes.", "input")
        } else {
            ("Output", "What each operation answers.", "output")
        };
        let mut file = File::new(doc);
        for operation in &self.model.operations {
            let rust = format!("{}{suffix}", operation.name);
            let shape = if input { &operation.input } else { &operation.output };
            let members: &[_] = match shape.as_ref().map(|shape| &self.model.shape(shape).body) {
                Some(Body::Structure(members)) => members,
                _ => &[],
            };
            let structure = Structure {
                doc: format!("`{}`'s {what}.", operation.name),
                shape: shape.clone().unwrap_or_else(|| rust.clone()),
                rust,
                members,
                read: input,
                written: !input,
            };
            self.structure(&mut file, &structure);
        }
        file
    }

    /// `types.rs`: the structures inputs and outputs hold, and the schemas of lists and maps.
    pub(super) fn types(&self) -> Option<File> {
        let mut file = File::new("What inputs and outputs are made of.");
        for name in self.nested() {
            let shape = self.model.shape(name);
            let Body::Structure(members) = &shape.body else { continue };
            let structure = Structure {
                rust: names::camel(name),
                doc: format!("The model's `{name}`."),
                shape: name.to_owned(),
                members,
                read: self.read.contains(name),
                written: self.written.contains(name),
            };
            self.structure(&mut file, &structure);
        }
        for target in self.collections() {
            self.collection_schema(&mut file, target);
        }
        file.forget("super::types");
        (!file.body.is_empty()).then_some(file)
    }

    fn reached(&self) -> impl Iterator<Item = &Shape> {
        let reached: BTreeSet<&str> = self.read.union(&self.written).copied().collect();
        reached.into_iter().map(|name| self.model.shape(name))
    }

    /// Structures that something holds, by name.
    fn nested(&self) -> BTreeSet<&str> {
        let uses = self.reached().flat_map(uses);
        let structures = uses.filter(|used| matches!(self.model.shape(&used.shape).body, Body::Structure(_)));
        structures.map(|used| used.shape.as_str()).collect()
    }

    /// Lists and maps that something holds; one whose use decides that it is flattened counts twice.
    fn collections(&self) -> impl Iterator<Item = &Use> {
        let mut found = BTreeMap::new();
        for used in self.reached().flat_map(uses) {
            if matches!(self.model.shape(&used.shape).body, Body::List(_) | Body::Map(..)) {
                found.insert((used.shape.as_str(), query::flattened(self.model, used)), used);
            }
        }
        found.into_values()
    }

    /// `enums.rs`: the values of every enumeration.
    pub(super) fn enums(&self) -> Option<File> {
        let mut file = File::new("The values of the model's enumerations.");
        for shape in self.reached().filter(|shape| !shape.values.is_empty()) {
            let module = names::snake(&shape.name);
            file.line(&format!("/// The values of `{}`.\npub mod {module} {{", shape.name));
            let consts: Vec<String> = shape.values.iter().map(|value| names::upper(value)).collect();
            file.line(&format!(
                "/// All of them, in the model's order.\npub const VALUES: &[&str] = &[{}];",
                consts.join(", ")
            ));
            for (value, name) in shape.values.iter().zip(&consts) {
                file.line(&format!("/// `{value}`.\npub const {name}: &str = {value:?};"));
            }
            file.line("}\n");
        }
        (!file.body.is_empty()).then_some(file)
    }

    /// `patterns.rs`: one predicate a pattern, compiled at first use.
    pub(super) fn patterns(&self) -> Result<Option<File>, Fault> {
        let mut file = File::new("Whether a text fits a pattern of the model.");
        let mut functions = Vec::new();
        for shape in self.reached().filter(|shape| self.read.contains(shape.name.as_str())) {
            let Some(pattern) = &shape.pattern else { continue };
            if self.service.predicates.iter().any(|(text, _)| text == pattern) {
                continue;
            }
            if LOOK_AROUND.iter().any(|look| pattern.contains(look)) {
                return Err(
                    format!("{}: the pattern {pattern} looks around; add a predicate", shape.name).into()
                );
            }
            let function = names::snake(&shape.name);
            // AWS matches the whole text, whether or not the pattern is anchored.
            let whole = names::literal(&format!(r"\A(?:{})\z", ascii_classes(pattern)));
            file.line(&format!(
                "/// `{}`.\npub(super) fn {function}(text: &str) -> bool {{
                    static PATTERN: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new({whole}).ok());
                    PATTERN.as_ref().is_some_and(|pattern| pattern.is_match(text))
                }}\n",
                shape.name
            ));
            functions.push((function, whole));
        }
        if functions.is_empty() {
            return Ok(None);
        }
        file.import("std::sync", "LazyLock");
        file.import("regex", "Regex");
        let all: Vec<&str> = functions.iter().map(|(_, whole)| whole.as_str()).collect();
        file.line(&format!(
            "#[cfg(test)]\nmod tests {{\n#[test]\nfn every_pattern_compiles() {{\nfor pattern in [{}] {{
                assert!(super::Regex::new(pattern).is_ok(), \"{{pattern}}\");\n}}\n}}\n}}",
            all.join(", ")
        ));
        Ok(Some(file))
    }

    /// The exceptions to emit: all the model has, or those the chosen operations declare.
    fn exceptions(&self) -> Vec<&Shape> {
        let declared: BTreeSet<&String> = self.model.operations.iter().flat_map(|op| &op.errors).collect();
        let all = self.model.shapes.values().filter(|shape| shape.error.is_some());
        all.filter(|shape| self.service.operations.is_none() || declared.contains(&shape.name)).collect()
    }

    /// `errors.rs`: the exceptions.
    pub(super) fn errors(&self) -> Option<File> {
        let mut file = File::new("The errors the model declares.");
        for shape in self.exceptions() {
            let Some(error) = &shape.error else { continue };
            file.import("service", "ErrorSchema");
            file.line(&format!(
                "/// `{shape}`.\npub static {}: ErrorSchema = ErrorSchema {{ shape: {shape:?}, code: {:?}, status: {}, \
                 sender_fault: {}, namespace: None }};\n",
                names::upper(&shape.name),
                error.code.as_ref().unwrap_or(&shape.name),
                error.status,
                error.sender_fault,
                shape = shape.name,
            ));
        }
        (!file.body.is_empty()).then_some(file)
    }

    /// `operations.rs`: the operations and the service.
    pub(super) fn operations(&self) -> File {
        let Context { service, model, .. } = self;
        let mut file = File::new("The operations and the service.");
        file.import("super", "inputs");
        file.import("super", "outputs");
        for name in ["OperationSchema", "ServiceSchema", "WireProtocol"] {
            file.import("service", name);
        }
        let statics: Vec<String> =
            model.operations.iter().map(|op| format!("&{}", names::upper(&op.name))).collect();
        let protocols: Vec<String> =
            service.protocols.iter().map(|protocol| format!("WireProtocol::{protocol}")).collect();
        file.line(&format!(
            "/// {title} as its model describes it.\npub static SERVICE: ServiceSchema = ServiceSchema {{ name: {:?}, \
             target_prefix: {:?}, version: {:?}, xml_namespace: {:?}, error_namespace: {:?}, query_compatible: {}, \
             protocols: &[{}], operations: &[{}] }};\n",
            service.name,
            model.target_prefix,
            model.version,
            model.xml_namespace,
            service.error_namespace,
            model.query_compatible,
            protocols.join(", "),
            statics.join(", "),
            title = service.title,
        ));
        for operation in &model.operations {
            operation_schema(&mut file, operation);
        }
        file
    }
}

fn operation_schema(file: &mut File, operation: &Operation) {
    let name = names::upper(&operation.name);
    let errors: Vec<String> =
        operation.errors.iter().map(|error| format!("&errors::{}", names::upper(error))).collect();
    if !errors.is_empty() {
        file.import("super", "errors");
    }
    file.line(&format!(
        "/// `{shape}`.\npub static {name}: OperationSchema = OperationSchema {{ name: {shape:?}, input: \
         &inputs::{name}_INPUT, output: &outputs::{name}_OUTPUT, result_wrapper: {:?}, errors: &[{}] }};\n",
        operation.result_wrapper,
        errors.join(", "),
        shape = operation.name,
    ));
}

/// The uses of other shapes in a shape.
fn uses(shape: &Shape) -> Vec<&Use> {
    match &shape.body {
        Body::List(item) => vec![item],
        Body::Map(key, value) => vec![key, value],
        Body::Structure(members) => members.iter().map(|member| &member.target).collect(),
        _ => Vec::new(),
    }
}

/// The pattern with the classes `\w`, `\d` and `\s` spelled out: Java, in which AWS reads them, means ASCII.
fn ascii_classes(pattern: &str) -> String {
    let (mut out, mut in_class, mut letters) = (String::new(), false, pattern.chars());
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            in_class = (in_class || letter == '[') && letter != ']';
            out.push(letter);
            continue;
        }
        let escaped = letters.next();
        let class = match escaped {
            Some('w') => "0-9A-Za-z_",
            Some('d') => "0-9",
            Some('s') => r"\t\n\x0B\f\r ",
            _ => {
                out.push('\\');
                out.extend(escaped);
                continue;
            }
        };
        out.push_str(&if in_class { class.to_owned() } else { format!("[{class}]") });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::ascii_classes;

    #[test]
    fn classes_are_ascii() {
        assert_eq!(ascii_classes(r"\d{12}:[\w+=]\.\\d"), r"[0-9]{12}:[0-9A-Za-z_+=]\.\\d");
    }
}
