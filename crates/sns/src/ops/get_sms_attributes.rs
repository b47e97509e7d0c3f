//! GetSMSAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::GetSMSAttributesInput;
use crate::api::outputs::GetSMSAttributesOutput;
use crate::mobile::owner;
use crate::rules::sms_attributes;
use crate::store::sms;

pub(crate) async fn get_sms_attributes(
    sns: &Sns,
    call: &Call,
    input: GetSMSAttributesInput,
) -> Result<GetSMSAttributesOutput, Error> {
    let owner = owner(call);
    sns.read(move |read| {
        let set = sms::select_attributes(read, &owner)?;
        let attributes = sms_attributes::shown(set, input.attributes.as_deref());
        Ok(GetSMSAttributesOutput { attributes: Some(attributes) })
    })
    .await
}
