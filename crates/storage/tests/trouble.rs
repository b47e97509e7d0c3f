//! A full disk takes the batch with it, and nothing else.

mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use storage::{Error, Sql, Store, Tx};
use world::{Refusal, add, ephemeral, notes, write_note};

/// A disk without room for another page: SQLite takes the size the file has for the least limit.
const FULL: &str = "PRAGMA max_page_count = 1";
const ROOMY: &str = "PRAGMA max_page_count = 1000000";

async fn set_limit(store: &Store, limit: &'static str) {
    store
        .write(move |tx| tx.query_row(limit, [], |_| Ok(())))
        .await
        .unwrap_or_else(|error: Error| panic!("{error}"));
}

fn bump(count: &AtomicUsize) {
    count.fetch_add(1, Ordering::Relaxed);
}

/// How often either hook ran.
type Hooks = Arc<[AtomicUsize; 2]>;

fn count_hooks(tx: &Tx<'_>, hooks: &Hooks) {
    let (kept, undone) = (Arc::clone(hooks), Arc::clone(hooks));
    tx.on_commit(move || bump(&kept[0]));
    tx.on_rollback(move || bump(&undone[1]));
}

fn counts(hooks: &Hooks) -> (usize, usize) {
    (hooks[0].load(Ordering::Relaxed), hooks[1].load(Ordering::Relaxed))
}

async fn add_large(store: &Store, name: char, hooks: &Hooks) -> Result<i64, Refusal> {
    let hooks = Arc::clone(hooks);
    store
        .write(move |tx| {
            count_hooks(tx, &hooks);
            Ok(add(tx, &name.to_string().repeat(100_000))?)
        })
        .await
}

#[tokio::test]
async fn a_full_disk_is_an_error_and_passes() {
    let store = ephemeral();
    write_note(&store, "before").await.unwrap();
    set_limit(&store, FULL).await;
    let hooks = Hooks::default();
    let (small, large, other) = tokio::join!(
        write_note(&store, "small"),
        add_large(&store, 'x', &hooks),
        add_large(&store, 'y', &hooks)
    );
    assert!(large.is_err() && other.is_err());
    // The second was not even begun.
    assert_eq!(counts(&hooks), (0, 1));
    // Its neighbour fared as it was told.
    assert_eq!(notes(&store).await.contains(&"small".to_owned()), small.is_ok());
    set_limit(&store, ROOMY).await;
    add_large(&store, 'x', &hooks).await.unwrap();
    assert_eq!(notes(&store).await.first().map(String::as_str), Some("before"));
}

#[tokio::test]
async fn a_full_disk_has_a_name() {
    let store = ephemeral();
    set_limit(&store, FULL).await;
    let outcome = store.write(|tx| add(tx, &"x".repeat(100_000))).await;
    assert!(matches!(outcome, Err(Error::DiskFull | Error::Lost(_))), "{outcome:?}");
}

/// What SQLite does by itself on an I/O error: the transaction is gone in the middle of a job.
#[tokio::test]
async fn a_lost_transaction_fails_the_whole_batch() {
    let store = ephemeral();
    let hooks = Hooks::default();
    let (first, second) = (Arc::clone(&hooks), Arc::clone(&hooks));
    let (before, culprit, after) = tokio::join!(
        store.write(move |tx| {
            count_hooks(tx, &first);
            add(tx, "before")
        }),
        store.write(move |tx| {
            count_hooks(tx, &second);
            add(tx, "half")?;
            tx.execute("ROLLBACK", [])?;
            // Not written outside of a transaction:
            assert!(matches!(add(tx, "stray"), Err(Error::Lost(_))));
            Ok::<_, Error>(0)
        }),
        write_note(&store, "after"),
    );
    for outcome in [before, culprit, after] {
        assert!(matches!(outcome, Err(Error::Lost(_))), "{outcome:?}");
    }
    assert_eq!(counts(&hooks), (0, 2));
    assert!(notes(&store).await.is_empty());
    write_note(&store, "fine").await.unwrap();
    assert_eq!(notes(&store).await, ["fine"]);
}
