//! Attributes of an endpoint: its token, whether it is enabled, and data of the caller's own.
//!
//! AWS: API_CreatePlatformEndpoint, API_SetEndpointAttributes, API_GetEndpointAttributes.

use service::Error;
use shape::Map;

use super::platform_attributes::enabled;
use crate::errors::{custom_user_data_too_long, invalid_attribute_name, invalid_attribute_value};
use crate::store::platform_endpoints::EndpointRow;

/// AWS: API_CreatePlatformEndpoint, CustomUserData: "must be less than 2KB"; the recorded refusal says 2048 bytes.
pub(crate) const CUSTOM_USER_DATA_BYTES_MAX: usize = 2048;
const TOO_LONG: &str = "must be at most 2048 bytes long in UTF-8 encoding";

/// What is to be changed about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EndpointChanges {
    pub(crate) token: Option<String>,
    pub(crate) enabled: Option<bool>,
    pub(crate) custom_user_data: Option<String>,
}

impl EndpointChanges {
    /// Reads `Attributes`.
    pub(crate) fn read(attributes: Map<String>) -> Result<Self, Error> {
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
                "Token" => changes.token = Some(value),
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
