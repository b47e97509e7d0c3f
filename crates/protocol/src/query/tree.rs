//! Form parameters as the tree their dotted names describe.

use std::borrow::Cow;

use super::Parameters;

/// The most steps a parameter's name may have; the deepest a model asks for is seven.
const STEPS_MAX: usize = 32;

/// One name, its value if it was sent with one, and the names below it, sorted.
#[derive(Debug, Default)]
pub(crate) struct Node<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) value: Option<Cow<'a, str>>,
    pub(super) below: Vec<Node<'a>>,
}

impl<'a> Node<'a> {
    /// Builds the tree. Where a parameter comes twice, the later one counts.
    pub(crate) fn from_parameters(mut parameters: Parameters<'a>) -> Result<Self, &'static str> {
        if parameters.iter().any(|(name, _)| name.split('.').count() > STEPS_MAX) {
            return Err("A parameter name has too many parts");
        }
        // Sorted step by step, each parameter lies under the node that was added last: no search, whatever a
        // caller sends. The sort is stable, so later values stay later.
        parameters.sort_by(|(one, _), (other, _)| one.split('.').cmp(other.split('.')));
        let mut root = Self::default();
        for (name, value) in parameters {
            root.add(name, value);
        }
        Ok(root)
    }

    fn add(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        let mut node = self;
        let mut rest = Some(name);
        while let Some(path) = rest {
            let (step, below) = split(path);
            if node.below.last().is_none_or(|last| last.name != step) {
                node.below.push(Node { name: step, ..Node::default() });
            }
            let last = node.below.len() - 1;
            node = &mut node.below[last];
            rest = below;
        }
        node.value = Some(value);
    }

    /// The node of this name directly below.
    pub(super) fn child(&mut self, name: &str) -> Option<&mut Node<'a>> {
        let at = self.below.binary_search_by(|node| node.name.as_ref().cmp(name)).ok()?;
        self.below.get_mut(at)
    }

    /// The value of a top-level parameter.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let at = self.below.binary_search_by(|node| node.name.as_ref().cmp(name)).ok()?;
        self.below[at].value.as_deref()
    }

    /// Whether a parameter of this name, or one that starts with it, was sent.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.below.binary_search_by(|node| node.name.as_ref().cmp(name)).is_ok()
    }

    /// Sets a top-level parameter unless it was sent.
    pub(crate) fn set_missing(&mut self, name: &'static str, value: String) {
        if let Err(at) = self.below.binary_search_by(|node| node.name.as_ref().cmp(name)) {
            let node = Node { name: Cow::Borrowed(name), value: Some(Cow::Owned(value)), below: Vec::new() };
            self.below.insert(at, node);
        }
    }
}

/// The first step of a dotted name, and the rest.
fn split(path: Cow<'_, str>) -> (Cow<'_, str>, Option<Cow<'_, str>>) {
    let Some(dot) = path.find('.') else { return (path, None) };
    match path {
        Cow::Borrowed(path) => (Cow::Borrowed(&path[..dot]), Some(Cow::Borrowed(&path[dot + 1..]))),
        Cow::Owned(path) => {
            (Cow::Owned(path[..dot].to_owned()), Some(Cow::Owned(path[dot + 1..].to_owned())))
        }
    }
}
