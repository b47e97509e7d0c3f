use std::future::poll_fn;
use std::mem;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::thread;

use clock::Clock;
use rusqlite::Connection;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::{oneshot, watch};

use crate::job::{Job, TypedJob};
use crate::migrations::Schemas;
use crate::place::Place;
use crate::queue::{Lane, Queue, Turn};
use crate::readers::{READERS, Readers};
use crate::writer::Writer;
use crate::{
    Durability, Error, Migrations, OpenError, Options, Read, Sql, Tx, connection, maintenance, migrations,
};

/// The database. Clones are the same store; it ends with [`Store::close`], or when the last clone is dropped.
#[derive(Clone)]
pub struct Store {
    owner: Arc<Owner>,
}

/// What all clones of a store own together; threads and tasks own only `Shared`.
struct Owner {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) queue: Queue,
    writer: Mutex<Option<Writer>>,
    readers: Readers,
    /// Whose threads run what maintenance leaves behind.
    runtime: Option<Handle>,
    clock: Clock,
    durability: Durability,
    schemas: Schemas,
    path: Option<PathBuf>,
    is_shared: bool,
    /// Given up last: it holds the lock.
    place: Mutex<Option<Place>>,
    gone: watch::Sender<bool>,
    fails: Arc<AtomicBool>,
}

/// What there is to say about a store that is open.
#[derive(Clone, Debug)]
pub struct Description {
    /// The file, or nothing if it is ephemeral.
    pub path: Option<PathBuf>,
    /// What a commit survives.
    pub durability: Durability,
    /// The latest migration of each service.
    pub schemas: Vec<(String, u32)>,
    /// The size of the database.
    pub database_bytes: u64,
    /// How much of it is free for what comes next.
    pub free_bytes: u64,
    /// What the write-ahead log holds.
    pub wal_bytes: u64,
    /// The last batch of writes was lost: the disk is full, or worse.
    pub fails: bool,
}

impl Store {
    /// Opens or creates the database and brings every service's tables up to date. Blocks for a moment; called inside a
    /// runtime, it uses its threads.
    pub fn open(options: Options, migrations: &[Migrations]) -> Result<Self, OpenError> {
        let place = Place::find(&options.location, &options.clock)?;
        Self::open_at(place, options, migrations)
    }

    fn open_at(place: Place, options: Options, migrations: &[Migrations]) -> Result<Self, OpenError> {
        let mut writer =
            connection::writer(&place, options.durability).map_err(|error| explain(&place, error))?;
        let now_ms = options.clock.now_ms();
        let schemas = migrations::run(&mut writer, place.file(), migrations, now_ms)
            .map_err(|error| explain_open(&place, error))?;
        let mut readers = Vec::new();
        let mut keeper = None;
        if place.is_shared() {
            for _ in 0..READERS {
                let reader = connection::reader(&place, options.durability);
                readers.push(reader.map_err(|error| explain(&place, error))?);
            }
            let maintenance = connection::maintenance(&place, options.durability);
            keeper = Some(maintenance.map_err(|error| explain(&place, error))?);
        }
        place.hide();
        let lane = if options.durability == Durability::Power { Lane::Thread } else { Lane::Inline };
        let fails = Arc::default();
        let shared = Arc::new(Shared {
            queue: Queue::new(lane, options.jobs_waiting_max),
            writer: Mutex::new(Some(Writer::new(writer, options.clock.clone(), Arc::clone(&fails)))),
            readers: Readers::new(readers),
            runtime: Handle::try_current().ok(),
            clock: options.clock,
            durability: options.durability,
            schemas,
            path: place.is_kept().then(|| place.file().to_owned()),
            is_shared: place.is_shared(),
            place: Mutex::new(Some(place)),
            gone: watch::Sender::new(false),
            fails,
        });
        start_threads(&shared, keeper).map_err(OpenError::Thread)?;
        log_opened(&shared);
        Ok(Self { owner: Arc::new(Owner { shared }) })
    }

