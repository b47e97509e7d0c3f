//! SQS, SNS and EventBridge as one of the clients sees them: a call is answered, refused, or in doubt because the server was killed.

use std::io;

use bench::http::{Connection, Endpoint};
use bench::wire;
use serde_json::{Value, json};

use crate::bodies;
use crate::ledger::{Delivery, Key};

/// Why there is no answer to use.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The connection broke: nobody knows whether it happened.
    InDoubt,
    /// The server said no, or something that cannot be understood.
    Refused(String),
}

pub(crate) struct Client {
    connection: Connection,
    endpoint: Endpoint,
    request: Vec<u8>,
}

impl Client {
    pub(crate) async fn open(endpoint: &Endpoint) -> io::Result<Self> {
        let connection = Connection::open(endpoint).await?;
        Ok(Self { connection, endpoint: endpoint.clone(), request: Vec::new() })
    }

    pub(crate) fn queue_url(&self, name: &str) -> String {
        format!("http://{}/000000000000/{name}", self.endpoint.host)
    }

    pub(crate) async fn call(&mut self, action: &str, input: &Value) -> Result<Value, Failure> {
        let body = input.to_string();
        wire::json_into(&mut self.request, &self.endpoint.host, action, body.as_bytes());
        self.answer(action).await
    }

    /// An EventBridge call.
    pub(crate) async fn events(&mut self, action: &str, input: &Value) -> Result<Value, Failure> {
        self.request = wire::events(&self.endpoint, action, &input.to_string());
        self.answer(action).await
    }

    /// Sends the request that is prepared and reads its answer, which is JSON or nothing.
    async fn answer(&mut self, action: &str) -> Result<Value, Failure> {
        let reply = self.connection.call(&self.request).await.map_err(|_| Failure::InDoubt)?;
        if reply.status != 200 {
            let text = String::from_utf8_lossy(reply.body);
            return Err(Failure::Refused(format!("{action} answered {}: {text}", reply.status)));
        }
        if reply.body.is_empty() {
            return Ok(Value::Null);
        }
        serde_json::from_slice(reply.body)
            .map_err(|error| Failure::Refused(format!("{action} answered no JSON: {error}")))
    }

    /// A standard queue with AWS's defaults.
    pub(crate) async fn create_queue(&mut self, name: &str) -> io::Result<()> {
        let answer = self.call("CreateQueue", &json!({ "QueueName": name })).await;
        answer.map(drop).map_err(|failure| bench::failure(format!("CreateQueue: {failure:?}")))
    }

    /// An SNS call. The answer is its XML.
    pub(crate) async fn sns(
        &mut self,
        action: &str,
        parameters: &[(String, String)],
    ) -> Result<String, Failure> {
        let parameters: Vec<(&str, &str)> =
            parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let request = wire::sns(&self.endpoint, action, &parameters);
        let reply = self.connection.call(&request).await.map_err(|_| Failure::InDoubt)?;
        let text = String::from_utf8_lossy(reply.body).into_owned();
        if reply.status == 200 {
            return Ok(text);
        }
        Err(Failure::Refused(format!("{action} answered {}: {text}", reply.status)))
    }

    /// Shifts the server's clock forward.
    pub(crate) async fn advance(&mut self, ms: i64) -> io::Result<()> {
        let body = json!({ "advanceMs": ms }).to_string();
        let request = wire::admin(&self.endpoint, "POST", "/_fanlight/clock", &body);
        self.connection.call(&request).await?.ok().map(drop)
    }
}

/// Message id and sequence number of one accepted message.
pub(crate) type Accepted = (String, Option<u128>);

/// One entry of a send, with the extras of a FIFO queue.
fn entry(key: Key, group: Option<usize>) -> Value {
    let mut entry = json!({ "MessageBody": bodies::text(key) });
    if let Some(group) = group {
        entry["MessageGroupId"] = format!("g{group}").into();
        entry["MessageDeduplicationId"] = format!("d{key}").into();
    }
    entry
}

