//! Attributes of platform applications: names, values, and what is shown of them.
//!
//! AWS: API_CreatePlatformApplication, API_SetPlatformApplicationAttributes, API_GetPlatformApplicationAttributes.

use std::collections::BTreeMap;

use aws::Arn;
use service::Error;
use shape::Map;

use crate::errors::{
    attribute_without_partner, invalid_attribute, invalid_attribute_name, invalid_attribute_value,
    invalid_parameter, platform_not_supported,
};

/// The push services. AWS names Firebase `GCM`, as it was once called.
const PLATFORMS: [&str; 11] = [
    "ADM",
    "APNS",
    "APNS_SANDBOX",
    "APNS_VOIP",
    "APNS_VOIP_SANDBOX",
    "BAIDU",
    "GCM",
    "MACOS",
    "MACOS_SANDBOX",
    "MPNS",
    "WNS",
];
const CREDENTIAL: &str = "PlatformCredential";
const PRINCIPAL: &str = "PlatformPrincipal";
/// They tell a topic what becomes of an application's endpoints.
const EVENTS: [&str; 4] =
    ["EventEndpointCreated", "EventEndpointDeleted", "EventEndpointUpdated", "EventDeliveryFailure"];
const FEEDBACK_ROLES: [&str; 2] = ["SuccessFeedbackRoleArn", "FailureFeedbackRoleArn"];
const APPLE: [&str; 2] = ["ApplePlatformTeamID", "ApplePlatformBundleID"];
const SECRETS: [&str; 2] = [CREDENTIAL, PRINCIPAL];

/// Refuses a platform nobody pushes through.
pub(crate) fn check_platform(platform: &str) -> Result<(), Error> {
    if PLATFORMS.contains(&platform) { Ok(()) } else { Err(platform_not_supported(platform)) }
}

/// Refuses what is no name of an application: 1 to 256 of `A-Z a-z 0-9 _ - .`
pub(crate) fn check_name(name: &str) -> Result<(), Error> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    let is_name = (1..=256).contains(&name.len()) && name.bytes().all(fits);
    if is_name { Ok(()) } else { Err(invalid_parameter("Name")) }
}

/// Refuses an application without credentials, or with half of them. GCM has no principal.
pub(crate) fn check_credentials(platform: &str, attributes: &Map<String>) -> Result<(), Error> {
    match (attributes.contains_key(PRINCIPAL), attributes.contains_key(CREDENTIAL)) {
        (true, false) => Err(attribute_without_partner(PRINCIPAL, CREDENTIAL)),
        (false, true) if platform != "GCM" => Err(attribute_without_partner(CREDENTIAL, PRINCIPAL)),
        (false, false) => Err(invalid_attribute("PlatformCredential attribute is required")),
        _ => Ok(()),
    }
}

/// Reads attributes to be set; an empty value takes one back to its default.
pub(crate) fn read_changes(attributes: Map<String>) -> Result<BTreeMap<String, Option<String>>, Error> {
    let read = |(name, value): (String, String)| {
        let value = if value.is_empty() { None } else { Some(checked(&name, value)?) };
        if value.is_none() && !is_known(&name) {
            return Err(invalid_attribute_name(&name));
        }
        Ok((name, value))
    };
    attributes.into_iter().map(read).collect()
}

fn is_known(name: &str) -> bool {
    let lists: [&[&str]; 4] = [&EVENTS, &FEEDBACK_ROLES, &APPLE, &SECRETS];
    lists.iter().any(|list| list.contains(&name)) || ["Enabled", "SuccessFeedbackSampleRate"].contains(&name)
}

fn checked(name: &str, value: String) -> Result<String, Error> {
    match name {
        "Enabled" => enabled(&value).map(|enabled| enabled.to_string()),
        "SuccessFeedbackSampleRate" => match value.parse::<u8>() {
            Ok(0..=100) => Ok(value),
            _ => Err(invalid_attribute_value(name, "must be a number from 0 to 100")),
        },
        name if EVENTS.contains(&name) => match Arn::parse(&value) {
            Some(arn) if arn.service == "sns" => Ok(value),
            _ => Err(invalid_attribute_value(name, "must be the ARN of a topic")),
        },
        name if FEEDBACK_ROLES.contains(&name) => match Arn::parse(&value) {
            Some(arn) if arn.service == "iam" => Ok(value),
            _ => Err(invalid_attribute_value(name, "must be the ARN of a role")),
        },
        name if is_known(name) => Ok(value),
        name => Err(invalid_attribute_name(name)),
    }
}

/// `Enabled`, of an application or an endpoint.
pub(super) fn enabled(value: &str) -> Result<bool, Error> {
    match value.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(invalid_attribute_value("Enabled", "must be true or false")),
    }
}

/// What is shown of an application: what was set but for its secrets, and whether it is enabled.
pub(crate) fn shown(attributes: &BTreeMap<String, String>) -> Map<String> {
    let enabled = ("Enabled".to_owned(), "true".to_owned());
    let open = attributes.iter().filter(|(name, _)| !SECRETS.contains(&name.as_str()));
    std::iter::once(enabled).chain(open.map(|(name, value)| (name.clone(), value.clone()))).collect()
}

/// How an application proves itself to Apple or Firebase, which only GetPlatformApplicationAttributes tells. Of Firebase's
/// old keys, the method from before there were two, it tells nothing.
///
/// AWS: API_GetPlatformApplicationAttributes, AuthenticationMethod.
pub(crate) fn authentication_method(
    platform: &str,
    attributes: &BTreeMap<String, String>,
) -> Option<&'static str> {
    let credential = attributes.get(CREDENTIAL).map_or("", String::as_str);
    match platform {
        "APNS" | "APNS_SANDBOX" if attributes.contains_key(APPLE[0]) => Some("token"),
        "APNS" | "APNS_SANDBOX" => Some("certificate"),
        "GCM" if credential.trim_start().starts_with('{') => Some("token"),
        _ => None,
    }
}
