//! ListPhoneNumbersOptedOut.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListPhoneNumbersOptedOutInput;
use crate::api::outputs::ListPhoneNumbersOptedOutOutput;
use crate::mobile;
use crate::rules::page::ITEMS_MAX;
use crate::store::sms;

pub(crate) async fn list_phone_numbers_opted_out(
    sns: &Sns,
    call: &Call,
    input: ListPhoneNumbersOptedOutInput,
) -> Result<ListPhoneNumbersOptedOutOutput, Error> {
    let after = mobile::after_text(input.next_token.as_deref())?;
    let owner = mobile::owner(call);
    sns.read(move |read| {
        let mut numbers = sms::select_opt_outs(read, &owner, &after, ITEMS_MAX + 1)?;
        let next_token = mobile::cut(&mut numbers, ITEMS_MAX, String::clone);
        Ok(ListPhoneNumbersOptedOutOutput { next_token, phone_numbers: Some(numbers) })
    })
    .await
}
