"""The built pages, and the page that stands in for them while they are not built."""

from __future__ import annotations

from typing import Final, final

from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles

from hinomi.study.banner import banner
from hinomi.web.security import Receive, Scope, Send
from hinomi.web.settings import Settings

_SHOWN: Final = banner("study")
NOT_BUILT: Final = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>hinomi: pages not built</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
body {{ margin: 0; background: #0d1117; color: #e6edf3; font: 16px/1.6 "Noto Sans CJK JP",
  "Hiragino Sans", "Yu Gothic", "Noto Sans", system-ui, sans-serif; }}
header {{ background: {_SHOWN.ground}; color: {_SHOWN.ink}; padding: 0.5rem 1rem; font-weight: 600; }}
main {{ max-width: 42rem; margin: 2rem auto; padding: 0 1rem; }}
code {{ background: #1c2733; padding: 0.1rem 0.4rem; border-radius: 4px; }}
a {{ color: #56B4E9; }}
</style></head><body>
<header>{_SHOWN.english} <span lang="ja">{_SHOWN.japanese}</span></header>
<main><h1>The pages are not built</h1>
<p>This is a checkout without the built pages. In its folder run <code>make web</code>
(needs Node 20 or later), then reload. An installed package has them.</p>
<p lang="ja">ページはまだ作られていません。このフォルダーで <code>make web</code>(Node 20 以上)を実行し、
再読み込みしてください。</p>
<p>The interface behind the pages works: <a href="/api/runs">runs</a>,
<a href="/api/scenarios">scenarios</a>, <a href="/api/openapi.json">its description</a>.
Reports need no pages: each run's folder holds <code>report.html</code>.</p></main></body></html>
"""


@final
class Pages:
    """Serves what the front end's build left, as soon as it is there."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._files: StaticFiles | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file of the pages, or say how to build them."""
        if self._settings.built:
            self._files = self._files or StaticFiles(directory=self._settings.static, html=True)
            await self._files(scope, receive, send)
        elif scope["path"] == "/":
            await HTMLResponse(NOT_BUILT, status_code=503)(scope, receive, send)
        else:
            raise HTTPException(404)
