"""The cache of stages: bit for bit, checked, bounded; damage costs time and nothing else."""

import os

import numpy as np
import pytest

from hinomi.records.engagements import Refusal
from hinomi.records.tracks import MODES, Tracks
from hinomi.scenario.load import load
from hinomi.settings import cache
from hinomi.settings import stages as by_content
from hinomi.settings.packed import pack, unpack
from hinomi.settings.stages import entry_key, stages_of

KEY = "ab" + 62 * "0"


def tracks(k=5, *, lopsided=False, picture="A own"):
    rng = np.random.default_rng(1)
    root = rng.normal(size=(k, 9, 9))
    cov = root @ root.transpose(0, 2, 1)
    cov = (cov + cov.transpose(0, 2, 1)) / 2
    if lopsided:
        cov[0, 0, 1] = np.nextafter(cov[0, 0, 1], np.inf)
    return Tracks(
        picture=picture, t_s=np.arange(k), t_available_s=rng.normal(size=k), track=np.zeros(k),
        mean=rng.normal(size=(k, 9)), cov=cov, mode=np.full((k, len(MODES)), np.nan),
        status=np.ones(k), grade=np.ones(k), plot=-np.ones(k), plots=3,
    )  # fmt: skip


@pytest.mark.parametrize("lopsided", [False, True])
def test_records_come_back_bit_for_bit_also_where_a_square_is_not_symmetric(lopsided):
    given = tracks(lopsided=lopsided)
    (found,) = unpack(pack([given]))
    for name in Tracks.__dataclass_fields__:
        np.testing.assert_array_equal(getattr(found, name), getattr(given, name), err_msg=name)
    assert not found.cov.flags.writeable


def test_half_of_a_covariance_is_stored_where_it_says_all():
    assert len(pack(tracks(200))) < 0.7 * len(pack(tracks(200, lopsided=True)))


def test_what_shares_an_array_before_shares_it_afterwards_and_nothing_else_does():
    from dataclasses import replace

    one = tracks()
    again, other = replace(one, picture="A cued"), tracks(picture="B")
    first, second, third, same = unpack(pack([one, again, other, one]))
    assert first.mean is second.mean
    assert first.mean is not third.mean
    assert first is same
    assert second.picture == "A cued"


def test_keys_of_items_keep_their_types_and_every_bit_of_their_numbers():
    refusal = Refusal(sender="A", receiver="B", category="track", probability=0.1)
    key = ("central", "A", (0.1 + 0.2, 1e-300, float("inf")), (refusal,), (), None, True, 3)
    (found,) = unpack(pack([key]))
    assert found == key
    assert hash(found) == hash(key)


def test_only_known_records_are_made_from_bytes():
    with pytest.raises(TypeError, match="nothing that is packed"):
        pack([object()])
    whole = pack([tracks()])
    with pytest.raises((KeyError, ValueError)):
        unpack(whole.replace(b'"Tracks"', b'"Popens"', 1))


@pytest.fixture
def store(stages):
    return cache.Cache(stages, 10**6)


def test_an_entry_is_read_back_and_another_address_is_not_there(store):
    store.write(KEY, [[1, "two"], 3.5])
    assert store.read(KEY) == [[1, "two"], 3.5]
    assert store.read("cd" + KEY[2:]) is None
    assert store.counts == {"read": 1, "made": 1, "damaged": 0}


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[:-1] + bytes([data[-1] ^ 1]),  # one bit
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: b"something else of the same length".ljust(len(data), b"."),
    ],
)
def test_a_damaged_entry_is_not_believed_counted_and_removed(store, stages, harm):
    store.write(KEY, ["content"])
    (path,) = stages.glob("*/*")
    path.write_bytes(harm(path.read_bytes()))
    assert store.read(KEY) is None
    assert store.counts["damaged"] == 1
    assert not path.exists()


def test_an_entry_in_the_place_of_another_is_not_believed(store, stages):
    store.write(KEY, ["content"])
    (path,) = stages.glob("*/*")
    other = "ab" + 62 * "1"
    path.rename(path.with_name(f"{other}.stage"))
    assert store.read(other) is None


