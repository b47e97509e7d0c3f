//! SMS settings of an account in a region. AWS: API_SetSMSAttributes, API_GetSMSAttributes.

use std::collections::BTreeMap;

use aws::Arn;
use service::Error;
use shape::Map;

use crate::errors::{invalid_attribute_name, invalid_attribute_value};

/// What holds where nobody set anything. Recorded: test_get_sms_attributes_from_unmodified_region.
const DEFAULTS: [(&str, &str); 1] = [("MonthlySpendLimit", "1")];

/// Refuses a setting AWS refuses; an empty value takes one back to its default.
pub(crate) fn check(name: &str, value: &str) -> Result<(), Error> {
    let wanted = match name {
        "MonthlySpendLimit" if value.parse::<u64>().is_err() => "must be a whole number of US dollars",
        "DeliveryStatusIAMRole" if Arn::parse(value).is_none_or(|arn| arn.service != "iam") => {
            "must be the ARN of a role"
        }
        "DeliveryStatusSuccessSamplingRate" if !value.parse::<u8>().is_ok_and(|rate| rate <= 100) => {
            "must be a number from 0 to 100"
        }
        "DefaultSenderID" if !is_sender_id(value) => {
            "must be 1 to 11 letters and digits, at least one of them a letter"
        }
        "DefaultSMSType" if !["Promotional", "Transactional"].contains(&value) => {
            "must be Promotional or Transactional"
        }
        "MonthlySpendLimit"
        | "DeliveryStatusIAMRole"
        | "DeliveryStatusSuccessSamplingRate"
        | "DefaultSenderID"
        | "DefaultSMSType"
        | "UsageReportS3Bucket" => return Ok(()),
        _ => return Err(invalid_attribute_name(name)),
    };
    if value.is_empty() { Ok(()) } else { Err(invalid_attribute_value(name, wanted)) }
}

/// AWS: API_SetSMSAttributes, DefaultSenderID: 1 - 11 alphanumeric characters, at least one letter, no spaces.
fn is_sender_id(value: &str) -> bool {
    (1..=11).contains(&value.len())
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// What is shown: what was set over the defaults; of all that, those asked for, if any were.
pub(crate) fn shown(set: BTreeMap<String, String>, asked: Option<&[String]>) -> Map<String> {
    let defaults = DEFAULTS.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let all: Map<String> = defaults.into_iter().chain(set).collect();
    let wanted =
        |name: &str| asked.is_none_or(|asked| asked.is_empty() || asked.iter().any(|one| one == name));
    all.into_iter().filter(|(name, _)| wanted(name)).collect()
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn settings_are_checked() {
        for (name, value) in [
            ("MonthlySpendLimit", "10"),
            ("DefaultSenderID", "Shop24"),
            ("DefaultSMSType", "Promotional"),
            ("DefaultSMSType", ""),
            ("DeliveryStatusIAMRole", "arn:aws:iam::000000000000:role/r"),
            ("DeliveryStatusSuccessSamplingRate", "100"),
            ("UsageReportS3Bucket", "bucket"),
        ] {
            assert!(check(name, value).is_ok(), "{name}={value}");
        }
        for (name, value) in [
            ("Colour", "blue"),
            ("Colour", ""),
            ("MonthlySpendLimit", "much"),
            ("DefaultSenderID", "12345"),
            ("DefaultSenderID", "ABCDEFGHIJKL"),
            ("DefaultSenderID", "a b"),
            ("DefaultSMSType", "Urgent"),
            ("DeliveryStatusIAMRole", "role"),
            ("DeliveryStatusSuccessSamplingRate", "101"),
        ] {
            assert!(check(name, value).is_err(), "{name}={value}");
        }
    }
}
