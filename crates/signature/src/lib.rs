//! SigV4: who signed a request, and whether they really did; and signing one of ours.
//!
//! **Knows** the two places a signature stands in (the `Authorization` header, the query of a presigned URL), what
//! exactly it covers, and AWS's words for every way in which it can be wrong.
//!
//! **Must not know** any service or wire format, what time it is (the caller says so), or where keys are kept.
//!
//! **Start reading** at [`verify`]. When nobody asks for verification, [`Credential::find`] is all there is to it: it
//! reads the access key and the scope, and never fails. SigV4A's are read as well; verified they are not, because that
//! takes an elliptic curve.
//!
//! [`sign`] is the other direction, for calls to other services; it covers what [`verify`] would look at.
//!
//! The key derivation and the HMAC are `aws-sigv4`'s. The canonical request is ours, because a signer builds it from
//! what it is about to send, and a verifier has to build it from the bytes that came, touching nothing that was not
//! signed.

mod canonical;
mod credential;
mod refusal;
mod sign;
mod verify;

pub use credential::Credential;
pub use refusal::{Reason, Refusal};
pub use sign::{Scope, Signed, sign};
pub use verify::{Key, Request, SecretKey, verify};
