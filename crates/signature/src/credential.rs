//! Who says they signed, and for which scope; without any proof.

use std::borrow::Cow;

use aws::{AccountId, Region};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

/// `AKIAEXAMPLE/20261120/us-east-1/sqs/aws4_request`, taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    text: Cow<'a, str>,
    /// Where the four slashes stand, counted from the end: an access key may contain slashes itself.
    slashes: [usize; 4],
}

impl<'a> Credential<'a> {
    /// Takes apart the five elements.
    pub(crate) fn parse(text: Cow<'a, str>) -> Option<Self> {
        let mut slashes = [0; 4];
        let mut end = text.len();
        for slot in slashes.iter_mut().rev() {
            end = text.get(..end)?.rfind('/')?;
            *slot = end;
        }
        (end > 0).then_some(Self { text, slashes })
    }

    /// What the request says of itself, in the header or in the query. Anything that cannot be read is as if it were
    /// absent: whoever does not verify has no reason to complain.
    pub fn find(headers: &'a HeaderMap, query: Option<&'a str>) -> Option<Self> {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        header.and_then(of_header).or_else(|| query.and_then(of_query))
    }

    /// The access key.
    pub fn access_key(&self) -> &str {
        &self.text[..self.slashes[0]]
    }

    /// The day, `20261120`.
    pub fn date(&self) -> &str {
        self.part(0)
    }

    /// The region's name.
    pub fn region(&self) -> &str {
        self.part(1)
    }

    /// The service's name in signing scopes.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    pub(crate) fn terminator(&self) -> &str {
        &self.text[self.slashes[3] + 1..]
    }

    /// All but the access key.
    pub(crate) fn scope(&self) -> &str {
        &self.text[self.slashes[0] + 1..]
    }

    /// The account the access key names, if it is one.
    pub fn account(&self) -> Option<AccountId> {
        AccountId::parse(self.access_key())
    }

    /// The region of the scope, if it is one.
    pub fn parsed_region(&self) -> Option<Region> {
        Region::parse(self.region())
    }

    fn part(&self, index: usize) -> &str {
        &self.text[self.slashes[index] + 1..self.slashes[index + 1]]
    }
}

fn of_header(header: &str) -> Option<Credential<'_>> {
    let (_, rest) = header.split_once("Credential=")?;
    let text = rest.split([',', ' ']).next().unwrap_or_default();
    Credential::parse(Cow::Borrowed(text))
}

fn of_query(query: &str) -> Option<Credential<'_>> {
    let text = query.split('&').find_map(|pair| pair.strip_prefix("X-Amz-Credential="))?;
    Credential::parse(percent_decode_str(text).decode_utf8().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(header: Option<&str>, query: Option<&str>) -> Option<String> {
        let mut headers = HeaderMap::new();
        if let Some(header) = header {
            headers.insert(AUTHORIZATION, header.parse().unwrap());
        }
        Credential::find(&headers, query)
            .map(|found| [found.access_key(), found.date(), found.region(), found.service()].join("|"))
    }

    #[test]
    fn the_credential_is_found_where_it_stands() {
        let header = "AWS4-HMAC-SHA256 Credential=123456789012/20261120/eu-west-1/sqs/aws4_request, SignedHeaders=h, Signature=0";
        assert_eq!(find(Some(header), None).as_deref(), Some("123456789012|20261120|eu-west-1|sqs"));
        let query = "Action=X&X-Amz-Credential=a%2Fb%2F20261120%2Feu-west-1%2Fsqs%2Faws4_request&X=1";
        assert_eq!(find(None, Some(query)).as_deref(), Some("a/b|20261120|eu-west-1|sqs"));
        let unspaced = "AWS4-HMAC-SHA256 SignedHeaders=h,Credential=k/1/r/s/aws4_request,Signature=0";
        assert_eq!(find(Some(unspaced), None).as_deref(), Some("k|1|r|s"));
    }

    #[test]
    fn garbage_is_nobody() {
        for header in [
            "",
            "Basic dGVzdDp0ZXN0",
            "Credential=",
            "Credential=a/b/c",
            "Credential=/1/r/s/aws4_request",
            "////",
        ] {
            assert_eq!(find(Some(header), None), None, "{header}");
        }
        for query in ["", "X-Amz-Credential", "X-Amz-Credential=%ff%2F1%2Fr%2Fs%2Ft", "X-Amz-Credential=a"] {
            assert_eq!(find(None, Some(query)), None, "{query}");
        }
    }
}
