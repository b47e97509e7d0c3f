//! What a delivery to the outside costs: posts, calls and settlements a second, to an endpoint in this process.
//!
//! `cargo run --release -p delivery --example delivery_cost [deliveries]`
#![expect(clippy::print_stdout, reason = "a program that measures and prints")]

use aws::{AccountId, Region};
use clock::{Clock, Stopwatch};
use delivery::{Deliveries, Errand, Judge, Options, Request, Schedule, Target};
use storage::{Durability, Location, Store};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() {
    let count: u64 = std::env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let directory = tempfile::tempdir().expect("a directory");
    let clock = Clock::real();
    let location = Location::Directory(directory.path().to_owned());
    let options = storage::Options::new(location, Durability::Process, clock.clone());
    let store = Store::open(options, &[delivery::MIGRATIONS]).expect("a store");
    let deliveries = Deliveries::open(store.clone(), clock, Options::default()).await.expect("an outbox");
    deliveries.start();
    let errand = errand(format!("http://{}/", endpoint().await));
    let watch = Stopwatch::start();
    for _ in 0..count / 100 {
        let (deliveries, errand) = (std::sync::Arc::clone(&deliveries), errand.clone());
        let posted = store.write(move |tx| (0..100).try_for_each(|_| deliveries.post(tx, &errand).map(drop)));
        posted.await.expect("posted");
    }
    let posted_ms = watch.micros() / 1_000;
    let settled =
        deliveries.settled().wait_for(|settled| *settled >= count / 100 * 100).await.map(|count| *count);
    let secs = watch.micros() as f64 / 1e6;
    println!("{settled:?} deliveries: posted in {posted_ms} ms, settled in {secs:.2} s");
    println!("{:.0} deliveries/s", count as f64 / secs);
}

/// Answers every request and closes, as a server without keep-alive does.
async fn endpoint() -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = vec![0; 4_096];
                let _ = stream.read(&mut bytes).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
            });
        }
    });
    address
}

fn errand(url: String) -> Errand {
    Errand {
        account: AccountId::default(),
        region: Region::default(),
        service: "sns",
        owner: "owner".to_owned(),
        source: "source".to_owned(),
        message_id: "id".to_owned(),
        request: Request {
            method: "POST".to_owned(),
            target: Target::Url(url),
            headers: vec![("Content-Type".to_owned(), "text/plain; charset=UTF-8".to_owned())],
            body: vec![b'x'; 1_024],
            timeout_ms: 15_000,
            authorization: None,
        },
        schedule: Schedule::Once,
        judge: Judge::Endpoint,
        dead_letter: None,
        pace: None,
    }
}
