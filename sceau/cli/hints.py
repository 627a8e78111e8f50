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
        return say("give", flag=flag)
    return next((hint for kind, hint in _hints().items() if isinstance(cause, kind)), "")


def _hints() -> dict[type[SceauError], str]:
    # Imported when something went wrong, and not for every page of help.
    from sceau.audit import errors as audit
    from sceau.chain.errors import NodeUnreachable, NotANode
    from sceau.roles import errors
    from sceau.store import errors as store

    return {
        NodeUnreachable: say("name-another-one-node"),
        NotANode: say("name-another-one-node"),
        errors.VerdictInDoubt: say("go-all-same-despite-doubt"),
        errors.DifferenceNotConfirmed: say("confirm-despite-difference"),
        errors.PartyOfAnotherRole: say("see-sceau-party-list"),
        errors.RecordNotShared: say("see-sceau-disclose"),
        errors.OwnAuthorisationMissing: say("file-authorisation-file"),
        errors.DecisionIncomplete: say("see-authorisation-parts"),
        errors.AuthorisationMissing: say("give-file-authorisation"),
        errors.VerdictUnknown: say("see-sceau-verify"),
        errors.VerdictBeforeToldMark: say("see-sceau-verify"),
        errors.MarkReplacedOrder: say("tell-payer-replaced"),
        errors.OrderStands: say("mark-current-order"),
        errors.VerdictTooOld: say("see-sceau-verify"),
        audit.NothingChosen: say("see-path-group"),
        audit.ChosenNowhere: say("see-step"),
        audit.EvidenceEmpty: say("see-step-message-add"),
        errors.SenderMissing: say("see-keystore-offline"),
        store.StoreOfVersionBefore: say("see-sceau-store-take-in"),
        store.StoreKeyNotNamed: say("see-store-key"),
        store.StorePassphraseMissing: say("see-store-passphrase-file"),
        errors.StepPending: say("resend-sceau-claim-send-file"),
    }
