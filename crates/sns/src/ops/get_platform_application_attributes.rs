//! GetPlatformApplicationAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::GetPlatformApplicationAttributesInput;
use crate::api::outputs::GetPlatformApplicationAttributesOutput;
use crate::errors::platform_application_does_not_exist;
use crate::rules::platform_arn;
use crate::rules::platform_attributes::{authentication_method, shown};
use crate::store::platform_applications;

pub(crate) async fn get_platform_application_attributes(
    sns: &Sns,
    call: &Call,
    input: GetPlatformApplicationAttributesInput,
) -> Result<GetPlatformApplicationAttributesOutput, Error> {
    let key = platform_arn::application("PlatformApplicationArn", &input.platform_application_arn, call)?;
    let account = call.account.clone();
    sns.read(move |read| {
        let known = platform_applications::find(read, &key)?.filter(|row| row.key.account == account);
        let row = known.ok_or_else(platform_application_does_not_exist)?;
        let mut attributes = shown(&row.attributes);
        if let Some(method) = authentication_method(&key.platform, &row.attributes) {
            attributes.insert("AuthenticationMethod", method.to_owned());
        }
        Ok(GetPlatformApplicationAttributesOutput { attributes: Some(attributes) })
    })
    .await
}
