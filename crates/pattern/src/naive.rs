//! Matching in its plainest form: no hashes, no trie, every combination tried. The tests hold the rest against it.

use std::collections::BTreeMap;

use crate::event::{Value, ValueKind};
use crate::lexer::{Lexer, Token};
use crate::matcher::{Matcher, Probe};
use crate::pattern::{Condition, Pattern};

/// Which element of which array.
type Membership = BTreeMap<u32, u32>;

struct Field {
    path: String,
    value: Value<'static>,
    membership: Membership,
}

/// Whether an event matches a pattern.
pub(crate) fn matches(pattern: &Pattern, event: &str) -> bool {
    let fields = flatten(event);
    pattern.parts.branches.iter().any(|branch| {
        let conditions: Vec<&Condition> =
            branch.iter().map(|number| &pattern.parts.conditions[*number as usize]).collect();
        holds(&conditions, &fields, &Membership::new())
    })
}

/// Whether conditions hold together, given the array elements that those before them chose.
fn holds(conditions: &[&Condition], fields: &[Field], chosen: &Membership) -> bool {
    let Some((condition, rest)) = conditions.split_first() else { return true };
    let there: Vec<&Field> = fields
        .iter()
        .filter(|field| field.path == *condition.path && merge(chosen, &field.membership).is_some())
        .collect();
    let by_a_value = there.iter().any(|field| {
        let taken = condition.matchers.iter().any(|matcher| matcher.takes(&Probe::new(&field.value)));
        taken && merge(chosen, &field.membership).is_some_and(|chosen| holds(rest, fields, &chosen))
    });
    let absent = condition.matchers.contains(&Matcher::Absent) && there.is_empty();
    by_a_value || (absent && holds(rest, fields, chosen))
}

/// Both memberships together, if no array has them in different elements.
fn merge(one: &Membership, other: &Membership) -> Option<Membership> {
    let agree = other.iter().all(|(array, element)| one.get(array).is_none_or(|known| known == element));
    agree.then(|| one.iter().chain(other).map(|(array, element)| (*array, *element)).collect())
}

fn flatten(event: &str) -> Vec<Field> {
    let mut walk = Walk { lexer: Lexer::new(event), fields: Vec::new(), arrays: 0 };
    assert_eq!(walk.next(), Token::StartObject);
    walk.object(None, &Membership::new());
    walk.fields
}

struct Walk<'e> {
    lexer: Lexer<'e>,
    fields: Vec<Field>,
    arrays: u32,
}

impl Walk<'_> {
    fn next(&mut self) -> Token {
        self.lexer.next().expect("the event is JSON")
    }

    fn object(&mut self, path: Option<&str>, membership: &Membership) {
        while self.next() != Token::EndObject {
            let name = self.lexer.name();
            let hidden = path.is_some() && name.is_empty();
            let path = path.map_or_else(|| name.to_string(), |path| format!("{path}.{name}"));
            let token = self.next();
            let before = self.fields.len();
            self.value(token, &path, membership);
            if hidden {
                let values: Vec<Field> =
                    self.fields.drain(before..).filter(|field| field.path != path).collect();
                self.fields.extend(values);
            }
        }
    }

    fn value(&mut self, token: Token, path: &str, membership: &Membership) {
        let kind = match token {
            Token::StartObject => return self.object(Some(path), membership),
            Token::StartArray => {
                self.arrays += 1;
                return self.array(path, membership, self.arrays, &mut 0);
            }
            Token::Text => ValueKind::Text,
            Token::Number => ValueKind::Number,
            _ => ValueKind::Word,
        };
        let text = self.lexer.text().expect("the event is JSON").into_owned().into();
        let value = Value { kind, text };
        self.fields.push(Field { path: path.to_owned(), value, membership: membership.clone() });
    }

    fn array(&mut self, path: &str, membership: &Membership, array: u32, element: &mut u32) {
        loop {
            match self.next() {
                Token::EndArray => return,
                Token::StartArray => self.array(path, membership, array, element),
                Token::StartObject => {
                    let mut inside = membership.clone();
                    inside.insert(array, *element);
                    *element += 1;
                    self.object(Some(path), &inside);
                }
                token => self.value(token, path, membership),
            }
        }
    }
}
