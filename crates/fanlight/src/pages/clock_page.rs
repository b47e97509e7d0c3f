use bytes::Bytes;
use clock::{Clock, Mode};
use http::{Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use server::Visit;

use super::{Pages, answer_json, problem};

/// What can be done to a clock. Several at once happen in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Steering {
    freeze: bool,
    set_ms: Option<i64>,
    advance_ms: Option<i64>,
    resume: bool,
}

impl Pages {
    /// `GET /_fanlight/clock` and `POST /_fanlight/clock`.
    pub(super) async fn clock_page(&self, visit: &Visit) -> Response<Bytes> {
        if visit.parts.method == Method::POST {
            // By way of a map, because a list would be read as the members in order.
            let members = serde_json::from_slice::<serde_json::Map<String, Value>>(&visit.body);
            match members.and_then(|members| Steering::deserialize(Value::Object(members))) {
                Ok(steering) => steer(&self.clock, &steering),
                Err(error) => {
                    let expected = "{\"freeze\":true}, {\"advanceMs\":N}, {\"setMs\":N} or {\"resume\":true}";
                    return problem(StatusCode::BAD_REQUEST, &format!("Send {expected}: {error}."));
                }
            }
        }
        let mode = match self.clock.mode() {
            Mode::Real => "real",
            Mode::Frozen => "frozen",
        };
        answer_json(&json!({ "mode": mode, "nowMs": self.clock.now_ms() }))
    }
}

fn steer(clock: &Clock, steering: &Steering) {
    tracing::info!(?steering, "clock steered");
    if steering.freeze {
        clock.freeze();
    }
    if let Some(to_ms) = steering.set_ms {
        clock.set_ms(to_ms);
    }
    if let Some(by_ms) = steering.advance_ms {
        clock.advance_ms(by_ms);
    }
    if steering.resume {
        clock.resume();
    }
}
