//! Pages beside the AWS protocols: health, reset, peeking. The binary brings them; the server only knows that there may
//! be some, and lets no one reach them who may not reach the services.

use std::future::Future;
use std::pin::Pin;

use aws::Call;
use bytes::Bytes;
use http::Response;
use http::request::Parts;

/// A page under way.
pub type SurfaceFuture<'a> = Pin<Box<dyn Future<Output = Response<Bytes>> + Send + 'a>>;

/// A request for a page.
#[derive(Debug)]
pub struct Visit {
    /// Method, path, query and headers.
    pub parts: Parts,
    /// The whole body.
    pub body: Bytes,
    /// Who asks, as far as the request says.
    pub call: Call,
}

/// What is served beside the AWS protocols.
pub trait Surface: Send + Sync {
    /// Whether this request is for the surface. Never asked about `/`.
    fn owns(&self, parts: &Parts) -> bool;

    /// Answers a request for a page it owns.
    fn answer(&self, visit: Visit) -> SurfaceFuture<'_>;
}
