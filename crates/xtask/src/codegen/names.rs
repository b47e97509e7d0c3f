//! From the model's names to Rust's.

/// `QueueUrl` → `queue_url`, `AWSAccountIds` → `aws_account_ids`, `MD5OfBody` → `md5_of_body`.
pub(super) fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut out = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            out.push('_');
            continue;
        }
        let before = at.checked_sub(1).map(|before| letters[before]);
        let ends_word = before.is_some_and(|c| c.is_ascii_lowercase() || c.is_ascii_digit());
        let starts_word = before.is_some_and(|c| c.is_ascii_uppercase())
            && letters.get(at + 1).is_some_and(|c| c.is_ascii_lowercase())
            // `ARNs` is one word in the plural.
            && !(letters.get(at + 1) == Some(&'s') && letters.get(at + 2).is_none());
        if letter.is_ascii_uppercase() && (ends_word || starts_word) {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// `QueueUrl` → `QUEUE_URL`; a value that starts with a digit gets a letter before it.
pub(super) fn upper(name: &str) -> String {
    let name = snake(name).to_ascii_uppercase();
    if name.starts_with(|c: char| c.is_ascii_digit()) { format!("V{name}") } else { name }
}

/// `attributeName` → `AttributeName`.
pub(super) fn camel(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// A member's field name.
pub(super) fn field(name: &str) -> String {
    const KEYWORDS: &[&str] = &[
        "as", "box", "const", "continue", "enum", "final", "fn", "for", "if", "impl", "in", "let", "loop",
        "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct",
        "trait", "try", "type", "unsafe", "use", "where", "while", "yield",
    ];
    let name = snake(name);
    if KEYWORDS.contains(&name.as_str()) { format!("r#{name}") } else { name }
}

/// A Rust literal of the text, raw when that reads better.
pub(super) fn literal(text: &str) -> String {
    if text.contains('\\') && !text.contains("\"#") {
        if text.contains('"') { format!("r#\"{text}\"#") } else { format!("r\"{text}\"") }
    } else {
        format!("{text:?}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_rust_names() {
        for (name, expected) in [
            ("QueueUrl", "queue_url"),
            ("queueUrls", "queue_urls"),
            ("AWSAccountIds", "aws_account_ids"),
            ("QueueOwnerAWSAccountId", "queue_owner_aws_account_id"),
            ("MD5OfMessageBody", "md5_of_message_body"),
            ("KmsMasterKeyId", "kms_master_key_id"),
            ("tags", "tags"),
            ("HTTPSEndpoint", "https_endpoint"),
            ("TopicARNs", "topic_arns"),
            ("Ids", "ids"),
            ("aws:kms", "aws_kms"),
        ] {
            assert_eq!(snake(name), expected, "{name}");
        }
        assert_eq!(upper("2xx"), "V2XX");
        assert_eq!(camel("attributeName"), "AttributeName");
        assert_eq!(field("Type"), "r#type");
    }

    #[test]
    fn patterns_are_raw_literals() {
        assert_eq!(literal(r"\d{12}"), r#"r"\d{12}""#);
        assert_eq!(literal("Name"), r#""Name""#);
    }
}
