//! DeleteArchive.

use aws::Call;
use service::Error;

use crate::EventBridge;
use crate::api::inputs::DeleteArchiveInput;
use crate::api::outputs::DeleteArchiveOutput;
use crate::archives::names::ScopedName;
use crate::errors::archive_does_not_exist;
use crate::store::archives;

pub(crate) async fn delete_archive(
    events: &EventBridge,
    call: &Call,
    input: DeleteArchiveInput,
) -> Result<DeleteArchiveOutput, Error> {
    let name = ScopedName::of_caller(call, input.archive_name);
    events
        .write(move |ledger| {
            let row =
                archives::select(ledger.tx, &name)?.ok_or_else(|| archive_does_not_exist(&name.name))?;
            ledger.remove_archive(&row)
        })
        .await?;
    events.archives_changed();
    Ok(DeleteArchiveOutput {})
}
