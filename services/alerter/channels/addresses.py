"""Which addresses a webhook may be delivered to: those of the public Internet, and no others.

A subscriber writes the URL, and the request comes from inside the operator's network: to a router, a database or a
cloud's metadata service it would look like one of their own (server-side request forgery). So the address is judged
when the connection is made, on the address itself: a name can resolve to something else a moment later, and a number
can be written in many ways.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

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


REFUSED_PORTS = frozenset(
    {
        *(1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109),
        *(110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530),
        *(531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045),
        *(4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080),
    }
)
"""Ports of other protocols, which a request could be made to speak: the list of the Fetch standard ("bad ports")."""


@dataclass(frozen=True, slots=True)
class AllowedDestinations:
    """What an operator lets every channel deliver to although it is not public."""

    networks: tuple[IPv4Network | IPv6Network, ...] = ()
    names: frozenset[str] = frozenset()
    """Host names as URLs have them, in lower case."""
    domains: tuple[str, ...] = ()
    """Ends of host names, each with its leading dot."""

    @classmethod
    def written(cls, parts: Iterable[str]) -> AllowedDestinations:
        """From networks (`10.1.0.0/16`), addresses, names (`hooks.internal`) and whole domains (`*.internal`).

        Raises ValueError naming the part that is none of these.
        """
        networks, names, domains = [], set(), []
        for part in filter(None, (part.strip().lower() for part in parts)):
            try:
                networks.append(ip_network(part))
            except ValueError:
                bare = part.removeprefix("*.")
                if "/" in part or not all(label.replace("-", "").isalnum() for label in bare.split(".")):
                    raise ValueError(f"{part} is no network, address, host name or *.domain") from None
                if bare == part:
                    names.add(part)
                else:
                    domains.append(f".{bare}")
        return cls(tuple(networks), frozenset(names), tuple(domains))

    def parts(self) -> list[str]:
        """What `written` makes these of."""
        networks = [str(network) for network in self.networks]
        return [*networks, *sorted(self.names), *(f"*{domain}" for domain in self.domains)]

    def has_name(self, host: str) -> bool:
        """Whether `host`, as a URL has it, may be delivered to wherever it is."""
        name = host.lower().rstrip(".")
        return name in self.names or name.endswith(self.domains)

    def has_address(self, address: IPv4Address | IPv6Address) -> bool:
        """Whether `address` may be delivered to."""
        return any(address in network for network in self.networks)


PUBLIC_ONLY = AllowedDestinations()
"""Nothing beside the public Internet."""


def host_refusal(host: str, allowed: AllowedDestinations = PUBLIC_ONLY) -> str | None:
    """Why `host`, as a URL has it, cannot be delivered to, as words after "is"; None where that shows only once it is
    resolved, or where it is `allowed`."""
    if allowed.has_name(host):
        return None
    if host.lower().rstrip(".") == "localhost" or host.lower().rstrip(".").endswith(".localhost"):
        return "loopback"
    try:
        address = ip_address(host)
    except ValueError:
        return None
    return None if allowed.has_address(address) else refusal(address)


def check_address(address: str, host: str = "", port: int = 443, allowed: AllowedDestinations = PUBLIC_ONLY) -> None:
    """Raises RefusedAddressError where `address`, numeric as a socket has it, is neither public nor `allowed`, and so
    must not be connected to on `port` for a URL that names `host`."""
    reason: str | None
    if allowed.has_name(host):
        return
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        reason = "no IP address"
    else:
        if allowed.has_address(parsed):
            return
        reason = refusal(parsed)
    if reason is not None:
        raise RefusedAddressError(f"the address {address} is {reason}")
    if port in REFUSED_PORTS:
        raise RefusedAddressError(f"port {port} belongs to another protocol than HTTP")
