//! The command as scripts use it: two lines on stdout, exit codes, signals.
#![cfg(unix)]

mod support;

use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Output, Stdio};

use support::{get, sqs};

fn fanlight() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fanlight"));
    // What the developer's shell exports must not decide what is tested.
    for (name, _) in std::env::vars() {
        if ["FANLIGHT_", "LOCALSTACK_", "GATEWAY_", "SQS_", "LS_LOG", "DEBUG"]
            .iter()
            .any(|own| name.starts_with(own))
        {
            command.env_remove(name);
        }
    }
    command
}

/// A running command; killed when a test fails.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        Self::start_as(&[], arguments)
    }

    fn start_as(command: &[&str], arguments: &[&str]) -> Self {
        let mut child = fanlight()
            .args(command)
            .args(["--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let url = lines.next().unwrap().unwrap();
        assert_eq!(lines.next().unwrap().unwrap(), "Ready.");
        Self { child, url }
    }

    fn signal(&mut self, signal: &str) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args([signal, &pid]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(arguments: &[&str]) -> Output {
    fanlight().args(arguments).output().unwrap()
}

fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn it_serves_until_it_is_told_to_stop() {
    for (command, signal) in [(&[][..], "-TERM"), (&["serve"], "-INT")] {
        let mut running = Running::start_as(command, &["--workers", "1"]);
        assert_eq!(get(&running.url, "/_fanlight/health").status, 200);
        assert_eq!(running.signal(signal), Some(0));
    }
}

#[test]
fn what_is_kept_is_there_after_a_kill() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let data = data.to_str().unwrap();
    for durability in ["process", "power"] {
        let mut running = Running::start(&["--data", data, "--durability", durability]);
        assert_eq!(get(&running.url, "/_fanlight/health").json()["durability"], durability);
        sqs(&running.url, "CreateQueue", r#"{"QueueName":"q"}"#);
        sqs(&running.url, "SendMessage", &format!(r#"{{"QueueUrl":"q","MessageBody":"{durability}"}}"#));
        running.signal("-KILL");
    }
    let running = Running::start(&["--data", data]);
    let page = get(&running.url, "/_fanlight/sqs/messages?queueUrl=q").json();
    assert_eq!(page["messages"][0]["body"], "process");
    assert_eq!(page["messages"][1]["body"], "power");
    let problem = refused(&["--data", data]);
    assert!(problem.contains("is in use by another process") && problem.contains(data), "{problem}");
}

#[test]
fn health_says_it_with_its_exit_code() {
    let running = Running::start(&[]);
    let healthy = run(&["health", "--endpoint", &running.url]);
    assert_eq!(healthy.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&healthy.stdout).contains("\"status\":\"ok\""));
    let url = running.url.clone();
    drop(running);
    assert_eq!(run(&["health", "--endpoint", &url]).status.code(), Some(1));
}

#[test]
fn env_prints_exports() {
    let output = run(&["env", "--endpoint", "http://localhost:1"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.starts_with("export AWS_ENDPOINT_URL='http://localhost:1'\n"), "{text}");
}

#[test]
fn mistakes_are_told_in_one_sentence() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fanlight.toml");
    std::fs::write(&file, "[server]\nlistn = '127.0.0.1:0'\n").unwrap();
    let problem = refused(&["--config", file.to_str().unwrap()]);
    assert!(
        problem.contains("line 2: unknown field `listn`") && problem.contains("did you mean `listen`?"),
        "{problem}"
    );
    let problem = refused(&["--durability", "power"]);
    assert_eq!(problem.lines().count(), 1, "{problem}");
    let problem = refused(&["--listen", "192.0.2.1:1"]);
    assert!(problem.contains("cannot listen on 192.0.2.1:1"), "{problem}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    assert!(refused(&["--listen", &address]).contains(&address));
}

#[test]
fn the_environment_speaks_for_every_flag() {
    let mut child = fanlight()
        .env("FANLIGHT_LISTEN", "127.0.0.1:0")
        .env("FANLIGHT_REGION", "eu-west-1")
        .env("FANLIGHT_STRICT_TIMING", "true")
        .env("FANLIGHT_LOG", "off")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let url = lines.next().unwrap().unwrap();
    assert_eq!(lines.next().unwrap().unwrap(), "Ready.");
    sqs(&url, "CreateQueue", r#"{"QueueName":"q"}"#);
    let page = get(&url, "/_fanlight/sqs/messages?queueUrl=q").json();
    assert_eq!(page["queueArn"], "arn:aws:sqs:eu-west-1:000000000000:q");
    let mut running = Running { child, url };
    assert_eq!(running.signal("-TERM"), Some(0));
    let mut log = String::new();
    running.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(log, "");
}
