//! What a job may rely on, and what its neighbours may.

mod world;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use clock::Clock;
use storage::{Durability, Error, Options, Sql, Store, Tx, params};
use tokio::task::JoinSet;
use world::{Directory, NOTES, NOW_MS, Refusal, add, all, ephemeral, notes, write_note};

type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, text: impl Into<String>) {
    log.lock().unwrap().push(text.into());
}

fn bump(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}

#[tokio::test]
async fn an_answer_means_that_it_is_committed() {
    let store = ephemeral();
    assert_eq!(write_note(&store, "a").await.unwrap(), 1);
    assert_eq!(notes(&store).await, ["a"]);
    assert_eq!(store.write(|tx| Ok::<_, Error>(tx.now_ms())).await.unwrap(), NOW_MS);
}

/// Both lanes: the runtime's threads, and a thread of its own.
#[tokio::test]
async fn jobs_that_are_ready_together_share_a_commit() {
    let directory = Directory::new();
    for durability in [Durability::None, Durability::Power] {
        let store = Store::open(directory.options(durability), NOTES).unwrap();
        let before = commits(&store).await;
        let mut writers = JoinSet::new();
        for number in 0..200 {
            let store = store.clone();
            let text = format!("{durability} {number}");
            writers.spawn(async move { store.write(move |tx| add(tx, &text)).await.unwrap() });
        }
        assert_eq!(writers.join_all().await.len(), 200);
        let commits = commits(&store).await - before;
        assert!(commits < 100, "{durability}: {commits} commits for 200 jobs");
        store.close().await;
    }
}

/// At most so many commits there were: each appends two pages or more, a leaf of the table and one of its index.
async fn commits(store: &Store) -> u64 {
    store.describe().await.unwrap().wal_bytes / 4096 / 2
}

#[tokio::test]
async fn a_refused_job_undoes_itself_and_not_its_neighbours() {
    let store = ephemeral();
    let (good, bad, other) = tokio::join!(
        store.write(|tx| add(tx, "good").map_err(Refusal::from)),
        store.write(|tx| {
            add(tx, "half")?;
            Err::<i64, _>(Refusal::Said("no"))
        }),
        store.write(|tx| add(tx, "other").map_err(Refusal::from)),
    );
    assert_eq!((good.is_ok(), bad, other.is_ok()), (true, Err(Refusal::Said("no")), true));
    assert_eq!(notes(&store).await, ["good", "other"]);
}

#[tokio::test]
async fn a_lone_refused_job_undoes_itself() {
    let store = ephemeral();
    let refused = store
        .write(|tx| {
            add(tx, "half")?;
            Err::<(), _>(Refusal::Said("no"))
        })
        .await;
    assert_eq!(refused, Err(Refusal::Said("no")));
    assert!(notes(&store).await.is_empty());
    write_note(&store, "next").await.unwrap();
}

