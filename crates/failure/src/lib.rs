//! Why a service's job on the store ends without an answer: the service says no, or the store cannot.
//!
//! *Knows*: both kinds of error, and what a caller is told of each.
//! *Must not know*: any particular service, any table.
//!
//! Start at [`Failure`].

use service::{Error, internal_failure, throttled};

/// Why a job ends without an answer.
#[derive(Clone, Debug)]
pub enum Failure {
    /// The service says no.
    Refused(Error),
    /// The store could not.
    Store(storage::Error),
}

impl Failure {
    /// Takes a refusal apart from a failing store: in a batch the first is an entry's, the second the whole batch's.
    pub fn apart<T>(result: Result<T, Self>) -> Result<Result<T, Error>, Self> {
        match result {
            Ok(value) => Ok(Ok(value)),
            Err(Self::Refused(error)) => Ok(Err(error)),
            Err(failure) => Err(failure),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Refused(error)
    }
}

impl From<storage::Error> for Failure {
    fn from(error: storage::Error) -> Self {
        Self::Store(error)
    }
}

impl From<Failure> for Error {
    /// What the caller is told; the log says what happened.
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(error) => error,
            Failure::Store(storage::Error::Busy) => throttled(),
            Failure::Store(error) => {
                tracing::error!(%error, "the store failed");
                internal_failure()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caller_is_told_of_a_failing_store_no_more_than_that_it_failed() {
        let lost = Failure::from(storage::Error::Lost("disk I/O error at offset 4096".to_owned()));
        assert_eq!(Error::from(lost), internal_failure());
        assert_eq!(Error::from(Failure::from(storage::Error::Busy)), throttled());
        assert_eq!(Error::from(Failure::from(throttled())), throttled());
    }

    #[test]
    fn an_entry_s_refusal_is_not_the_batch_s() {
        assert!(matches!(Failure::apart(Ok(1)), Ok(Ok(1))));
        let refused = Failure::apart::<()>(Err(Failure::Refused(throttled())));
        assert!(matches!(refused, Ok(Err(error)) if error == throttled()));
        let store = Failure::apart::<()>(Err(Failure::Store(storage::Error::Closed)));
        assert!(matches!(store, Err(Failure::Store(storage::Error::Closed))));
    }
}
