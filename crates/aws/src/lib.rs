//! Accounts, regions, ARNs, and who is calling.
//!
//! **Knows** how AWS names things: [`AccountId`], [`Region`], [`Arn`], and the context of one request, [`Call`].
//!
//! **Must not know** any service, wire format or storage.
//!
//! **Start reading** at [`Call`].

mod account;
mod arn;
mod call;
mod region;

pub use account::AccountId;
pub use arn::Arn;
pub use call::{Call, Wire};
pub use region::Region;
