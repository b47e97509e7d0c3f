//! CheckIfPhoneNumberIsOptedOut.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::CheckIfPhoneNumberIsOptedOutInput;
use crate::api::outputs::CheckIfPhoneNumberIsOptedOutOutput;
use crate::mobile;
use crate::store::sms;

pub(crate) async fn check_if_phone_number_is_opted_out(
    sns: &Sns,
    call: &Call,
    input: CheckIfPhoneNumberIsOptedOutInput,
) -> Result<CheckIfPhoneNumberIsOptedOutOutput, Error> {
    let number = mobile::phone(&input.phone_number)?;
    let owner = mobile::owner(call);
    let opted_out = sns.read(move |read| Ok(sms::is_opted_out(read, &owner, &number)?)).await?;
    Ok(CheckIfPhoneNumberIsOptedOutOutput { is_opted_out: Some(opted_out) })
}
