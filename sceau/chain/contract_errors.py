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
    en = "The contract refused without saying why. Check that the manifest fits this chain."
    fr = "Le contrat a refusé sans dire pourquoi. Vérifiez que le manifeste est celui de cette chaîne."


class UnknownContractError(ContractError):
    """The contract refused with an error that is in none of the published ABIs."""

    code = "contract-refused-unknown"
    en = "The contract refused with an error this version does not know ({selector}). Update the client."
    fr = (
        "Le contrat a refusé avec une erreur inconnue de cette version ({selector}). Mettez le client à jour."
    )


# Parties


class PartyUnknown(ContractError):
    code = "party-unknown"
    en = "No party has number {party} on this chain. Check the number and the manifest."
    fr = "Aucune partie n'a le numéro {party} sur cette chaîne. Vérifiez le numéro et le manifeste."


class PartyIsSuspended(ContractError):
    code = "party-suspended"
    en = "Party {party} is suspended and may not act. Ask the consortium's admins."
    fr = "La partie {party} est suspendue et ne peut pas agir. Voyez les administrateurs du consortium."


class PartyNotSuspended(ContractError):
    code = "party-not-suspended"
    en = "Party {party} is not suspended: there is nothing to lift."
    fr = "La partie {party} n'est pas suspendue : il n'y a rien à lever."


class PartyLacksRole(ContractError):
    code = "party-lacks-role"
    en = "Party {party} does not hold the role this needs ({role}). Use the key of a party that holds it."
    fr = "La partie {party} n'a pas le rôle nécessaire ({role}). Utilisez la clé d'une partie qui l'a."


class PartyRolesInvalid(ContractError):
    code = "party-roles-invalid"
    en = "The roles asked for ({roles}) name none or one that does not exist."
    fr = "Les rôles demandés ({roles}) n'en nomment aucun, ou un qui n'existe pas."


class PartyKeyCountInvalid(ContractError):
    code = "party-key-count"
    en = "A party has from 1 to {limit} active signing keys; this would make {count}. Retire one first."
    fr = "Une partie a de 1 à {limit} clés actives ; ceci en ferait {count}. Retirez-en une d'abord."


class ControllerOnly(ContractError):
    code = "controller-only"
    en = "Only the controller of party {party} may do this, not {caller}. Use the controller's key."
    fr = "Seul le contrôleur de la partie {party} peut le faire, pas {caller}. Utilisez sa clé."


class ControllerNotOffered(ContractError):
    code = "controller-not-offered"
    en = "Control of party {party} was not offered to {caller}. Its controller must offer it first."
    fr = "Le contrôle de la partie {party} n'a pas été proposé à {caller}. Son contrôleur doit le proposer."


class ControllerInvalid(ContractError):
    code = "controller-invalid"
    en = "{controller} cannot be a controller: it is zero or a signing key. Use a separate address."
    fr = "{controller} ne peut pas être contrôleur : nulle, ou clé de signature. Prenez une autre adresse."


class KeyUnknown(ContractError):
    code = "key-unknown"
    en = "{key} is not a signing key of any party. Check the keystore, or have the key added."
    fr = "{key} n'est la clé de signature d'aucune partie. Vérifiez le fichier de clé, ou faites-la ajouter."


class KeyTaken(ContractError):
    code = "key-taken"
    en = "{key} belongs or belonged to party {party} and never belongs to another. Make a new key."
    fr = "{key} appartient ou a appartenu à la partie {party}, et à nulle autre. Créez une nouvelle clé."


class KeyIsRetired(ContractError):
    code = "key-retired"
    en = "Signing key {key} is retired for ever. Use another key of the party."
    fr = "La clé {key} est retirée pour toujours. Utilisez une autre clé de la partie."


class KeyInvalid(ContractError):
    code = "key-invalid"
    en = "{key} cannot be a signing key: it is zero or the party's controller. Make a separate key."
    fr = "{key} ne peut pas être clé de signature : nulle, ou contrôleur. Créez une clé à part."


