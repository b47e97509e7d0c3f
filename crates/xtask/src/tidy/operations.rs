//! No operation without its file, and none without a case under `compat-tests/`.

use super::tree::Tree;
use crate::services::SERVICES;
use crate::{Fault, codegen};

/// The model's operations against `ops/` and the compat tests.
pub(super) fn check(tree: &Tree) -> Result<Vec<String>, Fault> {
    let cases: Vec<&str> = tree.files().filter(|(path, _)| is_case(path)).map(|(_, text)| text).collect();
    let mut wrong = Vec::new();
    for service in SERVICES {
        for (operation, snake) in codegen::operations(&tree.root, service)? {
            let file = format!("crates/{}/src/ops/{snake}.rs", service.folder);
            if tree.text(&file).is_none() {
                wrong.push(format!("{file}: the operation {operation} has no file"));
            }
            let names = [operation.clone(), snake.replace('_', "-"), snake];
            if !cases.iter().any(|text| names.iter().any(|name| mentions(text, name))) {
                wrong.push(format!("compat-tests/: {} {operation} has no case", service.name));
            }
        }
    }
    Ok(wrong)
}

fn is_case(path: &str) -> bool {
    let test =
        ["py", "rs", "js", "ts", "go", "sh", "tf"].iter().any(|end| path.ends_with(&format!(".{end}")));
    path.starts_with("compat-tests/") && test
}

/// Whether the text has the name as a word: `send_message` is not in `send_message_batch`.
fn mentions(text: &str, name: &str) -> bool {
    let in_word = |letter: char| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-';
    text.match_indices(name).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + name.len()..].chars().next();
        !before.is_some_and(in_word) && !after.is_some_and(in_word)
    })
}

#[cfg(test)]
mod tests {
    use super::mentions;

    #[test]
    fn a_longer_name_is_another_operation() {
        assert!(mentions("sqs.send_message(", "send_message"));
        assert!(mentions("\"SendMessage\"", "SendMessage"));
        assert!(!mentions("sqs.send_message_batch(", "send_message"));
        assert!(!mentions("sqs send-message-batch", "send-message"));
    }
}