def test_the_entry_longest_not_used_goes_when_the_folder_is_full(stages):
    store = cache.Cache(stages, 5000)
    text = "x" * 1500
    keys = [f"{i:02x}" + KEY[2:] for i in range(4)]
    for i, key in enumerate(keys[:3]):
        store.write(key, [text])
        path = next(stages.glob(f"{key[:2]}/*"))
        os.utime(path, ns=(i * 10**9, i * 10**9))
    assert store.read(keys[0]) == [text]  # used just now
    store.write(keys[3], [text])
    assert [store.read(k) is not None for k in keys] == [True, False, True, True]
    assert sum(p.stat().st_size for p in stages.glob("*/*")) <= 5000


def test_a_folder_that_cannot_be_written_costs_nothing_but_time(tmp_path):
    (tmp_path / "file").write_text("in the way")
    store = cache.Cache(tmp_path / "file", 10**6)
    store.write(KEY, ["content"])
    assert store.read(KEY) is None


def test_the_environment_decides_and_returns_to_what_it_was(monkeypatch, tmp_path):
    monkeypatch.delenv(cache.PLACE)
    assert cache.current() is None
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(cache.LIMIT, "7")
    with cache.switched("on"):
        assert cache.current() == cache.Cache(tmp_path / "hinomi" / "stages", 7 * 10**6)
    assert cache.PLACE not in os.environ
    monkeypatch.setenv(cache.PLACE, str(tmp_path / "mine"))
    with cache.switched("on"):
        assert cache.current().folder == tmp_path / "mine"
    with cache.switched("off"):
        assert cache.current() is None


# One key that each stage reads, and the stages that must then be computed again.
READ_BY = {
    "radars[*].availability": ("pictures", "forecasts", "warning"),
    "tracking.confirm_hits": ("pictures", "forecasts", "warning"),
    "threats[*].mass_spread": ("pictures", "forecasts", "warning"),
    "warning.buffer_km": ("areas", "forecasts", "warning"),
    "warning.forecast_first_s": ("forecasts", "warning"),
    "warning.decide_s": ("warning",),
    "warning.hit_threshold": ("warning",),
    "engagement.assess_s": ("defence",),
    "catalogue.interceptor.midcourse_B.kill_ballistic": ("defence",),
    "catalogue.price.sm3_iia_unit.unit_musd": ("defence",),
}
VALUES = {"radars[*].availability": 0.5, "warning.hit_threshold": 0.02, "tracking.confirm_hits": 4,
          "catalogue.interceptor.midcourse_B.kill_ballistic": 0.5,
          "threats[*].mass_spread": 0.04}  # fmt: skip


def test_a_key_changes_the_hash_of_the_stages_that_read_it_and_of_no_other():
    own = stages_of(load("okinawa-2025"))
    for key, touched in READ_BY.items():
        there = stages_of(load("okinawa-2025", changes={key: VALUES.get(key, 7.0)}))
        changed = {n for n in ("pictures", "areas", "forecasts", "warning", "defence")
                   if getattr(own, n) != getattr(there, n)}  # fmt: skip
        assert changed == set(touched), key


def test_an_address_holds_seed_replicate_and_code(monkeypatch):
    own = stages_of(load("okinawa-2025"))
    keys = {entry_key(own, seed=s, replicate=r) for s in (1, 2) for r in (1, 2)}
    assert len(keys) == 4
    monkeypatch.setattr(by_content, "code_fingerprint", lambda: {"source": "another"})
    assert entry_key(own, seed=1, replicate=1) not in keys


def test_another_library_or_kind_of_machine_has_other_addresses(monkeypatch):
    of = stages_of(load("okinawa-2025"))

    def address():
        return entry_key(of, seed=1, replicate=0)

    plain, found = address(), by_content.installed
    assert address() == plain
    for name in ("scipy", "sgp4"):
        with monkeypatch.context() as m:
            m.setattr(by_content, "installed", lambda n, name=name: "0" if n == name else found(n))
            assert address() != plain
    with monkeypatch.context() as m:
        m.setattr(by_content, "machine", lambda: {"processor": "another"})
        assert address() != plain


def test_a_tracker_of_ones_own_is_never_kept():
    """Its code is not in the program's fingerprint."""
    from dataclasses import replace

    scenario = load("okinawa-2025")
    assert stages_of(scenario).kept
    assert not stages_of(replace(scenario, tracker="mine")).kept
