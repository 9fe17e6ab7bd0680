"""`report.html`: one file that opens offline, with the answer first and every assumption last."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from markupsafe import Markup

from hinomi.errors import FolderError
from hinomi.report.content import page_content
from hinomi.report.tongue import tongue
from hinomi.study.results import Results
from hinomi.study.store import REPORT, write_atomically
from hinomi.study.template import rendered


def write_report(folder: str | Path, *, language: str = "both") -> Path:
    """Write `report.html` into a run's folder from its own tables; return its path.

    Parameters
    ----------
    language
        `en`, `ja`, or `both`: both languages in one file, with a switch on the page.

    Raises
    ------
    ScenarioError
        No such language.
    FolderError
        The run is a part of an answer about many settings, which has a page of its own.
    """
    path = Path(folder)
    found = Results(path)
    if found.plan.many_settings:
        raise FolderError(
            f"{path} is a part of an answer about many settings and has no report of its own; "
            f"its page lies in {path.resolve().parent}, and the command that began it draws it anew"
        )
    text = render(found, language=language)
    out = path / REPORT
    write_atomically(out, lambda part: part.write_text(text, encoding="utf-8"))
    return out


def render(study: Results, *, language: str = "both") -> str:
    """The report as one HTML text."""
    content = page_content(study, tongue(language))
    style = resources.files("hinomi") / "data" / "templates" / "report.css"
    content["style"] = Markup(style.read_text(encoding="utf-8"))  # noqa: S704 - ships with the package
    content["evidence"] = Markup(rendered("report_evidence.html.j2", content))  # noqa: S704 - escaped there
    return rendered("report.html.j2", content)
