"""Who may ask what: hosts, origins, tokens, sizes, paths, and what every answer carries."""

import json
import re

import pytest

from hinomi.web.security import depth_of, host_name
from hinomi.web.settings import is_loopback, names_for

RUN = "small-run"
TOKEN = "a-token-of-some-length"
POLICY = {
    "default-src": "'self'", "img-src": "'self' data: blob:", "style-src": "'self' 'unsafe-inline'",
    "script-src": "'self' 'wasm-unsafe-eval'", "worker-src": "'self' blob:", "connect-src": "'self'",
    "object-src": "'none'", "base-uri": "'none'", "frame-ancestors": "'none'", "form-action": "'self'",
}  # fmt: skip


def policy_of(answer):
    parts = (p.strip().partition(" ") for p in answer.headers["content-security-policy"].split(";"))
    return {name: words for name, _, words in parts}


@pytest.mark.parametrize("path", ["/api/version", "/api/none", "/", "/api/runs/x/files/y"])
def test_every_answer_carries_the_policy_also_errors(client, path):
    answer = client.get(path)
    assert policy_of(answer) == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"


def test_refused_requests_carry_the_policy_as_well(client):
    answer = client.get("/api/version", headers={"host": "elsewhere.example"})
    assert (answer.status_code, policy_of(answer)) == (403, POLICY)


def test_a_report_may_run_its_own_script_and_reach_nothing(client):
    policy = policy_of(client.get(f"/api/runs/{RUN}/files/report.html"))
    assert policy["default-src"] == "'none'"
    assert "connect-src" not in policy, "nothing may be fetched: default-src holds"
    assert "allow-scripts" in policy["sandbox"]
    assert "allow-same-origin" not in policy["sandbox"]


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "", "[::2]", "10.0.0.1"]
)
def test_a_name_that_was_made_to_point_here_is_refused(client, host):
    assert client.get("/api/version", headers={"host": host}).status_code == 403


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:1", "[::1]:8765"])
def test_names_of_this_machine_pass(client, host):
    assert client.get("/api/version", headers={"host": host}).status_code == 200


def test_a_page_of_another_origin_cannot_change_anything(client):
    body = {"text": ""}
    own_origin = str(client.base_url).rstrip("/")
    for headers, status in (
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://127.0.0.1:9"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": own_origin, "sec-fetch-site": "same-origin"}, 200),
        ({}, 200),
    ):
        answer = client.post("/api/scenarios/check", json=body, headers=headers)
        assert answer.status_code == status, headers
    assert (
        client.delete("/api/jobs/j1", headers={"origin": "http://evil.example"}).status_code == 403
    )


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_a_form_cannot_post(client, kind):
    headers = {"content-type": kind}
    answer = client.post("/api/scenarios/check", content='{"text": ""}', headers=headers)
    assert answer.status_code == 415


def test_bodies_are_bounded_in_size_and_depth(client):
    json_kind = {"content-type": "application/json"}
    big = json.dumps({"text": "x" * 600_000})
    assert client.post("/api/scenarios/check", content=big, headers=json_kind).status_code == 413

    def pieces():
        yield from (b"x" * 100_000 for _ in range(6))  # no length told beforehand

    chunked = client.post("/api/scenarios/check", content=pieces(), headers=json_kind)
    assert chunked.status_code == 413
    deep = '{"scenario": "okinawa-2025", "changes": {"a": ' + "[" * 5000 + "]" * 5000 + "}}"
    assert client.post("/api/runs", content=deep, headers=json_kind).status_code == 413


def test_brackets_in_texts_are_no_depth():
    assert depth_of(b'{"a": "[[[[\\"[[[", "b": [1, {"c": "}"}]}') == 3
    assert depth_of(b'"[[["') == 0


def test_a_server_with_a_token_asks_everybody_for_it(own):
    asking = own(token=TOKEN)
    assert asking.get("/api/runs").status_code == 401
    assert asking.get("/").status_code == 401
    assert asking.get("/api/runs", headers={"authorization": f"Bearer {TOKEN}x"}).status_code == 401
    assert asking.get("/api/runs", headers={"authorization": f"Bearer {TOKEN}"}).status_code == 200
    assert asking.get(f"/api/runs?token={TOKEN}").status_code == 401, "only the first page takes it"


def test_the_address_with_the_token_gives_a_cookie_that_scripts_cannot_read(own):
    asking = own(token=TOKEN)
    answer = asking.get(f"/?token={TOKEN}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert re.search(r"HttpOnly; SameSite=Strict", answer.headers["set-cookie"])
    assert asking.get("/api/runs").status_code == 200, "the cookie is enough from here on"


def test_beyond_loopback_numbers_pass_with_the_token_and_unknown_names_do_not(own):
    bearer = {"authorization": f"Bearer {TOKEN}"}
    asking = own(token=TOKEN, host="0.0.0.0", names=names_for("0.0.0.0", "desk"))
    for host, status in (("10.1.2.3:8765", 200), ("desk", 200), ("evil.example", 403)):
        assert asking.get("/api/runs", headers={"host": host, **bearer}).status_code == status


def test_what_is_loopback():
    assert [is_loopback(h) for h in ("127.0.0.1", "::1", "localhost", "127.9.9.9")] == [True] * 4
    assert [is_loopback(h) for h in ("0.0.0.0", "10.0.0.1", "localhost.x")] == [False] * 3
    assert host_name("[::1]:80") == "[::1]"
    assert host_name("A.b:80") == "a.b"


HOSTILE = ("%2e%2e", "..%2f..%2fetc", "%00", "a/b", ".hidden", "x" * 200, "small-run%00")


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_of_a_run_leads_out_of_the_workspace(client, name):
    for path in (
        f"/api/runs/{name}",
        f"/api/runs/{name}/files/summary.json",
        f"/api/sweeps/{name}",
    ):
        assert client.get(path).status_code in (404, 422), path


@pytest.mark.parametrize("name", [*HOSTILE, "metrics", "events.jsonl.bak", ".lock"])
def test_no_name_of_a_file_leads_out_of_the_run(client, name):
    assert client.get(f"/api/runs/{RUN}/files/{name}").status_code in (404, 422)


def test_links_out_of_the_workspace_are_not_followed(own, tmp_path, made):
    root = tmp_path / "results"
    root.mkdir()
    (root / "linked").symlink_to(made)
    inside = root / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("secret")
    (inside / "summary.json").symlink_to(tmp_path / "secret")
    asking = own()
    assert asking.get("/api/runs/linked").status_code == 404
    assert asking.get("/api/runs").json()["runs"] == []
    assert asking.get("/api/runs/inside/files/summary.json").status_code == 404


def test_names_with_markup_come_back_as_json_never_as_a_page(client):
    answer = client.get("/api/runs/%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.status_code in (404, 422)


def test_without_pages_the_first_page_says_how_to_build_them(client):
    answer = client.get("/")
    assert answer.status_code == 503
    assert "make web" in answer.text
    assert "STUDY - computed from notional data, not a warning" in answer.text


def test_built_pages_are_served_and_nothing_beside_them(own, tmp_path):
    static = tmp_path / "static"
    static.mkdir()
    (static / "index.html").write_text("<!doctype html><p>page</p>")
    (tmp_path / "secret.txt").write_text("secret")
    asking = own(static=static)
    assert asking.get("/").text == "<!doctype html><p>page</p>"
    assert asking.get("/%2e%2e/secret.txt").status_code == 404
    assert asking.get("/../secret.txt").status_code == 404
