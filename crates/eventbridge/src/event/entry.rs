//! One entry of `PutEvents`: its size, and what is wrong with it.

use std::fmt;

use super::json;

/// What the entries of one request have to stay below together, in bytes. AWS: PutEvents, "the total entry size must be
/// less than 1 MB".
pub const TOTAL_SIZE_MAX: usize = 1024 * 1024;

/// What the time of an entry counts for, however it is written. AWS: "Calculating PutEvents event entry size".
const TIME_SIZE: usize = 14;

/// AWS: PutEvents, "DetailType", "Free-form string, with a maximum of 128 characters".
const DETAIL_TYPE_CHARS_MAX: usize = 128;

/// AWS: PutEvents "will only process nested JSON up to 1000 levels deep"; one level is the event around the detail, and
/// integers have 64 bits.
const DETAIL: json::Bounds = json::Bounds { depth_max: 999, int64: true };

/// Sources of AWS's own services.
const RESERVED_PREFIX: &str = "aws.";

/// An entry as it came in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry<'a> {
    /// Who says so.
    pub source: Option<&'a str>,
    /// What kind of event it is.
    pub detail_type: Option<&'a str>,
    /// A JSON object.
    pub detail: Option<&'a str>,
    /// The ARNs it is about.
    pub resources: &'a [String],
    /// Whether the sender gave a time.
    pub has_time: bool,
}

/// An entry that can become an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked<'a> {
    /// Who says so.
    pub source: &'a str,
    /// What kind of event it is.
    pub detail_type: &'a str,
    /// The JSON object without white space between its tokens, otherwise as it came.
    pub detail: String,
}

/// Why an entry fails. The others of the request do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryFault {
    /// A member is absent or empty.
    Required(&'static str),
    /// The detail type is too long.
    DetailTypeTooLong,
    /// The source belongs to AWS.
    ReservedSource,
    /// The detail is not a JSON object.
    MalformedDetail,
}

impl EntryFault {
    /// The `ErrorCode` of the result entry. AWS: API_PutEventsResultEntry.
    pub fn code(self) -> &'static str {
        match self {
            Self::Required(_) | Self::DetailTypeTooLong => "InvalidArgument",
            Self::ReservedSource => "NotAuthorizedForSourceException",
            Self::MalformedDetail => "MalformedDetail",
        }
    }
}

/// The `ErrorMessage` of the result entry. Recorded, but for the length of a detail type: its sentence is ours.
impl fmt::Display for EntryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required(name) => {
                write!(f, "Parameter {name} is not valid. Reason: {name} is a required argument.")
            }
            Self::DetailTypeTooLong => write!(
                f,
                "Parameter DetailType is not valid. Reason: DetailType must have at most \
                 {DETAIL_TYPE_CHARS_MAX} characters."
            ),
            Self::ReservedSource => f.write_str("Not authorized for the source."),
            Self::MalformedDetail => f.write_str("Detail is malformed."),
        }
    }
}

impl<'a> Entry<'a> {
    /// What the entry counts for towards [`TOTAL_SIZE_MAX`], in bytes of UTF-8.
    pub fn size(&self) -> usize {
        let texts = [self.source, self.detail_type, self.detail];
        let time = if self.has_time { TIME_SIZE } else { 0 };
        time + texts.into_iter().flatten().map(str::len).sum::<usize>()
            + self.resources.iter().map(String::len).sum::<usize>()
    }

    /// Whether the entry can become an event.
    pub fn check(&self) -> Result<Checked<'a>, EntryFault> {
        self.check_source(|source| !source.starts_with(RESERVED_PREFIX))
    }

    /// Whether an entry of `PutPartnerEvents` can become an event. Whose its source is, is not seen here.
    pub fn check_of_partner(&self) -> Result<Checked<'a>, EntryFault> {
        self.check_source(|_| true)
    }

    fn check_source(&self, may_say: impl Fn(&str) -> bool) -> Result<Checked<'a>, EntryFault> {
        let source = required("Source", self.source)?;
        let detail_type = required("DetailType", self.detail_type)?;
        let detail = required("Detail", self.detail)?;
        if detail_type.chars().count() > DETAIL_TYPE_CHARS_MAX {
            return Err(EntryFault::DetailTypeTooLong);
        }
        if !may_say(source) {
            return Err(EntryFault::ReservedSource);
        }
        let detail = json::compact(detail, DETAIL).filter(|detail| detail.starts_with('{'));
        Ok(Checked { source, detail_type, detail: detail.ok_or(EntryFault::MalformedDetail)? })
    }
}

