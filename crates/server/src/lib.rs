//! From a socket to a service and back.
//!
//! **Knows** connections and their limits, who may talk to us (`Host`, `Origin`), the steps every request takes, and
//! how to stop without dropping anybody's answer.
//!
//! **Must not know** any service by name, any wire format, or what is kept where. Services come in as
//! [`service::Service`]; pages beside the AWS protocols come in as a [`Surface`].
//!
//! **Start reading** at `App::handle` in `app.rs`: one request from its first header to its log line. `connection.rs`
//! is what surrounds it, `guard.rs` is why a web page cannot drive it.

mod app;
mod body;
mod browser;
mod connection;
mod guard;
mod listener;
mod patience;
mod refusals;
mod settings;
mod surface;
mod unwind;

pub use app::Application;
pub use listener::{ON_SHUTDOWN_MAX, Server};
pub use settings::{Limits, Settings};
pub use surface::{Surface, SurfaceFuture, Visit};
