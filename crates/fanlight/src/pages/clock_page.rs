use bytes::Bytes;
use clock::{Clock, LATEST_MS, Mode};
use http::{Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};
use server::Visit;

use super::{Pages, answer_json, parameters, problem};

const EXPECTED: &str =
    "{\"freeze\":true}, {\"advanceMs\":N}, {\"setMs\":N}, {\"resume\":true} or {\"reset\":true}";

/// What can be done to a clock. Several at once happen in this order.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Steering {
    freeze: bool,
    set_ms: Option<i64>,
    advance_ms: Option<i64>,
    resume: bool,
    /// Goes with none of the others.
    reset: bool,
}

impl Pages {
    /// `GET /_fanlight/clock` and `POST /_fanlight/clock`.
    pub(super) async fn clock_page(&self, visit: &Visit) -> Response<Bytes> {
        if let Err(wrong) = parameters::check(visit, &[]) {
            return problem(StatusCode::BAD_REQUEST, &wrong);
        }
        if visit.parts.method == Method::POST {
            match Steering::read(&visit.body).and_then(|steering| steering.checked(self.clock.now_ms())) {
                Ok(steering) => steering.steer(&self.clock),
                Err(wrong) => {
                    return problem(StatusCode::BAD_REQUEST, &format!("Send {EXPECTED}: {wrong}."));
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

impl Steering {
    fn read(body: &[u8]) -> Result<Self, String> {
        // By way of a map, because a list would be read as the members in order.
        let members = serde_json::from_slice::<serde_json::Map<String, Value>>(body);
        let steering = members.and_then(|members| Self::deserialize(Value::Object(members)));
        steering.map_err(|error| error.to_string())
    }

    /// Itself, if it can be done as it was said; otherwise nothing of it is.
    fn checked(self, now_ms: i64) -> Result<Self, String> {
        let Self { freeze, set_ms, advance_ms, resume, reset } = self;
        let steers = freeze || resume || set_ms.is_some() || advance_ms.is_some();
        if !steers && !reset {
            return Err("nothing is said to be done".to_owned());
        }
        if steers && reset {
            return Err("\"reset\" goes with nothing else".to_owned());
        }
        if freeze && resume {
            return Err("\"freeze\" and \"resume\" contradict each other".to_owned());
        }
        // A clock keeps to these years; one that was stopped at their end would call itself running.
        let years = 0..=LATEST_MS;
        if set_ms.is_some_and(|to_ms| !years.contains(&to_ms)) {
            return Err(format!("\"setMs\" is from 0 to {LATEST_MS}, the end of the year 9999"));
        }
        let end_ms = set_ms.unwrap_or(now_ms).checked_add(advance_ms.unwrap_or(0));
        if !end_ms.is_some_and(|end_ms| years.contains(&end_ms)) {
            return Err("\"advanceMs\" must not leave the years 1970 to 9999".to_owned());
        }
        Ok(self)
    }

    fn steer(&self, clock: &Clock) {
        tracing::info!(steering = ?self, "clock steered");
        if self.freeze {
            clock.freeze();
        }
        if let Some(to_ms) = self.set_ms {
            clock.set_ms(to_ms);
        }
        if let Some(by_ms) = self.advance_ms {
            clock.advance_ms(by_ms);
        }
        if self.resume {
            clock.resume();
        }
        if self.reset {
            clock.reset();
        }
    }
}
