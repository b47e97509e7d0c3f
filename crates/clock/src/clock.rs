use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio::time::Instant;
use uuid::Uuid;

use crate::random::{self, Random};

/// The latest moment a clock can show: the end of the year 9999. The earliest is 1970. Keeping to dates that can be
/// written down lets everybody else add durations to a moment without thinking of overflow.
pub const LATEST_MS: i64 = 253_402_300_799_999;

/// In `Inner::frozen_at_ms`: the clock is running.
const RUNNING: i64 = i64::MIN;

/// A long wait looks at the wall clock again this often, because the monotonic clock stands still while a laptop
/// sleeps and a deadline twelve hours away would otherwise be missed by the length of the night.
const RESYNC: Duration = Duration::from_secs(60);

/// Whether time passes by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Time passes; it may be shifted against the wall clock.
    Real,
    /// Time passes only when somebody advances or sets the clock.
    Frozen,
}

/// The time, timers, ids and randomness. Clones are the same clock.
#[derive(Clone, Debug)]
pub struct Clock {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// `RUNNING`, or the moment shown. Read before `offset_ms`, written after it.
    frozen_at_ms: AtomicI64,
    /// What a running clock adds to the wall clock.
    offset_ms: AtomicI64,
    /// Steering is read-modify-write of two numbers; readers never take this lock.
    steering: Mutex<()>,
    /// How many steerings there have been; counted before `steered` wakes.
    steerings: AtomicU64,
    /// Woken by every steering.
    steered: Notify,
    /// Only for clocks with a seed; everybody else uses the generator of the thread.
    seeded: Option<Mutex<Random>>,
}

impl Clock {
    /// The wall clock.
    pub fn real() -> Self {
        Self::build(RUNNING, None)
    }

    /// A clock that stands at `start_ms` until it is told otherwise.
    pub fn steered(start_ms: i64) -> Self {
        Self::build(within_range(start_ms), None)
    }

    /// As [`Clock::steered`], with ids and random numbers that are the same in every run.
    pub fn steered_with_seed(start_ms: i64, seed: u64) -> Self {
        Self::build(within_range(start_ms), Some(Random::with_seed(seed)))
    }

    fn build(frozen_at_ms: i64, seeded: Option<Random>) -> Self {
        Self {
            inner: Arc::new(Inner {
                frozen_at_ms: AtomicI64::new(frozen_at_ms),
                offset_ms: AtomicI64::new(0),
                steering: Mutex::new(()),
                steerings: AtomicU64::new(0),
                steered: Notify::new(),
                seeded: seeded.map(Mutex::new),
            }),
        }
    }

    /// Milliseconds since 1970, between 0 and [`LATEST_MS`].
    pub fn now_ms(&self) -> i64 {
        match self.inner.frozen_at_ms.load(Ordering::Acquire) {
            RUNNING => within_range(wall_ms().saturating_add(self.inner.offset_ms.load(Ordering::Acquire))),
            frozen_at_ms => frozen_at_ms,
        }
    }

    /// Whether time passes by itself.
    pub fn mode(&self) -> Mode {
        match self.inner.frozen_at_ms.load(Ordering::Acquire) {
            RUNNING => Mode::Real,
            _ => Mode::Frozen,
        }
    }

    /// What the machine's own clock says, however this one is steered. Only for what others wrote down by their clocks,
    /// such as the date of a signature.
    pub fn wall_ms(&self) -> i64 {
        within_range(wall_ms())
    }

    /// Stops the clock where it stands.
    pub fn freeze(&self) {
        self.steer(|inner| inner.frozen_at_ms.store(self.now_ms(), Ordering::Release));
    }

    /// Lets the clock run on from where it stands. It does not jump back to the wall clock: deadlines already
    /// handed out would move into the far future. Whoever wants the wall clock back resets it.
    pub fn resume(&self) {
        self.steer(|inner| {
            let now_ms = self.now_ms();
            inner.offset_ms.store(now_ms.saturating_sub(wall_ms()), Ordering::Release);
            inner.frozen_at_ms.store(RUNNING, Ordering::Release);
        });
    }

    /// Moves the clock by `by_ms`. A running clock keeps running, a frozen one stays frozen.
    pub fn advance_ms(&self, by_ms: i64) {
        self.steer(|inner| inner.show(self.now_ms().saturating_add(by_ms)));
    }

    /// Sets the clock. A running clock keeps running, a frozen one stays frozen.
    pub fn set_ms(&self, to_ms: i64) {
        self.steer(|inner| inner.show(to_ms));
    }

