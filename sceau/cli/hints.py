# SPDX-License-Identifier: Apache-2.0
"""Which option or command helps after an error of the library, which names none."""

from __future__ import annotations

from sceau.cli.words import say, spoken
from sceau.errors import SceauError
from sceau.settings import SETTINGS, SettingMissing


def message_of(error: SceauError) -> str:
    """The message of an error in the user's language, with what helps after it."""
    return f"{error.message(spoken())} {hint_of(error)}".rstrip()


def hint_of(error: SceauError) -> str:
    """What to give or run after an error; empty where there is nothing to add."""
    cause = getattr(error, "cause", error)
    if isinstance(cause, SettingMissing):
        flag = SETTINGS[cause.details["name"]].flag
        return say(f"Or give {flag}.", f"Ou donnez {flag}.")
    return next((hint for kind, hint in _hints().items() if isinstance(cause, kind)), "")


def _hints() -> dict[type[SceauError], str]:
    # Imported when something went wrong, and not for every page of help.
    from sceau.audit import errors as audit
    from sceau.chain.errors import NodeUnreachable, NotANode
    from sceau.roles import errors

    return {
        NodeUnreachable: say("Name another one with --node.", "Nommez-en un autre avec --node."),
        NotANode: say("Name another one with --node.", "Nommez-en un autre avec --node."),
        errors.VerdictInDoubt: say(
            "To go on all the same: --despite-doubt.", "Pour passer outre : --despite-doubt."
        ),
        errors.DifferenceNotConfirmed: say(
            "To confirm it: --despite-difference.", "Pour la confirmer : --despite-difference."
        ),
        errors.PartyOfAnotherRole: say("See: sceau party list", "Voyez : sceau party list"),
        errors.RecordNotShared: say("See: sceau disclose", "Voyez : sceau disclose"),
        errors.OwnAuthorisationMissing: say(
            "Its file: --authorisation FILE.", "Son fichier : --authorisation FICHIER."
        ),
        errors.AuthorisationMissing: say(
            "Or give its file: --authorisation.", "Ou donnez son fichier : --authorisation."
        ),
        errors.VerdictUnknown: say("See: sceau verify", "Voyez : sceau verify"),
        errors.VerdictTooOld: say("See: sceau verify", "Voyez : sceau verify"),
        audit.NothingChosen: say("See: --path, --group", "Voyez : --path, --group"),
        audit.ChosenNowhere: say("See: --step", "Voyez : --step"),
        audit.EvidenceEmpty: say("See: --step, --message, --add", "Voyez : --step, --message, --add"),
        errors.SenderMissing: say("See: --keystore, --offline", "Voyez : --keystore, --offline"),
        errors.StepPending: say(
            "To resend it: sceau claim send FILE", "Pour la renvoyer : sceau claim send FICHIER"
        ),
    }
