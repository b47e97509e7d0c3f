//! Fanlight: SQS and its neighbours on one local port.
//!
//! **Knows** every other crate, and introduces them to each other: flags and files become a [`Config`], a [`Config`]
//! becomes a running [`Server`].
//!
//! **Must not know** how anything is done; it is named by nobody.
//!
//! **Start reading** at [`Server::start`]. A Rust test starts a server of its own like this:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), fanlight::StartError> {
//! let server = fanlight::Server::start(fanlight::Config::default()).await?;
//! println!("AWS_ENDPOINT_URL={}", server.url());
//! server.shutdown().await;
//! # Ok(())
//! # }
//! ```
//!
//! Its time stands still, advances and jumps as the test likes, through [`Config::clock`].

pub mod cli;
pub mod config;
mod pages;
mod server;

pub use clock::Clock;
pub use config::Config;
pub use server::{Server, StartError};