class KeyPossessionUnproven(ContractError):
    code = "key-possession-unproven"
    en = "The proof that {key} is held does not fit this controller, chain and contract. Make it again."
    fr = "La preuve de possession de {key} ne vaut pas pour ce contrôleur, cette chaîne, ce contrat. Refaites-la."


class KeyNotYours(ContractError):
    code = "key-not-yours"
    en = "{caller} may not retire {key}: only the key itself or its party's controller may."
    fr = "{caller} ne peut pas retirer {key} : seuls la clé elle-même ou le contrôleur le peuvent."


class KeyAlreadyCompromised(ContractError):
    code = "key-already-compromised"
    en = "The date since which {key} is compromised was set before ({compromisedSince}) and cannot change."
    fr = "La date depuis laquelle {key} est compromise est déjà fixée ({compromisedSince}) et ne change plus."


class KeyCompromiseDateInvalid(ContractError):
    code = "key-compromise-date"
    en = "{compromisedSince} cannot be the date since which {key} is compromised: it may not be after {latest}."
    fr = "{compromisedSince} ne peut pas être la date depuis laquelle {key} est compromise : au plus tard {latest}."


# Consents


class ConsentCommitmentEmpty(ContractError):
    code = "consent-commitment-empty"
    en = "The consent's commitment is empty. Make the consent request again."
    fr = "L'engagement de l'accord est vide. Refaites la demande d'accord."


class ConsentExpiryInvalid(ContractError):
    code = "consent-expiry"
    en = "The consent ends at {expiresAt}; the chain takes a midnight UTC from {earliest} to {latest}."
    fr = "L'accord finit le {expiresAt} ; la chaîne accepte un minuit UTC du {earliest} au {latest}."


class ConsentSignatureInvalid(ContractError):
    code = "consent-signature"
    en = "The signature is not by {key} for this consent, practice, chain and contract. Have it signed again."
    fr = "La signature n'est pas celle de {key} pour cet accord, ce magasin, cette chaîne et ce contrat. À resigner."


class ConsentAlreadyRecorded(ContractError):
    code = "consent-already-recorded"
    en = "Consent {consent} is recorded already: there is nothing to do."
    fr = "L'accord {consent} est déjà enregistré : il n'y a rien à faire."


class ConsentAlreadyRevoked(ContractError):
    code = "consent-already-revoked"
    en = "Consent {consent} was revoked by its key; it cannot be recorded or revoked again."
    fr = "L'accord {consent} a été révoqué par sa clé ; ni enregistrement ni nouvelle révocation."


class ConsentAlreadyWithdrawn(ContractError):
    code = "consent-already-withdrawn"
    en = "Consent {consent} was withdrawn already: there is nothing to do."
    fr = "L'accord {consent} a déjà été retiré : il n'y a rien à faire."


class ConsentOfAnotherRecorder(ContractError):
    code = "consent-of-another-recorder"
    en = "Consent {consent} was recorded by party {recorder}, not by {party}: only it may withdraw it."
    fr = "L'accord {consent} a été enregistré par la partie {recorder}, pas {party} : elle seule le retire."


# Claims


class ClaimUnknown(ContractError):
    code = "claim-unknown"
    en = "No claim {claim} on this chain. Check the identifier and the manifest."
    fr = "Pas de dossier {claim} sur cette chaîne. Vérifiez l'identifiant et le manifeste."


class ClaimAlreadyOpened(ContractError):
    code = "claim-already-opened"
    en = "Claim {claim} is open already. Draw a new nonce for a new claim."
    fr = "Le dossier {claim} est déjà ouvert. Tirez un nouveau nombre pour un nouveau dossier."


class ClaimCommitmentEmpty(ContractError):
    code = "claim-commitment-empty"
    en = "The step's commitment is empty. Seal its record first."
    fr = "L'engagement de l'étape est vide. Scellez d'abord son enregistrement."