    /// Runs `work` in a write transaction and answers after COMMIT. Jobs run one after the other, in the order in which
    /// they were handed in.
    ///
    /// If the future is dropped, the job still runs and may commit; only its answer is lost.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = Box::new(TypedJob::new(work, reply));
        let turn = self.shared().queue.push(job)?;
        if turn != Turn::Wait {
            let baton = Baton { shared: Arc::clone(self.shared()), held: true };
            if turn == Turn::LeadTogether {
                let_others_first(&self.shared().queue).await;
            }
            baton.run_one();
        }
        answer.await.unwrap_or_else(|_| Err(E::from(Error::Closed)))
    }

    /// Runs `work` against one snapshot of what is committed, on the calling thread. Keep it short.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&Read<'_>) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        if self.shared().is_shared {
            return self.shared().readers.read(|| self.shared().clock.now_ms(), work).await;
        }
        // A database in memory has one connection, so readers take turns with the writer.
        self.write(move |tx| tx.as_read(work)).await
    }

    /// What there is to say about the store, for the health page.
    pub async fn describe(&self) -> Result<Description, Error> {
        let (page_bytes, pages, free) = self
            .read(|read| {
                let number = |sql| read.query_row(sql, [], |row| row.get::<_, u32>(0).map(u64::from));
                Ok::<_, Error>((
                    number("PRAGMA page_size")?,
                    number("PRAGMA page_count")?,
                    number("PRAGMA freelist_count")?,
                ))
            })
            .await?;
        let shared = self.shared();
        Ok(Description {
            path: shared.path.clone(),
            durability: shared.durability,
            schemas: shared.schemas.iter().map(|(service, number)| (service.clone(), *number)).collect(),
            database_bytes: pages * page_bytes,
            free_bytes: free * page_bytes,
            wal_bytes: u64::from(shared.queue.wal_pages()) * page_bytes,
            fails: shared.fails.load(Ordering::Relaxed),
        })
    }

    /// Answers what was handed in, refuses what comes later, empties the log, and gives up the directory. May be
    /// called again; every call returns when it is done.
    pub async fn close(&self) {
        self.shared().queue.close();
        let mut gone = self.shared().gone.subscribe();
        // An error would mean that the sender is gone, and it lives in what we hold.
        let _ = gone.wait_for(|gone| *gone).await;
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.owner.shared
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // Not waited for: the last clone may be dropped by a job, on the very thread that would be waited for.
        self.shared.queue.close();
    }
}

impl Shared {
    fn run_batch(&self, jobs: &mut Vec<Box<dyn Job>>) -> Option<u32> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        match writer.as_mut() {
            Some(writer) => writer.run(jobs),
            None => {
                jobs.drain(..).for_each(|job| job.answer(Some(&Error::Closed)));
                None
            }
        }
    }

    /// For maintenance, with the baton.
    pub(crate) fn maintain(&self, sql: &'static str) -> rusqlite::Result<Option<u32>> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.as_mut().map_or(Ok(None), |writer| writer.maintain(sql))
    }

    pub(crate) fn place_is_kept(&self) -> bool {
        self.path.is_some()
    }

    /// The end: connections first, then the lock.
    pub(crate) fn let_go(&self) {
        self.readers.close();
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.place.lock().unwrap_or_else(PoisonError::into_inner).take();
        self.gone.send_replace(true);
    }
}

/// The right, and the duty, to run batches.
struct Baton {
    shared: Arc<Shared>,
    held: bool,
}

impl Baton {
    /// Runs a batch here; what came in meanwhile is run by a task of its own, so that the caller gets on with
    /// its answer.
    fn run_one(mut self) {
        if self.step(&mut Vec::new()) {
            let runtime = Handle::try_current();
            if let Ok(runtime) = runtime {
                runtime.spawn(self.run_all());
            }
        }
    }

    /// Runs batches until nobody is waiting, and lets others in between.
    async fn run_all(mut self) {
        let mut jobs = Vec::new();
        while self.step(&mut jobs) {
            let_others_first(&self.shared.queue).await;
        }
    }

    /// Runs a batch. `false`: the baton is gone.
    fn step(&mut self, jobs: &mut Vec<Box<dyn Job>>) -> bool {
        self.held = self.shared.queue.next_batch(jobs);
        if self.held {
            let wal_pages = self.shared.run_batch(jobs);
            self.held = self.shared.queue.after_batch(wal_pages);
        }
        self.held
    }
}

impl Drop for Baton {
    /// A caller cancelled while holding the baton, or a runtime shutting down, must not leave the others waiting for
    /// ever: the duty is done on the spot.
    fn drop(&mut self) {
        let mut jobs = Vec::new();
        while self.held {
            self.step(&mut jobs);
        }
    }
}

