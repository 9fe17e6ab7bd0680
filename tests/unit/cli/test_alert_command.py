"""`hinomi alert`: a message in a minute, and plain words for every mistake."""

import stat

import pytest

from hinomi.cap.gate import gate
from hinomi.cap.message import read

SENT = ("--sent", "2025-09-15T19:30:00+09:00")
LATER = ("--sent", "2025-09-15T19:33:00+09:00")
NAHA = ("alert", "compose", "--kind", "launch", "--place", "47201", *SENT)


def message(path):
    return read(gate(path.read_bytes()))


@pytest.fixture
def launch(program, tmp_path):
    assert program(*NAHA, "-o", "launch.xml")[0] == 0
    return tmp_path / "launch.xml"


@pytest.fixture
def keys(program, tmp_path):
    code, out, _ = program("alert", "keys", "--area", "47", "-o", "keys")
    assert code == 0
    assert "keep it secret" in out
    return tmp_path / "keys"


def test_compose_prints_a_message_that_check_accepts(program, tmp_path, strict):
    code, out, err = program(*NAHA)
    assert (code, err) == (0, "")
    (tmp_path / "m.xml").write_text(out, encoding="utf-8")
    code, out, _ = program("alert", "check", "m.xml", "--profile", "hinomi-jp", "--json")
    assert code == 0
    assert strict(out) == {"verdict": "accepted", "profile": "hinomi-jp", "findings": []}


@pytest.mark.parametrize("name", ["47201", "472018", "Naha", "naha-shi", "那覇市"])
def test_a_place_has_five_names(program, tmp_path, name):
    program("alert", "compose", "--kind", "launch", "--place", name, *SENT, "-o", "m.xml")
    assert message(tmp_path / "m.xml").codes_of_areas == ("47201",)


@pytest.mark.parametrize("name", ["Okinawa", "okinawa", "沖縄県", "47"])
def test_a_prefecture_has_four_names_and_is_told_by_its_name(program, tmp_path, name):
    program("alert", "compose", "--kind", "launch", "--prefecture", name, *SENT, "-o", "m.xml")
    made = message(tmp_path / "m.xml")
    assert len(made.codes_of_areas) == 41
    assert [info.areas[0].description for info in made.infos] == ["沖縄県", "Okinawa"]


def test_a_chain_follows_its_files_and_takes_incident_and_places_from_them(
    program, tmp_path, launch
):
    words = ("alert", "compose", "--kind", "cancel", "--follows", "launch.xml", *LATER)
    code, _, err = program(*words, "-o", "cancel.xml")
    assert (code, err) == (0, "")
    made, first = message(tmp_path / "cancel.xml"), message(launch)
    assert made.references == (first.triple,)
    assert (made.kind, made.incidents) == ("Cancel", "raid-1")
    assert made.codes_of_areas == ("47201",)


def test_an_update_that_forgets_places_says_so(program, launch):
    words = ("alert", "compose", "--kind", "shelter", "--follows", "launch.xml", "--place", "47208")
    code, _, err = program(*words, *LATER, "-o", "update.xml")
    assert code == 0
    assert "1 municipalities of the earlier message are named no more" in err


@pytest.mark.parametrize(
    "words",
    [
        ("compose", "--kind", "launch", "--place", "47201", "--status", "actual"),
        ("compose", "--kind", "launch", "--place", "47201", "--status", "Actual"),
        ("keys", "--status", "exercise,actual"),
    ],
)
def test_nothing_for_real_is_composed_and_no_key_is_made_for_it(program, tmp_path, words):
    code, out, err = program("alert", *words)
    assert (code, out) == (2, "")
    assert "outside the scope" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--kind", "launch"), "name who is meant"),
        (("--kind", "launch", "--place", "99999"), "no municipality has this code"),
        (("--kind", "launch", "--prefecture", "Ryukyu"), "no prefecture has this name"),
        (("--kind", "siren", "--place", "47201"), "the kinds are launch"),
        (("--kind", "cancel", "--place", "47201"), "nothing to cancel"),
        (("--kind", "launch", "--place", "47201", "--sent", "noon"), "--sent is 'noon'"),
        (("--kind", "launch", "--place", "47201", "--language", "xx"), "write one or more of ja-JP"),
        (("--kind", "launch", "--place", "47201", "--minutes", "0"), "between 1 and 1440"),
        (("--kind", "launch", "--place", "47201", "--minutes", "half"), "no whole number"),
        (("--kind", "launch", "--follows", "none.xml"), "cannot be read"),
        (("--kind", "launch", "--place", "47201", "--exercise", "not a drill"), "nobody could tell"),
        (("--kind", "launch", "--place", "Date"), "municipalities have this name"),
        ((), "name a kind"),
        (("nowhere",), "no folder"),
    ],
)  # fmt: skip
def test_wrong_options_of_compose_are_told_with_the_way_out(program, words, told):
    code, out, err = program("alert", "compose", *words)
    assert (code, out) == (2, "")
    assert told in err or told == "no folder"
    assert len(err) > 20


