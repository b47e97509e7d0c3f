//! What the codecs cost: microseconds to read a SendMessage of 1 KB and to write ten received messages of 1 KB.
//!
//!     cargo run --release -p protocol --example codec_cost

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement looks at the real clock and prints"
)]

#[path = "../tests/common/mod.rs"]
mod common;

use std::hint::black_box;
use std::time::Instant;

use common::{QUEUES, SERVICES, Tree, request, text};
use protocol::{ReplyForm, Target, encode_output, identify};
use shape::{FromReader, ReadShape, Reader, StructureSchema, Unreadable, read_input};

const ROUNDS: u32 = 200_000;

/// The hot input, as generated code has it.
#[derive(Default)]
struct SendMessageInput {
    queue_url: String,
    message_body: String,
}

impl ReadShape for SendMessageInput {
    fn schema() -> &'static StructureSchema {
        QUEUES.operations[0].input
    }

    fn read_member(&mut self, index: usize, reader: &mut Reader<'_>) -> Result<(), Unreadable> {
        match index {
            0 => self.queue_url = String::from_reader(reader)?,
            1 => self.message_body = String::from_reader(reader)?,
            _ => {}
        }
        Ok(())
    }
}

fn measure(name: &str, mut work: impl FnMut()) {
    (0..ROUNDS / 10).for_each(|_| work());
    let started = Instant::now();
    (0..ROUNDS).for_each(|_| work());
    println!("{name:<34} {:>7.2} µs", started.elapsed().as_secs_f64() * 1e6 / f64::from(ROUNDS));
}

fn measure_read(name: &str, head: &str, body: &str) {
    let parts = request(head);
    measure(name, || {
        let Ok((target, mut payload)) = identify(&parts, body.as_bytes(), &SERVICES, Some("sqs")) else {
            panic!("the request is a good one");
        };
        let read = read_input::<SendMessageInput>(&mut payload);
        let Ok((input, _)) = read else { panic!("the input is a good one") };
        assert_eq!(input.message_body.len(), 1024);
        black_box((target, input.queue_url));
    });
}

fn measure_write(name: &str, form: ReplyForm, body: &str) {
    let message = Tree::Structure(
        &common::MESSAGE,
        vec![("MessageId", text("5fea7756-0ea4-451a-a703-a558b933e274")), ("Body", text(body))],
    );
    let output = Tree::Structure(&common::RECEIVE_OUTPUT, vec![("Messages", Tree::List(vec![message; 10]))]);
    let operation = QUEUES.operations[4];
    let target = Target { service: &QUEUES, operation, form };
    measure(name, || {
        black_box(encode_output(&target, "5fea7756-0ea4-451a-a703-a558b933e274", &output));
    });
}

fn main() {
    let plain = "x".repeat(1024);
    let lines = "line \"one\"\n".repeat(100)[..1024].to_owned();
    let url = "http://127.0.0.1:4566/000000000000/queue";
    let json = "POST /\nContent-Type: application/x-amz-json-1.0\nX-Amz-Target: AmazonSQS.SendMessage";
    let form = "POST /\nContent-Type: application/x-www-form-urlencoded";
    for (kind, body) in [("plain", &plain), ("escaped", &lines)] {
        let quoted = body.replace('"', "\\\"").replace('\n', "\\n");
        let document = format!(r#"{{"QueueUrl":"{url}","MessageBody":"{quoted}"}}"#);
        measure_read(&format!("read SendMessage, JSON, {kind}"), json, &document);
        let encoded = body.replace('"', "%22").replace('\n', "%0A").replace(' ', "+");
        let fields = format!("Action=SendMessage&Version=2012-11-05&QueueUrl={url}&MessageBody={encoded}");
        measure_read(&format!("read SendMessage, query, {kind}"), form, &fields);
        measure_write(&format!("write 10 messages, JSON, {kind}"), ReplyForm::Json10, body);
        measure_write(&format!("write 10 messages, XML, {kind}"), ReplyForm::Xml, body);
    }
}
