//! ListOriginationNumbers.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListOriginationNumbersInput;
use crate::api::outputs::ListOriginationNumbersOutput;
use crate::mobile;

/// Numbers to send from are bought elsewhere (AWS End User Messaging), so there are none. A token was never given.
pub(crate) async fn list_origination_numbers(
    _: &Sns,
    _: &Call,
    input: ListOriginationNumbersInput,
) -> Result<ListOriginationNumbersOutput, Error> {
    mobile::after_text(input.next_token.as_deref())?;
    Ok(ListOriginationNumbersOutput { next_token: None, phone_numbers: Some(Vec::new()) })
}