def test_check_names_code_level_path_and_message(program, launch, strict, tmp_path):
    text = launch.read_text(encoding="utf-8").replace("<msgType>Alert", "<msgType>Update")
    (tmp_path / "bad.xml").write_text(text, encoding="utf-8")
    code, out, _ = program("alert", "check", "bad.xml", "--json")
    told = strict(out)
    assert (code, told["verdict"]) == (1, "refused")
    (finding,) = told["findings"]
    assert finding["code"] == "rules-references-missing"
    assert (finding["level"], finding["severity"]) == ("rules", "error")
    assert finding["path"] == "/cap:alert"
    code, out, _ = program("alert", "check", "bad.xml")
    assert code == 1
    assert "rules-references-missing" in out
    assert out.splitlines()[-1].startswith("refused: 1 errors")


@pytest.mark.parametrize("command", ["check", "show"])
def test_hostile_bytes_end_with_one_and_no_traceback(program, tmp_path, command):
    (tmp_path / "x.xml").write_text('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    code, out, err = program("alert", command, "x.xml")
    assert code == 1
    assert "document type declaration" in out + err


def test_a_missing_file_names_the_bundled_examples(program):
    code, _, err = program("alert", "check", "none.xml")
    assert code == 2
    assert "okinawa-1-launch.xml" in err
    assert program("alert", "check", "okinawa-1-launch.xml")[0] == 0


def test_show_says_exercise_first_and_last_and_names_the_recipients(program, launch, strict):
    code, out, _ = program("alert", "show", "launch.xml")
    lines = out.splitlines()
    assert code == 0
    assert lines[0] == lines[-1] == "EXERCISE - EXERCISE - EXERCISE  訓練 訓練 訓練"
    assert "Naha-shi 47201" in out
    told = strict(program("alert", "show", "launch.xml", "--json")[1])
    assert told["recipients"] == ["47201"]
    assert told["uncovered"] == told["bystanders"] == []


def test_show_does_not_believe_a_status_for_real(program, launch, tmp_path):
    text = launch.read_text(encoding="utf-8").replace(">Exercise<", ">Actual<")
    (tmp_path / "real.xml").write_text(text, encoding="utf-8")
    lines = program("alert", "show", "real.xml")[1].splitlines()
    assert lines[0] == lines[-1] == "claims Actual, not trusted"


def test_show_prints_nothing_that_steers_a_terminal(program, launch, tmp_path):
    text = launch.read_text(encoding="utf-8").replace("<note>", "<note>\u009b31m\u202e")
    text = text.replace("hinomi exercise</", "\u009b2J\u202ehinomi</").replace(
        "ミサイル", "\u009bミサイル"
    )
    (tmp_path / "x.xml").write_text(text, encoding="utf-8")
    out = program("alert", "show", "x.xml")[1]
    assert "ミサイル" in out
    assert not {"\u009b", "\u202e", "\x1b"} & set(out)


def test_sign_and_verify_from_keys_to_verdict(program, launch, keys, strict, tmp_path):
    pair = ("--key", keys / "key.pem", "--certificate", keys / "certificate.pem")
    code, out, err = program("alert", "sign", "launch.xml", *pair, "-o", "signed.xml")
    assert (code, err) == (0, "")
    trust = ("--trust", keys / "trust.json")
    code, out, _ = program("alert", "verify", "signed.xml", *trust, "--json")
    told = strict(out)
    # Composed for 2025, verified by the machine's clock: authentic, and told to be expired.
    assert (code, told["verdict"]) == (0, "accepted")
    assert [f["code"] for f in told["findings"]] == ["time-expired"]
    assert len(told["fingerprint"]) == 64
    signed = (tmp_path / "signed.xml").read_bytes()
    (tmp_path / "forged.xml").write_bytes(signed.replace(b">47201<", b">47208<"))
    code, out, _ = program("alert", "verify", "forged.xml", *trust)
    assert code == 1
    assert "sig-invalid" in out
    assert program("alert", "verify", "launch.xml", *trust)[0] == 1


def test_a_message_that_fails_its_check_is_not_signed(program, launch, keys, tmp_path):
    text = launch.read_text(encoding="utf-8").replace("EXERCISE - Missile", "Missile")
    (tmp_path / "bad.xml").write_text(text, encoding="utf-8")
    pair = ("--key", keys / "key.pem", "--certificate", keys / "certificate.pem")
    code, out, _ = program("alert", "sign", "bad.xml", *pair, "-o", "signed.xml")
    assert code == 1
    assert "not signed" in out
    assert not (tmp_path / "signed.xml").exists()


def test_keys_are_for_their_owner_alone_and_are_never_overwritten(program, keys):
    assert stat.S_IMODE((keys / "key.pem").stat().st_mode) & 0o077 == 0
    code, _, err = program("alert", "keys", "-o", "keys")
    assert code == 2
    assert "is there already" in err


def test_keys_add_to_a_store(program, keys, strict, tmp_path):
    trust = keys / "trust.json"
    code, _, _ = program("alert", "keys", "--trust", trust, "--sender", "b@x.example", "-o", "b")
    assert code == 0
    stored = strict(trust.read_text(encoding="utf-8"))
    assert [k["sender"] for k in stored["keys"]] == ["exercise@hinomi.example", "b@x.example"]
    assert not (tmp_path / "b" / "trust.json").exists()


def test_a_run_gives_its_chain_of_messages(program, small_run, tmp_path):
    code, _, err = program("alert", "compose", small_run, "-o", "messages")
    assert (code, err) == (0, "")
    files = sorted((tmp_path / "messages").glob("*.xml"))
    assert files
    chain = [message(path) for path in files]
    assert chain[0].kind == "Alert"
    assert {m.status for m in chain} == {"Exercise"}
    named = {triple for m in chain for triple in m.references}
    assert named <= {m.triple for m in chain}
    for path in files:
        assert program("alert", "check", path, "--profile", "hinomi-jp")[0] == 0
    again = program("alert", "compose", small_run, "-o", "again")
    assert again[0] == 0
    same = [(tmp_path / "again" / p.name).read_bytes() == p.read_bytes() for p in files]
    assert all(same)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "name a new folder"),
        (("-o", "."), "is there already"),
        (("-o", "m", "--kind", "launch"), "a run says kind"),
        (("-o", "m", "--replicate", "99"), "no message of replicate 99"),
        (("-o", "m", "--architecture", "none"), "the run has"),
    ],
)
def test_wrong_options_beside_a_run_are_told(program, small_run, words, told):
    code, _, err = program("alert", "compose", small_run, *words)
    assert code == 2
    assert told in err


def test_an_all_clear_after_half_an_hour_passes_its_own_check(program, launch, tmp_path):
    words = ("alert", "compose", "--kind", "all-clear", "--follows", "launch.xml")
    late = ("--sent", "2025-09-15T20:04:00+09:00", "-o", "clear.xml")
    assert program(*words, *late)[0] == 0
    assert message(tmp_path / "clear.xml").references == (message(launch).triple,)
    assert program("alert", "check", "clear.xml", "--profile", "hinomi-jp")[0] == 0


def test_what_the_profile_would_refuse_is_not_composed(program, tmp_path):
    code, out, err = program(*NAHA, "--language", "en")
    assert (code, out) == (2, "")
    assert "refused by its profile hinomi-jp: no info block in ja-JP" in err


def test_a_track_of_a_run_is_named_by_its_number_or_with_its_picture(program, small_run):
    code, _, err = program("alert", "compose", small_run, "-o", "m", "--track", "seven")
    assert code == 2
    assert "write a track's number, such as 7, or 'Japan:7'" in err
    code, _, err = program("alert", "compose", small_run, "-o", "m", "--track", "Nobody:7")
    assert code == 2
    assert "about track Nobody:7" in err
