//! From the models to the `api/` folders of the service crates.

mod emit;
mod file;
mod files;
mod model;
mod names;
mod overlay;
mod query;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::Fault;
use crate::services::{SERVICES, Service};
use emit::Context;
use file::File;
use model::Model;

/// Generates the code of one service, or of all; with `check`, compares and writes nothing.
pub(crate) fn run(root: &Path, name: Option<&str>, check: bool) -> Result<String, Fault> {
    let chosen: Vec<&Service> =
        SERVICES.iter().filter(|service| name.is_none_or(|name| name == service.name)).collect();
    if chosen.is_empty() {
        let known: Vec<&str> = SERVICES.iter().map(|service| service.name).collect();
        return Err(format!("no service {}; there are {}", name.unwrap_or(""), known.join(", ")).into());
    }
    let mut drifted = Vec::new();
    for service in &chosen {
        drifted.extend(bring_up_to_date(root, service, check)?);
    }
    if check && !drifted.is_empty() {
        return Err(format!(
            "generated code has drifted from its model; run `cargo xtask codegen`:\n  {}",
            drifted.join("\n  ")
        )
        .into());
    }
    let done = if check { "is up to date" } else { "is generated" };
    Ok(format!("{} {done}; {} files differed", titles(&chosen), drifted.len()))
}

fn titles(services: &[&Service]) -> String {
    let titles: Vec<&str> = services.iter().map(|service| service.name).collect();
    titles.join(", ")
}

/// The operations there is code for, each with its function's name.
pub(crate) fn operations(root: &Path, service: &Service) -> Result<Vec<(String, String)>, Fault> {
    let operations = read_model(root, service)?.operations.into_iter();
    Ok(operations
        .map(|operation| {
            let function = names::snake(&operation.name);
            (operation.name, function)
        })
        .collect())
}

fn read_model(root: &Path, service: &Service) -> Result<Model, Fault> {
    let path = root.join("crates/xtask/models").join(format!("{}.json", service.name));
    let text = fs::read_to_string(&path).map_err(|fault| format!("{}: {fault}", path.display()))?;
    let mut model: Value = serde_json::from_str(&text)?;
    overlay::apply(&mut model, service.overlays).map_err(|fault| format!("{}: {fault}", service.name))?;
    Model::read(&model, service.operations).map_err(|fault| format!("{}: {fault}", service.name).into())
}

/// The generated files that differ from what they should be, after they were written unless `check`.
fn bring_up_to_date(root: &Path, service: &Service, check: bool) -> Result<Vec<String>, Fault> {
    let folder = root.join("crates").join(service.folder).join("src/api");
    let wanted = generate(root, service)?;
    let mut drifted = Vec::new();
    for (name, text) in &wanted {
        let path = folder.join(name);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            drifted.push(format!("crates/{}/src/api/{name}", service.folder));
            if !check {
                fs::create_dir_all(&folder)?;
                fs::write(&path, text)?;
            }
        }
    }
    for entry in fs::read_dir(&folder).into_iter().flatten() {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !wanted.contains_key(name.as_str()) {
            drifted.push(format!("crates/{}/src/api/{name} (nothing generates it)", service.folder));
            if !check {
                fs::remove_file(entry.path())?;
            }
        }
    }
    Ok(drifted)
}

/// Every file of a service's `api/` folder, by name.
fn generate(root: &Path, service: &Service) -> Result<BTreeMap<&'static str, String>, Fault> {
    let model = read_model(root, service)?;
    let context = Context {
        service,
        model: &model,
        read: model.reachable(model.operations.iter().filter_map(|operation| operation.input.as_ref())),
        written: model.reachable(model.operations.iter().filter_map(|operation| operation.output.as_ref())),
    };
    let files = [
        ("enums.rs", context.enums()),
        ("errors.rs", context.errors()),
        ("inputs.rs", Some(context.ends(true))),
        ("operations.rs", Some(context.operations())),
        ("outputs.rs", Some(context.ends(false))),
        ("patterns.rs", context.patterns()?),
        ("types.rs", context.types()),
    ];
    let mut index = File::new(&format!("The wire types of {}.", service.title));
    let (mut texts, mut reexports) = (BTreeMap::new(), String::new());
    for (name, file) in files {
        let Some(file) = file else { continue };
        let visibility = if name == "patterns.rs" { "" } else { "pub " };
        index.line(&format!("{visibility}mod {};", name.trim_end_matches(".rs")));
        if ["inputs.rs", "outputs.rs", "types.rs"].contains(&name) {
            reexports.push_str(&format!("pub use {}::*;\n", name.trim_end_matches(".rs")));
        }
        texts.insert(name, file.finish(root).map_err(|fault| format!("{}: {fault}", service.name))?);
    }
    index.line(&format!("\n{reexports}"));
    texts.insert("mod.rs", index.finish(root)?);
    Ok(texts)
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_generated_code_is_up_to_date() {
        if let Err(drift) = super::run(&crate::root(), None, true) {
            panic!("{drift}");
        }
    }
}
