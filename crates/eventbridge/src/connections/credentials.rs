//! What a connection knows to say who it is, and how the store keeps it.

use std::fmt;

use serde_json::{Value, json};

use crate::api::types::{ConnectionHttpParameters, CreateConnectionAuthRequestParameters};
use crate::store::kept;

/// `AuthParameters` as they were given.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Credentials(pub(crate) CreateConnectionAuthRequestParameters);

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Credentials {
    /// JSON with the model's names, which [`from_text`](Self::from_text) reads. No answer of the API has this shape, so
    /// that nothing writes it but this.
    pub(crate) fn to_text(&self) -> String {
        let given = &self.0;
        let mut kept = json!({});
        if let Some(basic) = &given.basic_auth_parameters {
            kept["BasicAuthParameters"] = json!({ "Username": basic.username, "Password": basic.password });
        }
        if let Some(key) = &given.api_key_auth_parameters {
            kept["ApiKeyAuthParameters"] =
                json!({ "ApiKeyName": key.api_key_name, "ApiKeyValue": key.api_key_value });
        }
        if let Some(o_auth) = &given.o_auth_parameters {
            let client = &o_auth.client_parameters;
            kept["OAuthParameters"] = json!({
                "ClientParameters": { "ClientID": client.client_id, "ClientSecret": client.client_secret },
                "AuthorizationEndpoint": o_auth.authorization_endpoint,
                "HttpMethod": o_auth.http_method,
            });
            if let Some(parameters) = &o_auth.o_auth_http_parameters {
                kept["OAuthParameters"]["OAuthHttpParameters"] = tree(parameters);
            }
        }
        if let Some(parameters) = &given.invocation_http_parameters {
            kept["InvocationHttpParameters"] = tree(parameters);
        }
        if let Some(private) = &given.connectivity_parameters {
            let arn = &private.resource_parameters.resource_configuration_arn;
            kept["ConnectivityParameters"] =
                json!({ "ResourceParameters": { "ResourceConfigurationArn": arn } });
        }
        kept.to_string()
    }

    pub(crate) fn from_text(text: &str) -> Self {
        Self(kept::from_text(text))
    }
}

fn tree(parameters: &ConnectionHttpParameters) -> Value {
    serde_json::from_str(&kept::to_text(parameters)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::Credentials;
    use crate::api::types::*;

    #[test]
    fn credentials_come_back_as_they_were_kept_and_are_not_shown() {
        let parameters = ConnectionHttpParameters {
            header_parameters: Some(vec![ConnectionHeaderParameter {
                key: Some("h".into()),
                value: Some("canary".into()),
                is_value_secret: Some(true),
            }]),
            ..Default::default()
        };
        let all = Credentials(CreateConnectionAuthRequestParameters {
            basic_auth_parameters: Some(CreateConnectionBasicAuthRequestParameters {
                username: "u".into(),
                password: "canary".into(),
            }),
            api_key_auth_parameters: Some(CreateConnectionApiKeyAuthRequestParameters {
                api_key_name: "k".into(),
                api_key_value: "canary".into(),
            }),
            o_auth_parameters: Some(CreateConnectionOAuthRequestParameters {
                authorization_endpoint: "https://a".into(),
                client_parameters: CreateConnectionOAuthClientRequestParameters {
                    client_id: "c".into(),
                    client_secret: "canary".into(),
                },
                http_method: "POST".into(),
                o_auth_http_parameters: Some(parameters.clone()),
            }),
            connectivity_parameters: Some(ConnectivityResourceParameters {
                resource_parameters: ConnectivityResourceConfigurationArn {
                    resource_configuration_arn: "arn:x".into(),
                },
            }),
            invocation_http_parameters: Some(parameters),
        });
        assert_eq!(Credentials::from_text(&all.to_text()), all);
        assert_eq!(format!("{all:?}"), "***");
    }
}
