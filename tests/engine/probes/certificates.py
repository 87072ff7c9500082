"""An authority of the tests, and the certificates, right and wrong, that it signs."""

import ipaddress
import ssl
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from astreinte.loops import clock

NUMBERS = count(1)


@dataclass(frozen=True)
class Signed:
    """A certificate with its key, and those above it."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
    above: tuple[x509.Certificate, ...] = ()

    @property
    def der(self):
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def kept_in(self, folder):
        """Return the file that holds the key and the chain."""
        file = folder / f"{next(NUMBERS)}.pem"
        key = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        chain = [one.public_bytes(serialization.Encoding.PEM) for one in (self.certificate, *self.above)]
        file.write_bytes(key + b"".join(chain))
        return file

    def shown(self, folder):
        """Return what a server needs to show it."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # What is too weak must be shown to be refused.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        context.load_cert_chain(self.kept_in(folder))
        return context


class Authority:
    """Signs what it is asked to. `trusted` is the file that a client needs to believe it."""

    def __init__(self, folder):
        self.folder = folder
        self.root = sign("Root of the tests", authority=True)
        self.trusted = str(folder / "root.pem")
        (folder / "root.pem").write_bytes(self.root.certificate.public_bytes(serialization.Encoding.PEM))

    def context(self, names=("localhost",), **facts):
        """Return what a server needs to show a certificate for `names`, signed by this authority."""
        return sign("Server of the tests", names=names, by=self.root, **facts).shown(self.folder)


def sign(
    subject,
    *,
    names=(),
    addresses=(),
    by=None,
    authority=False,
    since=timedelta(days=-60),
    until=timedelta(days=90),
    key=None,
):
    """Return a certificate valid from now + `since` to now + `until`; without `by`, self-signed."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    signer, issuer = (by.key, by.certificate.subject) if by else (key, _named(subject))
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(subject))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_at(since))
        .not_valid_after(_at(until))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .add_extension(_usage(authority), critical=True)
    )
    alternatives = [
        *(x509.DNSName(name) for name in names),
        *(x509.IPAddress(ipaddress.ip_address(one)) for one in addresses),
    ]
    if alternatives:
        builder = builder.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    # Whoever trusts a root has it; those between are sent along.
    above = (by.certificate, *by.above) if by and by.certificate.issuer != by.certificate.subject else ()
    return Signed(builder.sign(signer, hashes.SHA256()), key, above)


def _at(when):
    return when if isinstance(when, datetime) else clock.now() + when


def _named(common_name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(authority):
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )
