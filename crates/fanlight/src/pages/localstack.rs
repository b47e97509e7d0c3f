//! The pages that scripts written for LocalStack ask before they start.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use super::{answer, python_json};

/// `GET /_localstack/health`. Scripts wait for it with `grep '"sqs": "running"'`.
pub(super) async fn health() -> Response<Bytes> {
    answer(
        StatusCode::OK,
        python_json::write(&json!({
            "services": { "events": "running", "sns": "running", "sqs": "running", "sts": "running" },
            "edition": "community",
            "version": env!("CARGO_PKG_VERSION"),
        })),
    )
}

/// `GET /_localstack/info`.
pub(super) async fn info() -> Response<Bytes> {
    answer(
        StatusCode::OK,
        python_json::write(&json!({
            "version": env!("CARGO_PKG_VERSION"),
            "edition": "community",
            "is_license_activated": false,
            "system": std::env::consts::OS,
        })),
    )
}

/// `GET /_localstack/init`: there are no scripts, so all of them have run.
pub(super) async fn init() -> Response<Bytes> {
    answer(
        StatusCode::OK,
        python_json::write(&json!({
            "completed": { "BOOT": true, "START": true, "READY": true, "SHUTDOWN": false },
            "scripts": [],
        })),
    )
}

/// `GET /_localstack/init/<stage>`: so has each of them.
pub(super) async fn init_stage() -> Response<Bytes> {
    answer(StatusCode::OK, python_json::write(&json!({ "completed": true, "scripts": [] })))
}
