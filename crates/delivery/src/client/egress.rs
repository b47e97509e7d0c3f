//! Where calls may go. The check is made on the address that is connected to, so that no name can lead elsewhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::url::unescape;
use crate::Egress;

/// Why an address is not called; nothing, if it is.
pub(crate) fn refusal(egress: Egress, address: IpAddr) -> Option<&'static str> {
    let every = [Some(address), embedded(address).map(IpAddr::V4)];
    let mut every = every.into_iter().flatten();
    if every.clone().any(is_link_local) {
        return Some("link-local addresses are never called");
    }
    if every.clone().any(|address| address.is_unspecified() || is_this_network(address)) {
        return Some("it is no address of a host; write 127.0.0.1");
    }
    if every.clone().any(|address| address.is_multicast() || address == IpAddr::V4(Ipv4Addr::BROADCAST)) {
        return Some("it is no address of a host");
    }
    match egress {
        Egress::Allow => None,
        Egress::Loopback if every.any(|address| address.is_loopback()) => None,
        Egress::Loopback => Some("egress is loopback"),
        Egress::Deny => Some("egress is deny"),
    }
}

/// Whoever has the metadata of a cloud's machine has its credentials.
fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => address.is_link_local(),
        // Besides fe80::/10, AWS's own local services at fd00:ec2::/32, such as the instance metadata.
        IpAddr::V6(address) => {
            let parts = address.segments();
            address.is_unicast_link_local() || parts[0] == 0xfd00 && parts[1] == 0x0ec2
        }
    }
}

/// 0.0.0.0/8, which Linux takes for the machine itself.
fn is_this_network(address: IpAddr) -> bool {
    matches!(address, IpAddr::V4(address) if address.octets()[0] == 0)
}

/// The IPv4 address that an IPv6 address stands for: mapped, compatible, NAT64, 6to4.
fn embedded(address: IpAddr) -> Option<Ipv4Addr> {
    let IpAddr::V6(address) = address else { return None };
    let parts = address.segments();
    let of = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match parts {
        _ if address == Ipv6Addr::LOCALHOST || address.is_unspecified() => None,
        [0, 0, 0, 0, 0, 0 | 0xffff, high, low] => Some(of(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(of(high, low)),
        [0x2002, high, low, ..] => Some(of(high, low)),
        _ => None,
    }
}

/// Whether a request comes back to us. Nobody has us call ourselves: a topic that publishes to itself would never end, and
/// a page of ours would be steered by a message. Bound to every interface we cannot tell which addresses are ours besides
/// loopback; then our port elsewhere is ours if the path leads to one of our own pages, however it is written.
pub(crate) fn is_own(own: &[SocketAddr], address: SocketAddr, path: &str) -> bool {
    const FOLDERS: [&[u8]; 4] = [b"_fanlight", b"_localstack", b"_aws", b"moto-api"];
    let ip = address.ip().to_canonical();
    let path = unescape(path.split(['?', '#']).next().unwrap_or_default()).to_ascii_lowercase();
    let is_page = path.split(|byte| *byte == b'/').any(|folder| FOLDERS.contains(&folder));
    own.iter().filter(|own| own.port() == address.port()).any(|own| {
        let own_ip = own.ip().to_canonical();
        let here = own_ip.is_loopback() || own_ip.is_unspecified();
        own_ip == ip || here && ip.is_loopback() || own_ip.is_unspecified() && is_page
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_called_as_configured() {
        // Allow, loopback, deny; `+` is called.
        for (address, expected) in [
            ("127.0.0.1", "++-"),
            ("127.255.0.1", "++-"),
            ("::1", "++-"),
            ("::ffff:127.0.0.1", "++-"),
            ("10.0.0.1", "+--"),
            ("192.168.1.1", "+--"),
            ("8.8.8.8", "+--"),
            ("::ffff:8.8.8.8", "+--"),
            ("2001:db8::1", "+--"),
            ("fd00::1", "+--"),
            ("169.254.169.254", "---"),
            ("169.254.0.1", "---"),
            ("::ffff:169.254.169.254", "---"),
            ("::169.254.169.254", "---"),
            ("64:ff9b::a9fe:a9fe", "---"),
            ("2002:a9fe:a9fe::1", "---"),
            ("fe80::1", "---"),
            ("febf::1", "---"),
            ("fd00:ec2::254", "---"),
            ("fd00:ec2::23", "---"),
            ("0.0.0.0", "---"),
            ("0.1.2.3", "---"),
            ("::", "---"),
            ("::ffff:0.0.0.0", "---"),
            ("224.0.0.1", "---"),
            ("255.255.255.255", "---"),
            ("ff02::1", "---"),
        ] {
            let ip: IpAddr = address.parse().unwrap();
            let called = [Egress::Allow, Egress::Loopback, Egress::Deny]
                .map(|egress| if refusal(egress, ip).is_none() { '+' } else { '-' });
            assert_eq!(called.iter().collect::<String>(), expected, "{address}");
        }
    }

    #[test]
    fn we_are_not_called_by_ourselves() {
        let own = |text: &str| vec![text.parse::<SocketAddr>().unwrap()];
        for (ours, address, path, expected) in [
            ("127.0.0.1:4566", "127.0.0.1:4566", "/_fanlight/reset", true),
            ("127.0.0.1:4566", "127.0.0.2:4566", "/_fanlight/reset", true),
            ("127.0.0.1:4566", "[::ffff:127.0.0.1]:4566", "/moto-api/reset", true),
            ("0.0.0.0:4566", "172.17.0.2:4566", "/_aws/sns/sms-messages", true),
            ("[::]:4566", "127.0.0.1:4566", "/_localstack/state/reset", true),
            ("127.0.0.1:4566", "127.0.0.1:4566", "/x/../_fanlight/reset", true),
            ("127.0.0.1:4566", "127.0.0.1:4566", "//%5fFanlight/reset?x=/", true),
            ("127.0.0.1:4566", "127.0.0.1:4566", "/000000000000/q?x=/_aws/", true),
            ("127.0.0.1:4566", "127.0.0.1:4566", "/000000000000/_aws-q", true),
            ("127.0.0.1:4566", "127.0.0.1:4566", "/", true),
            ("0.0.0.0:4566", "127.0.0.1:4566", "/?Action=Publish", true),
            ("0.0.0.0:4566", "172.17.0.2:4566", "/2015-03-31/functions/f/invocations", false),
            ("10.0.0.2:4566", "10.0.0.2:4566", "/", true),
            ("127.0.0.1:4566", "127.0.0.1:3000", "/_fanlight/reset", false),
            ("127.0.0.1:4566", "10.0.0.1:4566", "/_fanlight/reset", false),
        ] {
            assert_eq!(is_own(&own(ours), address.parse().unwrap(), path), expected, "{address} {path}");
        }
    }
}
