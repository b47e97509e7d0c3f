//! Match expressions: `{"prefix": …}` and its like.

use super::{Dialect, Result, anything_but, numeric};
use crate::address::AddressRange;
use crate::error::{Kind, PatternError};
use crate::fold::Folded;
use crate::lexer::{Lexer, Token};
use crate::matcher::Matcher;
use crate::number::Comparable;
use crate::wildcard::Wildcard;

const ONE_KEY: &str = "Only one key allowed in match expression";

/// A string in a list. One that is an IP address is compared as such.
pub(super) fn exact_text(text: &str) -> Matcher {
    AddressRange::one(text)
        .map_or_else(|| Matcher::Text(text.into()), |range| Matcher::Address(Box::new(range)))
}

/// A number in a list.
pub(super) fn exact_number(literal: &str) -> Matcher {
    Comparable::parse(literal).map_or_else(|| Matcher::Literal(literal.into()), Matcher::Number)
}

/// An expression whose start was read.
pub(super) fn read(lexer: &mut Lexer<'_>, dialect: Dialect) -> Result<Matcher> {
    if lexer.next()? != Token::Name {
        return Err(lexer.fault("Match expression name not found"));
    }
    let operator = lexer.name();
    let matcher = match &*operator {
        "exactly" => Matcher::Text((&*string(lexer, "exact")?).into()),
        "prefix" => return affix(lexer, dialect, "prefix"),
        "suffix" => return affix(lexer, dialect, "suffix"),
        "numeric" => return numeric::read(lexer),
        "anything-but" => return anything_but::read(lexer, dialect),
        "exists" => match lexer.next()? {
            Token::True => Matcher::Exists,
            Token::False => Matcher::Absent,
            _ => return Err(lexer.fault("exists match pattern must be either true or false.")),
        },
        // The library's message names the wrong operator, and so does the service.
        "cidr" => AddressRange::cidr(&string(lexer, "prefix")?)
            .map(|range| Matcher::Address(Box::new(range)))
            .map_err(|reason| PatternError::without_position(Kind::Pattern, reason))?,
        "equals-ignore-case" => Matcher::Folded(Folded::new(&string(lexer, "equals-ignore-case")?)),
        "wildcard" => {
            let text = string(lexer, "wildcard")?;
            Matcher::Wildcard(Wildcard::parse(&text).map_err(|reason| lexer.fault(reason))?)
        }
        other => return Err(lexer.fault(format!("Unrecognized match type {other}"))),
    };
    end(lexer)?;
    Ok(matcher)
}

/// The value of an operator that takes a string.
fn string(lexer: &mut Lexer<'_>, operator: &str) -> Result<String> {
    if lexer.next()? != Token::Text {
        return Err(lexer.fault(format!("{operator} match pattern must be a string")));
    }
    Ok(lexer.text()?.into_owned())
}

fn end(lexer: &mut Lexer<'_>) -> Result<()> {
    if lexer.next()? == Token::EndObject { Ok(()) } else { Err(lexer.fault(ONE_KEY)) }
}

/// `prefix` and `suffix`: a string, or an object with `equals-ignore-case`.
fn affix(lexer: &mut Lexer<'_>, dialect: Dialect, operator: &str) -> Result<Matcher> {
    let is_prefix = operator == "prefix";
    match lexer.next()? {
        Token::Text => {
            let text = (&*lexer.text()?).into();
            end(lexer)?;
            Ok(if is_prefix { Matcher::Prefix(text) } else { Matcher::Suffix(text) })
        }
        Token::StartObject if dialect == Dialect::EventPattern => {
            if lexer.next()? != Token::Name {
                let capital = if is_prefix { "Prefix" } else { "Suffix" };
                return Err(lexer.fault(format!("{capital} expression name not found")));
            }
            let inner = lexer.name();
            if inner != "equals-ignore-case" {
                return Err(lexer.fault(format!("Unsupported {operator} pattern: {inner}")));
            }
            let text = Folded::new(&string(lexer, "equals-ignore-case")?);
            end(lexer)?;
            end(lexer)?;
            Ok(if is_prefix { Matcher::PrefixFolded(text) } else { Matcher::SuffixFolded(text) })
        }
        _ => Err(lexer.fault(format!("{operator} match pattern must be a string"))),
    }
}