    /// Makes it the wall clock again, whatever was done to it.
    pub fn reset(&self) {
        self.steer(|inner| {
            inner.offset_ms.store(0, Ordering::Release);
            inner.frozen_at_ms.store(RUNNING, Ordering::Release);
        });
    }

    fn steer(&self, change: impl FnOnce(&Inner)) {
        {
            let _alone = lock(&self.inner.steering);
            change(&self.inner);
            self.inner.steerings.fetch_add(1, Ordering::AcqRel);
        }
        self.inner.steered.notify_waiters();
    }

    /// How often somebody has frozen, resumed, advanced or set the clock. Who acts at moments sees by it that time did
    /// not just pass. To be read before the time.
    pub fn steerings(&self) -> u64 {
        self.inner.steerings.load(Ordering::Acquire)
    }

    /// Returns once the clock has been steered since [`steerings`](Self::steerings) said `seen`.
    pub async fn steered_since(&self, seen: u64) {
        loop {
            // Registered before it is counted: a steering in between is then not missed.
            let steered = self.inner.steered.notified();
            if self.steerings() != seen {
                return;
            }
            steered.await;
        }
    }

    /// Returns at the moment `at_ms`, or at once if that has passed.
    ///
    /// On a running clock the time left is measured monotonically, so the wall clock may read a little less than
    /// `at_ms` on return if it was set back meanwhile. A caller that looks at the time again has to allow for it.
    pub async fn sleep_until(&self, at_ms: i64) {
        loop {
            // Registered before the time is read: a steering in between is then not missed.
            let steered = self.inner.steered.notified();
            let left_ms = at_ms.saturating_sub(self.now_ms());
            if left_ms <= 0 {
                return;
            }
            match self.mode() {
                Mode::Frozen => steered.await,
                Mode::Real => {
                    let left = Duration::from_millis(left_ms.unsigned_abs());
                    let wait = left.min(RESYNC);
                    tokio::select! {
                        () = tokio::time::sleep_until(Instant::now() + wait) => if wait == left { return },
                        () = steered => {}
                    }
                }
            }
        }
    }

    /// Returns when `wait_ms` have passed on this clock, or for the caller, whichever comes first: whoever waits for an
    /// answer is not held up by a clock that stands still or is set back.
    pub async fn wait_ms(&self, wait_ms: i64) {
        let real = Duration::from_millis(u64::try_from(wait_ms).unwrap_or(0));
        tokio::select! {
            () = self.sleep_until(self.now_ms().saturating_add(wait_ms)) => {}
            () = tokio::time::sleep_until(Instant::now() + real) => {}
        }
    }

    /// A random (version 4) UUID.
    pub fn uuid_v4(&self) -> Uuid {
        let number = (u128::from(self.random_u64()) << 64) | u128::from(self.random_u64());
        uuid::Builder::from_random_bytes(number.to_be_bytes()).into_uuid()
    }

    /// Any number, each as likely as the other.
    pub fn random_u64(&self) -> u64 {
        match &self.inner.seeded {
            None => random::next(),
            Some(seeded) => lock(seeded).next(),
        }
    }

    /// A number from 0 to `max_ms`, both included; 0 if `max_ms` is negative.
    pub fn jitter_ms(&self, max_ms: i64) -> i64 {
        let Ok(max) = u64::try_from(max_ms) else { return 0 };
        // Multiply and shift instead of a remainder: no division, and the bias is below 2^-20 for any sane maximum.
        let scaled = (u128::from(self.random_u64()) * (u128::from(max) + 1)) >> 64;
        i64::try_from(scaled).unwrap_or(max_ms)
    }
}

impl Inner {
    /// Makes the clock show `to_ms` in whichever mode it is. The caller holds the steering lock.
    fn show(&self, to_ms: i64) {
        let to_ms = within_range(to_ms);
        if self.frozen_at_ms.load(Ordering::Acquire) == RUNNING {
            self.offset_ms.store(to_ms.saturating_sub(wall_ms()), Ordering::Release);
        } else {
            self.frozen_at_ms.store(to_ms, Ordering::Release);
        }
    }
}

fn within_range(ms: i64) -> i64 {
    ms.clamp(0, LATEST_MS)
}

#[expect(clippy::disallowed_methods, reason = "this is the one door to the wall clock")]
fn wall_ms() -> i64 {
    match SystemTime::now().duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_millis()).unwrap_or(LATEST_MS),
        // A machine whose battery died may well believe in 1969.
        Err(_) => 0,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing under these locks can leave a half-made change behind, so poison carries no information.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
