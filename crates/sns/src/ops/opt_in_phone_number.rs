//! OptInPhoneNumber.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::OptInPhoneNumberInput;
use crate::api::outputs::OptInPhoneNumberOutput;
use crate::mobile;
use crate::store::sms;

/// A phone that never opted out is no error. Recorded: test_opt_in_non_existing_phone_number. AWS takes a phone in again
/// once in thirty days only, which would help no test.
pub(crate) async fn opt_in_phone_number(
    sns: &Sns,
    call: &Call,
    input: OptInPhoneNumberInput,
) -> Result<OptInPhoneNumberOutput, Error> {
    let number = mobile::phone(&input.phone_number)?;
    let owner = mobile::owner(call);
    sns.write(move |ledger| Ok(sms::delete_opt_out(ledger.tx, &owner, &number)?)).await?;
    Ok(OptInPhoneNumberOutput {})
}