class ClaimStepIllegal(ContractError):
    code = "claim-step-illegal"
    en = "Claim {claim} is {state}: {step} is not possible now."
    fr = "Le dossier {claim} est {state} : {step} impossible maintenant."

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
    en = "In claim {claim} this belongs to party {expected}, not to party {party}."
    fr = "Dans le dossier {claim}, ceci revient à la partie {expected}, pas à la partie {party}."


class ClaimPartiesNotDistinct(ContractError):
    code = "claim-parties-not-distinct"
    en = "Practice {practice}, supplier {supplier} and payer {payer} must be three different parties."
    fr = (
        "Magasin {practice}, fournisseur {supplier} et payeur {payer} doivent être trois parties différentes."
    )


class ClaimConsentOfAnotherPractice(ContractError):
    code = "claim-consent-of-another"
    en = "Consent {consent} was recorded by party {recorder}, not by practice {practice} (0: never recorded)."
    fr = "Consentement {consent} enregistré par la partie {recorder}, non par {practice} (0 : jamais enregistré)."


class ClaimConsentNotValid(ContractError):
    code = "claim-consent-not-valid"
    en = "Consent {consent} has expired, or was revoked or withdrawn. Open the claim without it, or ask anew."
    fr = "L'accord {consent} est expiré, révoqué ou retiré. Ouvrez sans lui, ou redemandez-le."


class ClaimHeadMoved(ContractError):
    code = "claim-head-moved"
    en = "Something was written on claim {claim} since it was verified. Verify it again, then repeat."
    fr = "Le dossier {claim} a changé depuis sa vérification. Vérifiez-le de nouveau, puis recommencez."


class OrderNotCurrent(ContractError):
    code = "order-not-current"
    en = "Order {orderNumber} of claim {claim} was replaced or does not exist; the current one is {current}."
    fr = "La commande {orderNumber} de {claim} est remplacée ou n'existe pas ; l'actuelle est la {current}."


class OrderLimitReached(ContractError):
    code = "order-limit"
    en = "Claim {claim} has 255 orders, the most there can be. Open a new claim."
    fr = "Le dossier {claim} a 255 commandes, le maximum. Ouvrez un nouveau dossier."


class OrderLocksWrong(ContractError):
    code = "order-locks-wrong"
    en = "The locks given are not those of order {orderNumber} of claim {claim}. Take them from its event."
    fr = "Les verrous donnés ne sont pas ceux de la commande {orderNumber} de {claim}. Prenez ceux de l'événement."


class OrderAlreadyMarked(ContractError):
    code = "order-already-marked"
    en = "Order {orderNumber} of claim {claim} has this mark already ({step}): it is set once."
    fr = "La commande {orderNumber} de {claim} porte déjà cette marque ({step}) : une seule fois."


class OrderNotDelivered(ContractError):
    code = "order-not-delivered"
    en = "Order {orderNumber} of claim {claim} is not attested as delivered: it cannot be returned."
    fr = "La commande {orderNumber} de {claim} n'est pas attestée livrée : elle ne peut être retournée."


# OpenZeppelin's, where our functions can raise them


class AccessManagedUnauthorized(ContractError):
    code = "admin-unauthorised"
    en = "{caller} does not hold the admin role this needs. Use an account that the access manager allows."
    fr = "{caller} n'a pas le rôle d'administration nécessaire. Utilisez un compte autorisé."


class AccessManagedRequiredDelay(ContractError):
    code = "admin-delay"
    en = "{caller} may do this only after a delay of {delay} seconds: schedule it with the access manager."
    fr = "{caller} ne peut le faire qu'après {delay} secondes : programmez-le auprès du gestionnaire d'accès."


class AccessManagedInvalidAuthority(ContractError):
    code = "admin-authority-invalid"
    en = "{authority} is not a contract and cannot manage access."
    fr = "{authority} n'est pas un contrat et ne peut pas gérer les accès."


class AccessManagerUnauthorizedAccount(ContractError):
    code = "access-unauthorised-account"
    en = "{msgsender} does not hold role {roleId} of the access manager."
    fr = "{msgsender} n'a pas le rôle {roleId} du gestionnaire d'accès."


