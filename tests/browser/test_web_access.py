"""The views held against the rules for accessible pages by axe-core, wide and narrow, in both languages and themes."""

import pytest

pytestmark = pytest.mark.browser
WAYS = {
    "wide, English, dark": {"width": 1280, "height": 720, "lang": "en", "theme": "dark"},
    "narrow, Japanese, light": {"width": 390, "height": 844, "lang": "ja", "theme": "light"},
}
VIEWS = (
    "map?a=integrated",
    "people?place=47201",
    "study",
    "whatif",
    "editor",
    "evidence",
    "evidence?part=claims&topic=relay",
    "launches?launch=2022-10-04",
)


@pytest.mark.parametrize("way", WAYS)
def test_no_serious_or_critical_violation(views, axe, way):
    """Names, roles, contrast, focusable scroll regions: everything axe calls serious or critical."""
    given = WAYS[way]
    found = []
    with views(VIEWS[0], **given) as page:
        for where in VIEWS:
            views.go(page, where, lang=given["lang"], theme=given["theme"])
            page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
            page.evaluate(axe + ";0")  # a script tag would be refused by the page's policy
            result = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
            assert len(result["passes"]) > 10, where
            found += [
                f"{where}: {v['impact']} {v['id']} {n['html'][:120]}"
                for v in result["violations"]
                if v["impact"] in ("serious", "critical")
                for n in v["nodes"][:3]
            ]
    assert found == []


def test_the_check_finds_what_is_wrong(views, axe):
    """A planted button without a name and a pale text are found."""
    with views("whatif") as page:
        page.evaluate(
            "document.querySelector('main').insertAdjacentHTML('beforeend',"
            " '<button></button><p style=\"color:#333;background:#222\">pale</p>')"
        )
        page.evaluate(axe + ";0")
        result = page.evaluate("axe.run(document.querySelector('main'))")
        ids = {v["id"] for v in result["violations"]}
        assert {"button-name", "color-contrast"} <= ids
