//! Delivery policies: what is refused, what holds, how it is told.

use crate::rules::delivery_policy::*;

const ALL: &str = concat!(
    r#""minDelayTarget":1,"maxDelayTarget":9,"numRetries":8,"numMaxDelayRetries":1,"numNoDelayRetries":2,"#,
    r#""numMinDelayRetries":3,"backoffFunction":"geometric""#
);

fn topic(more: &str) -> String {
    format!(r#"{{"http":{{"defaultHealthyRetryPolicy":{{{ALL}}}{more}}}}}"#)
}

fn retry(members: &str) -> String {
    format!(r#"{{"healthyRetryPolicy":{{{members}}}}}"#)
}

#[test]
fn the_defaults_word_for_word() {
    const RETRY: &str = r#"{"minDelayTarget":20,"maxDelayTarget":20,"numRetries":3,"numMaxDelayRetries":0,"numNoDelayRetries":0,"numMinDelayRetries":0,"backoffFunction":"linear"}"#;
    assert_eq!(
        effective_topic_json(None),
        format!(
            r#"{{"http":{{"defaultHealthyRetryPolicy":{RETRY},"disableSubscriptionOverrides":false,"defaultRequestPolicy":{{"headerContentType":"text/plain; charset=UTF-8"}}}}}}"#
        )
    );
    assert_eq!(
        effective_subscription_json(None, None),
        format!(
            r#"{{"healthyRetryPolicy":{RETRY},"sicklyRetryPolicy":null,"throttlePolicy":null,"requestPolicy":{{"headerContentType":"text/plain; charset=UTF-8"}},"guaranteed":false}}"#
        )
    );
}

#[test]
fn what_is_told_can_be_set() {
    let policy = topic(r#","defaultThrottlePolicy":{"maxReceivesPerSecond":7}"#);
    assert_eq!(check_topic(&policy), Ok(()));
    let told = effective_topic_json(Some(&policy));
    assert_eq!(check_topic(&told), Ok(()));
    assert_eq!(effective_topic_json(Some(&told)), told);
    assert!(told.contains(ALL), "{told}");
    let told = effective_subscription_json(Some(&policy), None);
    assert_eq!(check_subscription(&told), Ok(()));
    assert_eq!(effective_subscription_json(None, Some(&told)), told);
}

#[test]
fn a_subscription_says_its_part_unless_its_topic_forbids() {
    let own = concat!(
        r#"{"healthyRetryPolicy":{"minDelayTarget":5,"maxDelayTarget":6,"numRetries":1},"#,
        r#""requestPolicy":{"headerContentType":"application/json"}}"#
    );
    assert_eq!(check_subscription(own), Ok(()));
    let throttled = topic(r#","defaultThrottlePolicy":{"maxReceivesPerSecond":7}"#);
    let effective = Effective::of(Some(&throttled), Some(own));
    assert_eq!((effective.phases.num_retries, effective.per_second), (1, Some(7)));
    assert_eq!(effective.content_type.as_deref(), Some("application/json"));
    let forbidden = topic(r#","disableSubscriptionOverrides":true"#);
    let effective = Effective::of(Some(&forbidden), Some(own));
    assert_eq!((effective.phases.num_retries, effective.content_type), (8, None));
    assert_eq!(Effective::of(None, None), Effective::default());
}

#[test]
fn refusals_of_subscription_policies() {
    const REST: &str = r#""maxDelayTarget":20,"numRetries":3"#;
    for (policy, reason) in [
        ("[]".to_owned(), "must be a JSON object"),
        (r#"{"http":{}}"#.to_owned(), "Unexpected JSON member: http"),
        (retry(REST), "healthyRetryPolicy.minDelayTarget must be specified"),
        (
            retry(&format!(r#""minDelayTarget":0,{REST}"#)),
            "healthyRetryPolicy.minDelayTarget must be greater than or equal to 1",
        ),
        (
            retry(&format!(r#""minDelayTarget":30,{REST}"#)),
            "healthyRetryPolicy.maxDelayTarget must be greater than or equal to minDelayTarget",
        ),
        (
            retry(r#""minDelayTarget":1,"maxDelayTarget":3601,"numRetries":3"#),
            "healthyRetryPolicy.maxDelayTarget must be less than or equal to 3600",
        ),
        (
            retry(r#""minDelayTarget":1,"maxDelayTarget":1,"numRetries":101"#),
            "healthyRetryPolicy.numRetries must be less than or equal to 100",
        ),
        (
            retry(r#""minDelayTarget":1,"maxDelayTarget":1,"numRetries":"three""#),
            "healthyRetryPolicy.numRetries must be an integer",
        ),
        (
            retry(
                r#""minDelayTarget":1,"maxDelayTarget":1,"numRetries":1,"numNoDelayRetries":1,"numMinDelayRetries":1"#,
            ),
            "healthyRetryPolicy.numRetries must be greater than or equal to total of numMinDelayRetries, numNoDelayRetries and numMaxDelayRetries",
        ),
        (
            retry(r#""minDelayTarget":100,"maxDelayTarget":100,"numRetries":37"#),
            "healthyRetryPolicy total retry time must be less than 3600 seconds",
        ),
        (
            retry(&format!(r#""minDelayTarget":1,"backoffFunction":"sometimes",{REST}"#)),
            "healthyRetryPolicy.backoffFunction must be one of linear, arithmetic, geometric, exponential",
        ),
        (
            r#"{"throttlePolicy":{"maxReceivesPerSecond":0}}"#.to_owned(),
            "throttlePolicy.maxReceivesPerSecond must be greater than or equal to 1",
        ),
    ] {
        assert_eq!(check_subscription(&policy), Err(format!("DeliveryPolicy: {reason}")), "{policy}");
    }
    let unreadable = check_subscription("no policy").unwrap_err();
    assert!(
        unreadable.starts_with("DeliveryPolicy: failed to parse JSON. Unrecognized token 'no'"),
        "{unreadable}"
    );
    for chosen in ["image/png", "text/plain\\r\\nX: y", ""] {
        let policy = format!(r#"{{"requestPolicy":{{"headerContentType":"{chosen}"}}}}"#);
        assert!(check_subscription(&policy).unwrap_err().contains("headerContentType"), "{policy}");
    }
}

#[test]
fn refusals_of_topic_policies() {
    assert_eq!(
        check_topic(&retry(ALL)),
        Err("DeliveryPolicy: Unexpected JSON member: healthyRetryPolicy".to_owned())
    );
    assert_eq!(
        check_topic(&topic("").replace(r#""numRetries":8"#, r#""numRetries":101"#)),
        Err("DeliveryPolicy: http.defaultHealthyRetryPolicy.numRetries must be less than or equal to 100"
            .to_owned())
    );
    assert_eq!(
        check_topic(&topic(r#","disableSubscriptionOverrides":1"#)),
        Err("DeliveryPolicy: http.disableSubscriptionOverrides must be a boolean".to_owned())
    );
    assert_eq!(check_topic("{}"), Ok(()));
}
