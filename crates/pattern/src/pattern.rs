//! A compiled pattern.

use std::sync::Arc;

use crate::branch::{self, Found};
use crate::compile::{self, Dialect};
use crate::error::PatternError;
use crate::event::Event;
use crate::matcher::Matcher;
use crate::{complexity, path};

/// What a pattern asks of one field: one of these.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) path: Box<str>,
    pub(crate) hash: u64,
    pub(crate) matchers: Box<[Matcher]>,
}

impl Condition {
    pub(crate) fn new(path: &str, mut matchers: Vec<Matcher>) -> Condition {
        let asks_numbers = |matcher: &Matcher| {
            matches!(matcher, Matcher::Number(_) | Matcher::Range(..) | Matcher::ButNumbers(_))
        };
        if matchers.iter().any(asks_numbers) {
            for matcher in &mut matchers {
                if let Matcher::Address(range) = matcher {
                    range.beside_numbers = true;
                }
            }
        }
        Condition { path: path.into(), hash: path::hash_of(path), matchers: matchers.into() }
    }
}

/// Conditions, by their number, that must hold together, in the order of their paths.
pub(crate) type Branch = Box<[u32]>;

/// An event pattern, compiled.
#[derive(Clone, Debug)]
pub struct Pattern {
    pub(crate) parts: Arc<Parts>,
}

#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) conditions: Box<[Condition]>,
    /// One of them must hold. There is more than one only where the pattern has `$or`.
    pub(crate) branches: Box<[Branch]>,
}

impl Pattern {
    /// Compiles the text of a pattern. All refusals happen here.
    pub fn compile(text: &str) -> Result<Pattern, PatternError> {
        let parts = compile::compile(text, Dialect::EventPattern).map_err(|error| *error)?;
        complexity::check(&parts).map_err(|error| *error)?;
        Ok(Pattern::of(parts))
    }

    pub(crate) fn of(parts: Parts) -> Pattern {
        Pattern { parts: Arc::new(parts) }
    }

    /// Whether an event matches.
    pub fn matches(&self, event: &Event<'_>) -> bool {
        self.parts.branches.iter().any(|branch| {
            branch::holds(branch.len(), &event.places, |at| {
                let condition = &self.parts.conditions[branch[at] as usize];
                Found {
                    matchers: &condition.matchers,
                    occurrences: event.find(&condition.path, condition.hash),
                }
            })
        })
    }
}