#[tokio::test]
async fn a_failed_statement_leaves_what_the_job_did_before() {
    let store = ephemeral();
    write_note(&store, "taken").await.unwrap();
    store
        .write(|tx| {
            add(tx, "first")?;
            assert!(matches!(add(tx, "taken"), Err(Error::Sqlite(_))));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(notes(&store).await, ["taken", "first"]);
}

/// A job whose only write is its last has no savepoint of its own.
#[tokio::test]
async fn a_last_statement_that_fails_is_the_error_of_its_job_alone() {
    let store = ephemeral();
    write_note(&store, "taken").await.unwrap();
    let (good, bad, other) = tokio::join!(
        store.write(|tx| add_last(tx, "good")),
        store.write(|tx| add_last(tx, "taken")),
        store.write(|tx| add_last(tx, "other")),
    );
    assert_eq!((good.unwrap(), other.unwrap()), (1, 1));
    assert!(matches!(bad, Err(Error::Sqlite(_))));
    assert_eq!(notes(&store).await, ["taken", "good", "other"]);
}

#[tokio::test]
async fn what_is_refused_after_its_last_statement_is_undone_with_its_batch() {
    let store = ephemeral();
    let refused = |tx: &mut Tx<'_>| {
        add_last(tx, "half")?;
        Err::<usize, _>(Refusal::Said("no"))
    };
    assert_eq!(store.write(refused).await, Err(Refusal::Said("no")));
    assert!(notes(&store).await.is_empty());
    let (good, bad, other) = tokio::join!(
        store.write(|tx| add(tx, "good")),
        store.write(refused),
        store.write(|tx| add(tx, "other")),
    );
    assert_eq!(bad, Err(Refusal::Said("no")));
    assert!(matches!((good, other), (Err(Error::Lost(_)), Err(Error::Lost(_)))));
    assert!(notes(&store).await.is_empty());
    write_note(&store, "next").await.unwrap();
}

#[tokio::test]
async fn a_last_statement_after_others_is_undone_with_them() {
    let store = ephemeral();
    let (good, bad) = tokio::join!(
        write_note(&store, "good"),
        store.write(|tx| {
            add(tx, "first")?;
            add_last(tx, "last")?;
            Err::<usize, _>(Refusal::Said("no"))
        }),
    );
    assert_eq!((good.is_ok(), bad), (true, Err(Refusal::Said("no"))));
    assert_eq!(notes(&store).await, ["good"]);
}

fn add_last(tx: &Tx<'_>, text: &str) -> Result<usize, Error> {
    tx.execute_last("INSERT INTO notes (text) VALUES (?1)", params![text])
}

#[tokio::test]
async fn a_panic_is_the_error_of_its_job_alone() {
    let store = ephemeral();
    let (good, bad) = tokio::join!(
        write_note(&store, "good"),
        store.write(|tx| -> Result<(), Error> {
            add(tx, "half")?;
            panic!("by design")
        }),
    );
    good.unwrap();
    assert!(matches!(bad, Err(Error::Panicked(words)) if words == "by design"));
    assert_eq!(notes(&store).await, ["good"]);
    let read = store.read(|_| -> Result<(), Error> { panic!("again") }).await;
    assert!(matches!(read, Err(Error::Panicked(_))));
    assert_eq!(notes(&store).await, ["good"]);
}

#[tokio::test]
async fn hooks_run_in_order_and_before_the_answer() {
    let store = ephemeral();
    let log = Log::default();
    let write = |name: &'static str, refuse: bool| {
        let (store, log) = (store.clone(), Arc::clone(&log));
        async move {
            let (kept, undone, answered) = (Arc::clone(&log), Arc::clone(&log), Arc::clone(&log));
            let outcome = store
                .write(move |tx| {
                    add(tx, name)?;
                    tx.on_commit(move || note(&kept, format!("{name} committed")));
                    tx.on_rollback(move || note(&undone, format!("{name} undone")));
                    if refuse { Err(Refusal::Said("no")) } else { Ok(()) }
                })
                .await;
            note(&answered, format!("{name} answered"));
            outcome
        }
    };
    let _ = tokio::join!(write("a", false), write("b", true), write("c", false));
    let said = log.lock().unwrap().clone();
    // What is undone is undone before the next job begins, and so before the COMMIT they share.
    assert_eq!(said[..3], ["b undone", "a committed", "c committed"]);
    assert!(said[3..].iter().all(|said| said.ends_with("answered")), "{said:?}");
}

#[tokio::test]
async fn a_panicking_hook_harms_nobody() {
    let store = ephemeral();
    let ran = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&ran);
    store
        .write(move |tx| {
            add(tx, "a")?;
            tx.on_commit(|| panic!("by design"));
            tx.on_commit(move || bump(&count));
            Ok::<_, Error>(())
        })
        .await
        .unwrap();
    assert_eq!(ran.load(Ordering::Relaxed), 1);
    write_note(&store, "b").await.unwrap();
}

