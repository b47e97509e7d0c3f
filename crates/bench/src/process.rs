//! A server as a child process: started, awaited until it says `Ready.`, stopped by its own id.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::failure;
use crate::http::Endpoint;

/// A server that has said nothing for this long will not.
const READY_WITHIN: Duration = Duration::from_secs(60);

/// SIGTERM is answered within a second by contract; a machine under load gets more.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// A running server. Dropping it kills it.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// Where it listens.
    pub endpoint: Endpoint,
    /// From before the start until it said `Ready.`.
    pub ready_after: Duration,
}

impl Server {
    /// Starts `binary` and waits for its URL line and `Ready.`.
    ///
    /// # Errors
    /// When it cannot be started, ends, or says nothing in time.
    pub fn start<S: AsRef<OsStr>>(binary: &Path, arguments: &[S]) -> io::Result<Self> {
        let begun = Instant::now();
        let mut child = Command::new(binary)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| failure(format!("cannot start {}: {error}", binary.display())))?;
        match Self::await_ready(&mut child) {
            Ok(endpoint) => Ok(Self { child, endpoint, ready_after: begun.elapsed() }),
            Err(error) => {
                // It may have ended by itself; then there is nothing to kill.
                let _ = child.kill();
                let status = child.wait()?;
                Err(failure(format!("{} ({status}): {error}", binary.display())))
            }
        }
    }

    fn await_ready(child: &mut Child) -> io::Result<Endpoint> {
        let stdout = child.stdout.take().ok_or_else(|| failure("no stdout"))?;
        let (lines, heard) = mpsc::channel();
        // The thread keeps reading after `Ready.`, so that a talkative server never blocks on a full pipe.
        std::thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                let _ = lines.send(line);
            }
        });
        let deadline = Instant::now() + READY_WITHIN;
        let mut endpoint = None;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let line =
                heard.recv_timeout(left).map_err(|_| failure("ended or fell silent before `Ready.`"))?;
            if line.starts_with("http://") {
                endpoint = Some(Endpoint::parse(&line)?);
            } else if line.trim_end() == "Ready." {
                return endpoint.ok_or_else(|| failure("said `Ready.` before its URL"));
            }
        }
    }

    /// The process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: no last words. Returns when the process is gone.
    ///
    /// # Errors
    /// When it had already ended by itself, which no server under test should.
    pub fn kill(mut self) -> io::Result<()> {
        if let Some(status) = self.child.try_wait()? {
            return Err(failure(format!("the server had ended by itself: {status}")));
        }
        self.child.kill()?;
        self.child.wait().map(drop)
    }

    /// SIGTERM, then waits for exit code 0.
    ///
    /// # Errors
    /// When it does not end in time or not with 0.
    pub fn stop(mut self) -> io::Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM)?;
        let deadline = Instant::now() + STOP_WITHIN;
        loop {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(failure(format!("SIGTERM was answered with {status}"))),
                None if Instant::now() > deadline => return Err(failure("SIGTERM was not answered")),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already is as good as killed.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A directory of our own below the build directory, removed when dropped.
#[derive(Debug)]
pub struct Scratch {
    path: PathBuf,
    keep: bool,
}

impl Scratch {
    /// Makes `<build directory>/tmp/<name>-<pid>-<n>`: on a real disk, and never in the way of a commit.
    ///
    /// # Errors
    /// When the directory cannot be made.
    pub fn new(name: &str) -> io::Result<Self> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = build_directory()?.join("tmp").join(format!("{name}-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path)?;
        Ok(Self { path, keep: false })
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Leaves the directory behind, for somebody to look at.
    pub fn keep(&mut self) {
        self.keep = true;
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // Best effort: what is left over lies in the build directory.
            let _ = std::fs::remove_dir_all(&self.path);
        }
    }
}

/// The `target` directory this binary was built into.
///
/// # Errors
/// When the path of this binary is unknown.
pub fn build_directory() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let mut directory = own.parent();
    while let Some(path) = directory {
        if path.join("CACHEDIR.TAG").exists() {
            return Ok(path.to_owned());
        }
        directory = path.parent();
    }
    Ok(own.parent().unwrap_or(Path::new(".")).to_owned())
}

/// The `fanlight` binary that lies beside this one.
///
/// # Errors
/// When there is none.
pub fn sibling_fanlight() -> io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let path = own.with_file_name("fanlight");
    if path.exists() {
        return Ok(path);
    }
    let path = build_directory()?.join("release").join("fanlight");
    if path.exists() {
        return Ok(path);
    }
    Err(failure("no fanlight binary beside this one: build it with `cargo build --release -p fanlight`"))
}
