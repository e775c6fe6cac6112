"""Chromium without a window, over its DevTools protocol: opens a page, listens, takes pictures.

As a program it takes the pictures of the README: ``python tests/integration/headless.py
<folder of dashboards> <folder of pictures> executive-1280 loyalty-zh-390``.
"""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDE, PHONE = 1280, 390


def find_browser() -> str | None:
    """The browser that REGULARS_BROWSER names, or the first that is installed."""
    return os.environ.get("REGULARS_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


class Browser:
    """One process and one tab; a context manager."""

    def __init__(self, program: str):
        self._program = program
        self._number = 0
        self.events: list[dict[str, Any]] = []

    def __enter__(self) -> "Browser":
        self._stack = contextlib.ExitStack()
        self._profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        self._process = subprocess.Popen(
            [
                self._program,
                *("--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run"),
                *("--hide-scrollbars", "--disable-background-networking"),
                *("--remote-debugging-port=0", f"--user-data-dir={self._profile.name}"),
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        port_file = Path(self._profile.name) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while not port_file.exists() or len(port_file.read_text().splitlines()) < 2:
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{self._program} does not start")
            time.sleep(0.05)
        port, path = port_file.read_text().splitlines()[:2]
        self._socket = self._stack.enter_context(
            connect(f"ws://127.0.0.1:{port}{path}", max_size=None)
        )
        self._session = None
        target = self._call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self._call("Target.attachToTarget", targetId=target, flatten=True)[
            "sessionId"
        ]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self._call(f"{domain}.enable")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()
        self._process.terminate()
        self._process.wait(30)
        self._profile.cleanup()

    def open(self, url: str, width: int) -> float:
        """Open the page and wait until its charts are drawn; seconds it took."""
        self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=844 if width < 600 else 800,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        self.events.clear()
        start = time.monotonic()
        self._call("Page.navigate", url=url)
        drawn = "location.href != 'about:blank' && !!document.documentElement.dataset.drawn"
        while not self.ask(drawn):
            if time.monotonic() > start + 15:
                raise TimeoutError(f"{url} was not drawn: {self.complaints()}")
            time.sleep(0.02)
        return time.monotonic() - start

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""
        answer = self._call(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        return answer["result"].get("value")

    def picture(self, path: Path, *, whole: bool = True) -> None:
        """Write what the page shows as PNG, all of it or its first screen."""
        data = self._call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(data["data"]))

    def requests(self) -> list[str]:
        """Addresses that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.events
            if event["method"] == "Network.requestWillBeSent"
        ]

    def complaints(self) -> list[str]:
        """What the console said, and exceptions."""
        said = []
        for event in self.events:
            if event["method"] == "Runtime.consoleAPICalled":
                kind = event["params"]["type"]
                if kind in ("error", "warning", "assert"):
                    said.append(json.dumps(event["params"]["args"], ensure_ascii=False))
            elif event["method"] in ("Runtime.exceptionThrown", "Log.entryAdded"):
                said.append(json.dumps(event["params"], ensure_ascii=False))
        return said

    def _call(self, method: str, **arguments: object) -> dict[str, Any]:
        self._number += 1
        number = self._number
        message = {"id": number, "method": method, "params": arguments}
        if self._session:
            message["sessionId"] = self._session
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv(60))
            if answer.get("id") == number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            if "method" in answer:
                self.events.append(answer)


def take_pictures(dashboards: Path, pictures: Path, names: list[str], *, whole: bool) -> None:
    """Write ``<name>.png`` for each name: page, language if it is not English, and width."""
    program = find_browser()
    if program is None:
        raise SystemExit("no Chromium is installed: run `make browser`")
    with Browser(program) as browser:
        for name in names:
            page, *language, width = name.split("-")
            address = (dashboards / f"{page}.html").resolve().as_uri()
            browser.open(f"{address}?lang={language[0] if language else 'en'}", int(width))
            browser.picture(pictures / f"{name}.png", whole=whole)


if __name__ == "__main__":
    take_pictures(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:], whole=False)
