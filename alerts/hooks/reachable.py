"""Which addresses a webhook may reach: those of the internet, and no machine of the house that HourTab stands in.

Pure. A name is judged by what it was looked up to, whatever it looks like; an IPv6 address that carries an IPv4 one
is judged by that one.
"""

from collections.abc import Collection, Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
COMPATIBLE = ip_network("::/96")
LAST_32 = 0xFFFFFFFF


def may_be_reached(text: str, allowed: Collection[Network] = ()) -> bool:
    """Whether that looked-up address is public, or in one of the networks that the installation allows.

    >>> [may_be_reached(each) for each in ("93.184.216.34", "10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a00:1")]
    [True, False, False, False]
    >>> may_be_reached("10.0.0.1", [ip_network("10.0.0.0/8")])
    True
    """
    address = ip_address(text.partition("%")[0])
    if any(address in network for network in allowed):
        return True
    carried = list(_carried(address))
    return all(_is_public(each) for each in carried) if carried else _is_public(address)


def _is_public(address: Address) -> bool:
    return address.is_global and not (
        address.is_multicast
        or address.is_unspecified
        or address.is_loopback
        or address.is_link_local
        or address.is_reserved
        or (isinstance(address, IPv6Address) and address.is_site_local)
    )


def _carried(address: Address) -> Iterator[IPv4Address]:
    """The IPv4 address inside of an IPv6 one: mapped, 6to4, NAT64, compatible. (Teredo is never public.)"""
    if isinstance(address, IPv4Address):
        return
    if address.ipv4_mapped is not None:
        yield address.ipv4_mapped
    if address.sixtofour is not None:
        yield address.sixtofour
    if address in COMPATIBLE or any(address in network for network in NAT64):
        yield IPv4Address(int(address) & LAST_32)