impl Client {
    /// Sends messages in one request: SendMessage for one, SendMessageBatch for several.
    pub(crate) async fn send(
        &mut self,
        queue: &str,
        messages: &[(Key, Option<usize>)],
    ) -> Result<Vec<Accepted>, Failure> {
        let url = self.queue_url(queue);
        if let [(key, group)] = messages {
            let mut input = entry(*key, *group);
            input["QueueUrl"] = url.into();
            return Ok(vec![accepted(&self.call("SendMessage", &input).await?)?]);
        }
        let mut entries = Vec::with_capacity(messages.len());
        for (at, (key, group)) in messages.iter().enumerate() {
            let mut entry = entry(*key, *group);
            entry["Id"] = at.to_string().into();
            entries.push(entry);
        }
        let answer = self.call("SendMessageBatch", &json!({ "QueueUrl": url, "Entries": entries })).await?;
        let mut results = vec![None; messages.len()];
        for result in list(&answer, "Successful") {
            if let Some(place) = number(&result["Id"]).and_then(|at| results.get_mut(at as usize)) {
                *place = Some(accepted(result)?);
            }
        }
        let refused = || Failure::Refused(format!("SendMessageBatch refused entries: {}", answer["Failed"]));
        results.into_iter().collect::<Option<Vec<_>>>().ok_or_else(refused)
    }

    pub(crate) async fn receive(
        &mut self,
        queue: &str,
        messages_max: u64,
        visibility_secs: i64,
    ) -> Result<Vec<Delivery>, Failure> {
        let input = json!({
            "QueueUrl": self.queue_url(queue), "MaxNumberOfMessages": messages_max,
            "VisibilityTimeout": visibility_secs, "MessageSystemAttributeNames": ["All"],
        });
        let answer = self.call("ReceiveMessage", &input).await?;
        let mut deliveries = Vec::new();
        for message in list(&answer, "Messages") {
            deliveries.push(Delivery {
                body: text(&message["Body"])?,
                message_id: text(&message["MessageId"])?,
                handle: text(&message["ReceiptHandle"])?,
                receive_count: number(&message["Attributes"]["ApproximateReceiveCount"]).unwrap_or(0),
                sequence: sequence(&message["Attributes"]),
            });
        }
        Ok(deliveries)
    }

    /// Deletes in one request. `Err` with a list: the entries that were refused, and why.
    pub(crate) async fn delete(
        &mut self,
        queue: &str,
        handles: &[&str],
    ) -> Result<Vec<(usize, String)>, Failure> {
        let url = self.queue_url(queue);
        if let [handle] = handles {
            let input = json!({ "QueueUrl": url, "ReceiptHandle": handle });
            return match self.call("DeleteMessage", &input).await {
                Ok(_) => Ok(Vec::new()),
                Err(Failure::Refused(text)) => Ok(vec![(0, text)]),
                Err(in_doubt) => Err(in_doubt),
            };
        }
        let entry = |(at, handle): (usize, &&str)| json!({ "Id": at.to_string(), "ReceiptHandle": handle });
        let entries: Vec<Value> = handles.iter().enumerate().map(entry).collect();
        let answer = self.call("DeleteMessageBatch", &json!({ "QueueUrl": url, "Entries": entries })).await?;
        let mut refused = Vec::new();
        for result in list(&answer, "Failed") {
            refused.push((number(&result["Id"]).unwrap_or(0) as usize, result.to_string()));
        }
        if refused.len() + list(&answer, "Successful").len() != handles.len() {
            return Err(Failure::Refused(format!("DeleteMessageBatch lost an entry: {answer}")));
        }
        Ok(refused)
    }
}

fn accepted(answer: &Value) -> Result<Accepted, Failure> {
    Ok((text(&answer["MessageId"])?, sequence(answer)))
}

fn sequence(value: &Value) -> Option<u128> {
    value["SequenceNumber"].as_str().and_then(|digits| digits.parse().ok())
}

fn text(value: &Value) -> Result<String, Failure> {
    value
        .as_str()
        .map(str::to_owned)
        .ok_or_else(|| Failure::Refused("a member is missing in an answer".to_owned()))
}

fn number(value: &Value) -> Option<u64> {
    value.as_str().and_then(|digits| digits.parse().ok())
}

fn list<'a>(answer: &'a Value, name: &str) -> &'a [Value] {
    answer[name].as_array().map_or(&[], Vec::as_slice)
}
