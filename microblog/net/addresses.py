"""Which addresses lie in the internet at large, and what the resolver says. Knows no database."""

import socket
import threading
from contextlib import suppress
from ipaddress import IPv4Address, ip_address, ip_network

# IANA's registries of special-purpose addresses, multicast, and what a host's provider keeps inside
# (is_global of ipaddress lets some pass). Of version 6 only 2000::/3 is the internet, which leaves
# out all that embeds a version 4 address, fc00::/7, fe80::/10, fec0::/10 and ff00::/8.
_PRIVATE_4 = tuple(
    ip_network(network)
    for network in """
        0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16
        172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15
        198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4
    """.split()
)
_INTERNET_6 = ip_network("2000::/3")
_PRIVATE_6 = tuple(
    ip_network(network) for network in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)


def is_public(address: str) -> bool:
    """Tell whether `address`, a number in its usual spelling, lies in the internet at large."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _PRIVATE_4)
    return (
        ip.scope_id is None
        and ip in _INTERNET_6
        and not any(ip in network for network in _PRIVATE_6)
    )


def is_own(address: str) -> bool:
    """Tell whether `address` is one of this machine's, which would call itself. Sends nothing."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 443))
            return bool(ip_address(probe.getsockname()[0]) == ip_address(address))
    except OSError:  # no way leads there
        return False


def resolve(host: str, seconds: float) -> list[str]:
    """Return the addresses of `host`, by the system's resolver, which has no deadline itself."""
    found: list[str] = []

    def ask() -> None:
        with suppress(OSError, UnicodeError):
            answers = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    if not found:
        raise OSError(f"{host} has no address")
    return list(found)
