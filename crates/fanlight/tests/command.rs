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
        let mut program = fanlight();
        program.args(command).args(["--listen", "127.0.0.1:0"]).args(arguments);
        Self::spawn(program.stderr(Stdio::null()))
    }

    fn spawn(program: &mut Command) -> Self {
        let mut child = program.stdout(Stdio::piped()).spawn().unwrap();
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

impl Running {
    /// Stops it, and gives what it wrote to stderr.
    fn log_at_the_end(&mut self) -> String {
        assert_eq!(self.signal("-TERM"), Some(0));
        let mut log = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        log
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

/// `2>&1 | grep -m1 Ready.` is such a reader.
#[test]
fn it_serves_on_when_nobody_reads_the_log_any_more() {
    let mut running = Running::spawn(fanlight().args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()));
    drop(running.child.stderr.take());
    let refused = sqs(&running.url, "GetQueueUrl", r#"{"QueueName":"nobody"}"#);
    assert_eq!(refused["message"], "The specified queue does not exist.");
    assert_eq!(running.signal("-TERM"), Some(0));
}

/// The signal that a file has reached the limit of its size ends a process that knows nothing of it.
#[test]
fn a_file_that_must_not_grow_ends_nothing() {
    let mut running = Running::start(&[]);
    let pid = running.child.id().to_string();
    assert!(Command::new("kill").args(["-XFSZ", &pid]).status().unwrap().success());
    assert_eq!(get(&running.url, "/_fanlight/health").json()["status"], "ok");
    assert_eq!(running.signal("-TERM"), Some(0));
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
    let mut command = fanlight();
    command
        .env("FANLIGHT_LISTEN", "127.0.0.1:0")
        .env("FANLIGHT_REGION", "eu-west-1")
        .env("FANLIGHT_STRICT_TIMING", "true")
        .env("FANLIGHT_LOG", "off");
    let mut running = Running::spawn(command.stderr(Stdio::piped()));
    sqs(&running.url, "CreateQueue", r#"{"QueueName":"q"}"#);
    let page = get(&running.url, "/_fanlight/sqs/messages?queueUrl=q").json();
    assert_eq!(page["queueArn"], "arn:aws:sqs:eu-west-1:000000000000:q");
    assert_eq!(running.log_at_the_end(), "");
}

#[test]
fn an_empty_variable_is_none() {
    let mut command = fanlight();
    for name in [
        "DATA",
        "DURABILITY",
        "REGION",
        "CONFIG",
        "STRICT_TIMING",
        "WORKERS",
        "ENDPOINTS",
        "ENDPOINT",
        "NOTHING",
    ] {
        command.env(format!("FANLIGHT_{name}"), "");
    }
    let mut running = Running::spawn(command.args(["--listen", "127.0.0.1:0"]).stderr(Stdio::piped()));
    assert_eq!(get(&running.url, "/_fanlight/health").json()["durability"], "none");
    let log = running.log_at_the_end();
    assert!(!log.contains("WARN"), "{log}");
}

#[test]
fn an_unknown_variable_is_named() {
    let mut command = fanlight();
    command.env("FANLIGHT_DURABILTY", "process").env("FANLIGHT_ENDPOINT", "http://127.0.0.1:1");
    let mut running =
        Running::spawn(command.args(["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()));
    let log = running.log_at_the_end();
    let warnings: Vec<&str> = log.lines().filter(|line| line.contains("WARN")).collect();
    assert_eq!(warnings.len(), 1, "{log}");
    let sentence =
        "the variable FANLIGHT_DURABILTY says nothing to Fanlight; did you mean FANLIGHT_DURABILITY?";
    assert!(warnings[0].contains(sentence), "{log}");
}

#[test]
fn the_endpoints_of_services_have_a_variable_of_either_name() {
    for name in ["FANLIGHT_ENDPOINT", "FANLIGHT_ENDPOINTS"] {
        let output =
            fanlight().env(name, "lambda=nowhere").args(["--listen", "127.0.0.1:0"]).output().unwrap();
        let problem = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(problem.contains("the endpoint of lambda"), "{name}: {problem}");
    }
}

#[test]
fn env_and_health_find_the_server_of_their_environment() {
    let running = Running::start(&[]);
    let address = running.url.strip_prefix("http://").unwrap();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("fanlight.toml");
    std::fs::write(&file, format!("[server]\nlisten = '{address}'\n")).unwrap();
    let file = file.to_str().unwrap();
    for (variables, url) in [
        (&[("FANLIGHT_LISTEN", address)][..], running.url.as_str()),
        (&[("GATEWAY_LISTEN", address)], &running.url),
        (&[("FANLIGHT_LISTEN", ""), ("GATEWAY_LISTEN", address)], &running.url),
        (&[("FANLIGHT_CONFIG", file)], &running.url),
        (&[("FANLIGHT_LISTEN", "127.0.0.1:1"), ("FANLIGHT_ENDPOINT", &running.url)], &running.url),
        (&[("FANLIGHT_LISTEN", address), ("FANLIGHT_ENDPOINT", "lambda=http://h")], &running.url),
        (&[("FANLIGHT_LISTEN", &address.replace("127.0.0.1", "0.0.0.0"))], &running.url),
    ] {
        let output =
            |command: &str| fanlight().arg(command).envs(variables.iter().copied()).output().unwrap();
        let exports = String::from_utf8_lossy(&output("env").stdout).into_owned();
        assert!(exports.contains(&format!("export AWS_ENDPOINT_URL='{url}'")), "{variables:?}: {exports}");
        assert_eq!(output("health").status.code(), Some(0), "{variables:?}");
    }
    let wrong = fanlight().arg("health").env("FANLIGHT_LISTEN", "no such host").output().unwrap();
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("\"no such host\" is not an address to listen on")
    );
    let exports = fanlight().arg("env").env("FANLIGHT_ACCOUNT", "111122223333").output().unwrap();
    assert!(String::from_utf8_lossy(&exports.stdout).contains("AWS_ACCESS_KEY_ID='111122223333'"));
}
