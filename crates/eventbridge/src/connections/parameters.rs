//! `AuthParameters`: what is taken, what of it is shown, and what an update leaves.

use aws::Arn;
use service::Error;

use super::{Credentials, OAUTH};
use crate::api::types::*;
use crate::errors::{parameter_not_valid, parameter_not_valid_because};
use crate::store::connections::ConnectionRow;
use crate::url::is_endpoint;

/// Refuses parameters of another kind of authorization than the one given, and missing ones.
pub(crate) fn check(kind: &str, credentials: &Credentials) -> Result<(), Error> {
    let given = &credentials.0;
    let (name, complete) = match kind {
        "BASIC" => ("BasicAuthParameters", given.basic_auth_parameters.as_ref().map(basic_is_complete)),
        "API_KEY" => ("ApiKeyAuthParameters", given.api_key_auth_parameters.as_ref().map(key_is_complete)),
        OAUTH => ("OAuthParameters", given.o_auth_parameters.as_ref().map(o_auth_is_complete)),
        _ => return Err(parameter_not_valid("AuthorizationType")),
    };
    let kinds = usize::from(given.basic_auth_parameters.is_some())
        + usize::from(given.api_key_auth_parameters.is_some())
        + usize::from(given.o_auth_parameters.is_some());
    if complete != Some(true) {
        let reason = format!("{name} must be specified for authorization type {kind}.");
        return Err(parameter_not_valid_because("AuthParameters", &reason));
    }
    if kinds > 1 {
        let reason = format!("Only {name} can be specified for authorization type {kind}.");
        return Err(parameter_not_valid_because("AuthParameters", &reason));
    }
    if let Some(o_auth) = &given.o_auth_parameters {
        check_url("AuthorizationEndpoint", &o_auth.authorization_endpoint)?;
    }
    Ok(())
}

/// Refuses what is no URL to call.
pub(crate) fn check_url(parameter: &str, url: &str) -> Result<(), Error> {
    if is_endpoint(url) { Ok(()) } else { Err(parameter_not_valid(parameter)) }
}

fn basic_is_complete(given: &CreateConnectionBasicAuthRequestParameters) -> bool {
    !given.username.is_empty() && !given.password.is_empty()
}

fn key_is_complete(given: &CreateConnectionApiKeyAuthRequestParameters) -> bool {
    !given.api_key_name.is_empty() && !given.api_key_value.is_empty()
}

fn o_auth_is_complete(given: &CreateConnectionOAuthRequestParameters) -> bool {
    let client = &given.client_parameters;
    [&given.authorization_endpoint, &given.http_method, &client.client_id, &client.client_secret]
        .iter()
        .all(|text| !text.is_empty())
}

/// What answers show. Recorded: test_create_connection.
pub(crate) fn shown(row: &ConnectionRow, credentials: &Credentials) -> ConnectionAuthResponseParameters {
    let given = &credentials.0;
    ConnectionAuthResponseParameters {
        api_key_auth_parameters: given.api_key_auth_parameters.as_ref().map(|given| {
            ConnectionApiKeyAuthResponseParameters { api_key_name: Some(given.api_key_name.clone()) }
        }),
        basic_auth_parameters: given
            .basic_auth_parameters
            .as_ref()
            .map(|given| ConnectionBasicAuthResponseParameters { username: Some(given.username.clone()) }),
        connectivity_parameters: given
            .connectivity_parameters
            .as_ref()
            .map(|given| association(row, &given.resource_parameters.resource_configuration_arn)),
        invocation_http_parameters: given.invocation_http_parameters.as_ref().map(without_secrets),
        o_auth_parameters: given.o_auth_parameters.as_ref().map(|given| ConnectionOAuthResponseParameters {
            authorization_endpoint: Some(given.authorization_endpoint.clone()),
            client_parameters: Some(ConnectionOAuthClientResponseParameters {
                client_id: Some(given.client_parameters.client_id.clone()),
            }),
            http_method: Some(given.http_method.clone()),
            o_auth_http_parameters: given.o_auth_http_parameters.as_ref().map(without_secrets),
        }),
    }
}

/// Private connectivity goes through an association that the real service makes in VPC Lattice.
pub(crate) fn association(
    row: &ConnectionRow,
    configuration_arn: &str,
) -> DescribeConnectionConnectivityParameters {
    let id: String = row.uuid.chars().filter(char::is_ascii_hexdigit).take(17).collect();
    let resource = format!("servicenetworkresourceassociation/snra-{id}");
    let association = Arn::new("vpc-lattice", &row.region, &row.account, resource);
    DescribeConnectionConnectivityParameters {
        resource_parameters: DescribeConnectionResourceParameters {
            resource_association_arn: association.to_string(),
            resource_configuration_arn: configuration_arn.to_owned(),
        },
    }
}

/// The parameters without the values that are secret.
fn without_secrets(given: &ConnectionHttpParameters) -> ConnectionHttpParameters {
    let mut shown = given.clone();
    let secret = |is_secret: Option<bool>, value: &mut Option<String>| {
        if is_secret == Some(true) {
            *value = None;
        }
    };
    for parameter in shown.body_parameters.iter_mut().flatten() {
        secret(parameter.is_value_secret, &mut parameter.value);
    }
    for parameter in shown.header_parameters.iter_mut().flatten() {
        secret(parameter.is_value_secret, &mut parameter.value);
    }
    for parameter in shown.query_string_parameters.iter_mut().flatten() {
        secret(parameter.is_value_secret, &mut parameter.value);
    }
    shown
}

/// Whether there is a private API. AWS: EventBridge User Guide, "Updating connections": an empty ARN is how a connection
/// becomes one to a public API again.
pub(crate) fn is_private(given: &ConnectivityResourceParameters) -> bool {
    !given.resource_parameters.resource_configuration_arn.is_empty()
}

/// What counts of an update that leaves the kind of authorization as it is. AWS: EventBridge User Guide, "Updating
/// connections": parameters of another kind have no effect then.
pub(crate) fn of_kind(
    kind: &str,
    given: UpdateConnectionAuthRequestParameters,
) -> UpdateConnectionAuthRequestParameters {
    UpdateConnectionAuthRequestParameters {
        basic_auth_parameters: given.basic_auth_parameters.filter(|_| kind == "BASIC"),
        api_key_auth_parameters: given.api_key_auth_parameters.filter(|_| kind == "API_KEY"),
        o_auth_parameters: given.o_auth_parameters.filter(|_| kind == OAUTH),
        ..given
    }
}

/// What a connection knows after an update: what is left out stays, but parameters of another kind go.
pub(crate) fn updated(
    known: Option<Credentials>,
    kind: &str,
    given: UpdateConnectionAuthRequestParameters,
) -> Credentials {
    let known = known.unwrap_or_default().0;
    let is = |wanted: &str| kind == wanted;
    let basic = (known.basic_auth_parameters.filter(|_| is("BASIC")), given.basic_auth_parameters);
    let key = (known.api_key_auth_parameters.filter(|_| is("API_KEY")), given.api_key_auth_parameters);
    let o_auth = (known.o_auth_parameters.filter(|_| is(OAUTH)), given.o_auth_parameters);
    Credentials(CreateConnectionAuthRequestParameters {
        basic_auth_parameters: match basic {
            (known, Some(given)) => {
                let known = known.unwrap_or_default();
                Some(CreateConnectionBasicAuthRequestParameters {
                    username: given.username.unwrap_or(known.username),
                    password: given.password.unwrap_or(known.password),
                })
            }
            (known, None) => known,
        },
        api_key_auth_parameters: match key {
            (known, Some(given)) => {
                let known = known.unwrap_or_default();
                Some(CreateConnectionApiKeyAuthRequestParameters {
                    api_key_name: given.api_key_name.unwrap_or(known.api_key_name),
                    api_key_value: given.api_key_value.unwrap_or(known.api_key_value),
                })
            }
            (known, None) => known,
        },
        o_auth_parameters: match o_auth {
            (known, Some(given)) => Some(updated_o_auth(known.unwrap_or_default(), given)),
            (known, None) => known,
        },
        connectivity_parameters: given
            .connectivity_parameters
            .or(known.connectivity_parameters)
            .filter(is_private),
        invocation_http_parameters: given.invocation_http_parameters.or(known.invocation_http_parameters),
    })
}

fn updated_o_auth(
    known: CreateConnectionOAuthRequestParameters,
    given: UpdateConnectionOAuthRequestParameters,
) -> CreateConnectionOAuthRequestParameters {
    let client = given.client_parameters.unwrap_or_default();
    CreateConnectionOAuthRequestParameters {
        authorization_endpoint: given.authorization_endpoint.unwrap_or(known.authorization_endpoint),
        client_parameters: CreateConnectionOAuthClientRequestParameters {
            client_id: client.client_id.unwrap_or(known.client_parameters.client_id),
            client_secret: client.client_secret.unwrap_or(known.client_parameters.client_secret),
        },
        http_method: given.http_method.unwrap_or(known.http_method),
        o_auth_http_parameters: given.o_auth_http_parameters.or(known.o_auth_http_parameters),
    }
}