/// How often a leader steps back for the sake of others. What came in by then is worth its commit.
const ROUNDS_MAX: usize = 3;

/// Goes to the end of the line, so that others hand in their jobs and share the commit.
///
/// On a runtime of one thread that line includes who is about to be heard of by a socket, and is joined again while it
/// brings jobs. On several threads it is only that of the tasks that are ready: there, looking at every socket first took
/// half the time of sixteen writers, since every thread does it.
async fn let_others_first(queue: &Queue) {
    if Handle::try_current().is_ok_and(|runtime| runtime.runtime_flavor() != RuntimeFlavor::CurrentThread) {
        return let_ready_tasks_first().await;
    }
    let mut waiting = queue.jobs_waiting();
    for _ in 0..ROUNDS_MAX {
        tokio::task::yield_now().await;
        let before = mem::replace(&mut waiting, queue.jobs_waiting());
        if waiting <= before {
            return;
        }
    }
}

async fn let_ready_tasks_first() {
    let mut first = true;
    poll_fn(|context| {
        if !mem::replace(&mut first, false) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// For maintenance, which holds the baton and has better things to do.
pub(crate) fn drain_elsewhere(shared: &Arc<Shared>) {
    let baton = Baton { shared: Arc::clone(shared), held: true };
    match &shared.runtime {
        Some(runtime) => drop(runtime.spawn(baton.run_all())),
        None => drop(baton),
    }
}

fn start_threads(shared: &Arc<Shared>, keeper: Option<Connection>) -> std::io::Result<()> {
    let fsyncs = shared.durability != Durability::None;
    let for_maintenance = Arc::clone(shared);
    thread::Builder::new()
        .name("storage-keeper".to_owned())
        .spawn(move || maintenance::run(&for_maintenance, keeper, fsyncs))?;
    if shared.queue.lane() == Lane::Thread {
        let shared = Arc::clone(shared);
        thread::Builder::new().name("storage-writer".to_owned()).spawn(move || {
            while shared.queue.wait_for_jobs() {
                // Dropped at once, it runs until the queue is empty: see `Baton::drop`.
                drop(Baton { shared: Arc::clone(&shared), held: true });
            }
        })?;
    }
    Ok(())
}

fn log_opened(shared: &Shared) {
    let path = shared.path.as_ref().map_or_else(|| "ephemeral".to_owned(), |path| path.display().to_string());
    let schemas = shared.schemas.iter().map(|(service, number)| format!("{service} {number}"));
    let schemas = schemas.collect::<Vec<_>>().join(", ");
    tracing::info!(path, schemas, durability = %shared.durability, "database opened");
}

fn explain_open(place: &Place, error: OpenError) -> OpenError {
    match error {
        OpenError::Sqlite(error) => explain(place, error),
        other => other,
    }
}

/// What SQLite says about a file it cannot make sense of, with the name of the file.
fn explain(place: &Place, error: rusqlite::Error) -> OpenError {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error.sqlite_error_code() {
        Some(DatabaseCorrupt | NotADatabase) => {
            OpenError::Unusable { path: place.file().to_owned(), reason: error.to_string() }
        }
        _ if place.is_kept() => OpenError::Unopened { path: place.file().to_owned(), reason: error },
        _ => OpenError::Sqlite(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::params;

    /// In a container without a single writable directory.
    #[tokio::test]
    async fn a_store_without_a_file_reads_writes_and_closes() {
        const NUMBERS: &[Migrations] = &[Migrations {
            service: "numbers",
            steps: &[(1, "numbers", "CREATE TABLE numbers (n INTEGER)")],
        }];
        let store = Store::open_at(Place::Memory, Options::ephemeral(Clock::steered(0)), NUMBERS).unwrap();
        let insert = |number: i64| {
            store.write(move |tx| tx.execute("INSERT INTO numbers VALUES (?1)", params![number]))
        };
        let (one, two) = tokio::join!(insert(1), insert(2));
        assert_eq!((one.unwrap(), two.unwrap()), (1, 1));
        let sum = store
            .read(|read| read.query_row("SELECT sum(n) FROM numbers", [], |row| row.get::<_, i64>(0)))
            .await;
        assert_eq!(sum.unwrap(), 3);
        assert!(store.describe().await.unwrap().database_bytes > 0);
        store.close().await;
        assert!(matches!(insert(3).await, Err(Error::Closed)));
    }
}
