"""Which addresses a webhook may be delivered to: those of the public Internet, and no others.

A subscriber writes the URL, and the request comes from inside the operator's network: to a router, a database or a
cloud's metadata service it would look like one of their own (server-side request forgery). So the address is judged
when the connection is made, on the address itself: a name can resolve to something else a moment later, and a number
can be written in many ways.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_IPV4: dict[IPv4Network, str] = {
    IPv4Network(network): kind
    for network, kind in {
        "0.0.0.0/8": "of this host (RFC 791)",
        "10.0.0.0/8": "private (RFC 1918)",
        "100.64.0.0/10": "behind a carrier's address translation (RFC 6598)",
        "127.0.0.0/8": "loopback",
        "169.254.0.0/16": "link-local (RFC 3927), where clouds keep their metadata service",
        "172.16.0.0/12": "private (RFC 1918)",
        "192.0.0.0/24": "reserved for protocols (RFC 6890)",
        "192.0.2.0/24": "for documentation (RFC 5737)",
        "192.31.196.0/24": "of the AS112 service (RFC 7535)",
        "192.52.193.0/24": "for multicast tunnels (RFC 7450)",
        "192.88.99.0/24": "a 6to4 relay (RFC 7526)",
        "192.168.0.0/16": "private (RFC 1918)",
        "192.175.48.0/24": "of the AS112 service (RFC 7534)",
        "198.18.0.0/15": "for benchmarks (RFC 2544)",
        "198.51.100.0/24": "for documentation (RFC 5737)",
        "203.0.113.0/24": "for documentation (RFC 5737)",
        "224.0.0.0/4": "multicast",
        "240.0.0.0/4": "reserved or broadcast (RFC 1112)",
    }.items()
}
_IPV6: dict[IPv6Network, str] = {
    IPv6Network(network): kind
    for network, kind in {
        "2001::/23": "reserved for protocols (RFC 2928), Teredo among them",
        "2001:db8::/32": "for documentation (RFC 3849)",
        "2002::/16": "6to4 (RFC 3056), which stands for an IPv4 address",
        "3fff::/20": "for documentation (RFC 9637)",
    }.items()
}
_GLOBAL_UNICAST = IPv6Network("2000::/3")
"""All that IANA has given out as public IPv6. Loopback, unspecified, IPv4-mapped, NAT64 (64:ff9b::/96 and
64:ff9b:1::/48), discard, SRv6, unique local, link-local, site-local and multicast addresses lie outside of it."""


class RefusedAddressError(OSError):
    """The connection was not made, since the address is none to deliver to."""


def refusal(address: IPv4Address | IPv6Address) -> str | None:
    """Why `address` must not be delivered to, as words after "is"; None where it may be."""
    if isinstance(address, IPv4Address):
        return next((kind for network, kind in _IPV4.items() if address in network), None)
    if address.ipv4_mapped is not None:
        return "an IPv4 address in IPv6 form"
    if address not in _GLOBAL_UNICAST:
        return "not a public IPv6 address"
    return next((kind for network, kind in _IPV6.items() if address in network), None)


def check_address(host: str) -> None:
    """Raises RefusedAddressError where `host`, a numeric address as a socket has it, must not be delivered to."""
    try:
        reason = refusal(ip_address(host.partition("%")[0]))
    except ValueError:
        reason = "no IP address"
    if reason is not None:
        raise RefusedAddressError(f"the address {host} is {reason}")
