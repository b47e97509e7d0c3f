//! Writing shapes as XML.

use shape::{Kind, Member, Sink};

use super::write_text;

/// Writes straight into the answer's bytes.
pub(crate) struct XmlSink {
    out: Vec<u8>,
    /// The element that the value that comes next stands in, and what it holds.
    next: Option<(&'static str, Kind)>,
    open: Vec<Frame>,
}

/// Something that was opened and will be closed.
enum Frame {
    /// A structure, and its element; the outermost has none of its own.
    Structure(Option<&'static str>),
    /// A list: the element of each item, what it holds, and the element around all of them.
    List { item: &'static str, kind: Kind, around: Option<&'static str> },
    /// A map: the element of each entry, the element around all of them, and whether an entry is open.
    Map { entry: &'static str, kind: Kind, around: Option<&'static str>, entry_is_open: bool },
}

impl XmlSink {
    /// Appends to what is there already.
    pub(crate) fn new(out: Vec<u8>) -> Self {
        Self { out, next: None, open: Vec::new() }
    }

    /// The bytes written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// `<name>text</name>`.
    pub(crate) fn element(&mut self, name: &str, text: &str) {
        self.start(name);
        write_text(&mut self.out, text);
        self.end(name);
    }

    /// `<name>`; a name comes from a schema and needs no escaping.
    pub(crate) fn start(&mut self, name: &str) {
        self.out.push(b'<');
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    /// `</name>`, or `<name/>` when nothing was written since `<name>`.
    pub(crate) fn end(&mut self, name: &str) {
        let opened = self.out.strip_suffix(b">").and_then(|out| out.strip_suffix(name.as_bytes()));
        if opened.is_some_and(|out| out.ends_with(b"<")) {
            self.out.pop();
            self.out.extend_from_slice(b"/>");
            return;
        }
        self.out.extend_from_slice(b"</");
        self.out.extend_from_slice(name.as_bytes());
        self.out.push(b'>');
    }

    fn scalar(&mut self, text: &str) {
        match self.next.take() {
            Some((name, _)) => self.element(name, text),
            None => write_text(&mut self.out, text),
        }
    }

    /// Opens the element around a list's items or a map's entries; a flattened one has none.
    fn open_around(&mut self, name: &'static str, flattened: bool) -> Option<&'static str> {
        if flattened {
            return None;
        }
        self.start(name);
        Some(name)
    }
}

impl Sink for XmlSink {
    fn begin_structure(&mut self) {
        let name = self.next.take().map(|(name, _)| name);
        if let Some(name) = name {
            self.start(name);
        }
        self.open.push(Frame::Structure(name));
    }

    fn member(&mut self, member: &'static Member) {
        self.next = Some((member.query, member.kind));
    }

    fn end_structure(&mut self) {
        if let Some(Frame::Structure(Some(name))) = self.open.pop() {
            self.end(name);
        }
    }

    fn begin_list(&mut self) {
        let Some((name, Kind::List(schema))) = self.next.take() else { return };
        let around = self.open_around(name, schema.flattened);
        let item = if schema.flattened { name } else { schema.query };
        self.open.push(Frame::List { item, kind: schema.item, around });
    }

    fn item(&mut self) {
        if let Some(Frame::List { item, kind, .. }) = self.open.last() {
            self.next = Some((item, *kind));
        }
    }

    fn end_list(&mut self) {
        if let Some(Frame::List { around: Some(name), .. }) = self.open.pop() {
            self.end(name);
        }
    }

    fn begin_map(&mut self) {
        let Some((name, kind @ Kind::Map(schema))) = self.next.take() else { return };
        let around = self.open_around(name, schema.flattened);
        let entry = if schema.flattened { name } else { "entry" };
        self.open.push(Frame::Map { entry, kind, around, entry_is_open: false });
    }

    fn key(&mut self, key: &str) {
        let Some(Frame::Map { entry, kind: Kind::Map(schema), entry_is_open, .. }) = self.open.last_mut()
        else {
            return;
        };
        let (entry, schema) = (*entry, *schema);
        if std::mem::replace(entry_is_open, true) {
            self.end(entry);
        }
        self.start(entry);
        self.element(schema.query_key, key);
        self.next = Some((schema.query_value, schema.value));
    }

    fn end_map(&mut self) {
        let Some(Frame::Map { entry, around, entry_is_open, .. }) = self.open.pop() else { return };
        if entry_is_open {
            self.end(entry);
        }
        if let Some(name) = around {
            self.end(name);
        }
    }

    fn string(&mut self, value: &str) {
        self.scalar(value);
    }

    fn number(&mut self, value: i64) {
        match self.next {
            Some((_, Kind::Timestamp)) => self.scalar(&crate::instant::iso8601(value)),
            _ => self.scalar(&value.to_string()),
        }
    }

    fn double(&mut self, value: f64) {
        self.scalar(&match value {
            value if value.is_nan() => "NaN".to_owned(),
            value if value.is_infinite() => (if value > 0.0 { "Infinity" } else { "-Infinity" }).to_owned(),
            value => value.to_string(),
        });
    }

    fn boolean(&mut self, value: bool) {
        self.scalar(if value { "true" } else { "false" });
    }

    fn blob(&mut self, value: &[u8]) {
        self.scalar(&crate::base64::encode(value));
    }
}
