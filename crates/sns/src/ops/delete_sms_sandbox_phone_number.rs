//! DeleteSMSSandboxPhoneNumber.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::DeleteSMSSandboxPhoneNumberInput;
use crate::api::outputs::DeleteSMSSandboxPhoneNumberOutput;
use crate::errors::sandbox_phone_number_does_not_exist;
use crate::mobile;
use crate::store::sms;

pub(crate) async fn delete_sms_sandbox_phone_number(
    sns: &Sns,
    call: &Call,
    input: DeleteSMSSandboxPhoneNumberInput,
) -> Result<DeleteSMSSandboxPhoneNumberOutput, Error> {
    let number = mobile::phone(&input.phone_number)?;
    let owner = mobile::owner(call);
    sns.write(move |ledger| {
        if !sms::delete_sandbox_number(ledger.tx, &owner, &number)? {
            return Err(sandbox_phone_number_does_not_exist().into());
        }
        Ok(DeleteSMSSandboxPhoneNumberOutput {})
    })
    .await
}
