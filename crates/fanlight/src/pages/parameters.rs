//! The parameters of our own pages. One that a page does not know is refused, because what it was meant to spare would
//! be deleted otherwise. Pages that users of other emulators depend on take what comes, as those do.

use std::borrow::Cow;

use aws::{AccountId, Region};
use http::request::Parts;
use server::Visit;

use crate::config::suggest;

/// The two names of one parameter.
const ACCOUNT: &str = "account";
const ACCOUNT_ID: &str = "accountId";

/// Refuses a parameter that is not `known`, and one that is there twice.
pub(super) fn check(visit: &Visit, known: &[&str]) -> Result<(), String> {
    let mut seen: Vec<Cow<'_, str>> = Vec::new();
    for (name, _) in pairs(&visit.parts) {
        if !known.contains(&&*name) {
            return Err(unknown(&name, known));
        }
        let meant = if name == ACCOUNT_ID { Cow::Borrowed(ACCOUNT) } else { name };
        if seen.contains(&meant) {
            return Err(format!("The parameter {meant} is there twice."));
        }
        seen.push(meant);
    }
    Ok(())
}

/// Refuses a body that says something: what it says would be ignored.
pub(super) fn check_no_body(visit: &Visit) -> Result<(), String> {
    match visit.body.trim_ascii() {
        b"" | b"{}" | b"null" => Ok(()),
        _ => Err("This page takes no body; its parameters stand in the URL.".to_owned()),
    }
}

/// A parameter of the URL.
pub(super) fn parameter(parts: &Parts, name: &str) -> Option<String> {
    pairs(parts).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// A parameter that has to be readable if it is there; if it is not, what is `wanted`.
pub(super) fn parsed<T>(
    parts: &Parts,
    name: &str,
    read: impl FnOnce(&str) -> Option<T>,
    wanted: &'static str,
) -> Result<Option<T>, &'static str> {
    parameter(parts, name).map(|text| read(&text).ok_or(wanted)).transpose()
}

/// `?account=` or `?accountId=`
pub(super) fn account(parts: &Parts) -> Result<Option<AccountId>, &'static str> {
    let name = if parameter(parts, ACCOUNT).is_some() { ACCOUNT } else { ACCOUNT_ID };
    parsed(parts, name, AccountId::parse, "An account has twelve digits.")
}

/// `?region=`
pub(super) fn region(parts: &Parts) -> Result<Option<Region>, &'static str> {
    parsed(parts, "region", Region::parse, "A region is written like us-east-1.")
}

fn pairs(parts: &Parts) -> form_urlencoded::Parse<'_> {
    form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
}

fn unknown(name: &str, known: &[&str]) -> String {
    let hint = match (suggest::closest(name, known.iter().copied()), known) {
        (Some(meant), _) => format!("did you mean {meant}?"),
        (None, []) => "it takes none.".to_owned(),
        (None, known) => format!("it knows {}.", known.join(", ")),
    };
    format!("This page does not know the parameter {name:?}; {hint}")
}

#[cfg(test)]
mod tests {
    use super::unknown;

    #[test]
    fn what_was_meant_is_named() {
        let known = ["account", "accountId", "service"];
        for (name, known, expected) in [
            ("acount", &known[..], "did you mean account?"),
            ("AccountID", &known[..], "did you mean accountId?"),
            ("region", &known[..], "it knows account, accountId, service."),
            ("x", &[], "it takes none."),
        ] {
            let sentence = format!("This page does not know the parameter {name:?}; {expected}");
            assert_eq!(unknown(name, known), sentence);
        }
    }
}
