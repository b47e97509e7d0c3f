//! The constraints a model states, and what was found to violate them.

use std::fmt;

/// One constraint of the model.
#[derive(Debug)]
pub enum Check {
    /// Characters of a string, bytes of a blob, items of a list or map: at least, at most.
    Length(Option<u64>, Option<u64>),
    /// A number: at least, at most.
    Range(Option<i64>, Option<i64>),
    /// The pattern's text as AWS prints it, and whether a value satisfies it.
    Pattern(&'static str, fn(&str) -> bool),
    /// The values of an enumeration, in the model's order.
    OneOf(&'static [&'static str]),
    /// No constraint: the value is a secret, and no refusal quotes it.
    Sensitive,
}

/// What a value was when it violated a constraint; decides the sentence AWS writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A required member is absent.
    Missing,
    /// Shorter than the least length.
    TooShort(u64),
    /// Longer than the greatest length.
    TooLong(u64),
    /// Smaller than the least value.
    TooSmall(i64),
    /// Larger than the greatest value.
    TooLarge(i64),
    /// Does not fit the pattern.
    Pattern(&'static str),
    /// Not one of the enumeration's values.
    NotOneOf(&'static [&'static str]),
}

/// One violated constraint. They are collected, not stopped at the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The member names from the input down, items by their 1-based number: `entries.1.member.detailType`.
    pub path: Vec<Step>,
    /// The value as AWS quotes it; `None` prints as `null`.
    pub value: Option<String>,
    /// Whether the value is a secret, which is not quoted.
    pub sensitive: bool,
    /// What is wrong with it.
    pub problem: Problem,
}

/// One step of a [`Violation`]'s path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// A structure's member, by its name in the model and in the query protocol.
    Member(&'static str, &'static str),
    /// A list's item, counted from 1.
    Item(usize),
    /// The value of a map's key.
    Value(String),
    /// A map's key itself.
    Key,
}

impl Violation {
    /// The path as the query protocol writes it: `SendMessageBatchRequestEntry.1.Id`.
    pub fn query_path(&self) -> String {
        let steps: Vec<String> = self
            .path
            .iter()
            .map(|step| match step {
                Step::Member(_, query) => (*query).to_owned(),
                Step::Item(number) => number.to_string(),
                Step::Value(key) => key.clone(),
                Step::Key => "Name".to_owned(),
            })
            .collect();
        steps.join(".")
    }

    /// The first member of the path, as the model names it.
    pub fn member(&self) -> &'static str {
        match self.path.first() {
            Some(Step::Member(name, _)) => name,
            _ => "",
        }
    }

    /// The last member of the path, as the model names it.
    pub fn last_member(&self) -> &'static str {
        let named = self.path.iter().rev().find_map(|step| match step {
            Step::Member(name, _) => Some(*name),
            _ => None,
        });
        named.unwrap_or("")
    }
}

/// The path in the form AWS prints it: `entries.1.member.detailType`.
impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Step::Member(name, _) => f.write_str(&lower_first(name)),
            Step::Item(number) => write!(f, "{number}.member"),
            Step::Value(key) => write!(f, "{key}.member"),
            Step::Key => f.write_str("key"),
        }
    }
}

/// AWS prints member names with a small first letter, whatever the model says.
fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// AWS's sentence for one violation, as the constraint-checking services (SNS, EventBridge …) write it.
impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            Some(_) if self.sensitive => f.write_str("Value")?,
            Some(value) => write!(f, "Value '{value}'")?,
            None => f.write_str("Value null")?,
        }
        f.write_str(" at '")?;
        for (number, step) in self.path.iter().enumerate() {
            if number > 0 {
                f.write_str(".")?;
            }
            write!(f, "{step}")?;
        }
        f.write_str("' failed to satisfy constraint: ")?;
        match &self.problem {
            Problem::Missing => f.write_str("Member must not be null"),
            Problem::TooShort(least) => write!(f, "Member must have length greater than or equal to {least}"),
            Problem::TooLong(most) => write!(f, "Member must have length less than or equal to {most}"),
            Problem::TooSmall(least) => write!(f, "Member must have value greater than or equal to {least}"),
            Problem::TooLarge(most) => write!(f, "Member must have value less than or equal to {most}"),
            Problem::Pattern(pattern) => {
                write!(f, "Member must satisfy regular expression pattern: {pattern}")
            }
            Problem::NotOneOf(values) => {
                write!(f, "Member must satisfy enum value set: [{}]", values.join(", "))
            }
        }
    }
}

/// AWS's sentence for all violations of one input.
pub fn validation_message(violations: &[Violation]) -> String {
    let sentences: Vec<String> = violations.iter().map(Violation::to_string).collect();
    let noun = if violations.len() == 1 { "error" } else { "errors" };
    format!("{} validation {noun} detected: {}", violations.len(), sentences.join("; "))
}

impl Check {
    /// The problem a text has with this constraint.
    pub fn text(&self, value: &str) -> Option<Problem> {
        match self {
            Check::Length(..) => self.length(value.chars().count() as u64),
            Check::Pattern(pattern, fits) => (!fits(value)).then_some(Problem::Pattern(pattern)),
            Check::OneOf(values) => (!values.contains(&value)).then_some(Problem::NotOneOf(values)),
            Check::Range(..) | Check::Sensitive => None,
        }
    }

    /// The problem a count of characters, bytes or items has with this constraint.
    pub fn length(&self, count: u64) -> Option<Problem> {
        let Check::Length(least, most) = self else { return None };
        match (least, most) {
            (Some(least), _) if count < *least => Some(Problem::TooShort(*least)),
            (_, Some(most)) if count > *most => Some(Problem::TooLong(*most)),
            _ => None,
        }
    }

    /// The problem a number has with this constraint.
    pub fn number(&self, value: i64) -> Option<Problem> {
        let Check::Range(least, most) = self else { return None };
        match (least, most) {
            (Some(least), _) if value < *least => Some(Problem::TooSmall(*least)),
            (_, Some(most)) if value > *most => Some(Problem::TooLarge(*most)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_not_quoted() {
        let violation = Violation {
            path: vec![Step::Member("Password", "Password")],
            value: Some("hunter2".into()),
            sensitive: true,
            problem: Problem::TooLong(5),
        };
        assert_eq!(
            violation.to_string(),
            "Value at 'password' failed to satisfy constraint: Member must have length less than or equal to 5"
        );
    }

    #[test]
    fn violations_read_as_aws_writes_them() {
        let entry = Violation {
            path: vec![
                Step::Member("Entries", "Entries"),
                Step::Item(1),
                Step::Member("DetailType", "DetailType"),
            ],
            value: None,
            sensitive: false,
            problem: Problem::Missing,
        };
        let name = Violation {
            path: vec![Step::Member("Name", "Name")],
            value: Some("a b".into()),
            sensitive: false,
            problem: Problem::Pattern("[a-z]+"),
        };
        assert_eq!(
            validation_message(&[entry, name]),
            "2 validation errors detected: Value null at 'entries.1.member.detailType' failed to satisfy \
             constraint: Member must not be null; Value 'a b' at 'name' failed to satisfy constraint: Member must \
             satisfy regular expression pattern: [a-z]+"
        );
    }
}