fn required<'a>(name: &'static str, value: Option<&'a str>) -> Result<&'a str, EntryFault> {
    value.filter(|value| !value.is_empty()).ok_or(EntryFault::Required(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Entry<'_> = Entry {
        source: Some("s"),
        detail_type: Some("t"),
        detail: Some("{}"),
        resources: &[],
        has_time: false,
    };

    #[track_caller]
    fn refused(entry: Entry<'_>, code: &str, message: &str) {
        let fault = entry.check().expect_err("should be refused");
        assert_eq!((fault.code(), fault.to_string().as_str()), (code, message));
    }

    #[test]
    fn absent_and_empty_members_are_refused() {
        for (entry, name) in [
            (Entry { source: None, ..FULL }, "Source"),
            (Entry { source: Some(""), ..FULL }, "Source"),
            (Entry { detail_type: None, ..FULL }, "DetailType"),
            (Entry { detail_type: Some(""), ..FULL }, "DetailType"),
            (Entry { detail: None, ..FULL }, "Detail"),
            (Entry { detail: Some(""), ..FULL }, "Detail"),
            (Entry::default(), "Source"),
        ] {
            let message = format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
            refused(entry, "InvalidArgument", &message);
        }
    }

    #[test]
    fn a_detail_that_is_no_object_is_malformed() {
        let deep = |levels: usize| format!("{}1{}", "{\"a\":".repeat(levels), "}".repeat(levels));
        let (fits, too_deep) = (deep(999), deep(1_000));
        for detail in ["text", "[]", "\"{}\"", "{", "{} x", "null", "{\"a\": 9223372036854775808}", &too_deep]
        {
            refused(Entry { detail: Some(detail), ..FULL }, "MalformedDetail", "Detail is malformed.");
        }
        assert_eq!(
            Entry { detail: Some(&fits), ..FULL }.check().map(|checked| checked.detail.len()),
            Ok(fits.len())
        );
    }

    #[test]
    fn a_good_entry_keeps_the_tokens_of_its_detail() {
        let detail = "{\n  \"b\": 1.0,\n  \"a\": \"\\u00e9 \",\n \"big\": 1e400 }";
        let checked = Entry { detail: Some(detail), ..FULL }.check();
        let expected = "{\"b\":1.0,\"a\":\"\\u00e9 \",\"big\":1e400}".to_owned();
        assert_eq!(checked, Ok(Checked { source: "s", detail_type: "t", detail: expected }));
    }

    #[test]
    fn sources_of_aws_are_reserved() {
        let message = "Not authorized for the source.";
        refused(Entry { source: Some("aws.ec2"), ..FULL }, "NotAuthorizedForSourceException", message);
        for source in ["aws", "aws-some.thing", "AWS.ec2", "my.aws.ec2"] {
            assert!(Entry { source: Some(source), ..FULL }.check().is_ok(), "{source}");
        }
    }

    #[test]
    fn long_detail_types_are_refused() {
        let (fits, too_long) = ("ä".repeat(128), "ä".repeat(129));
        assert!(Entry { detail_type: Some(&fits), ..FULL }.check().is_ok());
        let fault = Entry { detail_type: Some(&too_long), ..FULL }.check();
        assert_eq!(fault, Err(EntryFault::DetailTypeTooLong));
    }

    #[test]
    fn sizes_count_bytes_and_fourteen_for_a_time() {
        let resources = ["arn:a".to_owned(), "ä".to_owned()];
        assert_eq!(FULL.size(), 4);
        assert_eq!(Entry { has_time: true, resources: &resources, ..FULL }.size(), 4 + 14 + 5 + 2);
        assert_eq!(Entry::default().size(), 0);
    }
}