class AccessManagerUnauthorizedCall(ContractError):
    code = "access-unauthorised-call"
    en = "{caller} may not call {selector} of {target} through the access manager."
    fr = "{caller} ne peut pas appeler {selector} de {target} par le gestionnaire d'accès."


class AccessManagerUnauthorizedCancel(ContractError):
    code = "access-unauthorised-cancel"
    en = "{msgsender} may not cancel what {caller} scheduled on {target} ({selector})."
    fr = "{msgsender} ne peut pas annuler ce que {caller} a programmé sur {target} ({selector})."


class AccessManagerUnauthorizedConsume(ContractError):
    code = "access-unauthorised-consume"
    en = "{target} is not waiting for a scheduled operation of the access manager."
    fr = "{target} n'attend pas d'opération programmée du gestionnaire d'accès."


class AccessManagerAlreadyScheduled(ContractError):
    code = "access-already-scheduled"
    en = "Operation {operationId} is scheduled already: wait for its date, or cancel it."
    fr = "L'opération {operationId} est déjà programmée : attendez sa date, ou annulez-la."


class AccessManagerNotScheduled(ContractError):
    code = "access-not-scheduled"
    en = "Operation {operationId} is not scheduled: schedule it first."
    fr = "L'opération {operationId} n'est pas programmée : programmez-la d'abord."


class AccessManagerNotReady(ContractError):
    code = "access-not-ready"
    en = "Operation {operationId} is not ready: its delay has not passed."
    fr = "L'opération {operationId} n'est pas prête : son délai n'est pas écoulé."


class AccessManagerExpired(ContractError):
    code = "access-expired"
    en = "Operation {operationId} has expired: schedule it again."
    fr = "L'opération {operationId} a expiré : programmez-la de nouveau."


class AccessManagerLockedRole(ContractError):
    code = "access-locked-role"
    en = "Role {roleId} of the access manager is fixed and cannot be changed."
    fr = "Le rôle {roleId} du gestionnaire d'accès est fixe et ne change pas."


class AccessManagerBadConfirmation(ContractError):
    code = "access-bad-confirmation"
    en = "A role can only be renounced by its own holder."
    fr = "Seul son titulaire peut renoncer à un rôle."


class AccessManagerInvalidInitialAdmin(ContractError):
    code = "access-invalid-admin"
    en = "{initialAdmin} cannot be the access manager's first admin."
    fr = "{initialAdmin} ne peut pas être le premier administrateur des accès."


class EnforcedPause(ContractError):
    code = "paused"
    en = "New consents or claims are paused by the consortium. Running claims and revocations go on."
    fr = "Nouveaux accords ou dossiers suspendus par le consortium. Le reste continue."


class ExpectedPause(ContractError):
    code = "not-paused"
    en = "The registry is not paused: there is nothing to lift."
    fr = "Le registre n'est pas en pause : il n'y a rien à lever."


class AddressEmptyCode(ContractError):
    code = "address-empty-code"
    en = "There is no contract at {target}."
    fr = "Il n'y a pas de contrat à {target}."


class FailedCall(ContractError):
    code = "failed-call"
    en = "A call made by the access manager failed without a reason."
    fr = "Un appel fait par le gestionnaire d'accès a échoué sans raison."


class InsufficientBalance(ContractError):
    code = "insufficient-balance"
    en = "The contract holds {balance} wei and would need {needed}."
    fr = "Le contrat détient {balance} wei et il en faudrait {needed}."


class SafeCastOverflowedUintDowncast(ContractError):
    code = "cast-overflow"
    en = "{value} does not fit in {bits} bits."
    fr = "{value} ne tient pas sur {bits} bits."


class InvalidShortString(ContractError):
    code = "invalid-short-string"
    en = "A fixed name of the contract is damaged."
    fr = "Un nom fixe du contrat est abîmé."


class StringTooLong(ContractError):
    code = "string-too-long"
    en = "A fixed name of the contract is too long."
    fr = "Un nom fixe du contrat est trop long."
