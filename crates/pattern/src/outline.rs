//! The outline of a pattern: how many values stand where. SNS's limits are counted on it.

use crate::compile::Result;
use crate::lexer::{Lexer, Token};

/// A pattern without its values.
pub(crate) enum Outline {
    /// A list, and how many values it has.
    List(u64),
    Fields(Vec<(String, Outline)>),
    /// The objects of a `$or`.
    Or(Vec<Outline>),
}

/// Reads the outline of a text that compiles as a pattern.
pub(crate) fn read(text: &str) -> Result<Outline> {
    let mut lexer = Lexer::new(text);
    lexer.next()?;
    fields(&mut lexer)
}

fn fields(lexer: &mut Lexer<'_>) -> Result<Outline> {
    let mut fields = Vec::new();
    while lexer.next()? != Token::EndObject {
        let name = lexer.name().into_owned();
        let is_object = lexer.next()? == Token::StartObject;
        let outline = if is_object {
            self::fields(lexer)?
        } else if name == "$or" {
            let mut objects = Vec::new();
            while lexer.next()? != Token::EndArray {
                objects.push(self::fields(lexer)?);
            }
            Outline::Or(objects)
        } else {
            Outline::List(values(lexer)?)
        };
        fields.push((name, outline));
    }
    Ok(Outline::Fields(fields))
}

/// Counts the values of a list; expressions count one each.
fn values(lexer: &mut Lexer<'_>) -> Result<u64> {
    let (mut count, mut depth) = (0, 0_u32);
    loop {
        let token = lexer.next()?;
        if depth == 0 {
            if token == Token::EndArray {
                return Ok(count);
            }
            count += 1;
        }
        match token {
            Token::StartObject | Token::StartArray => depth += 1,
            Token::EndObject | Token::EndArray => depth -= 1,
            _ => {}
        }
    }
}

impl Outline {
    /// The outermost keys.
    pub(crate) fn keys(&self) -> usize {
        match self {
            Outline::Fields(fields) => fields.len(),
            _ => 0,
        }
    }

    /// Whether a field is an object.
    pub(crate) fn is_nested(&self) -> bool {
        match self {
            Outline::List(_) => false,
            Outline::Or(objects) => objects.iter().any(Outline::is_nested),
            Outline::Fields(fields) => fields.iter().any(|(_, field)| match field {
                Outline::Fields(_) => true,
                other => other.is_nested(),
            }),
        }
    }

    /// Values side by side multiply, each counted as often as it is deep; the objects of a `$or` add up.
    pub(crate) fn combinations(&self, depth: u64) -> u64 {
        match self {
            Outline::List(values) => values.saturating_mul(depth),
            Outline::Or(objects) => {
                objects.iter().fold(0, |sum, object| sum.saturating_add(object.combinations(depth)))
            }
            Outline::Fields(fields) => fields.iter().fold(1, |product: u64, (_, field)| {
                let deeper = depth + u64::from(matches!(field, Outline::Fields(_)));
                product.saturating_mul(field.combinations(deeper))
            }),
        }
    }
}
