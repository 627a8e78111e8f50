# SPDX-License-Identifier: Apache-2.0
"""Puts the commands together. A command, or a group of them, is imported when it is called."""

from __future__ import annotations

import importlib
import platform
from functools import cached_property
from typing import Annotated, Any, NamedTuple

import typer
from typer.core import TyperCommand
from typer.main import get_command

from sceau import __version__
from sceau.cli.groups import bare_group, language_option, new_group
from sceau.cli.help import polish
from sceau.cli.words import either, say


class Entry(NamedTuple):
    """A line of the first page of help: a command or a group, its module, and what is said of it.

    A module has ``add(group)``, which adds its commands.
    """

    name: str
    module: str
    en: str
    fr: str
    group: bool = True


#: In the order of the page: single commands first, then groups.
ENTRIES = (
    Entry(
        "disclose",
        "disclose",
        "Write for a payer the part of a record that a policy allows to be shown, with its proofs.",
        "Écrit pour un payeur la part d'un dossier qu'une règle permet de montrer, avec ses preuves.",
        group=False,
    ),
    Entry(
        "verify",
        "verify",
        "Judge disclosures: accepted (exit code 0), refused (3) or in doubt (4), with every reason.",
        "Juge des divulgations : acceptée (code 0), refusée (3), dans le doute (4), avec chaque raison.",
        group=False,
    ),
    Entry(
        "evidence",
        "evidence",
        "Gather for an auditor what you show of a claim: chosen values, opened groups, received messages.",
        "Réunit pour un auditeur ce que vous montrez d'un dossier : valeurs choisies, groupes, messages.",
        group=False,
    ),
    Entry(
        "audit",
        "audit",
        "Check evidence against the chain: all is valid (exit code 0), or not, or a party is at fault (3).",
        "Compare des preuves à la chaîne : tout est valable (code 0), ou non, ou une partie est en faute (3).",
        group=False,
    ),
    Entry(
        "sync",
        "sync",
        "Write what waits, send messages, and receive those that arrived.",
        "Écrit ce qui attend, envoie les messages, et relève ceux qui sont arrivés.",
        group=False,
    ),
    Entry(
        "inbox",
        "inbox",
        "List the messages that you received, and what each asks of you.",
        "Liste les messages reçus, et ce que chacun vous demande.",
        group=False,
    ),
    Entry(
        "gateway",
        "gateway",
        "Serve the verbs of a practice, a supplier or a payer over HTTP, for other software.",
        "Sert les actions d'un magasin, d'un fournisseur ou d'un payeur par HTTP, pour les logiciels du métier.",
        group=False,
    ),
    Entry(
        "doctor",
        "doctor",
        "Check versions, nodes, chain, fees, contracts, clock, key and policies, and say what is wrong.",
        "Vérifie versions, nœuds, chaîne, frais, contrats, horloge, clé et règles, et dit ce qui ne va pas.",
        group=False,
    ),
    Entry(
        "party",
        "party",
        "Organisations: ask to be admitted, look who was, manage keys.",
        "Organisations : demander l'admission, consulter, gérer ses clés.",
    ),
    Entry(
        "consent",
        "consent",
        "Patients' consents: ask, sign, record, show, revoke.",
        "Accords des patients : demander, signer, enregistrer, consulter, retirer.",
    ),
    Entry(
        "claim",
        "claim",
        "Claims: open one, write its steps, look.",
        "Dossiers : ouvrir, écrire, consulter.",
    ),
    Entry(
        "import",
        "imports",
        "Files of other systems into values files.",
        "Fichiers d'autres systèmes en fichiers de valeurs.",
    ),
    Entry(
        "key",
        "key",
        "Signing keys, in keystore files.",
        "Clés de signature, dans des fichiers protégés.",
    ),
    Entry(
        "envelope",
        "envelope",
        "Signed and encrypted messages between parties.",
        "Messages signés et chiffrés entre les parties.",
    ),
    Entry(
        "message-keys",
        "message_keys",
        "Keys for messages between parties.",
        "Clés pour les messages entre les parties.",
    ),
    Entry(
        "store",
        "store",
        "Your encrypted store: look, back up, restore.",
        "Votre stockage chiffré : consulter, sauvegarder, restaurer.",
    ),
    Entry(
        "outbox",
        "outbox",
        "What waits to be written on the chain: look, send, retry, give up.",
        "Ce qui attend d'être écrit sur la chaîne : consulter, envoyer, relancer, abandonner.",
    ),
    Entry(
        "directory",
        "directory",
        "Names and message keys that parties publish.",
        "Noms et clés de messages que publient les parties.",
    ),
)


class Later(TyperCommand):
    """A command or group that is imported when it is called: the first page of help needs its line alone."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry.name, help=either(entry.en, entry.fr))
        self._entry = entry

    @cached_property
    def loaded(self) -> Any:
        """The command itself."""
        entry = self._entry
        app = new_group(either(entry.en, entry.fr)) if entry.group else bare_group("")
        importlib.import_module(f"sceau.cli.{entry.module}").add(app)
        command = get_command(app)
        command.name = entry.name
        polish(command)
        return command

    def make_context(self, *args: Any, **more: Any) -> Any:
        """As the command itself does."""
        return self.loaded.make_context(*args, **more)


def build() -> Any:
    """The whole command, in the language that was chosen with :func:`sceau.cli.words.speak`."""
    app = bare_group(
        say("seals-consent-health-insurance-claims"),
        epilog=say("exit-codes-done-refused-command"),
    )
    app.callback()(_root)
    command: Any = get_command(app)
    polish(command)
    command.commands = {entry.name: Later(entry) for entry in ENTRIES}
    return command


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"sceau {__version__} (Python {platform.python_version()})")
        raise typer.Exit


def _version_option() -> Any:
    text = say("show-version")
    return typer.Option("--version", callback=_show_version, is_eager=True, metavar="", help=text)


def _root(
    version: Annotated[bool, _version_option()] = False, language: Annotated[str, language_option()] = ""
) -> None:
    """Takes what may stand before a command; the language was found before (:mod:`sceau.cli.main`)."""
    del version, language
