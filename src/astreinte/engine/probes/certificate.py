"""What a certificate says: its dates and whom it is for. Damaged ones are nonsense, quoted."""

from __future__ import annotations

import ipaddress
import warnings
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from astreinte.engine.probes.nonsense import NonsenseError, quoted, reason

NAMES_SAID = 5
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True, slots=True)
class Certificate:
    """Dates (UTC; both ends belong to the validity: RFC 5280, 4.1.2.5), DNS names in ASCII, addresses."""

    not_before: datetime
    not_after: datetime
    names: tuple[str, ...] = ()
    addresses: tuple[Address, ...] = ()

    def covers(self, host: str) -> bool:
        """Tell whether the certificate is for `host`, a name or an address (RFC 9525).

        A star stands for one whole label, the first, with at least two behind it. The common name does not
        count: no browser looks at it.
        """
        address = _address(host)
        if address is not None:
            return address in self.addresses
        wanted = ascii_name(host)
        return wanted is not None and any(_matches(name.lower().rstrip("."), wanted) for name in self.names)

    def said_names(self) -> str:
        """Return whom the certificate is for, in words."""
        everyone = [quoted(name.encode())[1:-1] for name in self.names] + [str(one) for one in self.addresses]
        if not everyone:
            return "it names nobody (a common name does not count)"
        more = len(everyone) - NAMES_SAID
        return f"it is for {', '.join(everyone[:NAMES_SAID])}" + (f" and {more} more" if more > 0 else "")


def read(der: bytes) -> Certificate:
    """Return what the certificate says. Raises NonsenseError for one that cannot be read."""
    try:
        with warnings.catch_warnings():
            # What the decoder still puts up with, such as a negative serial number, it only warns of.
            warnings.simplefilter("ignore")
            return _read(der)
    except Exception as error:  # of a dozen classes: whatever it is, the bytes are to blame
        raise NonsenseError(f"a certificate that cannot be read ({reason(error)}): {quoted(der)}") from error


def _read(der: bytes) -> Certificate:
    found = x509.load_der_x509_certificate(der)
    alternatives = _alternatives(found)
    return Certificate(
        found.not_valid_before_utc,
        found.not_valid_after_utc,
        tuple(alternatives.get_values_for_type(x509.DNSName)) if alternatives else (),
        tuple(_addresses(alternatives)) if alternatives else (),
    )


def ascii_name(host: str) -> str | None:
    """Return the name as certificates and hellos write it, or None for what is no name."""
    address = _address(host)
    if address is not None:
        return str(address)
    try:
        name = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    well_formed = bool(name) and not name.startswith(".") and name.isprintable() and " " not in name
    return name if well_formed else None


def _alternatives(found: x509.Certificate) -> x509.SubjectAlternativeName | None:
    try:
        return found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return None


def _addresses(alternatives: x509.SubjectAlternativeName) -> list[Address]:
    given = alternatives.get_values_for_type(x509.IPAddress)
    return [one for one in given if isinstance(one, Address)]


def _matches(pattern: str, name: str) -> bool:
    if not pattern.startswith("*."):
        return pattern == name
    label, _, rest = name.partition(".")
    return bool(label) and pattern[2:] == rest and "." in rest


def _address(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None
