//! ListEndpointsByPlatformApplication.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListEndpointsByPlatformApplicationInput;
use crate::api::outputs::ListEndpointsByPlatformApplicationOutput;
use crate::api::types::Endpoint;
use crate::errors::platform_application_does_not_exist;
use crate::mobile;
use crate::rules::page::ITEMS_MAX;
use crate::rules::{endpoint_attributes, platform_arn};
use crate::store::{platform_applications, platform_endpoints};

pub(crate) async fn list_endpoints_by_platform_application(
    sns: &Sns,
    call: &Call,
    input: ListEndpointsByPlatformApplicationInput,
) -> Result<ListEndpointsByPlatformApplicationOutput, Error> {
    let key = platform_arn::application("PlatformApplicationArn", &input.platform_application_arn, call)?;
    let after = mobile::after_id(input.next_token.as_deref())?;
    let account = call.account.clone();
    sns.read(move |read| {
        let known = platform_applications::find(read, &key)?.filter(|row| row.key.account == account);
        let application = known.ok_or_else(platform_application_does_not_exist)?.id;
        let mut rows = platform_endpoints::select_page(read, application, after, ITEMS_MAX + 1)?;
        let next_token = mobile::cut(&mut rows, ITEMS_MAX, |row| row.id.to_string());
        let endpoints = rows.iter().map(|row| Endpoint {
            endpoint_arn: Some(key.endpoint_arn(&row.uuid)),
            attributes: Some(endpoint_attributes::shown(row)),
        });
        Ok(ListEndpointsByPlatformApplicationOutput { endpoints: Some(endpoints.collect()), next_token })
    })
    .await
}
