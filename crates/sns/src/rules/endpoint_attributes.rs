//! Attributes of an endpoint: its token, whether it is enabled, and data of the caller's own.
//!
//! AWS: API_CreatePlatformEndpoint, API_SetEndpointAttributes, API_GetEndpointAttributes.

use service::Error;
use shape::Map;

use super::platform_attributes::enabled;
use crate::errors::{
    custom_user_data_too_long, invalid_attribute_name, invalid_attribute_value, invalid_device_token,
    invalid_parameter,
};
use crate::store::platform_endpoints::EndpointRow;

/// AWS: API_CreatePlatformEndpoint, CustomUserData: "must be less than 2KB"; the recorded refusal says 2048 bytes.
pub(crate) const CUSTOM_USER_DATA_BYTES_MAX: usize = 2048;
const TOO_LONG: &str = "must be at most 2048 bytes long in UTF-8 encoding";

/// Recorded: react-native-device-info#1123.
const NO_IOS_TOKEN: &str = "iOS device tokens must be no more than 400 hexadecimal characters";
const IOS_TOKEN_CHARS_MAX: usize = 400;

/// What is to be changed about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EndpointChanges {
    pub(crate) token: Option<String>,
    pub(crate) enabled: Option<bool>,
    pub(crate) custom_user_data: Option<String>,
}

impl EndpointChanges {
    /// Reads `Attributes` of an endpoint on a platform.
    pub(crate) fn read(attributes: Map<String>, platform: &str) -> Result<Self, Error> {
        let mut changes = Self::default();
        for (name, value) in attributes {
            match name.as_str() {
                "CustomUserData" if value.len() > CUSTOM_USER_DATA_BYTES_MAX => {
                    return Err(invalid_attribute_value(&name, TOO_LONG));
                }
                "CustomUserData" => changes.custom_user_data = Some(value),
                "Enabled" => changes.enabled = Some(enabled(&value)?),
                "Token" if value.is_empty() => {
                    return Err(invalid_attribute_value(&name, "must not be empty"));
                }
                "Token" => {
                    check_form(platform, &value).map_err(|wanted| invalid_attribute_value(&name, wanted))?;
                    changes.token = Some(value);
                }
                _ => return Err(invalid_attribute_name(&name)),
            }
        }
        Ok(changes)
    }

    /// Applies them.
    pub(crate) fn apply(self, row: &mut EndpointRow) {
        if let Some(token) = self.token {
            row.token = token;
        }
        if let Some(enabled) = self.enabled {
            row.enabled = enabled;
        }
        if let Some(data) = self.custom_user_data {
            row.custom_user_data = Some(data).filter(|data| !data.is_empty());
        }
    }
}

/// Refuses `Token`, the parameter, if it is none of a device.
pub(crate) fn check_token(platform: &str, token: &str) -> Result<(), Error> {
    if token.is_empty() {
        return Err(invalid_parameter("Token"));
    }
    check_form(platform, token).map_err(invalid_device_token)
}

/// Refuses what is no token of a platform; nothing is known of the form of others than Apple's for iOS.
fn check_form(platform: &str, token: &str) -> Result<(), &'static str> {
    let fits = !platform.starts_with("APNS")
        || token.len() <= IOS_TOKEN_CHARS_MAX && token.bytes().all(|byte| byte.is_ascii_hexdigit());
    if fits { Ok(()) } else { Err(NO_IOS_TOKEN) }
}

/// Refuses `CustomUserData`, the parameter, if it is too long.
pub(crate) fn check_custom_user_data(data: Option<&str>) -> Result<(), Error> {
    match data {
        Some(data) if data.len() > CUSTOM_USER_DATA_BYTES_MAX => Err(custom_user_data_too_long()),
        _ => Ok(()),
    }
}

/// What is shown of an endpoint.
pub(crate) fn shown(row: &EndpointRow) -> Map<String> {
    let data = row.custom_user_data.clone().map(|data| ("CustomUserData", data));
    let always = [("Enabled", row.enabled.to_string()), ("Token", row.token.clone())];
    always.into_iter().chain(data).collect()
}

#[cfg(test)]
mod tests {
    use super::{NO_IOS_TOKEN, check_token};

    #[test]
    fn tokens_of_apples_are_hexadecimal() {
        let long = "a".repeat(400);
        for platform in ["APNS", "APNS_SANDBOX", "APNS_VOIP", "APNS_VOIP_SANDBOX"] {
            for token in ["0", "DEADbeef", &long] {
                assert!(check_token(platform, token).is_ok(), "{platform} {token}");
            }
            for token in ["not hex!", "token", &format!("{long}a")] {
                let expected = format!("Invalid parameter: Token Reason: {NO_IOS_TOKEN}");
                assert_eq!(check_token(platform, token).unwrap_err().message, expected, "{platform} {token}");
            }
        }
        for platform in ["GCM", "ADM", "MACOS"] {
            assert!(check_token(platform, "not hex!").is_ok(), "{platform}");
            assert_eq!(check_token(platform, "").unwrap_err().message, "Invalid parameter: Token");
        }
    }
}
