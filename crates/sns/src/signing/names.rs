//! The names that stand on AWS's signing certificates. Each region has one of them; ours has all, since one key signs
//! for every region.
//!
//! AWS: the table of `SnsHostProvider` in the SDK for Java's `sns-message-manager`, which refuses any other name.

/// What most regions' certificates are called.
pub(super) const COMMON_NAME: &str = "sns.amazonaws.com";

/// The regions that AWS opened since 2019; an account opts in to them.
const OPT_IN_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-1",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
];

/// Those of the other partitions.
const ELSEWHERE: &[&str] = &[
    "sns-cn-north-1.amazonaws.com.cn",
    "sns-cn-northwest-1.amazonaws.com.cn",
    "sns-signing.eu-isoe-west-1.cloud.adc-e.uk",
    "sns-signing.eusc-de-east-1.amazonaws.eu",
    "sns-signing.us-isof-east-1.csp.hci.ic.gov",
    "sns-signing.us-isof-south-1.csp.hci.ic.gov",
    "sns-us-gov-west-1.amazonaws.com",
    "sns-us-iso-east-1.c2s.ic.gov",
    "sns-us-isob-east-1.sc2s.sgov.gov",
];

/// All of them.
pub(super) fn all() -> Vec<String> {
    let opt_in = OPT_IN_REGIONS.iter().map(|region| format!("sns-signing.{region}.amazonaws.com"));
    let fixed = [COMMON_NAME].into_iter().chain(ELSEWHERE.iter().copied()).map(str::to_owned);
    fixed.chain(opt_in).collect()
}
