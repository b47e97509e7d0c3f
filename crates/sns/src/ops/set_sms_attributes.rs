//! SetSMSAttributes.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::SetSMSAttributesInput;
use crate::api::outputs::SetSMSAttributesOutput;
use crate::mobile::owner;
use crate::rules::sms_attributes;
use crate::store::sms;

pub(crate) async fn set_sms_attributes(
    sns: &Sns,
    call: &Call,
    input: SetSMSAttributesInput,
) -> Result<SetSMSAttributesOutput, Error> {
    input.attributes.iter().try_for_each(|(name, value)| sms_attributes::check(name, value))?;
    let owner = owner(call);
    sns.write(move |ledger| {
        for (name, value) in input.attributes.iter() {
            match value.as_str() {
                "" => sms::unset_attribute(ledger.tx, &owner, name)?,
                value => sms::set_attribute(ledger.tx, &owner, name, value)?,
            }
        }
        Ok(SetSMSAttributesOutput {})
    })
    .await
}
