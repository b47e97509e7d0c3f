//! The MD5 digests SDKs verify. AWS: SQS Developer Guide, "Calculating the MD5 message digest for message attributes".

mod body;
mod lanes;

use md5::{Digest, Md5};

use super::message_attributes::{Attribute, Value};

pub(crate) use self::body::{Body, Line};

/// An MD5 digest.
pub(crate) type Md5Digest = [u8; 16];

/// The digest of a body.
pub(crate) fn of_body(body: &str) -> Md5Digest {
    Md5::digest(body.as_bytes()).into()
}

/// The digests of several bodies, which cost less than one by one.
pub(crate) fn of_bodies(bodies: &[&str]) -> Vec<Md5Digest> {
    match bodies {
        [one] => vec![of_body(one)],
        _ => lanes::of_many(bodies),
    }
}

/// The digest of attributes, which must stand in the order of their names.
pub(crate) fn of_attributes(attributes: &[Attribute]) -> Md5Digest {
    let mut md5 = Md5::new();
    for attribute in attributes {
        add(&mut md5, attribute.name.as_bytes());
        add(&mut md5, attribute.data_type.as_bytes());
        // One byte tells how the value travels: 1 is text, 2 is bytes.
        match &attribute.value {
            Value::Text(text) => {
                md5.update([1]);
                add(&mut md5, text.as_bytes());
            }
            Value::Bytes(bytes) => {
                md5.update([2]);
                add(&mut md5, bytes);
            }
        }
    }
    md5.finalize().into()
}

/// Every part is preceded by its length.
fn add(md5: &mut Md5, part: &[u8]) {
    md5.update(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    md5.update(part);
}

/// The digest as SQS writes it.
pub(crate) fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_has_the_digest_of_its_bytes() {
        assert_eq!(hex(&of_body("hello")), "5d41402abc4b2a76b9719d911017c592");
    }

    #[test]
    fn attributes_have_the_digest_sdks_calculate() {
        let attributes = [
            Attribute {
                name: "count".into(),
                data_type: "Number.int".into(),
                value: Value::Text("7".into()),
            },
            Attribute { name: "raw".into(), data_type: "Binary".into(), value: Value::Bytes(vec![0, 255]) },
        ];
        // Calculated apart from this code: length, name, length, type, transport, length, value; twice.
        assert_eq!(hex(&of_attributes(&attributes)), "5ffe6202c11a656bbf64e62fec2c923b");
    }
}
