//! A service on a store of its own and a clock that only moves when a test says so.

use std::future::Future;
use std::path::Path;
use std::sync::Arc;

use aws::{AccountId, Call, Region, Wire};
use clock::Clock;
use service::Error;
use shape::Map;
use storage::{Durability, Location, Store};
use tempfile::TempDir;

use crate::api::inputs::*;
use crate::api::outputs::*;
use crate::api::types::Message;
use crate::index::Counts;
use crate::{Options, Sqs, ops};

/// The instant every world begins at.
const BEGINNING_MS: i64 = 1_750_000_000_000;

pub(super) struct World {
    runtime: tokio::runtime::Runtime,
    directory: TempDir,
    pub(super) clock: Clock,
    pub(super) sqs: Arc<Sqs>,
    pub(super) call: Call,
    options: Options,
}

impl World {
    pub(super) fn new() -> Self {
        Self::with(Options::default())
    }

    pub(super) fn with(options: Options) -> Self {
        Self::after(options, |_| ())
    }

    /// A world in a directory where something was before.
    pub(super) fn after(options: Options, before: impl FnOnce(&Path)) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let directory = tempfile::tempdir().unwrap();
        before(directory.path());
        let clock = Clock::steered(BEGINNING_MS);
        let sqs = runtime.block_on(open(&directory, &clock, options));
        let call = Call {
            account: AccountId::default(),
            region: Region::default(),
            base_url: "http://localhost:4566".into(),
            request_id: "test".into(),
            access_key: None,
            trace_header: None,
            wire: Wire::Json,
        };
        Self { runtime, directory, clock, sqs, call, options }
    }

    pub(super) fn pass_secs(&self, secs: i64) {
        self.clock.advance_ms(secs * 1000);
    }

    /// Ends the process' part of the world and starts it again on the same file.
    pub(super) fn restart(&mut self) {
        self.sqs.shutdown();
        self.runtime.block_on(self.sqs.store.close());
        self.sqs = self.runtime.block_on(open(&self.directory, &self.clock, self.options));
    }

    pub(super) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub(super) fn create(&self, name: &str, attributes: &[(&str, &str)]) -> Result<String, Error> {
        let attributes: Map<String> =
            attributes.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let input = CreateQueueInput {
            queue_name: name.into(),
            attributes: attributes.non_empty(),
            ..Default::default()
        };
        let output = self.run(ops::create_queue(&self.sqs, &self.call, input))?;
        Ok(output.queue_url.unwrap())
    }

    pub(super) fn send(&self, url: &str, body: &str) -> Result<SendMessageOutput, Error> {
        self.send_with(SendMessageInput {
            queue_url: url.into(),
            message_body: body.into(),
            ..Default::default()
        })
    }

    pub(super) fn send_with(&self, input: SendMessageInput) -> Result<SendMessageOutput, Error> {
        self.run(ops::send_message(&self.sqs, &self.call, input))
    }

    pub(super) fn receive(
        &self,
        url: &str,
        most: i32,
        visibility_secs: Option<i32>,
    ) -> Result<Vec<Message>, Error> {
        self.receive_with(ReceiveMessageInput {
            queue_url: url.into(),
            max_number_of_messages: Some(most),
            visibility_timeout: visibility_secs,
            message_system_attribute_names: Some(vec!["All".into()]),
            ..Default::default()
        })
    }

    pub(super) fn receive_with(&self, input: ReceiveMessageInput) -> Result<Vec<Message>, Error> {
        let output = self.run(ops::receive_message(&self.sqs, &self.call, input))?;
        Ok(output.messages.unwrap_or_default())
    }

    pub(super) fn delete(&self, url: &str, handle: &str) -> Result<(), Error> {
        let input = DeleteMessageInput { queue_url: url.into(), receipt_handle: handle.into() };
        self.run(ops::delete_message(&self.sqs, &self.call, input)).map(drop)
    }

    pub(super) fn change_visibility(&self, url: &str, handle: &str, secs: i32) -> Result<(), Error> {
        let input = ChangeMessageVisibilityInput {
            queue_url: url.into(),
            receipt_handle: handle.into(),
            visibility_timeout: secs,
        };
        self.run(ops::change_message_visibility(&self.sqs, &self.call, input)).map(drop)
    }

    pub(super) fn purge(&self, url: &str) -> Result<(), Error> {
        let input = PurgeQueueInput { queue_url: url.into() };
        self.run(ops::purge_queue(&self.sqs, &self.call, input)).map(drop)
    }

    /// Visible, in flight and delayed, as GetQueueAttributes tells them.
    pub(super) fn counts(&self, url: &str) -> Result<Counts, Error> {
        let names = ["", "NotVisible", "Delayed"].map(|what| format!("ApproximateNumberOfMessages{what}"));
        let input = GetQueueAttributesInput { queue_url: url.into(), attribute_names: Some(names.to_vec()) };
        let output = self.run(ops::get_queue_attributes(&self.sqs, &self.call, input))?;
        let attributes = output.attributes.unwrap();
        let count = |name: &String| attributes.get(name).unwrap().parse().unwrap();
        Ok(Counts { visible: count(&names[0]), in_flight: count(&names[1]), delayed: count(&names[2]) })
    }
}

async fn open(directory: &TempDir, clock: &Clock, options: Options) -> Arc<Sqs> {
    let location = Location::Directory(directory.path().to_owned());
    let store = storage::Options::new(location, Durability::None, clock.clone());
    let store = Store::open(store, &[crate::MIGRATIONS]).unwrap();
    Sqs::open(store, clock.clone(), options).await.unwrap()
}

/// The bodies of messages, in order.
pub(super) fn bodies(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.body.as_deref().unwrap()).collect()
}
