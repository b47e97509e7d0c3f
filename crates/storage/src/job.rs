//! A closure waiting for its turn, with its type erased.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::sync::oneshot;

use crate::{Error, Tx};

/// What the writer sees of a job.
pub(crate) trait Job: Send {
    /// Runs the work once and keeps its result; whether the changes are to stay. Work whose caller is gone already
    /// is not begun: a message must not be claimed for a consumer that has hung up.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;

    /// Sends the result, or the failure in place of a success. `None`: committed, or refused by the work itself.
    fn answer(self: Box<Self>, failure: Option<&Error>);
}

pub(crate) struct TypedJob<F, T, E> {
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<F, T, E> TypedJob<F, T, E> {
    pub(crate) fn new(work: F, reply: oneshot::Sender<Result<T, E>>) -> Self {
        Self { work: Some(work), result: None, reply }
    }
}

impl<F, T, E> Job for TypedJob<F, T, E>
where
    F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send,
    T: Send,
    E: From<Error> + Send,
{
    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        let Some(work) = self.work.take().filter(|_| !self.reply.is_closed()) else { return false };
        let result = guarded(|| work(tx));
        let stays = result.is_ok();
        self.result = Some(result);
        stays
    }

    fn answer(self: Box<Self>, failure: Option<&Error>) {
        let result = match (self.result, failure) {
            (Some(Err(refused)), _) => Err(refused),
            (_, Some(failure)) => Err(E::from(failure.clone())),
            (Some(done), None) => done,
            (None, None) => Err(E::from(Error::Closed)),
        };
        // Nobody listens if the caller was cancelled; the job is done all the same.
        let _ = self.reply.send(result);
    }
}

/// Runs somebody's closure; a panic becomes an error. Unwinding is safe because the transaction is what the
/// closure changed, and it is rolled back.
pub(crate) fn guarded<T, E: From<Error>>(work: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(E::from(Error::Panicked(words(&*panic)))))
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message").to_owned()
}
