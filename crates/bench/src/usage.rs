//! What a process has used: CPU time and resident memory, from `/proc`.

use std::time::Duration;
use std::{fs, io};

use crate::failure;

/// `USER_HZ`: the unit of `/proc/PID/stat`, fixed at 100 by the Linux ABI.
const TICKS_PER_SEC: u64 = 100;

/// CPU time of a process so far, all threads, user and system.
///
/// `schedstat` counts nanoseconds but forgets threads that ended; `stat` remembers them but counts in
/// hundredths of a second, rounded down. The larger of the two is the better one.
///
/// # Errors
/// When the process is gone.
pub fn cpu(pid: u32) -> io::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    Ok(ticks(&stat)?.max(scheduled(pid).unwrap_or_default()))
}

/// Resident memory of a process in bytes.
///
/// # Errors
/// When the process is gone.
pub fn resident_bytes(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))
        .and_then(|rest| rest.split_whitespace().next())
        .and_then(|kib| kib.parse::<u64>().ok())
        .map(|kib| kib * 1024)
        .ok_or_else(|| failure(format!("no VmRSS for process {pid}")))
}

fn ticks(stat: &str) -> io::Result<Duration> {
    // The command name is in brackets and may hold anything; the fields count from behind it.
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let mut fields = fields.split_whitespace().skip(11);
    let mut next = || fields.next().and_then(|field| field.parse::<u64>().ok());
    let (Some(user), Some(system)) = (next(), next()) else {
        return Err(failure("cannot read /proc/PID/stat"));
    };
    Ok(Duration::from_millis((user + system) * (1000 / TICKS_PER_SEC)))
}

fn scheduled(pid: u32) -> io::Result<Duration> {
    let mut nanos = 0;
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        // A thread may end while we look.
        let Ok(text) = fs::read_to_string(task?.path().join("schedstat")) else { continue };
        nanos += text.split_whitespace().next().and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    }
    Ok(Duration::from_nanos(nanos))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_name_with_brackets_does_not_shift_the_fields() {
        let stat = "7 (a) b) S 1 7 7 0 -1 4194560 99 0 0 0 150 50 0 0 20 0 4 0 100 1 1";
        assert_eq!(ticks(stat).ok(), Some(Duration::from_secs(2)));
    }

    #[test]
    fn this_process_can_be_read() {
        let pid = std::process::id();
        assert!(cpu(pid).is_ok());
        assert!(resident_bytes(pid).is_ok_and(|bytes| bytes > 100_000));
    }
}
