//! GetEndpointAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::GetEndpointAttributesInput;
use crate::api::outputs::GetEndpointAttributesOutput;
use crate::errors::endpoint_does_not_exist;
use crate::rules::{endpoint_attributes, platform_arn};
use crate::store::{platform_applications, platform_endpoints};

pub(crate) async fn get_endpoint_attributes(
    sns: &Sns,
    call: &Call,
    input: GetEndpointAttributesInput,
) -> Result<GetEndpointAttributesOutput, Error> {
    let key = platform_arn::endpoint("EndpointArn", &input.endpoint_arn, call)?;
    let account = call.account.clone();
    sns.read(move |read| {
        let application = platform_applications::find(read, &key.application)?;
        let application = application.filter(|row| row.key.account == account);
        let application = application.ok_or_else(endpoint_does_not_exist)?.id;
        let row = platform_endpoints::find(read, application, &key.uuid)?;
        let row = row.ok_or_else(endpoint_does_not_exist)?;
        Ok(GetEndpointAttributesOutput { attributes: Some(endpoint_attributes::shown(&row)) })
    })
    .await
}
