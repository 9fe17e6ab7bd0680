"""A town that an update of a live exercise names first does not wait for an alert it never gets."""

import json

from hinomi.live.decide import Proposal
from hinomi.live.drafts import Desk
from hinomi.live.feed import Feed
from hinomi.live.journal import Journal
from hinomi.live.office import Office
from hinomi.transport.subjects import subjects_for


def test_a_town_first_named_by_an_update_sounds_at_once(town, sender, tmp_path):
    folder = tmp_path / "live"
    folder.mkdir()
    (folder / "exercise.json").write_text(json.dumps({"format": "hinomi/live/1"}))
    desk = Desk(
        sender=sender.sender, sender_name="town", status="Exercise", name="autumn",
        languages=("ja-JP", "en-US"), seed="7", epoch=sender.now, signer=sender.signer,
    )  # fmt: skip
    office = Office(
        Journal(folder), desk, run=sender.run, mode="exercise", replicate=0, architecture="a",
        known=frozenset({"47201", "47207"}),
    )  # fmt: skip
    for index, kind, codes in ((0, "alert", ("47201",)), (1, "update", ("47201", "47207"))):
        proposal = Proposal(
            name=f"a|0|{index}", picture="a", track=0, kind=kind, route="",
            t_ready_s=10.0 + index, t_issue_s=20.0 + index, codes=codes, predicted=codes,
        )  # fmt: skip
        office.propose(proposal, auto=True)
    feed = Feed(office.journal, mode="exercise", take=lambda _: None)
    came = feed.read(subjects_for(sender.run, "exercise", ("47207",)), after=0)
    office.journal.close()

    (update,) = came
    ishigaki = town(places=("47207",), names=("ishigaki",))
    (told,) = ishigaki.take(update)
    assert (update.envelope.kind, update.envelope.after) == ("update", "")
    assert (told.state, told.reason) == ("standing", "")
    assert ishigaki.sounded() == [update.envelope.key]
