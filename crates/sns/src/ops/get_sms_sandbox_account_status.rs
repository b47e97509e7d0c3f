//! GetSMSSandboxAccountStatus.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::GetSMSSandboxAccountStatusInput;
use crate::api::outputs::GetSMSSandboxAccountStatusOutput;

/// Every phone can be written to here, so no account is in the sandbox.
pub(crate) async fn get_sms_sandbox_account_status(
    _: &Sns,
    _: &Call,
    _: GetSMSSandboxAccountStatusInput,
) -> Result<GetSMSSandboxAccountStatusOutput, Error> {
    Ok(GetSMSSandboxAccountStatusOutput { is_in_sandbox: false })
}
