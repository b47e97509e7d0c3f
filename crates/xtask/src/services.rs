//! What is generated for which service, and where the models are known to be wrong.

/// A service and the choices its generated code depends on.
pub(crate) struct Service {
    /// Its crate, its model's file name, and its name in ARNs and signing scopes.
    pub(crate) name: &'static str,
    /// Its crate, when that is not its name.
    pub(crate) folder: &'static str,
    /// What it is called in prose.
    pub(crate) title: &'static str,
    /// The variants of `WireProtocol` it speaks.
    pub(crate) protocols: &'static [&'static str],
    /// What precedes an error's shape in `__type`.
    pub(crate) error_namespace: &'static str,
    /// The operations to generate; all of the model's when absent.
    pub(crate) operations: Option<&'static [&'static str]>,
    /// Whether enumerations are checked as the model states them. A service that answers unknown values in words of
    /// its own checks them by hand.
    pub(crate) enums: bool,
    /// Where the model is wrong.
    pub(crate) overlays: &'static [Overlay],
    /// Patterns that no regular expression crate can run (look-around), with the hand-written function that does.
    pub(crate) predicates: &'static [(&'static str, &'static str)],
}

/// One correction of a model. It names the old value and fails when a refreshed model no longer has it.
pub(crate) struct Overlay {
    /// Where, as a JSON pointer.
    pub(crate) path: &'static str,
    /// The JSON that stands there; nothing when the model says nothing there.
    pub(crate) old: Option<&'static str>,
    /// The JSON that shall stand there.
    pub(crate) new: &'static str,
}

/// The model says nothing here, and should say `new`.
const fn absent(path: &'static str, new: &'static str) -> Overlay {
    Overlay { path, old: None, new }
}

/// The model says `old` here, and should say `new`.
const fn changed(path: &'static str, old: &'static str, new: &'static str) -> Overlay {
    Overlay { path, old: Some(old), new }
}

/// Every service there is code for.
pub(crate) const SERVICES: &[Service] = &[
    Service {
        name: "sqs",
        folder: "sqs",
        title: "Amazon SQS",
        protocols: &["AwsJson10", "AwsQuery"],
        error_namespace: "com.amazonaws.sqs#",
        operations: None,
        enums: false,
        overlays: SQS,
        predicates: &[],
    },
    Service {
        name: "sns",
        folder: "sns",
        title: "Amazon SNS",
        protocols: &["AwsQuery"],
        error_namespace: "",
        operations: None,
        enums: false,
        overlays: &[],
        predicates: &[],
    },
    Service {
        name: "events",
        folder: "eventbridge",
        title: "Amazon EventBridge",
        protocols: &["AwsJson11"],
        error_namespace: "",
        operations: None,
        enums: true,
        overlays: EVENTS,
        predicates: &[(r"^(?!\s*$).+", "crate::rules::predicates::is_not_blank")],
    },
    Service {
        name: "sts",
        folder: "sts",
        title: "AWS STS",
        protocols: &["AwsQuery"],
        error_namespace: "",
        operations: Some(&["GetCallerIdentity"]),
        enums: true,
        overlays: &[],
        predicates: &[],
    },
];

const SQS: &[Overlay] = &[
    // Recorded answers of the batch operations leave out an empty `Failed`, so neither half is always there.
    changed("/shapes/ChangeMessageVisibilityBatchResult/required", r#"["Successful","Failed"]"#, "[]"),
    changed("/shapes/DeleteMessageBatchResult/required", r#"["Successful","Failed"]"#, "[]"),
    changed("/shapes/SendMessageBatchResult/required", r#"["Successful","Failed"]"#, "[]"),
    // Newer than the last query model, which therefore gives it no name. `AttributeName.N` fills `AttributeNames`,
    // which means the same; this name is the one clients of the query protocol send for the new member.
    absent("/shapes/MessageSystemAttributeList/member/queryName", r#""MessageSystemAttributeName""#),
    // The codes and statuses below are in the descriptions AWS's own SDKs are generated from (`awsQueryError`,
    // `httpError`) and were never in botocore's.
    absent("/shapes/InvalidAddress/error", r#"{"code":"InvalidAddress","httpStatusCode":404}"#),
    absent("/shapes/InvalidSecurity/error", r#"{"code":"InvalidSecurity","httpStatusCode":403}"#),
    absent(
        "/shapes/ReceiptHandleIsInvalid/error",
        r#"{"code":"ReceiptHandleIsInvalid","httpStatusCode":404}"#,
    ),
    absent("/shapes/RequestThrottled/error", r#"{"code":"RequestThrottled","httpStatusCode":403}"#),
    absent("/shapes/KmsAccessDenied/error", r#"{"code":"KMS.AccessDeniedException"}"#),
    absent("/shapes/KmsDisabled/error", r#"{"code":"KMS.DisabledException"}"#),
    absent("/shapes/KmsInvalidKeyUsage/error", r#"{"code":"KMS.InvalidKeyUsageException"}"#),
    absent("/shapes/KmsInvalidState/error", r#"{"code":"KMS.InvalidStateException"}"#),
    absent("/shapes/KmsNotFound/error", r#"{"code":"KMS.NotFoundException"}"#),
    absent("/shapes/KmsOptInRequired/error", r#"{"code":"KMS.OptInRequired","httpStatusCode":403}"#),
    absent("/shapes/KmsThrottled/error", r#"{"code":"KMS.ThrottlingException"}"#),
];

const EVENTS: &[Overlay] = &[
    // AWS quotes the entries when there are too many, so the operation checks it itself.
    changed("/shapes/PutEventsRequestEntryList/max", "10", "null"),
    // As recorded in a refusal, which lists them in an order of its own.
    changed(
        "/shapes/ApiDestinationHttpMethod/enum",
        r#"["POST","GET","HEAD","OPTIONS","PUT","PATCH","DELETE"]"#,
        r#"["HEAD","POST","PATCH","DELETE","PUT","GET","OPTIONS"]"#,
    ),
];
