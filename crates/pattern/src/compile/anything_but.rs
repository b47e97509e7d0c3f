//! `anything-but`: a value, a list of values, or an operator with a value or a list.

use super::{Dialect, Result};
use crate::error::{Kind, PatternError};
use crate::fold::Folded;
use crate::lexer::{Lexer, Token};
use crate::matcher::Matcher;
use crate::number::Comparable;
use crate::wildcard::Wildcard;

const TOO_MANY: &str = "Too many elements in numeric expression";

#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Folded,
    Prefix,
    Suffix,
    Wildcard,
}

/// The value of `anything-but`, and the end of the expression.
pub(super) fn read(lexer: &mut Lexer<'_>, dialect: Dialect) -> Result<Matcher> {
    let mut token = lexer.next()?;
    let mut operator = None;
    if token == Token::StartObject {
        if lexer.next()? != Token::Name {
            return Err(lexer.fault("Anything-But expression name not found"));
        }
        let name = lexer.name();
        if dialect == Dialect::FilterPolicy && name == "prefix" {
            return only_prefix(lexer);
        }
        operator = Some(match &*name {
            other if dialect == Dialect::FilterPolicy => {
                return Err(lexer.fault(format!("Unsupported anything-but pattern: {other}")));
            }
            "equals-ignore-case" => Operator::Folded,
            "prefix" => Operator::Prefix,
            "suffix" => Operator::Suffix,
            "wildcard" => Operator::Wildcard,
            other => return Err(lexer.fault(format!("Unsupported anything-but pattern: {other}"))),
        });
        token = lexer.next()?;
    }
    let matcher = match (token, operator) {
        (Token::StartArray, None) => match list(lexer) {
            Ok((texts, numbers)) => one_kind(lexer, texts, numbers)?,
            Err(error) => return Err(lexer.wrap(error)),
        },
        (Token::StartArray, Some(operator)) => match operands(lexer, operator) {
            Ok(texts) => finish(lexer, operator, &texts)?,
            Err(error) => return Err(lexer.wrap(error)),
        },
        (Token::Text, None) => Matcher::ButTexts([(&*lexer.text()?).into()].into()),
        (Token::Number, None) => Matcher::ButNumbers([comparable(&lexer.text()?)?].into()),
        (Token::Text | Token::Number, Some(operator)) => {
            let text = operand(lexer, operator, token)?;
            finish(lexer, operator, &[text])?
        }
        _ => {
            return Err(lexer.fault("Value of anything-but must be an array or single string/number value."));
        }
    };
    let objects = if operator.is_some() { 2 } else { 1 };
    for _ in 0..objects {
        if lexer.next()? != Token::EndObject {
            return Err(lexer.fault(TOO_MANY));
        }
    }
    Ok(matcher)
}

/// The value of `prefix`, as older versions of the library read it.
fn only_prefix(lexer: &mut Lexer<'_>) -> Result<Matcher> {
    if lexer.next()? != Token::Text {
        return Err(lexer.fault("prefix match pattern must be a string"));
    }
    let prefix = lexer.text()?;
    if prefix.is_empty() {
        return Err(lexer.fault("Null prefix not allowed"));
    }
    for _ in 0..2 {
        if lexer.next()? != Token::EndObject {
            return Err(lexer.fault("Only one key allowed in match expression"));
        }
    }
    Ok(Matcher::ButPrefixes([(&*prefix).into()].into()))
}

fn comparable(literal: &str) -> Result<Comparable> {
    Comparable::parse(literal).ok_or_else(|| {
        PatternError::without_position(Kind::Pattern, format!("Cannot compare number : {literal}"))
    })
}

fn list(lexer: &mut Lexer<'_>) -> Result<(Vec<Box<str>>, Vec<Comparable>)> {
    let (mut texts, mut numbers) = (Vec::new(), Vec::new());
    loop {
        match lexer.next()? {
            Token::EndArray => return Ok((texts, numbers)),
            Token::Text => texts.push((&*lexer.text()?).into()),
            Token::Number => numbers.push(comparable(&lexer.text()?)?),
            _ => return Err(lexer.fault("Inside anything but list, start|null|boolean is not supported.")),
        }
    }
}

fn one_kind(lexer: &Lexer<'_>, texts: Vec<Box<str>>, numbers: Vec<Comparable>) -> Result<Matcher> {
    match (texts.is_empty(), numbers.is_empty()) {
        (false, true) => Ok(Matcher::ButTexts(texts.into())),
        (true, false) => Ok(Matcher::ButNumbers(numbers.into())),
        _ => Err(lexer.fault(
            "Inside anything but list, either all values are number or string, mixed type is not supported",
        )),
    }
}

fn operands(lexer: &mut Lexer<'_>, operator: Operator) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    loop {
        match lexer.next()? {
            Token::EndArray => return Ok(texts),
            token => texts.push(operand(lexer, operator, token)?),
        }
    }
}

fn operand(lexer: &mut Lexer<'_>, operator: Operator, token: Token) -> Result<String> {
    if token != Token::Text {
        return Err(lexer.fault(match operator {
            Operator::Folded => {
                "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported."
            }
            Operator::Wildcard => "wildcard match pattern must be a string",
            Operator::Prefix | Operator::Suffix => "prefix/suffix match pattern must be a string",
        }));
    }
    let text = lexer.text()?;
    if text.is_empty() && matches!(operator, Operator::Prefix | Operator::Suffix) {
        return Err(lexer.fault("Null prefix/suffix not allowed"));
    }
    Ok(text.into_owned())
}

fn finish(lexer: &Lexer<'_>, operator: Operator, texts: &[String]) -> Result<Matcher> {
    let plain = || texts.iter().map(|text| text.as_str().into()).collect();
    Ok(match operator {
        Operator::Folded => Matcher::ButFolded(texts.iter().map(|text| Folded::new(text)).collect()),
        Operator::Prefix => Matcher::ButPrefixes(plain()),
        Operator::Suffix => Matcher::ButSuffixes(plain()),
        Operator::Wildcard => {
            let wildcards =
                texts.iter().map(|text| Wildcard::parse(text).map_err(|reason| lexer.fault(reason)));
            Matcher::ButWildcards(wildcards.collect::<Result<_>>()?)
        }
    })
}
