"""Only the pinned key of the sender is believed, and only for what it may say."""

import pytest
from lxml import etree
from signxml import XMLSigner

from hinomi.cap.check import check
from hinomi.cap.compose import Target, compose
from hinomi.cap.message import write
from hinomi.cap.sign import load_signer, sign, verify
from hinomi.cap.trust import parse_trust, trust_text
from hinomi.errors import FenceError, ScenarioError
from hinomi.export.cap_places import codes_of, target_of
from hinomi.scenario.places import load_places


@pytest.fixture(scope="module")
def own(desk):
    return desk.pair()


@pytest.fixture(scope="module")
def signed(desk, own):
    return sign(write(compose(desk.order)), signer=own[0], at=desk.now)


def codes(found):
    return {f.code for f in found.findings}


@pytest.mark.parametrize("rsa", [False, True])
def test_a_signed_message_is_accepted_and_still_passes_every_check(desk, schema, rsa):
    signer, certificate = desk.pair(rsa=rsa)
    message = sign(write(compose(desk.order)), signer=signer, at=desk.now)
    found = verify(message, trust=(desk.entry(certificate),), at=desk.now)
    assert (found.verdict, found.findings) == ("accepted", ())
    assert found.message.signed is False  # read from what was signed, the signature left out
    assert found.message.triple == compose(desk.order).triple
    for profile in ("cap", "hinomi-jp", "cell-broadcast"):
        assert check(message, schema=schema, profile=profile).findings == ()


def test_a_forged_message_of_another_fresh_key_is_refused(desk, own):
    """It carries its own certificate, which would verify it; that certificate is not believed."""
    stranger, _ = desk.pair()
    forged = sign(write(compose(desk.order)), signer=stranger, at=desk.now)
    found = verify(forged, trust=(desk.entry(own[1]),), at=desk.now)
    assert (found.verdict, codes(found), found.message) == ("refused", {"sig-invalid"}, None)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">Shelter<", b">Monitor<"),
        (b">47201<", b">47208<"),
        (b"</sender>", b"</sender> "),
        (b"26.1000,127.6000", b"26.1000,127.6001"),
        (b"<status>Exercise<", b"<status>Actual<"),
    ],
)
def test_any_change_after_signing_breaks_it(desk, own, signed, old, new):
    assert old in signed
    found = verify(signed.replace(old, new), trust=(desk.entry(own[1]),), at=desk.now)
    assert codes(found) == {"sig-invalid"}


def test_an_unsigned_message_is_refused(desk, own):
    found = verify(write(compose(desk.order)), trust=(desk.entry(own[1]),), at=desk.now)
    assert codes(found) == {"sig-missing"}


def test_an_unknown_sender_is_refused(desk, own, signed):
    entry = desk.entry(own[1], sender="other@town.example")
    assert codes(verify(signed, trust=(entry,), at=desk.now)) == {"trust-sender"}
    assert codes(verify(signed, trust=(), at=desk.now)) == {"trust-sender"}


def test_an_entry_out_of_its_time_is_refused(desk, own, signed):
    entry = desk.entry(own[1], not_after="2025-09-10T00:00:00Z")
    assert codes(verify(signed, trust=(entry,), at=desk.now)) == {"trust-time"}


def test_a_certificate_out_of_its_time_is_refused(desk, signed, own):
    late = desk.later(86_400.0 * 60)
    assert codes(verify(signed, trust=(desk.entry(own[1]),), at=late)) == {"sig-invalid"}


def test_a_key_for_tests_may_not_send_an_exercise(desk, own, signed):
    entry = desk.entry(own[1], statuses=("Test",))
    assert codes(verify(signed, trust=(entry,), at=desk.now)) == {"trust-status"}


def test_a_key_may_not_name_places_outside_its_areas(desk, own, signed):
    assert codes(verify(signed, trust=(desk.entry(own[1], areas=("46", "13")),), at=desk.now)) == {
        "trust-area"
    }
    anywhere = desk.entry(own[1], areas=())
    assert verify(signed, trust=(anywhere,), at=desk.now).verdict == "accepted"


def test_a_key_may_not_draw_polygons_over_places_outside_its_areas(desk, own):
    """The codes are the key's own; the polygon lies over Tokyo."""
    tokyo = target_of(codes_of(names=["13101"], prefectures=[]))
    target = Target(codes=("47201",), polygons=tokyo.polygons, words=desk.target.words)
    message = sign(write(compose(desk.changed(target=target))), signer=own[0], at=desk.now)
    entry = desk.entry(own[1])
    assert verify(message, trust=(entry,), at=desk.now).verdict == "accepted"
    found = verify(message, trust=(entry,), at=desk.now, places=load_places())
    assert (found.verdict, codes(found)) == ("refused", {"trust-polygon"})


def test_the_second_of_two_pinned_keys_is_found(desk, own, signed):
    _, other = desk.pair()
    found = verify(signed, trust=(desk.entry(other), desk.entry(own[1])), at=desk.now)
    assert found.verdict == "accepted"
    assert found.entry.certificate == own[1]


def test_a_signature_moved_into_another_alert_is_refused(desk, own, signed):
    other = etree.fromstring(write(compose(desk.changed(kind="launch", incident="raid-9"))))
    signature = etree.fromstring(signed).find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    other.append(signature)
    found = verify(etree.tostring(other), trust=(desk.entry(own[1]),), at=desk.now)
    assert codes(found) == {"sig-invalid"}


