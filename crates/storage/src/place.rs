//! Where the file is, and who may use it.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use clock::Clock;

use crate::{Location, OpenError};

/// A tmpfs smaller than this is no place for a database: containers get 64 MiB of `/dev/shm` unless asked.
const MEMORY_BYTES_MIN: u64 = 1024 * 1024 * 1024;

/// A process that was killed holds its locks a little longer; who restarts it at once should not have to try again.
const LOCK_PATIENCE: Duration = Duration::from_secs(1);

/// A place that is ours until this is dropped.
#[derive(Debug)]
pub(crate) enum Place {
    /// A locked directory that stays.
    Kept { file: PathBuf, lock: File },
    /// A private directory that goes.
    Private { directory: PathBuf, file: PathBuf },
    /// Nothing is writable. One connection, no log: readers take turns with the writer.
    Memory,
}

impl Place {
    pub(crate) fn find(location: &Location, clock: &Clock) -> Result<Self, OpenError> {
        match location {
            Location::Directory(directory) => kept(directory),
            Location::Ephemeral => Ok(private(clock)),
        }
    }

    /// What SQLite is told to open.
    pub(crate) fn file(&self) -> &Path {
        match self {
            Self::Kept { file, .. } | Self::Private { file, .. } => file,
            Self::Memory => Path::new(":memory:"),
        }
    }

    /// Whether more than one connection can see the database.
    pub(crate) fn is_shared(&self) -> bool {
        !matches!(self, Self::Memory)
    }

    /// Whether the file is meant to outlive the process.
    pub(crate) fn is_kept(&self) -> bool {
        matches!(self, Self::Kept { .. })
    }

