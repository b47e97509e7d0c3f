//! Message bodies. AWS: API_SendMessage, MessageBody.

use service::Error;
use shape::is_xml_text;

use crate::errors::{invalid_message_contents, missing_parameter};

/// Refuses an empty body and characters that XML 1.0 cannot carry.
pub(crate) fn check(body: &str) -> Result<(), Error> {
    if body.is_empty() {
        return Err(missing_parameter("MessageBody"));
    }
    if is_xml_text(body) { Ok(()) } else { Err(invalid_message_contents()) }
}
