"""The programs of an exercise on one machine: started, killed, started again, ended by their own id."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from hinomi.drill.plan import Plan
from hinomi.drill.record import LIVE, RECEIVERS
from hinomi.errors import FolderError
from hinomi.live.settings import FORMAT as BOOK_FORMAT
from hinomi.scenario.load import scenario_names, scenario_text
from hinomi.transport.http import Server, parse_server

CROWD: Final = "together"  # the process of all receivers that no inject stops
OUTPUTS: Final = ("screen", "sound")  # simulated, in the receivers' folders
ENDING_S: Final = 5.0


def receiver_name(code: str) -> str:
    """Name of the receiver of a municipality."""
    return f"r-{code}"


@dataclass(slots=True)
class Program:
    """One child process and how it is started."""

    name: str
    told: dict[str, Any]
    process: subprocess.Popen[bytes] | None = None
    starts: int = 0

    @property
    def running(self) -> bool:
        """Whether it runs now."""
        return self.process is not None and self.process.poll() is None


@dataclass(slots=True)
class Stage:
    """The folder of an exercise and its programs."""

    plan: Plan
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        """Folder of the exercise itself."""
        return self.folder / LIVE

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Process -> codes of its receivers: one each where an inject stops the receiver."""
        from hinomi.drill.enrolled import codes_of

        apart = {
            c
            for i in self.plan.text.injects
            if i.kind == "receiver-down"
            for c in codes_of(i.places)
        } & set(self.plan.codes)
        together = tuple(c for c in self.plan.codes if c not in apart)
        found = {CROWD: together} if together else {}
        return found | {receiver_name(c): (c,) for c in sorted(apart)}

    def set_up(self) -> None:
        """Make the folder, the address book and the exercise's own program.

        Raises
        ------
        FolderError
            where there is something already.
        """
        if self.folder.exists() and any(self.folder.iterdir()):
            raise FolderError(
                f"-o {self.folder}: is there already and not empty; name a new folder"
            )
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / RECEIVERS).mkdir()
        (self.folder / "log").mkdir()
        plan, exercise = self.plan, self.plan.text.exercise
        (self.folder / "plan.toml").write_text(plan.source, encoding="utf-8")
        if plan.text.scenario not in scenario_names():  # the folder holds all that a replay needs
            beside = self.folder / plan.text.scenario
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_text(plan.given, encoding="utf-8")
        mode = exercise.status.lower()
        book = {
            "format": BOOK_FORMAT, "mode": mode,
            "receivers": [{"name": receiver_name(c), "code": c} for c in plan.codes],
        }  # fmt: skip
        path = self.folder / "book.json"
        path.write_text(json.dumps(book), encoding="utf-8")
        self.programs["live"] = Program("live", {
            "part": "live", "scenario": self._scenario(), "folder": str(self.live), "book": str(path),
            "seed": plan.seed, "replicate": int(plan.text.replicate.value), "mode": mode,
            "architecture": plan.architecture, "speed": plan.text.clock.speed.value,
            "release": exercise.release, "until_s": plan.end_s, "sender": exercise.sender,
            "name": plan.name, "languages": list(plan.languages), "paused": True,
        })  # fmt: skip

    def _scenario(self) -> str:
        """Name or path of the scenario as played: the plan's own file where nothing is changed."""
        name = self.plan.text.scenario
        if name in scenario_names() and scenario_text(name)[0] == self.plan.scenario.text:
            return name
        path = self.folder / "played.toml"
        path.write_text(self.plan.scenario.text, encoding="utf-8")
        return str(path)

    def add_receivers(
        self, name: str, codes: tuple[str, ...], address: str, *, seconds: float
    ) -> None:
        """Describe a process of receivers; `start` starts it."""
        self.programs[name] = Program(name, {
            "part": "receivers", "address": address, "folder": str(self.folder / RECEIVERS / name),
            "outputs": list(OUTPUTS), "posts": {receiver_name(c): [c] for c in codes},
            "trust": str(self.live / "trust.json"), "mode": self.plan.text.exercise.status.lower(),
            "seconds": seconds,
        })  # fmt: skip

    def start(self, name: str, *, environment: Mapping[str, str] | None = None) -> None:
        """Start a program, or start it again on its folder."""
        program = self.programs[name]
        if program.running:
            return
        if name == "live":
            (self.live / "address.json").unlink(missing_ok=True)
            program.told["paused"] = program.starts == 0
        program.told["parent"] = os.getpid()
        config = self.folder / "log" / f"{name}.json"
        config.write_text(json.dumps(program.told), encoding="utf-8")
        with (self.folder / "log" / f"{name}.txt").open("ab") as out:
            program.process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-m", "hinomi.drill.children", str(config)],
                stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                env={**os.environ, **self.environment, **(environment or {})},
            )  # fmt: skip
        program.starts += 1

    def kill(self, name: str) -> None:
        """End a program as a power cut would."""
        program = self.programs[name]
        if program.process is not None and program.running:
            program.process.send_signal(signal.SIGKILL)
            program.process.wait()

    def server(self) -> Server:
        """Where the exercise listens now; LookupError while it does not."""
        try:
            told = json.loads((self.live / "address.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise LookupError("the exercise does not listen") from None
        return parse_server(str(told["url"]))

    def token(self) -> str:
        """Token of the director."""
        persons = json.loads((self.live / "roles.json").read_text(encoding="utf-8"))
        return str(next(p["token"] for p in persons if p["role"] == "director"))

    def last_words(self, name: str) -> str:
        """Last lines that a program said."""
        path = self.folder / "log" / f"{name}.txt"
        if not path.exists():
            return ""
        return " / ".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-2:])[
            -400:
        ]

    def end(self) -> None:
        """End what still runs: asked first, then killed, each by its own id."""
        running = [p.process for p in self.programs.values() if p.process is not None and p.running]
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(ENDING_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
