use aws::AccountId;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;
use server::Visit;

use super::parameters::{self, parameter};
use super::{Pages, Reset, answer_json, failure, problem, refusal};

impl Pages {
    /// `POST /_fanlight/reset`: everything is gone, or everything of `?account=`, of `?service=sqs`, `sns` or `events`. The
    /// outbox goes with everything. The clock stays as it is.
    pub(super) async fn reset(&self, visit: &Visit, answer: Reset) -> Response<Bytes> {
        let account = match parameters::account(&visit.parts) {
            Ok(account) => account,
            Err(wanted) => return problem(StatusCode::BAD_REQUEST, wanted),
        };
        let service = parameter(&visit.parts, "service");
        if service.as_deref().is_some_and(|service| !["sqs", "sns", "events"].contains(&service)) {
            return problem(StatusCode::BAD_REQUEST, "A service is sqs, sns or events.");
        }
        let meant = |name: &str| service.as_deref().is_none_or(|service| service == name);
        tracing::info!(account = account.as_ref().map(AccountId::as_str), service, "reset");
        if meant("sqs")
            && let Err(error) = self.sqs.reset(account.clone()).await
        {
            return refusal(&error);
        }
        if meant("sns")
            && let Err(error) = self.sns.reset(account.clone()).await
        {
            return refusal(&error);
        }
        if meant("events")
            && let Err(error) = self.events.reset(account.clone()).await
        {
            return refusal(&error);
        }
        if service.is_none()
            && let Err(error) = self.deliveries.forget(account).await
        {
            return failure(&error);
        }
        match answer {
            Reset::LikeMoto => answer_json(&json!({ "status": "OK" })),
            Reset::Silent => answer_json(&json!({})),
        }
    }
}
