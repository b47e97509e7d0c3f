//! A body and its digest.
//!
//! Digests of several bodies cost less than one by one (see `lanes`). Bodies that are sent one by one meet in the line
//! for the writer: whoever is asked for a digest first makes those of the next in line as well.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};

use super::lanes::LANES;
use super::{Md5Digest, of_bodies, of_body};

/// Longer ones are digested before the writer is asked for, whose time is everybody's.
const IN_LINE_BYTES_MAX: usize = 4096;

/// A body, and its digest now or when it is asked for.
#[derive(Clone, Debug)]
pub(crate) enum Body<'a> {
    Digested(Cow<'a, str>, Md5Digest),
    InLine(Arc<Waiting>, Arc<Line>),
}

/// A body whose digest was not asked for yet.
#[derive(Debug)]
pub(crate) struct Waiting {
    text: String,
    digest: OnceLock<Md5Digest>,
}

/// The bodies whose senders wait for the writer. Who is gone, or has a digest, is passed over.
#[derive(Debug, Default)]
pub(crate) struct Line {
    waiting: Mutex<VecDeque<Weak<Waiting>>>,
}

impl<'a> Body<'a> {
    pub(crate) fn digested(text: String) -> Self {
        let digest = of_body(&text);
        Self::Digested(Cow::Owned(text), digest)
    }

    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Digested(text, _) => text,
            Self::InLine(waiting, _) => &waiting.text,
        }
    }

    pub(crate) fn md5(&self) -> Md5Digest {
        match self {
            Self::Digested(_, digest) => *digest,
            Self::InLine(waiting, line) => line.digest(waiting),
        }
    }
}

impl Line {
    /// Puts a body in line.
    pub(crate) fn join(self: &Arc<Self>, text: String) -> Body<'static> {
        if text.len() > IN_LINE_BYTES_MAX {
            return Body::digested(text);
        }
        let waiting = Arc::new(Waiting { text, digest: OnceLock::new() });
        self.lock().push_back(Arc::downgrade(&waiting));
        Body::InLine(waiting, Arc::clone(self))
    }

    fn digest(&self, asked: &Arc<Waiting>) -> Md5Digest {
        *asked.digest.get_or_init(|| {
            let company = self.next_but(asked);
            let mut bodies = vec![asked.text.as_str()];
            bodies.extend(company.iter().map(|waiting| waiting.text.as_str()));
            let mut digests = of_bodies(&bodies).into_iter();
            let own = digests.next().unwrap_or_default();
            for (waiting, digest) in company.iter().zip(digests) {
                // Set already means that somebody asked meanwhile, and got the same.
                let _ = waiting.digest.set(digest);
            }
            own
        })
    }

    /// Takes the next from the line, so many that they fill the lanes beside the one that is asked.
    fn next_but(&self, asked: &Arc<Waiting>) -> Vec<Arc<Waiting>> {
        let mut line = self.lock();
        let mut company = Vec::with_capacity(LANES - 1);
        while company.len() < LANES - 1
            && let Some(next) = line.pop_front()
        {
            company.extend(
                next.upgrade().filter(|next| next.digest.get().is_none() && !Arc::ptr_eq(next, asked)),
            );
        }
        company
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, VecDeque<Weak<Waiting>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_asks_first_is_not_alone() {
        let line = Arc::new(Line::default());
        let bodies: Vec<Body<'_>> = (0..6).map(|number| line.join(format!("body {number}"))).collect();
        // Out of turn, as when an earlier sender's job was refused.
        assert_eq!(bodies[1].md5(), of_body("body 1"));
        let known =
            |body: &Body<'_>| matches!(body, Body::InLine(waiting, _) if waiting.digest.get().is_some());
        assert_eq!(bodies.iter().map(known).collect::<Vec<_>>(), [true, true, true, true, false, false]);
        for (number, body) in bodies.iter().enumerate() {
            assert_eq!(body.md5(), of_body(&format!("body {number}")), "{number}");
        }
    }

    #[test]
    fn who_left_the_line_is_passed_over() {
        let line = Arc::new(Line::default());
        drop(line.join("gone".into()));
        let body = line.join("here".into());
        assert_eq!(body.md5(), of_body("here"));
        assert!(line.lock().is_empty());
    }

    #[test]
    fn a_long_body_does_not_wait() {
        let line = Arc::new(Line::default());
        let text = "x".repeat(IN_LINE_BYTES_MAX + 1);
        let body = line.join(text.clone());
        assert!(line.lock().is_empty());
        assert_eq!(body.md5(), of_body(&text));
    }
}
