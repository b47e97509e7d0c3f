//! `GET /_fanlight/events/logs?busArn=`: what the `LogConfig` of an event bus had written down.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use server::Visit;

use super::parameters::parameter;
use super::{Pages, answer_json, failure, problem};

/// The newest records of a bus, the oldest of them first.
pub(super) async fn event_logs(pages: &Pages, visit: &Visit) -> Response<Bytes> {
    let Some(bus_arn) = parameter(&visit.parts, "busArn") else {
        return problem(StatusCode::BAD_REQUEST, "Say which bus: ?busArn=arn:aws:events:…:event-bus/NAME");
    };
    match pages.events.logs(&bus_arn).await {
        Ok(records) => {
            let read = |record: &String| serde_json::from_str::<Value>(record).unwrap_or_default();
            answer_json(&json!({ "records": records.iter().map(read).collect::<Vec<Value>>() }))
        }
        Err(error) => failure(&error),
    }
}
