use std::time::Instant;

/// How long something took, for the log. Never steered: a frozen clock would make every request look free.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    /// Starts counting now.
    #[expect(clippy::disallowed_methods, reason = "this is the one door to the monotonic clock")]
    pub fn start() -> Self {
        Self { started: Instant::now() }
    }

    /// Microseconds since the start.
    pub fn micros(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Nanoseconds since the start.
    pub fn nanos(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Stopwatch;

    #[test]
    fn counts_upwards() {
        let watch = Stopwatch::start();
        let earlier = watch.nanos();
        assert!(watch.nanos() >= earlier);
        assert!(watch.micros() <= watch.nanos());
    }
}