#[tokio::test]
async fn a_reader_sees_one_committed_snapshot() {
    let store = ephemeral();
    write_note(&store, "old").await.unwrap();
    let reading = store.clone();
    let seen = store
        .write(move |tx| {
            add(tx, "new")?;
            // A reader on another thread, in the middle of this transaction.
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let seen = std::thread::spawn(move || runtime.block_on(async { notes(&reading).await }));
            Ok::<_, Error>(seen.join().unwrap())
        })
        .await
        .unwrap();
    assert_eq!(seen, ["old"]);
    assert_eq!(notes(&store).await, ["old", "new"]);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let store = ephemeral();
    let refused = store.read(|read| read.execute("DELETE FROM notes", [])).await;
    assert!(matches!(refused, Err(Error::Sqlite(_))));
}

#[tokio::test]
async fn a_cancelled_caller_does_not_stop_the_others() {
    let store = ephemeral();
    let (cancelled, kept) = {
        let leader = store.write(|tx| add(tx, "cancelled"));
        let mut leader = Box::pin(leader);
        // Handed in, with the duty to run the batch; then nobody polls it again.
        assert!(futures_once(leader.as_mut()).await.is_none());
        let follower = write_note(&store, "kept");
        let mut follower = Box::pin(follower);
        assert!(futures_once(follower.as_mut()).await.is_none());
        drop(leader);
        ("cancelled", follower.await.unwrap())
    };
    assert_eq!(kept, 2);
    assert_eq!(notes(&store).await, [cancelled, "kept"]);
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_not_begun() {
    let store = ephemeral();
    let mut leader = Box::pin(write_note(&store, "kept"));
    assert!(futures_once(leader.as_mut()).await.is_none());
    let mut follower = Box::pin(store.write(|tx| add(tx, "given up")));
    assert!(futures_once(follower.as_mut()).await.is_none());
    drop(follower);
    leader.await.unwrap();
    assert_eq!(notes(&store).await, ["kept"]);
}

/// Polls once.
async fn futures_once<F: Future>(mut future: std::pin::Pin<&mut F>) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match future.as_mut().poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn a_full_queue_says_busy_and_recovers() {
    let mut options = Options::ephemeral(Clock::steered(NOW_MS));
    options.jobs_waiting_max = 2;
    let store = Store::open(options, NOTES).unwrap();
    let (first, second, third) =
        tokio::join!(write_note(&store, "a"), write_note(&store, "b"), write_note(&store, "c"));
    assert!(first.is_ok() && second.is_ok());
    assert!(matches!(third, Err(Error::Busy)));
    write_note(&store, "d").await.unwrap();
    assert_eq!(notes(&store).await, ["a", "b", "d"]);
}

#[tokio::test]
async fn a_closed_store_refuses() {
    let store = ephemeral();
    write_note(&store, "a").await.unwrap();
    store.close().await;
    store.clone().close().await;
    assert!(matches!(write_note(&store, "b").await, Err(Error::Closed)));
    assert!(matches!(store.read(|read| all(read)).await, Err(Error::Closed)));
}

#[tokio::test]
async fn what_was_handed_in_before_close_is_answered() {
    let store = ephemeral();
    let (written, ()) = tokio::join!(write_note(&store, "a"), store.close());
    written.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_on_many_threads_lose_nothing() {
    let directory = Directory::new();
    for durability in [Durability::None, Durability::Power] {
        let store = Store::open(directory.options(durability), NOTES).unwrap();
        let mut writers = JoinSet::new();
        for writer in 0..32 {
            let store = store.clone();
            writers.spawn(async move {
                for number in 0..20 {
                    let text = format!("{durability} {writer} {number}");
                    let outcome = store
                        .write(move |tx| {
                            add(tx, &text)?;
                            if number % 5 == 4 { Err(Refusal::Said("no")) } else { Ok(()) }
                        })
                        .await;
                    assert_eq!(outcome.is_err(), number % 5 == 4);
                }
            });
        }
        writers.join_all().await;
        let kept = notes(&store).await;
        assert_eq!(kept.iter().filter(|text| text.starts_with(&durability.to_string())).count(), 32 * 16);
        store.close().await;
    }
}
