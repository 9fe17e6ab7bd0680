"""Make a key pair. The key comes from the system's own source of chance, never from a seed."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from hinomi.cap.compose import NAME_FORM
from hinomi.errors import ScenarioError

RSA_BITS = 3072  # 128 bits of security (NIST SP 800-57 part 1, table 2)
LONGEST_NAME = 64  # of a common name in X.509


def make_pair(
    sender: str, *, not_before: datetime, not_after: datetime, rsa_key: bool = False
) -> tuple[bytes, bytes]:
    """Private key and self-signed certificate of a sender, both PEM.

    Trust does not come from the certificate but from the entry that pins it.

    Raises
    ------
    ScenarioError
        for a sender that no message could name.
    """
    if not NAME_FORM.fullmatch(sender) or len(sender) > LONGEST_NAME:
        raise ScenarioError(
            f"sender is {sender!r}; write at most {LONGEST_NAME} letters, digits and . @ _ -"
        )
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
    if rsa_key:
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, sender)])
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False,
        data_encipherment=False, key_agreement=False, key_cert_sign=False, crl_sign=False,
        encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before).not_valid_after(not_after)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return private, certificate.public_bytes(serialization.Encoding.PEM)
