//! The directory, the lock, migrations, and what a file survives.

mod world;

use std::fs;

use clock::Clock;
use storage::{Durability, Error, Location, Migrations, OpenError, Options, Sql, Store};
use world::{Directory, NOTES, NOW_MS, ephemeral, notes, write_note};

const MORE_NOTES: &[Migrations] = &[Migrations {
    service: "notes",
    steps: &[
        NOTES[0].steps[0],
        (2, "stars", "ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 0"),
    ],
}];

#[tokio::test]
async fn a_directory_is_created_and_keeps_what_was_written() {
    let directory = Directory::new();
    for durability in [Durability::None, Durability::Process, Durability::Power] {
        let store = Store::open(directory.options(durability), NOTES).unwrap();
        let before = notes(&store).await.len();
        write_note(&store, Box::leak(durability.to_string().into_boxed_str())).await.unwrap();
        assert_eq!(notes(&store).await.len(), before + 1);
        store.close().await;
        assert!(!directory.path().join("fanlight.db-wal").exists());
    }
    let store = directory.open().unwrap();
    assert_eq!(notes(&store).await, ["none", "process", "power"]);
}

#[tokio::test]
async fn a_second_opener_is_refused_in_one_sentence() {
    let directory = Directory::new();
    let store = directory.open().unwrap();
    let refused = directory.open().err().unwrap();
    assert!(matches!(refused, OpenError::InUse(_)));
    let words = refused.to_string();
    assert!(words.contains(&directory.path().display().to_string()) && !words.contains('\n'), "{words}");
    store.close().await;
    directory.open().unwrap();
}

