//! From the text of a pattern to its branches, or to the reason why it is refused.
//!
//! The order of the checks is event-ruler's, because the position that an error names depends on how far the text was
//! read by then.

mod anything_but;
mod expression;
mod numeric;

use crate::error::{Kind, PatternError};
use crate::lexer::{Lexer, Token};
use crate::matcher::Matcher;
use crate::pattern::{Condition, Parts};

pub(crate) type Result<T> = std::result::Result<T, Box<PatternError>>;

/// Whose operators are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    EventPattern,
    /// SNS runs an older version of the library: `anything-but` knows no operator but `prefix`, and `prefix` and
    /// `suffix` are strings only.
    FilterPolicy,
}

/// AWS: eb-event-patterns, "$or": more combinations are refused.
const BRANCHES_MAX: usize = 1000;

/// The lengths of all paths together; a pattern that the service takes has 4,096 characters.
const PATH_BYTES_MAX: usize = 4 << 20;

/// Names that cannot be fields inside `$or`.
const RESERVED_IN_OR: &[&str] = &[
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// A branch under construction: numbers of conditions; later ones replace those of the same path.
type Draft = Vec<u32>;

/// Reads a pattern.
pub(crate) fn compile(text: &str, dialect: Dialect) -> Result<Parts> {
    let mut compiler = Compiler {
        lexer: Lexer::new(text),
        dialect,
        path: String::new(),
        depth: 0,
        conditions: Vec::new(),
        path_bytes: 0,
        branches: Vec::new(),
    };
    if compiler.lexer.next()? != Token::StartObject {
        return Err(compiler.lexer.fault("Filter is not an object"));
    }
    compiler.object(false)?;
    Ok(compiler.finish())
}

struct Compiler<'a> {
    lexer: Lexer<'a>,
    dialect: Dialect,
    path: String,
    /// Of how many names the path is made.
    depth: u32,
    conditions: Vec<Condition>,
    path_bytes: usize,
    branches: Vec<Draft>,
}

impl Compiler<'_> {
    /// The fields of an object whose start was read.
    fn object(&mut self, in_or: bool) -> Result<()> {
        let mut any = false;
        while self.lexer.next()? != Token::EndObject {
            any = true;
            let name = self.lexer.name();
            if name == "$or" {
                self.or()?;
                continue;
            }
            if in_or && RESERVED_IN_OR.contains(&&*name) {
                let reason = format!("{name} is Ruler reserved fieldName which cannot be used inside $or.");
                return Err(self.lexer.fault(reason));
            }
            let length = self.path.len();
            match self.lexer.next()? {
                Token::StartObject => {
                    if self.depth > 0 {
                        self.path.push('.');
                    }
                    self.path.push_str(&name);
                    self.depth += 1;
                    self.object(in_or)?;
                    self.depth -= 1;
                }
                Token::StartArray => {
                    // The library asks for the text here, not for the depth: below an empty name there is no dot.
                    if !self.path.is_empty() {
                        self.path.push('.');
                    }
                    self.path.push_str(&name);
                    self.list()?;
                }
                _ => return Err(self.lexer.fault(format!("\"{name}\" must be an object or an array"))),
            }
            self.path.truncate(length);
        }
        if any { Ok(()) } else { Err(self.lexer.fault("Empty objects are not allowed")) }
    }

    /// The objects of a `$or`: each continues a copy of all branches so far.
    fn or(&mut self) -> Result<()> {
        let before = std::mem::take(&mut self.branches);
        if self.lexer.next()? != Token::StartArray {
            return Err(self.lexer.fault("It must be an Array followed with $or."));
        }
        let mut all = Vec::new();
        let mut objects = 0;
        loop {
            match self.lexer.next()? {
                Token::EndArray => break,
                Token::StartObject => {}
                _ => {
                    return Err(self
                        .lexer
                        .fault("Only JSON object is allowed in array of $or relationship."));
                }
            }
            objects += 1;
            self.branches = if before.is_empty() { vec![Draft::new()] } else { before.clone() };
            self.object(true)?;
            all.append(&mut self.branches);
            if all.len() > BRANCHES_MAX {
                let reason = "Rule is too complex - try using fewer combinations of $or relationships";
                return Err(PatternError::without_position(Kind::Limit, reason));
            }
        }
        if objects < 2 {
            return Err(self.lexer.fault("There must have at least 2 Objects in $or relationship."));
        }
        self.branches = all;
        Ok(())
    }

    /// The alternatives of a field, whose start was read.
    fn list(&mut self) -> Result<()> {
        let mut matchers = Vec::new();
        loop {
            match self.lexer.next()? {
                Token::EndArray => break,
                Token::StartObject => matchers.push(expression::read(&mut self.lexer, self.dialect)?),
                Token::Text => matchers.push(expression::exact_text(&self.lexer.text()?)),
                Token::Number => matchers.push(expression::exact_number(&self.lexer.text()?)),
                Token::True | Token::False | Token::Null => {
                    matchers.push(Matcher::Literal((&*self.lexer.text()?).into()));
                }
                _ => {
                    return Err(self.lexer.fault("Match value must be String, number, true, false, or null"));
                }
            }
        }
        if matchers.is_empty() {
            return Err(self.lexer.fault("Empty arrays are not allowed"));
        }
        self.path_bytes += self.path.len();
        if self.path_bytes > PATH_BYTES_MAX {
            let reason = "Rule is too complex - try using fewer or shorter field names";
            return Err(PatternError::without_position(Kind::Limit, reason));
        }
        self.put(Condition::new(&self.path, matchers));
        Ok(())
    }

    fn put(&mut self, condition: Condition) {
        if self.branches.is_empty() {
            self.branches.push(Draft::new());
        }
        let number = self.conditions.len() as u32;
        for branch in &mut self.branches {
            match branch.iter_mut().find(|old| self.conditions[**old as usize].path == condition.path) {
                Some(old) => *old = number,
                None => branch.push(number),
            }
        }
        self.conditions.push(condition);
    }

    /// Conditions stand in the order of their paths, by UTF-16 units: whether a field is absent is asked of the array
    /// elements that the conditions before it chose.
    fn finish(mut self) -> Parts {
        let conditions = self.conditions;
        for branch in &mut self.branches {
            branch.sort_by(|a, b| {
                let (a, b) = (&conditions[*a as usize].path, &conditions[*b as usize].path);
                if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
            });
        }
        let branches = self.branches.into_iter().map(Vec::into_boxed_slice).collect();
        Parts { conditions: conditions.into(), branches }
    }
}
