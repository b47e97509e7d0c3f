//! The context of one request.

use crate::{AccountId, Region};

/// The family of protocols a caller speaks; some of AWS's sentences differ between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wire {
    /// AWS JSON, REST JSON, CBOR.
    Json,
    /// AWS query with XML answers.
    Query,
}

/// Who calls, from where, and how. Made by the server for each request, handed to the operation.
#[derive(Clone, Debug)]
pub struct Call {
    /// The caller's account: a twelve-digit access key is one, anything else is the default account.
    pub account: AccountId,
    /// The region of the signing scope.
    pub region: Region,
    /// Scheme and host as the caller wrote them, without a final slash: URLs built from it work for the caller.
    pub base_url: String,
    /// The id the answer carries.
    pub request_id: String,
    /// The access key, when the request names one.
    pub access_key: Option<String>,
    /// The `X-Amzn-Trace-Id` header.
    pub trace_header: Option<String>,
    /// The protocol family.
    pub wire: Wire,
}