def test_a_signature_elsewhere_or_twice_is_refused(desk, own, signed):
    root = etree.fromstring(signed)
    signature = root.find("{http://www.w3.org/2000/09/xmldsig#}Signature")
    root.append(etree.fromstring(etree.tostring(signature)))
    twice = verify(etree.tostring(root), trust=(desk.entry(own[1]),), at=desk.now)
    assert codes(twice) == {"sig-place"}


def test_a_signature_over_a_part_is_refused(desk, own, signed):
    part = signed.replace(b'URI=""', b'URI="#x"')
    assert part != signed
    assert codes(verify(part, trust=(desk.entry(own[1]),), at=desk.now)) == {"sig-part"}


def test_expired_and_future_messages_are_told_but_authentic(desk, own, signed):
    entry = (desk.entry(own[1]),)
    late = verify(signed, trust=entry, at=desk.later(3600))
    early = verify(signed, trust=entry, at=desk.later(-61))
    assert (late.verdict, codes(late)) == ("accepted", {"time-expired"})
    assert (early.verdict, codes(early)) == ("accepted", {"time-future"})
    assert verify(signed, trust=entry, at=desk.later(-59)).findings == ()


@pytest.mark.parametrize("status", ["Actual", "System", "Draft"])
def test_other_statuses_are_not_signed(desk, own, status):
    text = desk.edited("<status>Exercise<", f"<status>{status}<")
    with pytest.raises(FenceError, match="only Exercise and Test"):
        sign(text, signer=own[0], at=desk.now)


def test_no_key_can_be_trusted_for_other_statuses(desk, own):
    with pytest.raises(FenceError, match="Exercise and Test alone"):
        desk.entry(own[1], statuses=("Exercise", "Actual"))
    text = trust_text((desk.entry(own[1]),)).replace('"Exercise"', '"Actual"')
    with pytest.raises(FenceError, match="Exercise and Test alone"):
        parse_trust(text)


def test_a_signed_message_is_not_signed_again(desk, own, signed):
    with pytest.raises(ScenarioError, match="signed already"):
        sign(signed, signer=own[0], at=desk.now)


def test_an_expired_certificate_does_not_sign(desk, own):
    with pytest.raises(ScenarioError, match="make a new pair"):
        sign(write(compose(desk.order)), signer=own[0], at=desk.later(86_400.0 * 31))


def test_keys_that_are_no_pair_or_no_keys_are_refused(desk, own):
    _, other = desk.pair()
    with pytest.raises(ScenarioError, match="both are PEM"):
        load_signer(b"nonsense", own[1].encode())
    from cryptography.hazmat.primitives import serialization

    key = own[0].key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(ScenarioError, match="not of this key"):
        load_signer(key, other.encode())
    assert "PRIVATE" not in repr(own[0])


def test_a_trust_store_reads_back_as_it_was_written(desk, own):
    entries = (desk.entry(own[1]), desk.entry(own[1], areas=()))
    assert parse_trust(trust_text(entries)) == entries


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("hinomi/trust/1", "x", "no trust store"),
        ('"areas": [', '"zones": [', "missing or unknown: areas, zones"),
        ('"47"', '"Naha"', "no beginning of a municipality code"),
        ('"fingerprint": "', '"fingerprint": "00', "was it exchanged"),
        ("2025-12-01", "2025-08-01", "ends"),
        ("BEGIN CERT", "BEGIN CERTI", "no certificate in PEM"),
        ("{", "", "no JSON"),
    ],
)
def test_a_broken_trust_store_is_refused_in_words(desk, own, old, new, words):
    text = trust_text((desk.entry(own[1]),))
    assert old in text
    with pytest.raises(ScenarioError, match=words):
        parse_trust(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<ds:SignedInfo>", b"<ds:SignedInfo>x"),
        (b"<ds:Transforms>", b'<ds:Transforms a="1">'),
        (b"<ds:DigestValue>", b"<ds:DigestValue>!"),
        (b"<ds:X509Certificate>", b"<ds:X509Certificate><b/>"),
        (b"ds:SignatureMethod", b"ds:Method"),
        (b"</ds:KeyInfo>", b"</ds:KeyInfo><info/>"),
    ],
)
def test_a_signature_that_breaks_its_own_schema_is_refused_and_ends_nothing(
    desk, own, signed, old, new
):
    assert old in signed
    found = verify(signed.replace(old, new), trust=(desk.entry(own[1]),), at=desk.now)
    assert (found.verdict, codes(found)) == ("refused", {"sig-invalid"})


def test_another_canonical_form_of_the_same_message_is_accepted(desk, own):
    """Exclusive canonical XML with comments: its bytes differ from ours, what it says does not."""
    root = etree.fromstring(write(compose(desk.order)))
    root.insert(0, etree.Comment("a remark"))
    maker = XMLSigner(
        signature_algorithm="ecdsa-sha256",
        c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    )
    made = maker.sign(root, key=own[0].key, cert=[own[0].certificate])
    found = verify(etree.tostring(made), trust=(desk.entry(own[1]),), at=desk.now)
    assert (found.verdict, codes(found)) == ("accepted", set())
    assert found.message.triple == compose(desk.order).triple
