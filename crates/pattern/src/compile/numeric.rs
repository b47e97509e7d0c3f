//! `numeric`: a comparison, or two that make a range.

use super::Result;
use crate::lexer::{Lexer, Token};
use crate::matcher::Matcher;
use crate::number::Comparable;

const TOO_MANY: &str = "Too many elements in numeric expression";

/// The value of `numeric`, and the end of the expression.
pub(super) fn read(lexer: &mut Lexer<'_>) -> Result<Matcher> {
    if lexer.next()? != Token::StartArray {
        return Err(lexer.fault("Value of numeric must be an array."));
    }
    let matcher = comparison(lexer)?;
    if lexer.next()? == Token::EndObject { Ok(matcher) } else { Err(lexer.fault(TOO_MANY)) }
}

fn comparison(lexer: &mut Lexer<'_>) -> Result<Matcher> {
    if lexer.next()? != Token::Text {
        let member = lexer.text()?;
        return Err(lexer.fault(format!("Invalid member in numeric match: {member}")));
    }
    let operator = lexer.text()?;
    let token = lexer.next()?;
    let named = match &*operator {
        "=" => "equals",
        "<" | "<=" | ">" | ">=" => &*operator,
        other => return Err(lexer.fault(format!("Unrecognized numeric range operator: {other}"))),
    };
    if token != Token::Number {
        return Err(lexer.fault(format!("Value of {named} must be numeric")));
    }
    let literal = lexer.text()?;
    let token = lexer.next()?;
    if token != Token::EndArray {
        return match &*operator {
            ">" | ">=" => range(lexer, token, &literal, &operator == ">"),
            _ => Err(lexer.fault(TOO_MANY)),
        };
    }
    let number = comparable(lexer, &literal)?;
    Ok(match &*operator {
        "=" => Matcher::Number(number),
        "<" => Matcher::Range(Comparable::MIN, number.down()),
        "<=" => Matcher::Range(Comparable::MIN, number),
        ">" => Matcher::Range(number.up(), Comparable::MAX),
        _ => Matcher::Range(number, Comparable::MAX),
    })
}

fn range(lexer: &mut Lexer<'_>, token: Token, bottom: &str, above: bool) -> Result<Matcher> {
    if token != Token::Text {
        let value = lexer.text()?;
        return Err(lexer.fault(format!("Bad value in numeric range: {value}")));
    }
    let operator = lexer.text()?;
    if !matches!(&*operator, "<" | "<=") {
        return Err(lexer.fault(format!("Bad numeric range operator: {operator}")));
    }
    if lexer.next()? != Token::Number {
        return Err(lexer.fault(format!("Value of {operator} must be numeric")));
    }
    let top = lexer.text()?;
    if lexer.next()? != Token::EndArray {
        return Err(lexer.fault("Too many terms in numeric range expression"));
    }
    let (bottom, top) = (comparable(lexer, bottom)?, comparable(lexer, &top)?);
    if bottom >= top {
        return Err(lexer.fault("Bottom must be less than top"));
    }
    let bottom = if above { bottom.up() } else { bottom };
    Ok(Matcher::Range(bottom, if &operator == "<" { top.down() } else { top }))
}

fn comparable(lexer: &Lexer<'_>, literal: &str) -> Result<Comparable> {
    Comparable::parse(literal).ok_or_else(|| lexer.fault(format!("Cannot compare number : {literal}")))
}
