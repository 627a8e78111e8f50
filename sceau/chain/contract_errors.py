# SPDX-License-Identifier: Apache-2.0
"""One exception for each error of the contracts, named as in Solidity, saying what to do.

The details of an exception are the error's arguments by their Solidity names; numbers that stand for roles,
states and steps are put into words, times into ISO 8601.
"""

from __future__ import annotations

from sceau.chain.illegal_steps import named
from sceau.errors import Language, SceauError


class ContractError(SceauError):
    """A contract refused. Subclasses are named after the Solidity error that they decode."""

    http_status = 409

    code = "contract-refused"

    #: The revert data that it was decoded from (``0x`` hex); empty where no contract gave any.
    revert = ""


class UnknownContractError(ContractError):
    """The contract refused with an error that is in none of the published ABIs."""

    code = "contract-refused-unknown"


# Parties


class PartyUnknown(ContractError):
    code = "party-unknown"


class PartyIsSuspended(ContractError):
    code = "party-suspended"


class PartyNotSuspended(ContractError):
    code = "party-not-suspended"


class PartyLacksRole(ContractError):
    code = "party-lacks-role"


class PartyRolesInvalid(ContractError):
    code = "party-roles-invalid"


class PartyKeyCountInvalid(ContractError):
    code = "party-key-count"


class ControllerOnly(ContractError):
    code = "controller-only"


class ControllerNotOffered(ContractError):
    code = "controller-not-offered"


class ControllerInvalid(ContractError):
    code = "controller-invalid"


class KeyUnknown(ContractError):
    code = "key-unknown"


class KeyTaken(ContractError):
    code = "key-taken"


class KeyIsRetired(ContractError):
    code = "key-retired"


class KeyInvalid(ContractError):
    code = "key-invalid"


class KeyPossessionUnproven(ContractError):
    code = "key-possession-unproven"


class KeyNotYours(ContractError):
    code = "key-not-yours"


class KeyAlreadyCompromised(ContractError):
    code = "key-already-compromised"


class KeyCompromiseDateInvalid(ContractError):
    code = "key-compromise-date"


# Consents


class ConsentCommitmentEmpty(ContractError):
    code = "consent-commitment-empty"


class ConsentExpiryInvalid(ContractError):
    code = "consent-expiry"


class ConsentSignatureInvalid(ContractError):
    code = "consent-signature"


class ConsentAlreadyRecorded(ContractError):
    code = "consent-already-recorded"


class ConsentAlreadyRevoked(ContractError):
    code = "consent-already-revoked"


class ConsentAlreadyWithdrawn(ContractError):
    code = "consent-already-withdrawn"


class ConsentOfAnotherRecorder(ContractError):
    code = "consent-of-another-recorder"


# Claims


class ClaimUnknown(ContractError):
    code = "claim-unknown"


class ClaimAlreadyOpened(ContractError):
    code = "claim-already-opened"


class ClaimCommitmentEmpty(ContractError):
    code = "claim-commitment-empty"


class ClaimStepIllegal(ContractError):
    code = "claim-step-illegal"

    @property
    def name(self) -> str | None:
        """The name of the non-conformity (docs/verdicts.md), such as ``double-invoice``; ``None`` if it has none."""
        sentence = named(self.details.get("state"), self.details.get("step"))
        return None if sentence is None else sentence.code

    def message(self, language: Language = "en") -> str:
        """What was refused and, where the step has a name, what it means and what to do."""
        refused = super().message(language)
        sentence = named(self.details.get("state"), self.details.get("step"))
        return refused if sentence is None else f"{refused} {sentence.text(language)}"


class ClaimOfAnotherParty(ContractError):
    code = "claim-of-another-party"


class ClaimPartiesNotDistinct(ContractError):
    code = "claim-parties-not-distinct"


class ClaimConsentOfAnotherPractice(ContractError):
    code = "claim-consent-of-another"


class ClaimConsentNotValid(ContractError):
    code = "claim-consent-not-valid"


class ClaimHeadMoved(ContractError):
    code = "claim-head-moved"


class OrderNotCurrent(ContractError):
    code = "order-not-current"


class OrderLimitReached(ContractError):
    code = "order-limit"


class OrderLocksWrong(ContractError):
    code = "order-locks-wrong"


class OrderAlreadyMarked(ContractError):
    code = "order-already-marked"


class OrderNotDelivered(ContractError):
    code = "order-not-delivered"


# OpenZeppelin's, where our functions can raise them


class AccessManagedUnauthorized(ContractError):
    code = "admin-unauthorised"


class AccessManagedRequiredDelay(ContractError):
    code = "admin-delay"


class AccessManagedInvalidAuthority(ContractError):
    code = "admin-authority-invalid"


class AccessManagerUnauthorizedAccount(ContractError):
    code = "access-unauthorised-account"


class AccessManagerUnauthorizedCall(ContractError):
    code = "access-unauthorised-call"


class AccessManagerUnauthorizedCancel(ContractError):
    code = "access-unauthorised-cancel"


class AccessManagerUnauthorizedConsume(ContractError):
    code = "access-unauthorised-consume"


class AccessManagerAlreadyScheduled(ContractError):
    code = "access-already-scheduled"


class AccessManagerNotScheduled(ContractError):
    code = "access-not-scheduled"


class AccessManagerNotReady(ContractError):
    code = "access-not-ready"


class AccessManagerExpired(ContractError):
    code = "access-expired"


class AccessManagerLockedRole(ContractError):
    code = "access-locked-role"


class AccessManagerBadConfirmation(ContractError):
    code = "access-bad-confirmation"


class AccessManagerInvalidInitialAdmin(ContractError):
    code = "access-invalid-admin"


class EnforcedPause(ContractError):
    code = "paused"


class ExpectedPause(ContractError):
    code = "not-paused"


class AddressEmptyCode(ContractError):
    code = "address-empty-code"


class FailedCall(ContractError):
    code = "failed-call"


class InsufficientBalance(ContractError):
    code = "insufficient-balance"


class SafeCastOverflowedUintDowncast(ContractError):
    code = "cast-overflow"


class InvalidShortString(ContractError):
    code = "invalid-short-string"


class StringTooLong(ContractError):
    code = "string-too-long"
