//! The certificate that SNS messages are verified with. Their `SigningCertURL` names AWS's host unless it is configured
//! otherwise, and whoever maps that host to us, or puts a proxy before us, may ask on any path.

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Response, StatusCode};

use super::{Pages, problem, refusal};

/// The last part of a path, if it has the form of a certificate's name.
pub(super) fn file_name(path: &str) -> Option<&str> {
    let name = path.rsplit('/').next()?;
    let hex = name.strip_prefix("SimpleNotificationService-")?.strip_suffix(".pem")?;
    let fits = hex.len() == 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then_some(name)
}

/// The certificate in the file of this name.
pub(super) async fn certificate(pages: &Pages, file_name: &str) -> Response<Bytes> {
    match pages.sns.certificate_pem(file_name).await {
        Ok(Some(pem)) => {
            let mut response = Response::new(Bytes::from(pem));
            let kind = HeaderValue::from_static("application/x-pem-file");
            response.headers_mut().insert(CONTENT_TYPE, kind);
            response
        }
        Ok(None) => problem(StatusCode::NOT_FOUND, &format!("There is no certificate {file_name}.")),
        Err(error) => refusal(&error),
    }
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn it_is_found_on_any_path() {
        let name = format!("SimpleNotificationService-{}.pem", "0f".repeat(16));
        for path in ["/", "/_aws/sns/", "/a/b/c/"] {
            assert_eq!(file_name(&format!("{path}{name}")), Some(&*name));
        }
        for path in [
            "/",
            "/other.pem",
            "/SimpleNotificationService-1.pem",
            &format!("/{name}/"),
            &format!("/x{name}"),
        ] {
            assert_eq!(file_name(path), None, "{path}");
        }
    }
}
