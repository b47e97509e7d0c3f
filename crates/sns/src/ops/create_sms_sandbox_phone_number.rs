//! CreateSMSSandboxPhoneNumber.

use aws::Call;
use clock::Clock;
use service::Error;

use crate::Sns;
use crate::api::enums::language_code_string;
use crate::api::inputs::CreateSMSSandboxPhoneNumberInput;
use crate::api::outputs::CreateSMSSandboxPhoneNumberOutput;
use crate::errors::{invalid_parameter, phone_opted_out};
use crate::mobile::{self, Words, letter_for_phone};
use crate::rules::message_structure::Texts;
use crate::store::sms::{self, SandboxNumberRow};

/// Sends a one-time password to the phone. A phone that is there already gets a new one, and stays verified if it was.
pub(crate) async fn create_sms_sandbox_phone_number(
    sns: &Sns,
    call: &Call,
    input: CreateSMSSandboxPhoneNumberInput,
) -> Result<CreateSMSSandboxPhoneNumberOutput, Error> {
    let language = input.language_code.as_deref();
    if language.is_some_and(|code| !language_code_string::VALUES.contains(&code)) {
        return Err(invalid_parameter("LanguageCode"));
    }
    let number = mobile::phone(&input.phone_number)?;
    let (owner, password) = (mobile::owner(call), one_time_password(&sns.clock));
    let message_id = sns.clock.uuid_v4().to_string();
    sns.write(move |ledger| {
        let texts = Texts::plain(format!("Your verification code is {password}."));
        let words =
            Words { by: None, message_id: &message_id, subject: None, texts: &texts, attributes: &[] };
        let letter = letter_for_phone(ledger, &owner.account, &owner.region, &number, &words)?;
        let letter = letter.ok_or_else(phone_opted_out)?;
        let verified = sms::find_sandbox_number(ledger.tx, &owner, &number)?.is_some_and(|row| row.verified);
        sms::set_sandbox_number(ledger.tx, &owner, &SandboxNumberRow { number, verified, password })?;
        ledger.deliveries.letter(ledger.tx, &letter)?;
        Ok(CreateSMSSandboxPhoneNumberOutput {})
    })
    .await
}

/// Six digits, the first of them no zero.
fn one_time_password(clock: &Clock) -> String {
    (100_000 + clock.random_u64() % 900_000).to_string()
}
