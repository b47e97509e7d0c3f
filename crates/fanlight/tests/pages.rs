//! The pages beside the services, on a server inside this process.

mod support;

use fanlight::{Clock, Config, Server};
use serde_json::json;
use support::{get, post, send, sqs};

/// 2026-11-20T20:40:00Z.
const NOW_MS: i64 = 1_795_207_200_000;

/// Runs `test` beside a server whose clock stands still.
async fn beside(test: impl FnOnce(&str) + Send + 'static) {
    let config = Config { clock: Clock::steered(NOW_MS), ..Config::default() };
    let server = Server::start(config).await.unwrap();
    let url = server.url();
    tokio::task::spawn_blocking(move || test(&url)).await.unwrap();
    server.shutdown().await;
}

#[tokio::test]
async fn health_says_what_there_is() {
    beside(|url| {
        sqs(url, "CreateQueue", r#"{"QueueName":"q"}"#);
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"m"}"#);
        for path in ["/_fanlight/health", "/health"] {
            let page = get(url, path).json();
            assert_eq!(page["status"], "ok");
            assert_eq!(page["durability"], "none");
            assert_eq!(
                page["services"],
                json!({ "events": "running", "sns": "running", "sqs": "running", "sts": "running" })
            );
            assert_eq!(page["counts"]["sns"], json!({ "topics": 0, "subscriptions": 0 }));
            assert_eq!(page["counts"]["sqs"], json!({ "queues": 1, "messages": 1 }));
        }
    })
    .await;
}

