//! `fanlight health`: one question over plain HTTP, so that an image needs no curl.

use std::io::{self, Read, Write};
use std::net::{TcpStream, ToSocketAddrs};
use std::time::Duration;

use super::environment;

/// How long each step may take. A container's health check has seconds, and is asked again.
const PATIENCE: Duration = Duration::from_secs(2);

/// More of an answer than this is not a health page.
const ANSWER_BYTES_MAX: u64 = 64 * 1024;

/// The health page of the server at `endpoint`, or else of the one this environment is for; anything but "ok" there is an
/// error.
pub fn health(endpoint: Option<String>) -> Result<String, String> {
    match endpoint {
        Some(endpoint) => ask(&endpoint),
        None => ask(&environment::endpoint(&environment::settled().map_err(|error| error.to_string())?)),
    }
}

fn ask(endpoint: &str) -> Result<String, String> {
    let authority = endpoint.strip_prefix("http://").ok_or("the endpoint must start with http://")?;
    let authority = authority.split('/').next().unwrap_or_default();
    let answer = get(authority).map_err(|error| format!("{endpoint} does not answer: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("the answer is not HTTP")?;
    let page: serde_json::Value = serde_json::from_str(body).map_err(|_| "the answer is no health page")?;
    let is_well = head.starts_with("HTTP/1.1 200") && page["status"] == "ok";
    if is_well { Ok(body.to_owned()) } else { Err(format!("{endpoint} is not well: {body}")) }
}

fn get(authority: &str) -> io::Result<String> {
    let has_port = authority.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let mut addresses =
        if has_port { authority.to_socket_addrs()? } else { (authority, 80).to_socket_addrs()? };
    let address = addresses.next().ok_or(io::ErrorKind::AddrNotAvailable)?;
    let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /_fanlight/health HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.take(ANSWER_BYTES_MAX).read_to_string(&mut answer)?;
    Ok(answer)
}
