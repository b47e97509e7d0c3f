//! VerifySMSSandboxPhoneNumber.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::VerifySMSSandboxPhoneNumberInput;
use crate::api::outputs::VerifySMSSandboxPhoneNumberOutput;
use crate::errors::{sandbox_phone_number_does_not_exist, wrong_one_time_password};
use crate::mobile;
use crate::store::sms;

pub(crate) async fn verify_sms_sandbox_phone_number(
    sns: &Sns,
    call: &Call,
    input: VerifySMSSandboxPhoneNumberInput,
) -> Result<VerifySMSSandboxPhoneNumberOutput, Error> {
    let number = mobile::phone(&input.phone_number)?;
    let owner = mobile::owner(call);
    sns.write(move |ledger| {
        let row = sms::find_sandbox_number(ledger.tx, &owner, &number)?;
        let mut row = row.ok_or_else(sandbox_phone_number_does_not_exist)?;
        if row.password != input.one_time_password {
            return Err(wrong_one_time_password().into());
        }
        row.verified = true;
        sms::set_sandbox_number(ledger.tx, &owner, &row)?;
        Ok(VerifySMSSandboxPhoneNumberOutput {})
    })
    .await
}
