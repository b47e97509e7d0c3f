//! A body and its digest.
//!
//! Digests of several bodies cost less than one by one (see `lanes`). Bodies that are sent one by one meet in the line
//! for the writer: whoever is asked for a digest first makes those of the next in line as well.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ptr;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

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
        let mut line = self.lock();
        // Refused before anybody asked for their digests; nobody else may come to pass them over.
        while line.front().is_some_and(|first| first.strong_count() == 0) {
            line.pop_front();
        }
        line.push_back(Arc::downgrade(&waiting));
        Body::InLine(waiting, Arc::clone(self))
    }

    fn digest(&self, asked: &Waiting) -> Md5Digest {
        if let Some(digest) = asked.digest.get() {
            return *digest;
        }
        // Held until all have theirs: two threads that each make the other's would wait for each other.
        let mut line = self.lock();
        if let Some(digest) = asked.digest.get() {
            return *digest;
        }
        let company = next_but(&mut line, asked);
        let bodies: Vec<&str> = [asked]
            .into_iter()
            .chain(company.iter().map(|next| &**next))
            .map(|next| next.text.as_str())
            .collect();
        let digests = of_bodies(&bodies);
        for (next, digest) in company.iter().zip(digests.iter().skip(1)) {
            // Nobody sets it without the line.
            let _ = next.digest.set(*digest);
        }
        *asked.digest.get_or_init(|| digests[0])
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Weak<Waiting>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes the next from the line, so many that they fill the lanes beside the one that is asked.
fn next_but(line: &mut VecDeque<Weak<Waiting>>, asked: &Waiting) -> Vec<Arc<Waiting>> {
    let mut company = Vec::with_capacity(LANES - 1);
    while company.len() < LANES - 1
        && let Some(next) = line.pop_front()
    {
        let is_company = |next: &Arc<Waiting>| next.digest.get().is_none() && !ptr::eq(&**next, asked);
        company.extend(next.upgrade().filter(is_company));
    }
    company
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
    fn who_is_refused_leaves_nothing_in_line() {
        let line = Arc::new(Line::default());
        for number in 0..1_000 {
            drop(line.join(number.to_string()));
        }
        assert_eq!(line.lock().len(), 1);
    }

    /// As when the writer has a thread of its own.
    #[test]
    fn two_threads_do_not_wait_for_each_other() {
        let line = Arc::new(Line::default());
        for _ in 0..2_000 {
            let bodies: Vec<Body<'_>> = (0..6).map(|number| line.join(number.to_string())).collect();
            let (first, last) = (bodies[0].clone(), bodies[5].clone());
            let other = std::thread::spawn(move || last.md5());
            assert_eq!(first.md5(), of_body("0"));
            assert_eq!(other.join().unwrap(), of_body("5"));
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
