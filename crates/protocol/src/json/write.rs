//! Writing shapes as JSON.

use shape::{Kind, Member, Sink};

use crate::scan::copy_escaped;

/// How maps are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// AWS JSON: a map is an object.
    Plain,
    /// The JSON rendering of an XML answer: a map is a list of its entries, each with a name and a value.
    LikeXml,
}

/// Writes straight into the answer's bytes.
pub(crate) struct JsonSink {
    out: Vec<u8>,
    style: Style,
    /// What the value that comes next holds.
    kind: Option<Kind>,
    /// The lists and maps that are open.
    open: Vec<Kind>,
}

impl JsonSink {
    /// Appends to what is there already.
    pub(crate) fn new(out: Vec<u8>, style: Style) -> Self {
        Self { out, style, kind: None, open: Vec::new() }
    }

    /// The bytes written.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// A comma, unless this is the first value of its kind or follows its own name. A finished value never ends in
    /// one of these bytes, so the last byte alone tells.
    fn separate(&mut self) {
        if !matches!(self.out.last(), None | Some(b'{' | b'[' | b':' | b',')) {
            self.out.push(b',');
        }
    }

    fn name(&mut self, name: &str) {
        self.separate();
        write_text(&mut self.out, name);
        self.out.push(b':');
    }

    fn raw(&mut self, text: &str) {
        self.separate();
        self.out.extend_from_slice(text.as_bytes());
    }

    fn open(&mut self, bracket: u8) {
        self.separate();
        self.out.push(bracket);
        self.open.extend(self.kind);
    }

    fn close(&mut self, bracket: u8) {
        self.out.push(bracket);
        self.open.pop();
    }
}

impl Sink for JsonSink {
    fn begin_structure(&mut self) {
        self.separate();
        self.out.push(b'{');
    }

    fn member(&mut self, member: &'static Member) {
        self.name(member.name);
        self.kind = Some(member.kind);
    }

    fn end_structure(&mut self) {
        self.out.push(b'}');
    }

    fn begin_list(&mut self) {
        self.open(b'[');
    }

    fn item(&mut self) {
        if let Some(Kind::List(schema)) = self.open.last() {
            self.kind = Some(schema.item);
        }
    }

    fn end_list(&mut self) {
        self.close(b']');
    }

    fn begin_map(&mut self) {
        self.open(if self.style == Style::Plain { b'{' } else { b'[' });
    }

    fn key(&mut self, key: &str) {
        let Some(Kind::Map(schema)) = self.open.last().copied() else { return };
        self.kind = Some(schema.value);
        if self.style == Style::Plain {
            self.name(key);
            return;
        }
        if self.out.last() != Some(&b'[') {
            self.out.push(b'}');
        }
        self.separate();
        self.out.push(b'{');
        self.name(schema.query_key);
        self.string(key);
        self.name(schema.query_value);
    }

    fn end_map(&mut self) {
        if self.style == Style::Plain {
            self.close(b'}');
            return;
        }
        if self.out.last() != Some(&b'[') {
            self.out.push(b'}');
        }
        self.close(b']');
    }

    fn string(&mut self, value: &str) {
        self.separate();
        write_text(&mut self.out, value);
    }

    fn number(&mut self, value: i64) {
        match self.kind {
            Some(Kind::Timestamp) => self.raw(&crate::instant::epoch_seconds(value)),
            _ => self.raw(&value.to_string()),
        }
    }

    fn double(&mut self, value: f64) {
        if value.is_finite() {
            self.raw(&format!("{value:?}"));
        } else {
            self.string(non_finite(value));
        }
    }

    fn boolean(&mut self, value: bool) {
        self.raw(if value { "true" } else { "false" });
    }

    fn blob(&mut self, value: &[u8]) {
        self.string(&crate::base64::encode(value));
    }
}

/// What JSON has no number for is text in AWS's protocols.
fn non_finite(value: f64) -> &'static str {
    if value.is_nan() {
        "NaN"
    } else if value > 0.0 {
        "Infinity"
    } else {
        "-Infinity"
    }
}

/// Writes a JSON string. Only what JSON cannot hold as it is gets escaped; everything else stays UTF-8.
pub(crate) fn write_text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    copy_escaped(out, text.as_bytes(), |byte| (byte < 0x20) | (byte == b'"') | (byte == b'\\'), escape);
    out.push(b'"');
}

/// What is written for the byte these bytes start with.
fn escape(bytes: &[u8]) -> Option<(usize, &'static [u8])> {
    /// The control characters without a short form are six bytes each, one after another.
    static CONTROLS: &[u8] = b"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\u0008\\u0009\\u000a\\u000b\\u000c\\u000d\\u000e\\u000f\
        \\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f";
    let written = match *bytes.first()? {
        b'"' => &b"\\\""[..],
        b'\\' => b"\\\\",
        b'\n' => b"\\n",
        b'\r' => b"\\r",
        b'\t' => b"\\t",
        0x08 => b"\\b",
        0x0C => b"\\f",
        control => CONTROLS.get(usize::from(control) * 6..)?.get(..6)?,
    };
    Some((1, written))
}
