use aws::AccountId;
use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;
use server::Visit;

use super::{Pages, Reset, answer_json, failure, parameter, problem, refusal};

impl Pages {
    /// `POST /_fanlight/reset`: everything is gone, or everything of `?account=`. The clock stays as it is.
    pub(super) async fn reset(&self, visit: &Visit, answer: Reset) -> Response<Bytes> {
        let account = match parameter(&visit.parts, "account") {
            None => None,
            Some(text) => match AccountId::parse(&text) {
                Some(account) => Some(account),
                None => return problem(StatusCode::BAD_REQUEST, "An account has twelve digits."),
            },
        };
        tracing::info!(account = account.as_ref().map(AccountId::as_str), "reset");
        if let Err(error) = self.sqs.reset(account.clone()).await {
            return refusal(&error);
        }
        if let Err(error) = self.sns.reset(account.clone()).await {
            return refusal(&error);
        }
        if let Err(error) = self.deliveries.forget(account).await {
            return failure(&error);
        }
        match answer {
            Reset::LikeMoto => answer_json(&json!({ "status": "OK" })),
            Reset::Silent => answer_json(&json!({})),
        }
    }
}