/// A process that was killed is still going when it is started again.
#[tokio::test]
async fn a_directory_whose_owner_is_going_is_waited_for() {
    let directory = Directory::new();
    let store = directory.open().unwrap();
    let options = directory.options(Durability::Process);
    let opening = std::thread::spawn(move || Store::open(options, NOTES).map(drop));
    store.close().await;
    assert!(opening.join().unwrap().is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn what_is_kept_is_nobody_elses_to_read() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new();
    let _store = directory.open().unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = directory.path().join("fanlight.db");
    assert_eq!((mode(directory.path()), mode(&file)), (0o700, 0o600));
}

/// As a copy that was interrupted leaves it. SQLite would serve an empty database.
#[tokio::test]
async fn an_empty_database_beside_a_log_is_refused() {
    let directory = Directory::new();
    directory.open().unwrap().close().await;
    fs::write(directory.path().join("fanlight.db"), "").unwrap();
    fs::write(directory.path().join("fanlight.db-wal"), [0x37, 0x7f, 0x06, 0x82, 0, 0]).unwrap();
    let refused = directory.open().err().unwrap();
    assert!(matches!(refused, OpenError::Unusable { .. }), "{refused}");
    assert!(refused.to_string().contains("fanlight.db-wal"), "{refused}");
}

#[tokio::test]
async fn a_directory_that_cannot_be_made_is_named() {
    let directory = Directory::new();
    fs::create_dir_all(directory.path()).unwrap();
    let file = directory.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let options =
        Options::new(Location::Directory(file.clone()), Durability::Process, Clock::steered(NOW_MS));
    let refused = Store::open(options, NOTES).err().unwrap();
    assert!(matches!(refused, OpenError::Directory { .. }));
    assert!(refused.to_string().contains(&file.display().to_string()));
}

#[tokio::test]
async fn a_file_of_something_else_is_refused_and_left_alone() {
    let directory = Directory::new();
    fs::create_dir_all(directory.path()).unwrap();
    let file = directory.path().join("fanlight.db");
    let text = "dear diary, ".repeat(1_000);
    fs::write(&file, &text).unwrap();
    assert!(matches!(directory.open().err().unwrap(), OpenError::Unusable { .. }));
    assert_eq!(fs::read_to_string(&file).unwrap(), text);
}

#[tokio::test]
async fn migrations_bring_an_old_file_up_to_date() {
    let directory = Directory::new();
    let store = directory.open().unwrap();
    write_note(&store, "kept").await.unwrap();
    assert_eq!(store.describe().await.unwrap().schemas, [("notes".to_owned(), 1)]);
    store.close().await;

    let store = Store::open(directory.options(Durability::Process), MORE_NOTES).unwrap();
    assert_eq!(store.describe().await.unwrap().schemas, [("notes".to_owned(), 2)]);
    let stars: i64 = store
        .read(|read| read.query_row("SELECT sum(stars) FROM notes", [], |row| row.get(0)))
        .await
        .unwrap_or_else(|error: Error| panic!("{error}"));
    assert_eq!(stars, 0);
    store.close().await;

    let refused = directory.open().err().unwrap();
    assert!(matches!(refused, OpenError::Newer { found: 2, known: 1, .. }), "{refused}");
}

#[tokio::test]
async fn a_service_nobody_knows_is_a_newer_file() {
    let directory = Directory::new();
    directory.open().unwrap().close().await;
    let refused = Store::open(directory.options(Durability::Process), &[]).err().unwrap();
    assert!(matches!(refused, OpenError::Newer { known: 0, .. }), "{refused}");
}

#[tokio::test]
async fn an_edited_migration_is_refused() {
    const EDITED: &[Migrations] = &[Migrations {
        service: "notes",
        steps: &[(1, "notes", "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT) STRICT")],
    }];
    let directory = Directory::new();
    directory.open().unwrap().close().await;
    let refused = Store::open(directory.options(Durability::Process), EDITED).err().unwrap();
    assert!(matches!(refused, OpenError::Changed { number: 1, .. }), "{refused}");
}

#[tokio::test]
async fn a_failing_migration_leaves_the_file_as_it_was() {
    const BROKEN: &[Migrations] = &[Migrations {
        service: "notes",
        steps: &[
            NOTES[0].steps[0],
            (2, "good", "CREATE TABLE half (id INTEGER)"),
            (3, "broken", "CREATE TABEL half (id INTEGER)"),
        ],
    }];
    let directory = Directory::new();
    directory.open().unwrap().close().await;
    let refused = Store::open(directory.options(Durability::Process), BROKEN).err().unwrap();
    assert!(matches!(refused, OpenError::Migration { number: 3, .. }), "{refused}");
    let store = directory.open().unwrap();
    let half: u32 = store
        .read(|read| {
            read.query_row("SELECT count(*) FROM sqlite_schema WHERE name = 'half'", [], |row| row.get(0))
        })
        .await
        .unwrap_or_else(|error: Error| panic!("{error}"));
    assert_eq!(half, 0);
}

#[tokio::test]
async fn what_was_answered_is_there_without_a_goodbye() {
    let directory = Directory::new();
    let store = directory.open().unwrap();
    write_note(&store, "a").await.unwrap();
    // The files as they are now, as after `kill -9`.
    let copy = Directory::new();
    fs::create_dir_all(copy.path()).unwrap();
    for name in ["fanlight.db", "fanlight.db-wal"] {
        fs::copy(directory.path().join(name), copy.path().join(name)).unwrap();
    }
    assert_eq!(notes(&copy.open().unwrap()).await, ["a"]);
}

#[tokio::test]
async fn an_ephemeral_store_has_no_name() {
    let store = ephemeral();
    let about = store.describe().await.unwrap();
    assert_eq!(about.path, None);
    assert!(about.database_bytes > 0);
    let mark = format!(".fanlight-{}-", std::process::id());
    for parent in [std::env::temp_dir(), "/dev/shm".into()] {
        let names = fs::read_dir(parent).into_iter().flatten().flatten();
        assert!(!names.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(&mark)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_log_stays_short_under_load() {
    let directory = Directory::new();
    let store = directory.open().unwrap();
    let mut longest = 0;
    for batch in 0..120 {
        store
            .write(move |tx| {
                for number in 0..300 {
                    world::add(tx, &format!("{batch} {number} {}", "x".repeat(3_000)))?;
                }
                Ok::<_, Error>(())
            })
            .await
            .unwrap();
        let log = fs::metadata(directory.path().join("fanlight.db-wal")).unwrap().len();
        longest = longest.max(log);
    }
    assert!(store.describe().await.unwrap().database_bytes > 100 << 20);
    assert!(longest < 64 << 20, "the log grew to {longest} bytes");
    store.close().await;
}
