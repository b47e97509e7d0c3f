//! The house rules, as a test: what each crate may know, how long a file may be, what must not stand where.
//!
//! A rule is a function from the [`Tree`] to a list of sentences, each a place and what is wrong there.

mod arrows;
mod dependencies;
mod operations;
mod places;
mod sources;
mod tree;

use std::path::Path;

use crate::Fault;
use tree::Tree;

/// Checks every rule and lists what breaks one.
pub(crate) fn run(root: &Path) -> Result<String, Fault> {
    let tree = Tree::read(root)?;
    let mut wrong = arrows::check(&tree)?;
    wrong.extend(dependencies::check(root)?);
    wrong.extend(sources::check(&tree));
    wrong.extend(places::check(&tree));
    wrong.extend(operations::check(&tree)?);
    if wrong.is_empty() {
        return Ok(format!("tidy: {} files keep the house rules", tree.len()));
    }
    wrong.sort();
    Err(format!("tidy: {} breaches of the house rules\n  {}", wrong.len(), wrong.join("\n  ")).into())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_tree_keeps_the_house_rules() {
        if let Err(breaches) = super::run(&crate::root()) {
            panic!("{breaches}");
        }
    }
}
