//! ListPlatformApplications.

use aws::Call;
use service::Error;

use crate::Sns;
use crate::api::inputs::ListPlatformApplicationsInput;
use crate::api::outputs::ListPlatformApplicationsOutput;
use crate::api::types::PlatformApplication;
use crate::mobile;
use crate::rules::page::ITEMS_MAX;
use crate::rules::platform_attributes::shown;
use crate::store::platform_applications;

pub(crate) async fn list_platform_applications(
    sns: &Sns,
    call: &Call,
    input: ListPlatformApplicationsInput,
) -> Result<ListPlatformApplicationsOutput, Error> {
    let after = mobile::after_id(input.next_token.as_deref())?;
    let (account, region) = (call.account.clone(), call.region.clone());
    sns.read(move |read| {
        let mut rows = platform_applications::select_page(read, &account, &region, after, ITEMS_MAX + 1)?;
        let next_token = mobile::cut(&mut rows, ITEMS_MAX, |row| row.id.to_string());
        let applications = rows.into_iter().map(|row| PlatformApplication {
            platform_application_arn: Some(row.key.arn()),
            attributes: Some(shown(&row.attributes)),
        });
        let platform_applications = Some(applications.collect());
        Ok(ListPlatformApplicationsOutput { next_token, platform_applications })
    })
    .await
}
