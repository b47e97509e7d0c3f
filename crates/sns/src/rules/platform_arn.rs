//! ARNs of platform applications, `arn:aws:sns:<region>:<account>:app/<platform>/<name>`, and of their endpoints,
//! `…:endpoint/<platform>/<name>/<uuid>`.

use aws::{AccountId, Arn, Call, Region};
use service::Error;

use crate::errors::{arn_too_short, invalid_parameter, wrong_number_of_slashes};

/// What a platform application is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApplicationKey {
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) platform: Box<str>,
    pub(crate) name: Box<str>,
}

/// What an endpoint is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EndpointKey {
    pub(crate) application: ApplicationKey,
    pub(crate) uuid: Box<str>,
}

impl ApplicationKey {
    /// The application's ARN.
    pub(crate) fn arn(&self) -> String {
        let resource = format!("app/{}/{}", self.platform, self.name);
        Arn::new("sns", &self.region, &self.account, resource).to_string()
    }

    /// The ARN of one of its endpoints.
    pub(crate) fn endpoint_arn(&self, uuid: &str) -> String {
        let resource = format!("endpoint/{}/{}/{uuid}", self.platform, self.name);
        Arn::new("sns", &self.region, &self.account, resource).to_string()
    }

    fn of_parts(arn: &Arn, kind: &str) -> Option<(Self, Vec<String>)> {
        let mut parts = arn.resource.split('/');
        if arn.service != "sns" || parts.next() != Some(kind) {
            return None;
        }
        let key = Self {
            account: AccountId::parse(&arn.account)?,
            region: Region::parse(&arn.region)?,
            platform: parts.next()?.into(),
            name: parts.next()?.into(),
        };
        Some((key, parts.map(str::to_owned).collect()))
    }
}

impl EndpointKey {
    /// The endpoint an ARN names.
    pub(crate) fn of_arn(arn: &str) -> Option<Self> {
        let (application, rest) = ApplicationKey::of_parts(&Arn::parse(arn)?, "endpoint")?;
        let [uuid] = rest.as_slice() else { return None };
        Some(Self { application, uuid: uuid.as_str().into() })
    }
}

/// Reads a parameter that names an application. One of another region is none here.
pub(crate) fn application(parameter: &str, arn: &str, call: &Call) -> Result<ApplicationKey, Error> {
    check_parts(parameter, arn)?;
    let key = Arn::parse(arn).and_then(|arn| ApplicationKey::of_parts(&arn, "app"));
    let key = key.filter(|(_, rest)| rest.is_empty()).map(|(key, _)| key);
    in_region(parameter, key.ok_or_else(|| wrong_number_of_slashes(parameter))?, call, |key| &key.region)
}

/// Reads a parameter that names an endpoint. One of another region is none here.
pub(crate) fn endpoint(parameter: &str, arn: &str, call: &Call) -> Result<EndpointKey, Error> {
    check_parts(parameter, arn)?;
    let key = EndpointKey::of_arn(arn).ok_or_else(|| wrong_number_of_slashes(parameter))?;
    in_region(parameter, key, call, |key| &key.application.region)
}

fn check_parts(parameter: &str, arn: &str) -> Result<(), Error> {
    let parts = arn.split(':').count();
    if parts < 6 { Err(arn_too_short(parameter, parts)) } else { Ok(()) }
}

fn in_region<K>(parameter: &str, key: K, call: &Call, region: impl Fn(&K) -> &Region) -> Result<K, Error> {
    if *region(&key) == call.region { Ok(key) } else { Err(invalid_parameter(parameter)) }
}

#[cfg(test)]
mod tests {
    use super::EndpointKey;

    #[test]
    fn an_endpoint_comes_back_as_it_was() {
        let arn = "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/u";
        let key = EndpointKey::of_arn(arn).unwrap();
        assert_eq!(key.application.endpoint_arn(&key.uuid), arn);
        assert_eq!(key.application.arn(), "arn:aws:sns:us-east-1:000000000000:app/GCM/app");
    }

    #[test]
    fn other_things_are_no_endpoints() {
        for arn in [
            "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app",
            "arn:aws:sns:us-east-1:000000000000:endpoint/GCM/app/u/v",
            "arn:aws:sns:us-east-1:000000000000:app/GCM/app",
            "arn:aws:sqs:us-east-1:000000000000:endpoint/GCM/app/u",
            "endpoint/GCM/app/u",
        ] {
            assert_eq!(EndpointKey::of_arn(arn), None, "{arn}");
        }
    }
}
