//! What a target gets of an event: all of it, a part of it, something else, or a text made from it.
//!
//! *Start at* [`InputShape::compile`], which has all refusals of `PutTargets`, then [`InputShape::apply`]. `path.rs` has
//! the JSONPath that is understood, `template.rs` the rules of quotes.

pub(crate) mod path;
mod template;
#[cfg(test)]
mod tests;

use std::fmt;

use self::path::Path;
use self::template::Template;
use crate::event::json;

/// The members of a target that say what it gets. Empty texts are as good as none.
#[derive(Clone, Copy, Debug, Default)]
pub struct TargetInput<'a> {
    /// A JSON text, sent in place of the event.
    pub input: Option<&'a str>,
    /// Where in the event the part is that is sent.
    pub input_path: Option<&'a str>,
    /// A text with placeholders, and where their values come from.
    pub transformer: Option<Transformer<'a>>,
}

/// An input transformer.
#[derive(Clone, Copy, Debug)]
pub struct Transformer<'a> {
    /// `InputPathsMap`: names, and paths into the event.
    pub paths: &'a [(String, String)],
    /// `InputTemplate`.
    pub template: &'a str,
}

/// What a template can say that the event does not.
#[derive(Clone, Copy, Debug)]
pub struct Variables<'a> {
    /// The ARN of the rule that matched.
    pub rule_arn: &'a str,
    /// Its name.
    pub rule_name: &'a str,
    /// When the event came in.
    pub ingestion_time_ms: i64,
}

/// Why `PutTargets` refuses; a `ValidationException` of these words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidInput(String);

/// Why a target gets nothing, though its rule matched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotDeliverable {
    /// What became of the template is not JSON, though the template is.
    NotJson,
    /// The event has nothing where the input path leads.
    NothingThere,
    /// What became of the template is longer than any target takes.
    TooLong,
}

/// What a target gets, compiled.
#[derive(Clone, Debug)]
pub struct InputShape(Shape);

#[derive(Clone, Debug)]
enum Shape {
    Event,
    Fixed(String),
    Part(Path),
    Template(Template),
}

impl InvalidInput {
    /// Recorded.
    fn more_than_one(target_id: &str) -> Self {
        Self(format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {target_id}."
        ))
    }

    /// Quoted in awsdocs/aws-cloudformation-user-guide#1010.
    pub(crate) fn not_json(target_id: &str) -> Self {
        Self(format!("Input for target {target_id} is not a valid JSON text."))
    }

    fn placeholder(target_id: &str, name: &str) -> Self {
        Self(format!("InputTemplate for target {target_id} contains invalid placeholder {name}."))
    }

    /// `at` is the byte where the template stops being JSON. That it has to be is AWS's rule; the column is our guess.
    fn template(target_id: &str, template: &str, at: usize) -> Self {
        let before = template.get(..at).unwrap_or(template);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Self(format!(
            "Invalid InputTemplate for target {target_id} : [Source: (String)\"{template}\"; line: {line}, \
             column: {column}]."
        ))
    }
}

impl fmt::Display for InvalidInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidInput {}

impl fmt::Display for NotDeliverable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotJson => "The input transformer's result is not valid JSON.",
            Self::NothingThere => "The input path leads to nothing in the event.",
            Self::TooLong => "The input transformer's result is too long.",
        })
    }
}

impl std::error::Error for NotDeliverable {}

impl InputShape {
    /// Reads what a target wants, and refuses what `PutTargets` refuses.
    pub fn compile(target: &TargetInput<'_>, target_id: &str) -> Result<Self, InvalidInput> {
        let input = target.input.filter(|input| !input.is_empty());
        let input_path = target.input_path.filter(|path| !path.is_empty());
        let shape = match (input, input_path, target.transformer) {
            (None, None, None) => Shape::Event,
            (Some(input), None, None) => {
                json::compact(input, json::ANY).ok_or_else(|| InvalidInput::not_json(target_id))?;
                Shape::Fixed(input.to_owned())
            }
            (None, Some(path), None) => Shape::Part(Path::parse(path)),
            (None, None, Some(Transformer { paths, template })) => {
                Shape::Template(Template::compile(template, paths, target_id)?)
            }
            _ => return Err(InvalidInput::more_than_one(target_id)),
        };
        Ok(Self(shape))
    }

    /// Whether the target gets the event as it is.
    pub fn is_event(&self) -> bool {
        matches!(self.0, Shape::Event)
    }

    /// Whether the target gets a text made from a template, and no JSON.
    pub fn is_text(&self) -> bool {
        matches!(&self.0, Shape::Template(template) if !template.is_json())
    }

    /// What the target gets of an event, which is a JSON object.
    pub fn apply(&self, event_json: &str, variables: &Variables<'_>) -> Result<String, NotDeliverable> {
        match &self.0 {
            Shape::Event => Ok(event_json.to_owned()),
            Shape::Fixed(input) => Ok(input.clone()),
            Shape::Part(path) => path.find(event_json).map(Into::into).ok_or(NotDeliverable::NothingThere),
            Shape::Template(template) => template.render(event_json, variables),
        }
    }
}
