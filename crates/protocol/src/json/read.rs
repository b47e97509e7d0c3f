//! A JSON tree as a source. The sentences are those AWS's own framework answers with a `SerializationException`;
//! an empty one stands for an answer without a message.

use std::borrow::Cow;
use std::mem;

use shape::{EachMember, ListSchema, MapSchema, Source, StructureSchema, Unreadable};

use super::Json;

type Read<T> = Result<T, Unreadable>;

impl Json<'_> {
    /// Why this value is not a `wanted`.
    fn unfit(&self, wanted: &str) -> Unreadable {
        let found = match self {
            Json::List(_) => return found_list(),
            Json::Object(_) => return found_structure(),
            Json::Null => "NULL_VALUE",
            Json::Boolean(true) => "TRUE_VALUE",
            Json::Boolean(false) => "FALSE_VALUE",
            Json::Whole(_) | Json::Fraction(_) => "NUMBER_VALUE",
            Json::Text(_) => "STRING_VALUE",
        };
        Unreadable(format!("{found} can not be converted to {wanted}"))
    }

    /// Why this value is none of the compound kind the schema asks for.
    fn not_compound(&self, wanted: &str) -> Unreadable {
        match self {
            Json::List(_) => found_list(),
            Json::Object(_) => found_structure(),
            _ => Unreadable(wanted.to_owned()),
        }
    }

    fn text(&mut self, wanted: &str) -> Read<Cow<'_, str>> {
        match self {
            Json::Text(text) => Ok(mem::take(text)),
            other => Err(other.unfit(wanted)),
        }
    }
}

fn found_list() -> Unreadable {
    Unreadable("Start of list found where not expected".to_owned())
}

fn found_structure() -> Unreadable {
    Unreadable("Start of structure or map found where not expected.".to_owned())
}

impl Source for Json<'_> {
    fn string(&mut self) -> Read<String> {
        self.text("a String").map(Cow::into_owned)
    }

    fn integer(&mut self) -> Read<i32> {
        let wanted = "an Integer";
        let whole = match self {
            Json::Whole(value) => *value,
            Json::Fraction(value) => truncated(*value).ok_or_else(|| self.unfit(wanted))?,
            other => return Err(other.unfit(wanted)),
        };
        i32::try_from(whole).map_err(|_| self.unfit(wanted))
    }

    fn long(&mut self) -> Read<i64> {
        match self {
            Json::Whole(value) => Ok(*value),
            Json::Fraction(value) => truncated(*value).ok_or_else(|| self.unfit("a Long")),
            other => Err(other.unfit("a Long")),
        }
    }

    fn double(&mut self) -> Read<f64> {
        match self {
            Json::Whole(value) => Ok(*value as f64),
            Json::Fraction(value) => Ok(*value),
            other => Err(other.unfit("a Double")),
        }
    }

    fn boolean(&mut self) -> Read<bool> {
        match self {
            Json::Boolean(value) => Ok(*value),
            other => Err(other.unfit("a Boolean")),
        }
    }

    fn blob(&mut self) -> Read<Vec<u8>> {
        crate::base64::decode(&self.text("a Blob")?)
    }

    fn timestamp(&mut self) -> Read<i64> {
        let wanted = "milliseconds since epoch";
        let at_ms = match self {
            Json::Whole(secs) => secs.checked_mul(1000),
            Json::Fraction(secs) => truncated((*secs * 1000.0).round()),
            other => return Err(other.unfit(wanted)),
        };
        at_ms.ok_or_else(|| self.unfit(wanted))
    }

    fn list(
        &mut self,
        _schema: &'static ListSchema,
        item: &mut dyn FnMut(&mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        match self {
            Json::List(items) => items.iter_mut().try_for_each(|value| item(value)),
            other => Err(other.not_compound("Expected list or null")),
        }
    }

    fn map(
        &mut self,
        _schema: &'static MapSchema,
        entry: &mut dyn FnMut(String, &mut dyn Source) -> Read<()>,
    ) -> Read<()> {
        let Json::Object(members) = self else { return Err(self.not_compound("Expected map or null")) };
        let present = members.iter_mut().filter(|(_, value)| *value != Json::Null);
        for (key, value) in present {
            entry(mem::take(key).into_owned(), value)?;
        }
        Ok(())
    }

    fn structure(&mut self, schema: &'static StructureSchema, member: &mut EachMember<'_>) -> Read<()> {
        let Json::Object(members) = self else { return Err(self.not_compound("Expected structure or null")) };
        for (index, wanted) in schema.members.iter().enumerate() {
            let present = members.iter_mut().find(|(name, _)| name == wanted.name);
            let value = present.map(|(_, value)| value).filter(|value| **value != Json::Null);
            member(index, value.map(|value| value as &mut dyn Source))?;
        }
        Ok(())
    }
}

/// AWS cuts the decimals off where it wants a whole number: 10.9 is 10.
fn truncated(value: f64) -> Option<i64> {
    const TWO_TO_63: f64 = 9_223_372_036_854_775_808.0;
    let whole = value.trunc();
    (-TWO_TO_63..TWO_TO_63).contains(&whole).then_some(whole as i64)
}
