//! ListSMSSandboxPhoneNumbers.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::enums::sms_sandbox_phone_number_verification_status::{PENDING, VERIFIED};
use crate::api::inputs::ListSMSSandboxPhoneNumbersInput;
use crate::api::outputs::ListSMSSandboxPhoneNumbersOutput;
use crate::api::types::SMSSandboxPhoneNumber;
use crate::mobile;
use crate::rules::page::ITEMS_MAX;
use crate::store::sms;

pub(crate) async fn list_sms_sandbox_phone_numbers(
    sns: &Sns,
    call: &Call,
    input: ListSMSSandboxPhoneNumbersInput,
) -> Result<ListSMSSandboxPhoneNumbersOutput, Error> {
    let most = input.max_results.and_then(|most| usize::try_from(most).ok()).unwrap_or(ITEMS_MAX);
    let after = mobile::after_text(input.next_token.as_deref())?;
    let owner = mobile::owner(call);
    sns.read(move |read| {
        let mut rows = sms::select_sandbox_numbers(read, &owner, &after, most + 1)?;
        let next_token = mobile::cut(&mut rows, most, |row| row.number.clone());
        let phone_numbers = rows.into_iter().map(|row| SMSSandboxPhoneNumber {
            phone_number: Some(row.number),
            status: Some(if row.verified { VERIFIED } else { PENDING }.to_owned()),
        });
        Ok(ListSMSSandboxPhoneNumbersOutput { next_token, phone_numbers: phone_numbers.collect() })
    })
    .await
}
