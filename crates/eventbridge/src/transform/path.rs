//! The part of JSONPath that targets take: `$`, members after a dot or in brackets, indices, wildcards.
//!
//! AWS, "Amazon EventBridge input transformation": dots, dashes, underscores, alphanumeric characters, array indices,
//! wildcards and forward slashes are supported; paths are not looked at before an event is there. So a path that says
//! something else finds nothing, as one that leads nowhere does.

use std::borrow::Cow;

use crate::event::json;

/// A path, read once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Path(Option<Vec<Step>>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Member(String),
    Element(usize),
    /// Every member of an object, every element of an array.
    All,
}

impl Path {
    pub(crate) fn parse(text: &str) -> Self {
        Self(steps(text))
    }

    /// The text of the value the path leads to. With a wildcard it is the array of all values there are.
    pub(crate) fn find<'a>(&self, event: &'a str) -> Option<Cow<'a, str>> {
        let steps = self.0.as_ref()?;
        let mut found = vec![event];
        for step in steps {
            found = found.into_iter().flat_map(|value| taken(value, step)).collect();
        }
        if steps.contains(&Step::All) {
            return Some(Cow::Owned(format!("[{}]", found.join(","))));
        }
        found.pop().map(Cow::Borrowed)
    }
}

fn taken<'a>(value: &'a str, step: &Step) -> Vec<&'a str> {
    match step {
        Step::Member(name) => json::member(value, name).into_iter().collect(),
        Step::Element(index) => json::elements(value).nth(*index).into_iter().collect(),
        Step::All => json::members(value).map(|(_, value)| value).chain(json::elements(value)).collect(),
    }
}

fn steps(text: &str) -> Option<Vec<Step>> {
    let mut rest = text.strip_prefix('$')?;
    let mut steps = Vec::new();
    while !rest.is_empty() {
        let (step, after) = match rest.strip_prefix('[') {
            Some(inside) => bracket(inside)?,
            None => dotted(rest.strip_prefix('.')?)?,
        };
        steps.push(step);
        rest = after;
    }
    Some(steps)
}

/// `name` or `*`, up to the next dot or bracket.
fn dotted(text: &str) -> Option<(Step, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    if name == "*" {
        return Some((Step::All, rest));
    }
    let plain =
        !name.is_empty() && !name.contains(|letter: char| is_syntax(letter) || letter.is_whitespace());
    plain.then(|| (Step::Member(name.to_owned()), rest))
}

/// What means something in JSONPath, or could: such names need brackets.
fn is_syntax(letter: char) -> bool {
    matches!(letter, '*' | '(' | ')' | '[' | ']' | '\'' | '"' | '?' | ',')
}

/// `0]`, `*]`, `'name']` or `"name"]`. A quote or a backslash within a name follows a backslash.
fn bracket(inside: &str) -> Option<(Step, &str)> {
    let quote = inside.chars().next()?;
    if quote != '\'' && quote != '"' {
        let (index, rest) = inside.split_once(']')?;
        if index == "*" {
            return Some((Step::All, rest));
        }
        let digits = index.bytes().all(|byte| byte.is_ascii_digit());
        return digits.then(|| index.parse().ok()).flatten().map(|index| (Step::Element(index), rest));
    }
    let (mut name, mut escaped) = (String::new(), false);
    for (at, letter) in inside.char_indices().skip(1) {
        if escaped || (letter != '\\' && letter != quote) {
            name.push(letter);
            escaped = false;
        } else if letter == '\\' {
            escaped = true;
        } else {
            let rest = inside.get(at + 1..)?.strip_prefix(']')?;
            return Some((Step::Member(name), rest));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"detail-type":"t","resources":["arn:a","arn:b"],"detail":{"a":{"b-c":1.50,"d_e":null},
        "list":[{"n":1},{"m":2},{"n":[3]}],"a.b":"dotted","it's":"quoted","x/y":true,"*":"star","dup":1,"dup":2,
        "empty":{}, "text":"say \"hi\"", "7":"seven", "ä:b":"ü"}}"#;

    #[track_caller]
    fn check(path: &str, expected: Option<&str>) {
        assert_eq!(Path::parse(path).find(EVENT).as_deref(), expected, "{path}");
    }

    #[test]
    fn members_and_elements_are_found() {
        check("$", Some(EVENT));
        check("$.detail-type", Some("\"t\""));
        check("$.detail.a.b-c", Some("1.50"));
        check("$.detail.a.d_e", Some("null"));
        check("$.detail.x/y", Some("true"));
        check("$.detail.ä:b", Some("\"ü\""));
        check("$.detail.7", Some("\"seven\""));
        check("$.detail.dup", Some("2"));
        check("$.detail.empty", Some("{}"));
        check("$.detail.text", Some(r#""say \"hi\"""#));
        check("$.resources[1]", Some("\"arn:b\""));
        check("$.detail.list[2].n[0]", Some("3"));
        check("$['detail']['a'][\"b-c\"]", Some("1.50"));
        check("$.detail['a.b']", Some("\"dotted\""));
        check(r"$.detail['it\'s']", Some("\"quoted\""));
        check(r#"$.detail["it's"]"#, Some("\"quoted\""));
        check("$.detail['*']", Some("\"star\""));
    }

    #[test]
    fn wildcards_give_arrays() {
        check("$.resources[*]", Some(r#"["arn:a","arn:b"]"#));
        check("$.resources.*", Some(r#"["arn:a","arn:b"]"#));
        check("$.detail.list[*].n", Some("[1,[3]]"));
        check("$.detail.a.*", Some("[1.50,null]"));
        check("$.detail.a[*]", Some("[1.50,null]"));
        check("$.detail.empty.*", Some("[]"));
        check("$.detail.nowhere[*]", Some("[]"));
        check("$.detail-type.*", Some("[]"));
    }

    #[test]
    fn nothing_is_found_where_nothing_is() {
        for path in [
            "$.nowhere",
            "$.detail.a.b",
            "$.detail.list.n",
            "$.resources[2]",
            "$.resources.a",
            "$.detail[0]",
            "$.detail-type.x",
            "$.detail-type[0]",
            "$.Detail",
        ] {
            check(path, None);
        }
    }

    #[test]
    fn what_is_no_path_finds_nothing() {
        for path in [
            "",
            "detail",
            ".detail",
            "$detail",
            "$.",
            "$..a",
            "$.detail.",
            "$.detail..a",
            "$.detail[",
            "$.detail[]",
            "$.resources[-1]",
            "$.resources[0:1]",
            "$.resources[0,1]",
            "$.detail.list[?(@.n==1)]",
            "$.detail['a'",
            "$.detail['a",
            "$.resources[0]x",
            "$ .detail",
            "$.de tail",
            "$.detail.list.length()",
            "$[+0]",
            "$.a*",
            "$.resources[99999999999999999999]",
        ] {
            check(path, None);
        }
    }
}
