use bytes::Bytes;
use http::Response;
use serde_json::json;

use super::{Pages, answer_json};

impl Pages {
    /// `GET /_fanlight/health`. Answered with 200 as long as there is somebody to answer: a disk that is full today
    /// may have room tomorrow, and a supervisor that restarted us would not make any.
    pub(super) async fn health(&self) -> Response<Bytes> {
        let store = self.store.describe().await;
        let counts = self.sqs.counts().await;
        let writes = store.as_ref().is_ok_and(|store| !store.fails);
        let status = if writes && counts.is_ok() { "ok" } else { "degraded" };
        let storage = store.as_ref().ok().map(|store| {
            let schemas: serde_json::Map<_, _> =
                store.schemas.iter().map(|(service, number)| (service.clone(), json!(number))).collect();
            json!({
                "path": store.path,
                "schemas": schemas,
                "databaseBytes": store.database_bytes,
                "freeBytes": store.free_bytes,
                "walBytes": store.wal_bytes,
            })
        });
        let counts = counts.ok().map(|(queues, messages)| json!({ "queues": queues, "messages": messages }));
        let (topics, subscriptions) = self.sns.counts();
        let (buses, rules) = self.events.counts();
        answer_json(&json!({
            "status": status,
            "version": env!("CARGO_PKG_VERSION"),
            "durability": store.ok().map(|store| store.durability.to_string()),
            "services": { "events": "running", "sns": "running", "sqs": "running", "sts": "running" },
            "counts": {
                "events": { "buses": buses, "rules": rules },
                "sns": { "topics": topics, "subscriptions": subscriptions },
                "sqs": counts,
            },
            "storage": storage,
        }))
    }
}
