//! Addresses that may be connected to.
//!
//! A foreign host name can resolve to an address in the own network, to a server that trusts everyone who
//! reaches it (CWE-918). Public addresses are those that the registries of RFC 6890 assign as such; all
//! others are not.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The kind of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A host on the internet.
    Public,
    /// This machine.
    Loopback,
    /// A host in a private network.
    Private,
    /// Not a host that could publish keys: a whole network, a link-local peer, a cloud metadata service.
    Special,
}

/// The addresses that the host of a URL may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Public addresses.
    Public,
    /// Public, private and loopback addresses.
    Private,
    /// Loopback addresses only.
    Loopback,
}

impl Reach {
    /// Returns whether an address may be connected to.
    pub(super) fn allows(self, address: IpAddr) -> bool {
        match kind(address) {
            Kind::Public => self != Self::Loopback,
            Kind::Loopback => self != Self::Public,
            Kind::Private => self == Self::Private,
            Kind::Special => false,
        }
    }
}

/// Cloud metadata services outside of the link-local range: Alibaba, Azure, AWS and Google.
const METADATA: [IpAddr; 4] = [
    IpAddr::V4(Ipv4Addr::new(100, 100, 100, 200)),
    IpAddr::V4(Ipv4Addr::new(168, 63, 129, 16)),
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)),
    IpAddr::V6(Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)),
];

fn kind(address: IpAddr) -> Kind {
    match address {
        _ if METADATA.contains(&address) => Kind::Special,
        IpAddr::V4(address) => kind_v4(address),
        IpAddr::V6(address) => kind_v6(address),
    }
}

/// Returns the kind of an IPv4 address (IANA registry of special-purpose IPv4 addresses).
fn kind_v4(address: Ipv4Addr) -> Kind {
    match address.octets() {
        [127, ..] => Kind::Loopback,
        // RFC 1918, and shared address space (RFC 6598).
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] | [100, 64..=127, ..] => Kind::Private,
        // This network, link-local (RFC 3927), protocol assignments (RFC 6890), documentation (RFC 5737),
        // 6to4 relays (RFC 7526), benchmarks (RFC 2544), multicast, and reserved addresses up to the
        // broadcast address.
        [0, ..]
        | [169, 254, ..]
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _]
        | [224..=255, ..] => Kind::Special,
        _ => Kind::Public,
    }
}

/// Returns the kind of an IPv6 address (IANA registry of special-purpose IPv6 addresses). Only 2000::/3 is
/// assigned.
fn kind_v6(address: Ipv6Addr) -> Kind {
    match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 1] => Kind::Loopback,
        [0xfc00..=0xfdff, ..] => Kind::Private,
        // The NAT64 prefix (RFC 6052): the kind is that of the embedded IPv4 address.
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => {
            let [.., a, b, c, d] = address.octets();
            kind(Ipv4Addr::new(a, b, c, d).into())
        }
        // Protocol assignments including Teredo and benchmarks (RFC 2928), documentation (RFC 3849, RFC
        // 9637), and 6to4 (RFC 7526).
        [0x2001, 0..=0x1ff, ..] | [0x2001, 0xdb8, ..] | [0x2002, ..] | [0x3fff, 0..=0xfff, ..] => {
            Kind::Special
        }
        [0x2000..=0x3fff, ..] => Kind::Public,
        _ => Kind::Special,
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, kind};

    const TABLE: &str = "
        Public 1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.0 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
        Public 140.82.112.3 168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0
        Public 192.0.1.0 192.0.3.0 192.88.98.255 192.88.100.0 192.167.255.255 192.169.0.0 198.17.255.255
        Public 198.20.0.0 198.51.99.255 198.51.101.0 203.0.112.255 203.0.114.0 223.255.255.255
        Public 2001:200:: 2001:4860:4860::8888 2001:db7:: 2001:db9:: 2003:: 2606:50c0:8000::153 2a00:1450::
        Public 3ffe:ffff:: 3fff:1000:: 64:ff9b::101:101 64:ff9b::8.8.8.8

        Loopback 127.0.0.0 127.0.0.1 127.1.2.3 127.255.255.255 ::1 64:ff9b::7f00:1

        Private 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.0 100.127.255.255 172.16.0.0 172.31.255.255
        Private 192.168.0.0 192.168.1.1 192.168.255.255 fc00:: fd00:: fd12:3456:789a::1
        Private fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
        Private 64:ff9b::10.0.0.1 64:ff9b::192.168.0.1 64:ff9b::100.64.0.1

        Special 0.0.0.0 0.0.0.1 0.255.255.255 169.254.0.0 169.254.169.254 169.254.170.2 169.254.255.255
        Special 100.100.100.200 168.63.129.16 fd00:ec2::254 fd20:ce::254
        Special 192.0.0.0 192.0.0.8 192.0.0.192 192.0.2.1 192.88.99.1 198.18.0.0 198.19.255.255 198.51.100.7
        Special 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
        Special :: ::2 ::127.0.0.1 ::10.0.0.1 ::8.8.8.8
        Special ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1
        Special 64:ff9b::169.254.169.254 64:ff9b::0.0.0.0
        Special 64:ff9b::168.63.129.16 64:ff9b:1::1 64:ff9b:1::10.0.0.1 64:ff9b:0:1::8.8.8.8 100::1
        Special 2001:: 2001:0:7f00:1:: 2001:2::1 2001:10::1 2001:20::1 2001:1ff:ffff:: 2001:db8::1
        Special 3fff::1 3fff:fff::
        Special 2002:7f00:1:: 2002:a00:1:: 2002:a9fe:a9fe:: 2002:808:808:: 1fff:ffff:: 4000:: 5f00::1
        Special fe80::1 fe80::a9fe:a9fe febf:ffff:: fec0::1 fe00:: ff02::1 ff0e::1
    ";

    #[test]
    fn only_addresses_of_the_internet_are_public() {
        for (expected, addresses) in TABLE.lines().filter_map(|line| line.trim().split_once(' ')) {
            for address in addresses.split(' ') {
                let Ok(parsed) = address.parse() else {
                    panic!("{address} is not an address");
                };
                assert_eq!(format!("{:?}", kind(parsed)), expected, "{address}");
            }
        }
    }

    #[test]
    fn what_leads_nowhere_is_never_allowed() {
        use super::Reach::{Loopback, Private, Public};
        let rows = [
            ("8.8.8.8", [true, true, false]),
            ("127.0.0.1", [false, true, true]),
            ("10.0.0.1", [false, true, false]),
            ("169.254.169.254", [false, false, false]),
        ];
        for (address, expected) in rows {
            let Ok(parsed) = address.parse() else {
                panic!("{address} is not an address");
            };
            let allowed = [Public, Private, Loopback].map(|reach| reach.allows(parsed));
            assert_eq!(allowed, expected, "{address}");
        }
        assert_eq!(kind([169, 254, 169, 254].into()), Kind::Special);
    }
}
