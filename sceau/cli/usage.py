# SPDX-License-Identifier: Apache-2.0
"""A command line that cannot be understood, said in one line in the user's language."""

from __future__ import annotations

from typing import Any

from sceau.cli.words import either

#: What the library says in English, by how it begins, and the same in French. Later words are the user's own.
_FRENCH = {
    "No such command": "commande inconnue",
    "Missing command": "il manque la commande",
    "Got unexpected extra argument": "il y a un argument de trop",
    "Missing argument": "il manque l'argument {hint}",
    "Missing option": "il manque l'option {hint}",
    "Missing parameter": "il manque {hint}",
    "No such option": "option inconnue : {hint}",
    "Invalid value:": "valeur refusée : {rest}",
    "Invalid value for": "valeur refusée pour {hint} : {rest}",
    "Option": "l'option {hint} n'est pas employée comme il faut",
}


def usage_line(error: Any) -> str:
    """One line for a usage error of typer (a click ``UsageError``, bundled or not)."""
    english = " ".join(str(error.format_message()).split())
    if english.startswith("Got unexpected extra argument"):
        # Somebody may have typed a password there: it is not repeated.
        english = "Got an unexpected extra argument."
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "sceau"
    english = english if english.endswith((".", "?", ")")) else f"{english}."
    return either(f"{english} See {path} --help.", f"{_french(error, english)}. Voyez {path} --help.")


def _french(error: Any, english: str) -> str:
    sentence = next((fr for en, fr in _FRENCH.items() if english.startswith(en)), None)
    if sentence is None:
        sentence = "il y a un argument de trop" if "extra argument" in english else english.rstrip(".")
    rest = english.partition(": ")[2].rstrip(".")
    text = sentence.format(hint=_hint(error), rest=rest).replace("  ", " ").strip()
    return text[:1].upper() + text[1:]


def _hint(error: Any) -> str:
    option = getattr(error, "option_name", None)
    if option:
        return str(option)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return ""
    names = [name for name in getattr(parameter, "opts", ()) if name.startswith("-")]
    return str(names[0] if names else parameter.metavar or str(parameter.name).upper())