#[tokio::test]
async fn the_clock_is_steered() {
    beside(|url| {
        let clock = |body: &str| post(url, "/_fanlight/clock", body).json();
        assert_eq!(get(url, "/_fanlight/clock").json(), json!({ "mode": "frozen", "nowMs": NOW_MS }));
        assert_eq!(clock(r#"{"advanceMs":1500}"#), json!({ "mode": "frozen", "nowMs": NOW_MS + 1_500 }));
        assert_eq!(clock(r#"{"setMs":5}"#), json!({ "mode": "frozen", "nowMs": 5 }));
        assert_eq!(clock(r#"{"resume":true}"#)["mode"], "real");
        assert_eq!(clock(r#"{"freeze":true}"#)["mode"], "frozen");
        let before = get(url, "/_fanlight/clock").json();
        for nonsense in [
            "",
            "{",
            "{}",
            r#"{"freeze":false}"#,
            r#"{"advance":1}"#,
            r#"{"setMs":"tomorrow"}"#,
            r#"{"setMs":9223372036854775807}"#,
            r#"{"setMs":-1}"#,
            r#"{"advanceMs":9223372036854775807}"#,
            r#"{"advanceMs":-9223372036854775807}"#,
            r#"{"freeze":true,"resume":true}"#,
            r#"{"reset":true,"advanceMs":1}"#,
        ] {
            let answer = post(url, "/_fanlight/clock", nonsense);
            assert_eq!(answer.status, 400, "{nonsense}");
            assert!(answer.json()["message"].as_str().unwrap().starts_with("Send {"), "{}", answer.body);
        }
        assert_eq!(get(url, "/_fanlight/clock").json(), before);
        assert_eq!(clock(r#"{"setMs":253402300799999}"#)["nowMs"], 253_402_300_799_999_i64);
        let real = clock(r#"{"reset":true}"#);
        assert_eq!(real["mode"], "real");
        let off_ms = real["nowMs"].as_i64().unwrap() - Clock::real().now_ms();
        assert!((-60_000..=0).contains(&off_ms), "{off_ms}");
    })
    .await;
}

#[tokio::test]
async fn messages_are_seen_without_being_received() {
    beside(|url| {
        sqs(url, "CreateQueue", r#"{"QueueName":"q"}"#);
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"in flight"}"#);
        sqs(url, "ReceiveMessage", r#"{"QueueUrl":"q"}"#);
        sqs(
            url,
            "SendMessage",
            r#"{"QueueUrl":"q","MessageBody":"b","MessageAttributes":{"a":{"DataType":"Binary","BinaryValue":"AQI="}}}"#,
        );
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"later","DelaySeconds":5}"#);
        let page = || get(url, &format!("/_fanlight/sqs/messages?queueUrl={url}/000000000000/q")).json();
        let states = |page: serde_json::Value| -> Vec<String> {
            let messages = page["messages"].as_array().unwrap().clone();
            messages.iter().map(|message| message["state"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(states(page()), ["inFlight", "visible", "delayed"]);
        assert_eq!(page()["messages"][1]["messageAttributes"]["a"]["binaryValue"], "AQI=");
        post(url, "/_fanlight/clock", r#"{"advanceMs":30000}"#);
        assert_eq!(states(page()), ["visible", "visible", "visible"]);
        assert_eq!(get(url, "/_fanlight/sqs/messages").status, 400);
        let unknown = get(url, "/_fanlight/sqs/messages?queueUrl=nothing");
        assert_eq!((unknown.status, unknown.json()["code"].clone()), (400, json!("AWS.SimpleQueueService.NonExistentQueue")));
    })
    .await;
}

#[tokio::test]
async fn a_page_refuses_parameters_it_does_not_know() {
    beside(|url| {
        for (method, page) in [
            ("GET", "/_fanlight/health"),
            ("POST", "/_fanlight/reset"),
            ("GET", "/_fanlight/clock"),
            ("POST", "/_fanlight/clock"),
            ("GET", "/_fanlight/sqs/messages"),
            ("GET", "/_fanlight/events/logs"),
            ("GET", "/_fanlight/outbox"),
            ("DELETE", "/_fanlight/outbox"),
        ] {
            let answer = send(url, method, &format!("{page}?colour=red"), "", "");
            assert_eq!(answer.status, 400, "{method} {page}");
            let message = answer.json()["message"].as_str().unwrap().to_owned();
            assert!(
                message.starts_with("This page does not know the parameter \"colour\"; it "),
                "{message}"
            );
        }
        let answer = send(url, "DELETE", "/_fanlight/outbox?acountId=111111111111", "", "");
        assert!(answer.body.contains("did you mean accountId?"), "{}", answer.body);
        assert_eq!(get(url, "/_localstack/health?reload").status, 200);
    })
    .await;
}

#[tokio::test]
async fn messages_of_another_region_are_asked_for() {
    beside(|url| {
        let scope = "20261120/eu-west-1/sqs/aws4_request";
        let signed = format!("Authorization: AWS4-HMAC-SHA256 Credential=111111111111/{scope}\r\n");
        sqs(url, "CreateQueue", r#"{"QueueName":"q"}"#);
        send(url, "POST", "/?Action=CreateQueue&QueueName=q", &signed, "");
        send(url, "POST", "/111111111111/q?Action=SendMessage&MessageBody=there", &signed, "");
        let there = format!("{url}/111111111111/q");
        let page =
            |queue: &str, more: &str| get(url, &format!("/_fanlight/sqs/messages?queueUrl={queue}{more}"));
        for answer in [
            page(&there, "&region=eu-west-1"),
            page(&there, "&region=eu-west-1&account=111111111111"),
            page("q", "&region=eu-west-1&accountId=111111111111"),
            send(url, "GET", "/_fanlight/sqs/messages?queueUrl=q", &signed, ""),
        ] {
            assert_eq!(answer.json()["queueArn"], "arn:aws:sqs:eu-west-1:111111111111:q", "{}", answer.body);
            assert_eq!(answer.json()["messages"][0]["body"], "there");
        }
        assert_eq!(page("q", "").json()["queueArn"], "arn:aws:sqs:us-east-1:000000000000:q");
        assert_eq!(page(&there, "").json()["code"], "AWS.SimpleQueueService.NonExistentQueue");
        for (queue, more) in [
            (&*there, "&region=EU"),
            (&there, "&account=1"),
            (&there, "&region=eu-west-1&account=222222222222"),
            (&format!("{url}/queue/eu-west-1/111111111111/q"), "&region=us-east-1"),
        ] {
            assert_eq!(page(queue, more).status, 400, "{queue}{more}");
        }
        for path in [
            format!("/_aws/sqs/messages?QueueUrl={there}&region=eu-west-1"),
            "/_aws/sqs/messages?QueueUrl=q&region=eu-west-1&account=111111111111".to_owned(),
        ] {
            let answer = get(url, &path);
            assert!(answer.body.contains("<Body>there</Body>"), "{}", answer.body);
        }
        let answer = send(url, "GET", &format!("/_aws/sqs/messages?QueueUrl={there}"), &signed, "");
        assert!(answer.body.contains("<Body>there</Body>"), "{}", answer.body);
    })
    .await;
}

#[tokio::test]
async fn localstacks_developer_endpoint_shows_messages_as_received() {
    beside(|url| {
        sqs(url, "CreateQueue", r#"{"QueueName":"q"}"#);
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"hidden"}"#);
        sqs(url, "ReceiveMessage", r#"{"QueueUrl":"q"}"#);
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"shown"}"#);
        sqs(url, "SendMessage", r#"{"QueueUrl":"q","MessageBody":"later","DelaySeconds":5}"#);
        let by_url = format!("/_aws/sqs/messages?QueueUrl={url}/000000000000/q");
        let bodies = |answer: &str| -> Vec<bool> {
            ["hidden", "shown", "later"]
                .iter()
                .map(|body| answer.contains(&format!("<Body>{body}</Body>")))
                .collect()
        };
        assert_eq!(bodies(&get(url, &by_url).body), [false, true, false]);
        assert_eq!(bodies(&get(url, &format!("{by_url}&ShowInvisible=true")).body), [true, true, false]);
        assert_eq!(bodies(&get(url, &format!("{by_url}&ShowDelayed=1")).body), [false, true, true]);
        assert_eq!(
            bodies(&get(url, "/_aws/sqs/messages/us-east-1/000000000000/q").body),
            [false, true, false]
        );
        let form = format!("QueueUrl={url}/000000000000/q");
        assert_eq!(bodies(&post(url, "/_aws/sqs/messages", &form).body), [false, true, false]);
        let json = send(url, "GET", &by_url, "Accept: application/json\r\n", "");
        assert!(json.json()["ReceiveMessageResponse"]["ReceiveMessageResult"].is_object(), "{}", json.body);
        let unknown = get(url, "/_aws/sqs/messages/us-east-1/000000000000/nothing");
        assert!(
            unknown.body.contains("<Code>AWS.SimpleQueueService.NonExistentQueue</Code>"),
            "{}",
            unknown.body
        );
    })
    .await;
}

#[tokio::test]
async fn resets_take_everything_or_one_account() {
    beside(|url| {
        let of_account = |account: &str, service: &str| {
            let scope = format!("20261120/us-east-1/{service}/aws4_request");
            format!("Authorization: AWS4-HMAC-SHA256 Credential={account}/{scope}\r\n")
        };
        let create = |account: &str| {
            send(url, "POST", "/?Action=CreateQueue&QueueName=q", &of_account(account, "sqs"), "");
            send(url, "POST", "/?Action=CreateTopic&Name=t", &of_account(account, "sns"), "");
        };
        let topics = || get(url, "/_fanlight/health").json()["counts"]["sns"]["topics"].clone();
        let queues = || get(url, "/_fanlight/health").json()["counts"]["sqs"]["queues"].clone();
        for (path, left) in [
            ("/_fanlight/reset?account=111111111111", 1),
            ("/_fanlight/reset", 0),
            ("/_localstack/state/reset", 0),
            ("/moto-api/reset", 0),
        ] {
            create("111111111111");
            create("222222222222");
            assert_eq!((queues(), topics()), (2.into(), 2.into()));
            assert_eq!(post(url, path, "").status, 200, "{path}");
            assert_eq!((queues(), topics()), (left.into(), left.into()), "{path}");
        }
        create("111111111111");
        for wrong in [
            "?account=1",
            "?acount=111111111111",
            "?account=222222222222&account=111111111111",
            "?account=222222222222&accountId=111111111111",
            "?service=sqs&region=eu-west-1",
            "?service=sts",
            "?111111111111",
        ] {
            assert_eq!(post(url, &format!("/_fanlight/reset{wrong}"), "").status, 400, "{wrong}");
        }
        assert_eq!(post(url, "/_fanlight/reset", r#"{"account":"222222222222"}"#).status, 400);
        assert_eq!((queues(), topics()), (1.into(), 1.into()));
        assert_eq!(post(url, "/_fanlight/reset?accountId=222222222222", "{}").status, 200);
        assert_eq!((queues(), topics()), (1.into(), 1.into()));
        assert_eq!(post(url, "/_localstack/state/reset?x=y", "what").status, 200);
        assert_eq!((queues(), topics()), (0.into(), 0.into()));
        let asked = get(url, "/_fanlight/reset");
        assert_eq!(asked.status, 405);
        assert!(asked.head.contains("allow: POST"), "{}", asked.head);
    })
    .await;
}

#[tokio::test]
async fn scripts_for_localstack_find_what_they_look_for() {
    beside(|url| {
        let health = get(url, "/_localstack/health");
        assert!(health.body.contains(r#""sqs": "running""#), "{}", health.body);
        let head = send(url, "HEAD", "/_localstack/health", "", "");
        assert_eq!((head.status, head.body.as_str()), (200, ""));
        assert_eq!(get(url, "/_localstack/info").json()["edition"], "community");
        assert_eq!(get(url, "/_localstack/init").json()["completed"]["READY"], true);
        assert_eq!(get(url, "/_localstack/nothing").status, 404);
    })
    .await;
}

#[tokio::test]
async fn web_pages_of_strangers_reach_no_page() {
    beside(|url| {
        for target in ["/_fanlight/health", "/_localstack/health", "/_aws/sqs/messages?QueueUrl=q", "/health"]
        {
            let answer = send(url, "GET", target, "Origin: http://evil.example\r\n", "");
            assert_eq!(answer.status, 403, "{target}");
        }
        let answer = send(url, "POST", "/_fanlight/reset", "Sec-Fetch-Site: cross-site\r\n", "");
        assert_eq!(answer.status, 403);
    })
    .await;
}

#[tokio::test]
async fn who_is_calling_is_the_access_keys_account() {
    beside(|url| {
        let headers = "Content-Type: application/x-www-form-urlencoded\r\nAuthorization: AWS4-HMAC-SHA256 \
                       Credential=111122223333/20261120/cn-north-1/sts/aws4_request\r\n";
        let answer = send(url, "POST", "/", headers, "Action=GetCallerIdentity&Version=2011-06-15");
        assert!(answer.body.contains("<Arn>arn:aws-cn:iam::111122223333:root</Arn>"), "{}", answer.body);
        assert!(answer.body.contains("<Account>111122223333</Account>"), "{}", answer.body);
    })
    .await;
}

#[tokio::test]
async fn a_dropped_server_stops() {
    let server = Server::start(Config::default()).await.unwrap();
    let address = server.address();
    drop(server);
    while tokio::net::TcpStream::connect(address).await.is_ok() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn the_outbox_is_shown_and_emptied() {
    beside(|url| {
        let empty = json!({ "letters": [], "deliveries": [] });
        for query in [
            "",
            "?kind=sms&accountId=111111111111&region=eu-west-1",
            "?kind=http&account=111111111111",
            "?kind=email-json",
        ] {
            assert_eq!(get(url, &format!("/_fanlight/outbox{query}")).json(), empty, "{query}");
        }
        for query in ["?kind=fax", "?accountId=1", "?region=EU"] {
            assert_eq!(get(url, &format!("/_fanlight/outbox{query}")).status, 400, "{query}");
        }
        assert_eq!(send(url, "DELETE", "/_fanlight/outbox", "", "").json(), json!({}));
        assert_eq!(send(url, "DELETE", "/_fanlight/outbox?region=us-east-1", "", "").status, 400);
        assert_eq!(post(url, "/_fanlight/outbox", "").status, 405);
        for (page, member) in
            [("sms-messages", "sms_messages"), ("platform-endpoint-messages", "platform_endpoint_messages")]
        {
            let path = format!("/_aws/sns/{page}");
            assert_eq!(get(url, &path).json(), json!({ "region": "us-east-1", member: {} }));
            assert_eq!(get(url, &format!("{path}?region=eu-west-1")).json()["region"], "eu-west-1");
            let deleted = send(url, "DELETE", &path, "", "");
            assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
        }
    })
    .await;
}

#[tokio::test]
async fn a_phone_opts_out_on_a_page() {
    beside(|url| {
        let page = "/_aws/sns/phone-opt-outs";
        let elsewhere = "?accountId=111111111111&region=eu-west-1";
        let said =
            json!({ "accountId": "111111111111", "region": "eu-west-1", "phoneNumber": "+1 555 1234567" });
        assert_eq!(post(url, page, &said.to_string()).status, 200);
        assert_eq!(post(url, &format!("{page}?phoneNumber=%2B15557654321"), "").json(), json!({}));
        let told = |query: &str| get(url, &format!("{page}{query}")).json();
        assert_eq!(told(elsewhere), json!({ "region": "eu-west-1", "phoneNumbers": ["+15551234567"] }));
        assert_eq!(told(""), json!({ "region": "us-east-1", "phoneNumbers": ["+15557654321"] }));
        for body in
            ["", "{}", "no json", r#"{"phoneNumber": "phone"}"#, r#"{"phoneNumber": "1", "accountId": "1"}"#]
        {
            assert_eq!(post(url, page, body).status, 400, "{body}");
        }
        assert_eq!(send(url, "DELETE", page, "", "").status, 405);
    })
    .await;
}
