# SPDX-License-Identifier: Apache-2.0
"""Entry point: runs one command, and turns whatever goes wrong into one line and an exit code."""

from __future__ import annotations

import logging
import os
import sys
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sceau import __version__
from sceau.cli import streams
from sceau.cli.exits import Exit, exit_of
from sceau.cli.hints import message_of
from sceau.cli.screen import Screen
from sceau.cli.usage import usage_line
from sceau.cli.words import say, speak, spoken
from sceau.errors import Language, SceauError, Sentence
from sceau.locale.language import LanguageUnknown, asked_language, locale_language
from sceau.settings import load_settings


def main() -> None:
    """The console command ``sceau``."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str], program: str = "sceau", build: Callable[[], Any] | None = None) -> int:
    """Runs a command line and returns its exit code; never raises, except what ends an interpreter.

    ``build`` makes another command than the whole of ``sceau``, once the language is known.
    """
    streams.prepare()
    _silence_libraries()
    words = list(arguments)
    speak(_language(words))
    screen = Screen(as_json="--json" in words)
    _hear_library(screen)
    try:
        code = _run(words, program, build)
    except SceauError as error:
        screen.error(error.code, message_of(error))
        code = exit_of(error)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except SystemExit:
        # Whoever read a page of help has seen enough; rich ends the process then.
        code = Exit.OK
    except Exception as error:
        code = Exit.OK if isinstance(error, OSError) and streams.finish() else _other(error, screen)
    if code == Exit.INTERRUPTED:
        screen.error("interrupted", say("interrupted"))
    return _said(screen, code)


def _silence_libraries() -> None:
    """What a library warns of or logs is not for this program's users: it holds paths, and is no JSON."""
    if not os.environ.get("SCEAU_DEBUG"):
        warnings.simplefilter("ignore")
        logging.getLogger().addHandler(logging.NullHandler())


class _Told(logging.Handler):
    """Says in the user's language what the library logs, where it is a sentence."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(logging.WARNING)
        self._screen = screen

    def emit(self, record: logging.LogRecord) -> None:
        if isinstance(record.args, tuple) and record.args and isinstance(record.args[0], Sentence):
            self._screen.warn(record.args[0].text(spoken()))


def _hear_library(screen: Screen) -> None:
    own = logging.getLogger("sceau")
    for each in [each for each in own.handlers if isinstance(each, _Told)]:
        own.removeHandler(each)
    own.addHandler(_Told(screen))


def _said(screen: Screen, code: int) -> int:
    """The exit code, once all that was said is out, or that something of it was lost."""
    lost = streams.finish()
    # A reader that left early has seen enough.
    if lost is None or isinstance(lost, BrokenPipeError):
        return code
    screen.error(
        "output-not-written",
        say("output-could-not-written-whole", strerror=lost.strerror),
    )
    return code or Exit.OUTPUT


def _run(words: list[str], program: str, build: Callable[[], Any] | None) -> int:
    if build is None:
        from sceau.cli.app import build as whole

        build = whole
    result = build().main(args=words, prog_name=program, standalone_mode=False)
    return Exit.OK if result is None else int(result)


def _language(words: Sequence[str]) -> Language:
    """The language of help and of messages, known before the commands are built; faults are reported later."""
    asked = _value_of("--language", words)
    config = _value_of("--config", words)
    try:
        return load_settings({"language": asked}, config=Path(config) if config else None).language
    except (SceauError, OSError):
        # The settings cannot be read: what was said outside the files still counts.
        for wish in (asked, os.environ.get("SCEAU_LANGUAGE")):
            with suppress(LanguageUnknown):
                if wish:
                    return asked_language(wish, "")
        return locale_language(os.environ)


def _value_of(option: str, words: Sequence[str]) -> str | None:
    for place, word in enumerate(words):
        if word.startswith(f"{option}="):
            return word.partition("=")[2]
        if word == option and place + 1 < len(words):
            return words[place + 1]
    return None


def _other(error: Exception, screen: Screen) -> int:
    kinds = {kind.__name__ for kind in type(error).__mro__}
    if "NoArgsIsHelpError" in kinds:
        return Exit.USAGE
    if "UsageError" in kinds:
        screen.error("usage", usage_line(error))
        return Exit.USAGE
    if "Abort" in kinds:
        return Exit.INTERRUPTED
    if os.environ.get("SCEAU_DEBUG"):
        traceback.print_exception(error)
    # The message of an unknown exception is not shown: it may hold anything, secrets too.
    kind, where = type(error).__name__, _place(error)
    screen.error(
        "internal-error",
        say("fault-program-at-sceau-please", kind=kind, where=where, version=__version__),
    )
    return Exit.INTERNAL


def _place(error: Exception) -> str:
    """The last line of this package that an exception passed through."""
    package = Path(__file__).resolve().parents[1]
    frames: list[Any] = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(package)
    ]
    if not frames:
        return "?"
    return f"{Path(frames[-1].filename).relative_to(package.parent)}:{frames[-1].lineno}"


if __name__ == "__main__":
    main()