    /// Takes the names of private files away, now that every connection is open. The files live on without names until
    /// the process ends in whatever way; nothing is left to clean up after `kill -9`.
    pub(crate) fn hide(&self) {
        if let Self::Private { directory, .. } = self {
            // Where open files cannot be removed (not on Unix), `drop` has another go.
            let _ = fs::remove_dir_all(directory);
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        match self {
            Self::Private { directory, .. } => {
                let _ = fs::remove_dir_all(directory);
            }
            // Closing would unlock it as well; a copy of the descriptor in a child process would not.
            Self::Kept { lock, .. } => {
                let _ = lock.unlock();
            }
            Self::Memory => {}
        }
    }
}

fn kept(directory: &Path) -> Result<Place, OpenError> {
    let unusable = |reason| OpenError::Directory { path: directory.to_owned(), reason };
    own_directory().recursive(true).create(directory).map_err(unusable)?;
    let lock = own_file().open(directory.join("fanlight.lock")).map_err(unusable)?;
    let lock = match lock.try_lock() {
        Ok(()) => lock,
        Err(TryLockError::WouldBlock) => {
            let patient = lock_in_time(lock).map_err(unusable)?;
            patient.ok_or_else(|| OpenError::InUse(directory.to_owned()))?
        }
        Err(TryLockError::Error(reason)) => return Err(unusable(reason)),
    };
    let file = directory.join("fanlight.db");
    // SQLite would open a read-only file, or one in a read-only directory, without a word and fail at the first write.
    own_file().open(&file).map_err(unusable)?;
    let probe = directory.join("fanlight.probe");
    own_file().open(&probe).and_then(|_| fs::remove_file(&probe)).map_err(unusable)?;
    check_log(&file)?;
    if let Some(system) = file_system(directory).filter(|system| is_remote(system)) {
        tracing::warn!(directory = %directory.display(), system, "the data directory is on a network file system, \
            where locks may not hold: never point two processes at it");
    }
    Ok(Place::Kept { file, lock })
}

/// What a write-ahead log begins with, but for the last bit. SQLite: "WAL-Mode File Format".
const LOG_MAGIC: [u8; 3] = [0x37, 0x7f, 0x06];

/// SQLite takes a log that it cannot make sense of for none, and serves what is in the database without a word. A log that
/// is damaged may be what a loss of power leaves; a database that is empty beside a log is somebody's doing.
fn check_log(file: &Path) -> Result<(), OpenError> {
    let log = file.with_extension("db-wal");
    let Ok(log_bytes) = fs::metadata(&log).map(|log| log.len()) else { return Ok(()) };
    if log_bytes == 0 {
        return Ok(());
    }
    if fs::metadata(file).is_ok_and(|file| file.len() == 0) {
        let reason = "it is empty, and the fanlight.db-wal beside it is not".to_owned();
        return Err(OpenError::Unusable { path: file.to_owned(), reason });
    }
    let mut beginning = [0; LOG_MAGIC.len()];
    let read = File::open(&log).and_then(|mut log| log.read_exact(&mut beginning));
    if read.is_err() || beginning != LOG_MAGIC {
        tracing::warn!(log = %log.display(), bytes = log_bytes, "the write-ahead log is damaged; what was only in it is lost");
    }
    Ok(())
}

/// Locks a file that another process holds, if it lets go in time.
fn lock_in_time(lock: File) -> io::Result<Option<File>> {
    let (give, taken) = mpsc::channel();
    thread::Builder::new().name("storage-lock".to_owned()).spawn(move || {
        let locked = lock.lock().map(|()| lock);
        // Nobody listens any more if it took too long: the file is closed, and free again.
        let _ = give.send(locked);
    })?;
    taken.recv_timeout(LOCK_PATIENCE).ok().transpose()
}

/// Options for a file of ours. It may hold secrets of those who use us, so it is nobody else's to read.
fn own_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A directory of ours; one that is there keeps the rights it has.
fn own_directory() -> DirBuilder {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

fn private(clock: &Clock) -> Place {
    let asked = std::env::var_os("TMPDIR").map(PathBuf::from);
    let memory = Some(PathBuf::from("/dev/shm")).filter(|_| memory_is_roomy());
    let temporary = Some(std::env::temp_dir());
    let here = std::env::current_dir().ok();
    private_in([asked, memory, temporary, here].into_iter().flatten(), clock)
}

/// In the first candidate that can be written to.
pub(crate) fn private_in(candidates: impl IntoIterator<Item = PathBuf>, clock: &Clock) -> Place {
    for parent in candidates {
        if let Ok(directory) = private_directory(&parent, clock) {
            let file = directory.join("fanlight.db");
            return Place::Private { directory, file };
        }
    }
    Place::Memory
}

fn private_directory(parent: &Path, clock: &Clock) -> io::Result<PathBuf> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    // The number is for clocks with a seed, whose ids repeat; the id is for containers, whose process ids do.
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!(".fanlight-{}-{number}-{}", std::process::id(), clock.uuid_v4().simple());
    let directory = parent.join(name);
    own_directory().create(&directory)?;
    // A directory may be made on a full disk on which no file can grow.
    match fs::write(directory.join("probe"), [0; 4096]) {
        Ok(()) => Ok(directory),
        Err(error) => {
            let _ = fs::remove_dir_all(&directory);
            Err(error)
        }
    }
}

/// One line of the mount table.
struct Mount {
    point: PathBuf,
    system: String,
    options: String,
}

/// Empty where there is no such table.
fn mounts() -> Vec<Mount> {
    let table = fs::read_to_string("/proc/self/mounts").unwrap_or_default();
    let parse = |line: &str| {
        let mut fields = line.split(' ').skip(1);
        let point = PathBuf::from(fields.next()?);
        Some(Mount { point, system: fields.next()?.to_owned(), options: fields.next()?.to_owned() })
    };
    table.lines().filter_map(parse).collect()
}

fn memory_is_roomy() -> bool {
    let mounts = mounts();
    let Some(mount) = mounts.iter().rfind(|mount| mount.point == Path::new("/dev/shm")) else { return false };
    // Without a size, tmpfs takes up to half of the memory.
    let size = mount.options.split(',').find_map(|option| option.strip_prefix("size="));
    mount.system == "tmpfs"
        && size.is_none_or(|size| bytes(size).is_some_and(|bytes| bytes >= MEMORY_BYTES_MIN))
}

/// `65536k`, as the kernel writes it.
fn bytes(size: &str) -> Option<u64> {
    let (number, unit) = match size.strip_suffix('k') {
        Some(number) => (number, 1024),
        None => (size, 1),
    };
    number.parse::<u64>().ok()?.checked_mul(unit)
}

fn file_system(directory: &Path) -> Option<String> {
    let directory = directory.canonicalize().ok()?;
    let mut mounts = mounts();
    mounts.retain(|mount| directory.starts_with(&mount.point));
    mounts.into_iter().max_by_key(|mount| mount.point.as_os_str().len()).map(|mount| mount.system)
}

fn is_remote(system: &str) -> bool {
    matches!(system, "nfs" | "nfs4" | "cifs" | "smb3" | "smbfs" | "9p" | "fuse.sshfs")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusable_candidates_are_passed_over() {
        let clock = Clock::steered(0);
        let candidates = ["/nowhere/at/all".into(), std::env::temp_dir()];
        let place = private_in(candidates, &clock);
        assert!(place.file().starts_with(std::env::temp_dir()));
        assert!(matches!(private_in(["/nowhere/at/all".into()], &clock), Place::Memory));
    }

    #[test]
    fn a_private_directory_goes_with_its_place() {
        let place = private_in([std::env::temp_dir()], &Clock::steered(0));
        let directory = place.file().parent().unwrap().to_owned();
        assert!(directory.is_dir());
        drop(place);
        assert!(!directory.exists());
    }

    #[test]
    fn sizes_are_read_as_the_kernel_writes_them() {
        assert_eq!(bytes("65536k"), Some(64 << 20));
        assert_eq!(bytes("4096"), Some(4096));
        assert_eq!(bytes("50%"), None);
    }
}
