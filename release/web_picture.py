"""Draw `docs/images/web_map.png`: the map of a real run in the browser, in a headless Chromium.

    hinomi run okinawa-2025 -n 50
    python release/web_picture.py --workspace results

The workspace holds the run; the newest one is shown. Needs the pages (`make web`) and playwright.
"""

from __future__ import annotations

import argparse
import io
import re
import shutil
import subprocess
import sys
from pathlib import Path

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "web_map.png"
SIZE = {"width": 1400, "height": 800}
T_S = 420  # flights of the first replicate are under way and alerts are out
COLOURS = 128  # of the picture: enough for a map, and half the bytes
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


def shot(address: str) -> bytes:
    """The map at one instant, when it has drawn everything."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        chromium = shutil.which("chromium") or "/usr/bin/chromium"
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport=SIZE)
        page.goto(f"{address}#/map?t={T_S}&lang=en&theme=light")
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(4000)  # outlines are drawn after the last answer
        found = page.screenshot()
        browser.close()
    return found


def main() -> None:
    """Serve the workspace, draw, and put the server away."""
    from PIL import Image

    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--workspace", default="results")
    words = [sys.executable, "-m", "hinomi", "serve", "--port", "0"]
    words += ["--workspace", told.parse_args().workspace]
    server = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline() if server.stdout else ""
        address = re.search(r"http://\S+", line)
        if address is None:
            sys.exit(f"the server did not say where it is: {line!r}")
        picture = Image.open(io.BytesIO(shot(address[0]))).convert("RGB")
        picture.quantize(COLOURS).save(PICTURE, optimize=True)
    finally:
        server.terminate()
        server.wait()
    print(f"{PICTURE.stat().st_size:>10,}  {PICTURE}")


if __name__ == "__main__":
    main()
