//! What a commit costs: alone, and shared by a group.
//!
//! `cargo run --release -p storage --example commit_cost [none|process|power] [DIR]`
//!
//! Each row is a message: a body of 1 KB in an immutable table and its state in another. Without a directory the
//! file is in the current one, so that the figures of `process` and `power` are those of a disk.

#![expect(clippy::print_stdout, clippy::disallowed_methods, reason = "a program that measures and prints")]

use std::path::PathBuf;
use std::time::Instant;

use clock::Clock;
use storage::{Durability, Error, Location, Migrations, Options, Sql, Store, params};

const SCHEMA: &[Migrations] = &[Migrations {
    service: "cost",
    steps: &[(
        1,
        "messages",
        "CREATE TABLE bodies (id INTEGER PRIMARY KEY, queue INTEGER, message TEXT, sent INTEGER, body BLOB) STRICT;
         CREATE TABLE states (id INTEGER PRIMARY KEY, visible INTEGER, receives INTEGER) STRICT;",
    )],
}];

const ROWS: usize = 40_000;

fn insert(store: &Store, rows: usize) -> impl Future<Output = Result<(), Error>> + Send + use<> {
    let store = store.clone();
    async move {
        store
            .write(move |tx| {
                for _ in 0..rows {
                    let now_ms = tx.now_ms();
                    tx.execute(
                        "INSERT INTO bodies (queue, message, sent, body) VALUES (1, ?1, ?2, zeroblob(1024))",
                        params!["0123456789abcdef0123456789abcdef", now_ms],
                    )?;
                    let id = tx.last_insert_rowid();
                    tx.execute(
                        "INSERT INTO states (id, visible, receives) VALUES (?1, ?2, 0)",
                        params![id, now_ms],
                    )?;
                }
                Ok(())
            })
            .await
    }
}

/// `tasks` callers, each with one write in flight; `rows` rows a write.
async fn measure(store: &Store, tasks: usize, rows: usize, total: usize) {
    let each = (total / tasks / rows).max(1);
    let begun = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..tasks {
        let store = store.clone();
        callers.spawn(async move {
            let mut micros = Vec::with_capacity(each);
            for _ in 0..each {
                let begun = Instant::now();
                insert(&store, rows).await.expect("the insert succeeds");
                micros.push(begun.elapsed().as_secs_f64() * 1e6);
            }
            micros
        });
    }
    let mut micros: Vec<f64> = callers.join_all().await.into_iter().flatten().collect();
    let seconds = begun.elapsed().as_secs_f64();
    let writes = micros.len();
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros[((writes - 1) as f64 * share) as usize];
    println!(
        "{tasks:>4} callers x {rows:>2} rows: {:>7.2} us/write {:>6.2} us/row   p50 {:>7.1} p99 {:>8.1} max {:>9.1} us",
        seconds * 1e6 / writes as f64,
        seconds * 1e6 / (writes * rows) as f64,
        at(0.5),
        at(0.99),
        at(1.0),
    );
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let durability: Durability = std::env::args().nth(1).as_deref().unwrap_or("process").parse()?;
    let parent = std::env::args().nth(2).map_or(std::env::current_dir()?, PathBuf::from);
    for threads in [1, 2] {
        let directory = parent.join(format!("commit-cost-{}", std::process::id()));
        let mut builder = tokio::runtime::Builder::new_multi_thread();
        let runtime = builder.worker_threads(threads).enable_all().build()?;
        println!("durability {durability}, {threads} threads");
        runtime.block_on(async {
            let location = match durability {
                Durability::None => Location::Ephemeral,
                _ => Location::Directory(directory.clone()),
            };
            let store = Store::open(Options::new(location, durability, Clock::real()), SCHEMA)?;
            let total = if durability == Durability::Power { ROWS / 10 } else { ROWS };
            measure(&store, 1, 1, total / 4).await;
            for tasks in [1, 4, 16, 64, 256] {
                measure(&store, tasks, 1, total).await;
            }
            for tasks in [1, 16] {
                measure(&store, tasks, 10, total * 4).await;
            }
            let about = store.describe().await?;
            println!("database {} KiB, log {} KiB", about.database_bytes / 1024, about.wal_bytes / 1024);
            store.close().await;
            Ok::<_, Box<dyn std::error::Error>>(())
        })?;
        let _ = std::fs::remove_dir_all(&directory);
    }
    Ok(())
}
