//! Queues themselves: what CreateQueue, SetQueueAttributes, TagQueue and DeleteQueue were acknowledged for
//! must be there after a crash. A request in doubt may have happened, as a whole.

use std::collections::BTreeMap;
use std::io;

use bench::http::Endpoint;
use serde_json::{Value, json};

use crate::client::{Client, Failure};
use crate::ledger::Fault;
use crate::world::World;

/// Queues looked at after each start. The newest are those that the crash may have hit.
const LOOKED_AT: usize = 12;

const ATTRIBUTES: [(&str, u64); 3] =
    [("VisibilityTimeout", 43_200), ("DelaySeconds", 900), ("ReceiveMessageWaitTimeSeconds", 20)];

/// A queue's attributes and tags; `None` is a queue that is not there.
type State = Option<(BTreeMap<String, String>, BTreeMap<String, String>)>;

struct Queue {
    name: String,
    /// What it may look like. More than one: the last request is in doubt.
    possible: Vec<State>,
}

/// All queues this task ever created.
#[derive(Default)]
pub(crate) struct Queues {
    queues: Vec<Queue>,
}

impl Queues {
    /// Creates and changes queues until the server is gone.
    pub(crate) async fn run(&mut self, endpoint: &Endpoint, world: &World) -> io::Result<()> {
        let mut client = Client::open(endpoint).await?;
        loop {
            let (at, next, action, input) = self.plan(world, &client);
            let before = self.queues[at].possible.clone();
            self.queues[at].possible.push(next.clone());
            match client.call(action, &input).await {
                Ok(_) => self.queues[at].possible = vec![next],
                Err(Failure::InDoubt) => return Ok(()),
                Err(Failure::Refused(text)) => {
                    self.queues[at].possible = before;
                    world.refused(text);
                }
            }
        }
    }

    /// The next request and the state it leads to. Each queue is certain when this is asked.
    fn plan(&mut self, world: &World, client: &Client) -> (usize, State, &'static str, Value) {
        let existing: Vec<usize> = (0..self.queues.len())
            .rev()
            .filter(|&at| self.queues[at].possible[0].is_some())
            .take(6)
            .collect();
        let at = existing.get(world.roll(6) as usize).copied();
        let known = at.and_then(|at| Some((at, self.queues[at].possible[0].clone()?)));
        let Some((at, (mut attributes, mut tags))) = known else { return self.plan_new(world) };
        let url = client.queue_url(&self.queues[at].name);
        match world.roll(8) {
            0 => (at, None, "DeleteQueue", json!({ "QueueUrl": url })),
            1..=3 => {
                let set = roll_attributes(world);
                attributes.extend(set.clone());
                let input = json!({ "QueueUrl": url, "Attributes": set });
                (at, Some((attributes, tags)), "SetQueueAttributes", input)
            }
            4..=6 => {
                let set = roll_tags(world);
                tags.extend(set.clone());
                (at, Some((attributes, tags)), "TagQueue", json!({ "QueueUrl": url, "Tags": set }))
            }
            _ => {
                let name = format!("t{}", world.roll(4));
                tags.remove(&name);
                let input = json!({ "QueueUrl": url, "TagKeys": [name] });
                (at, Some((attributes, tags)), "UntagQueue", input)
            }
        }
    }

    fn plan_new(&mut self, world: &World) -> (usize, State, &'static str, Value) {
        let at = self.queues.len();
        let name = format!("q{at}{}", if world.fifo { ".fifo" } else { "" });
        let mut attributes = roll_attributes(world);
        if world.fifo {
            attributes.insert("FifoQueue".to_owned(), "true".to_owned());
        }
        let tags = roll_tags(world);
        let input = json!({ "QueueName": name, "Attributes": attributes, "tags": tags });
        self.queues.push(Queue { name, possible: vec![None] });
        (at, Some((attributes, tags)), "CreateQueue", input)
    }

    /// After a restart: each queue looks as it must, and what was in doubt is certain now.
    pub(crate) async fn verify(&mut self, endpoint: &Endpoint, world: &World, all: bool) -> io::Result<()> {
        let mut client = Client::open(endpoint).await?;
        let oldest = if all { 0 } else { self.queues.len().saturating_sub(LOOKED_AT) };
        for at in 0..self.queues.len() {
            let queue = &mut self.queues[at];
            if at < oldest && queue.possible.len() == 1 {
                continue;
            }
            let url = client.queue_url(&queue.name);
            let seen = look(&mut client, &url).await?;
            let fits = |possible: &&State| match (possible, &seen) {
                (None, None) => true,
                (Some((attributes, tags)), Some((seen_attributes, seen_tags))) => {
                    tags == seen_tags
                        && attributes.iter().all(|(name, value)| seen_attributes.get(name) == Some(value))
                }
                _ => false,
            };
            match queue.possible.iter().find(fits).cloned() {
                Some(state) => queue.possible = vec![state],
                None => {
                    let text = format!("queue {} is {seen:?}; possible: {:?}", queue.name, queue.possible);
                    world.ledger.borrow_mut().fault(Fault::Metadata, text);
                }
            }
        }
        Ok(())
    }
}

async fn look(client: &mut Client, url: &str) -> io::Result<State> {
    let input = json!({ "QueueUrl": url, "AttributeNames": ["All"] });
    let attributes = match client.call("GetQueueAttributes", &input).await {
        Ok(answer) => strings(&answer["Attributes"]),
        Err(Failure::Refused(text))
            if text.contains("QueueDoesNotExist") || text.contains("NonExistentQueue") =>
        {
            return Ok(None);
        }
        Err(failure) => return Err(bench::failure(format!("GetQueueAttributes: {failure:?}"))),
    };
    match client.call("ListQueueTags", &json!({ "QueueUrl": url })).await {
        Ok(answer) => Ok(Some((attributes, strings(&answer["Tags"])))),
        Err(failure) => Err(bench::failure(format!("ListQueueTags: {failure:?}"))),
    }
}

fn roll_attributes(world: &World) -> BTreeMap<String, String> {
    let mut attributes = BTreeMap::new();
    for (name, limit) in ATTRIBUTES {
        if attributes.is_empty() || world.roll(2) == 0 {
            attributes.insert(name.to_owned(), world.roll(limit).to_string());
        }
    }
    attributes
}

fn roll_tags(world: &World) -> BTreeMap<String, String> {
    (0..1 + world.roll(3)).map(|_| (format!("t{}", world.roll(4)), world.roll(1_000).to_string())).collect()
}

fn strings(value: &Value) -> BTreeMap<String, String> {
    let string = |(name, value): (&String, &Value)| Some((name.clone(), value.as_str()?.to_owned()));
    value.as_object().into_iter().flatten().filter_map(string).collect()
}
