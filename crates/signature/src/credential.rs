//! Who says they signed, and for which scope; without any proof.

use std::borrow::Cow;

use aws::{AccountId, Region};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use percent_encoding::percent_decode_str;

/// SigV4A: signatures for several regions at once. SDKs sign PutEvents to a global endpoint so.
const ALGORITHM_OF_REGION_SETS: &str = "AWS4-ECDSA-P256-SHA256";

/// `AKIAEXAMPLE/20261120/us-east-1/sqs/aws4_request`, taken apart; or SigV4A's `AKIAEXAMPLE/20261120/events/aws4_request`,
/// whose regions stand beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential<'a> {
    text: Cow<'a, str>,
    /// Where the slashes stand, counted from the end: an access key may contain slashes itself. Without a region the two
    /// around it are one, and nobody asks for what stands between them.
    slashes: [usize; 4],
    /// `us-east-1,eu-west-1` or `*`.
    region_set: Option<Cow<'a, str>>,
}

impl<'a> Credential<'a> {
    /// Takes apart the five elements.
    pub(crate) fn parse(text: Cow<'a, str>) -> Option<Self> {
        let slashes = last_slashes::<4>(&text)?;
        Some(Self { text, slashes, region_set: None })
    }

    /// Takes apart the four elements of a signature for several regions.
    fn parse_with_region_set(text: Cow<'a, str>, region_set: Cow<'a, str>) -> Option<Self> {
        let [day, service, terminator] = last_slashes::<3>(&text)?;
        Some(Self { text, slashes: [day, service, service, terminator], region_set: Some(region_set) })
    }

    /// What the request says of itself, in the header or in the query. Anything that cannot be read is as if it were
    /// absent: whoever does not verify has no reason to complain.
    pub fn find(headers: &'a HeaderMap, query: Option<&'a str>) -> Option<Self> {
        let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok());
        let region_set = headers.get("x-amz-region-set").and_then(|value| value.to_str().ok());
        header
            .and_then(|header| of_header(header, region_set.unwrap_or_default()))
            .or_else(|| query.and_then(of_query))
    }

    /// The access key.
    pub fn access_key(&self) -> &str {
        &self.text[..self.slashes[0]]
    }

    /// The day, `20261120`.
    pub fn date(&self) -> &str {
        self.part(0)
    }

    /// The region's name; of several, the first that is one. Empty when the signature is for all regions.
    pub fn region(&self) -> &str {
        match &self.region_set {
            None => self.part(1),
            Some(set) => {
                let regions = set.split(',').map(str::trim);
                regions.into_iter().find(|region| Region::parse(region).is_some()).unwrap_or_default()
            }
        }
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

/// Where the last slashes stand, if something precedes them.
fn last_slashes<const N: usize>(text: &str) -> Option<[usize; N]> {
    let mut slashes = [0; N];
    let mut end = text.len();
    for slot in slashes.iter_mut().rev() {
        end = text.get(..end)?.rfind('/')?;
        *slot = end;
    }
    (end > 0).then_some(slashes)
}

fn of_header<'a>(header: &'a str, region_set: &'a str) -> Option<Credential<'a>> {
    let (before, rest) = header.split_once("Credential=")?;
    let text = Cow::Borrowed(rest.split([',', ' ']).next().unwrap_or_default());
    if before.trim_start().starts_with(ALGORITHM_OF_REGION_SETS) {
        return Credential::parse_with_region_set(text, Cow::Borrowed(region_set));
    }
    Credential::parse(text)
}

fn of_query(query: &str) -> Option<Credential<'_>> {
    let parameter = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let value = pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)?;
        percent_decode_str(value).decode_utf8().ok()
    };
    let text = parameter("X-Amz-Credential")?;
    if parameter("X-Amz-Algorithm").as_deref() == Some(ALGORITHM_OF_REGION_SETS) {
        let region_set = parameter("X-Amz-Region-Set").unwrap_or_default();
        return Credential::parse_with_region_set(text, region_set);
    }
    Credential::parse(text)
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
    fn a_signature_for_several_regions_is_read() {
        let check = |set: Option<&str>, expected: &str| {
            let mut headers = HeaderMap::new();
            let header = "AWS4-ECDSA-P256-SHA256 Credential=111122223333/20261121/events/aws4_request, SignedHeaders=h, Signature=0";
            headers.insert(AUTHORIZATION, header.parse().unwrap());
            if let Some(set) = set {
                headers.insert("x-amz-region-set", set.parse().unwrap());
            }
            let found = Credential::find(&headers, None).unwrap();
            assert_eq!((found.access_key(), found.date()), ("111122223333", "20261121"), "{set:?}");
            assert_eq!((found.service(), found.terminator()), ("events", "aws4_request"), "{set:?}");
            assert_eq!(found.account().as_ref().map(AccountId::as_str), Some("111122223333"));
            assert_eq!(found.region(), expected, "{set:?}");
            assert_eq!(found.parsed_region().is_some(), !expected.is_empty(), "{set:?}");
        };
        check(Some("*"), "");
        check(None, "");
        check(Some("eu-*"), "");
        check(Some("eu-west-1"), "eu-west-1");
        check(Some("us-west-2, eu-west-1"), "us-west-2");
        let query = "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&X-Amz-Region-Set=eu-west-1%2C%2A&\
                     X-Amz-Credential=k%2F20261121%2Fevents%2Faws4_request";
        assert_eq!(find(None, Some(query)).as_deref(), Some("k|20261121|eu-west-1|events"));
    }

    #[test]
    fn garbage_is_nobody() {
        for header in [
            "",
            "Basic dGVzdDp0ZXN0",
            "Credential=",
            "Credential=a/b/c",
            "Credential=/1/r/s/aws4_request",
            "AWS4-ECDSA-P256-SHA256 Credential=/1/s/aws4_request",
            "AWS4-ECDSA-P256-SHA256 Credential=a/b/c",
            "////",
        ] {
            assert_eq!(find(Some(header), None), None, "{header}");
        }
        for query in ["", "X-Amz-Credential", "X-Amz-Credential=%ff%2F1%2Fr%2Fs%2Ft", "X-Amz-Credential=a"] {
            assert_eq!(find(None, Some(query)), None, "{query}");
        }
    }
}
