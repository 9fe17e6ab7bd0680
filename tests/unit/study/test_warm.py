"""The marker of compiled kernels belongs to one state of the sources and one chain."""

from hinomi.study import warm


def test_the_marker_is_forgotten_when_the_sources_change(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    assert not warm.is_warm()
    warm.mark_warm()
    assert warm.is_warm()
    assert not warm.is_warm("another.chain")
    monkeypatch.setattr(warm, "code_fingerprint", lambda: {"source": "other"})
    assert not warm.is_warm()


def test_nothing_to_warm_without_compilation(tmp_path, monkeypatch):
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    assert warm.is_warm()
    assert list(tmp_path.iterdir()) == []


def test_a_cache_that_cannot_be_written_is_no_error(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file" / "below"))
    monkeypatch.delenv("NUMBA_DISABLE_JIT", raising=False)
    warm.mark_warm()
    assert not warm.is_warm()
