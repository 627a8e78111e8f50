# SPDX-License-Identifier: Apache-2.0
"""The rules a FHIR file may break and the notices it may earn, each a sentence in English and in French."""

from __future__ import annotations

from sceau.errors import Sentence

# Any field
MISSING = Sentence("missing", "the field is missing", "le champ manque")
WITHHELD = Sentence(
    "withheld",
    "its value is withheld or unknown, and so is no part of a record",
    "sa valeur est masquée ou inconnue, et n'entre donc dans aucun enregistrement",
)
UNKNOWN = Sentence("unknown", "FHIR R4 has no such field here", "FHIR R4 n'a pas ce champ ici")
MALFORMED = Sentence(
    "malformed", "the field is not written as FHIR R4 says", "le champ n'est pas écrit comme le veut FHIR R4"
)
NOT_TEXT = Sentence("not-text", "text is wanted", "un texte est attendu")
NOT_A_NUMBER = Sentence("not-a-number", "a JSON number is wanted", "un nombre JSON est attendu")
NOT_WHOLE = Sentence("not-whole", "a whole number is wanted", "un nombre entier est attendu")
NOT_FLAG = Sentence("not-a-flag", "true or false is wanted", "true ou false est attendu")
NOT_OBJECT = Sentence("not-an-object", "a JSON object is wanted", "un objet JSON est attendu")
NOT_LIST = Sentence("not-a-list", "a list of objects is wanted", "une liste d'objets est attendue")
DAY_WANTED = Sentence(
    "day-wanted",
    "a whole date is wanted, with its day: YYYY-MM-DD",
    "une date complète est attendue, avec son jour : AAAA-MM-JJ",
)
MODIFIED = Sentence(
    "modifier",
    "the record is changed by an extension that this software does not know",
    "la fiche est modifiée par une extension que ce logiciel ne connaît pas",
)
STATUS_UNKNOWN = Sentence("status-unknown", "the status is unknown", "le statut est inconnu")
CODE_WANTED = Sentence("code-wanted", "a code is wanted", "un code est attendu")
CODE_AMBIGUOUS = Sentence(
    "code-ambiguous",
    "several codes are given; mark the one that counts with userSelected",
    "plusieurs codes sont donnés ; marquez celui qui compte avec userSelected",
)

# Prescriptions
NOT_SPECTACLES = Sentence(
    "not-spectacles",
    "the product must be a spectacle lens, code 'lens'",
    "le produit doit être un verre de lunettes, code « lens »",
)
EYE_UNKNOWN = Sentence("eye-unknown", "an eye is right or left", "un œil est « right » ou « left »")
EYE_TWICE = Sentence("eye-twice", "this eye is given twice", "cet œil est donné deux fois")

# Claims
NOT_VISION = Sentence(
    "not-vision",
    "this is no vision claim (type 'vision')",
    "ce n'est pas un dossier d'optique (type « vision »)",
)
USE_UNKNOWN = Sentence(
    "use-unknown",
    "only a claim or a preauthorization can be sealed",
    "seul un dossier (claim) ou une demande de prise en charge (preauthorization) peut être scellé",
)
NOT_ONE_FOCAL = Sentence(
    "not-one-focal",
    "exactly one insurance must be the focal one",
    "une assurance et une seule doit être la principale (focal)",
)
NOT_ONE_NUMBER = Sentence(
    "not-one-number",
    "more than one number is given; give one",
    "plusieurs numéros sont donnés ; donnez-en un",
)
NOT_ONE_IDENTIFIER = Sentence(
    "not-one-identifier",
    "several identifiers are given; mark the one that counts with use 'official'",
    "plusieurs identifiants sont donnés ; marquez celui qui compte avec use « official »",
)
LINE_TWICE = Sentence(
    "line-twice",
    "this number is that of another line already",
    "ce numéro est déjà celui d'une autre ligne",
)
TOO_MANY = Sentence(
    "too-many",
    "there are more lines than one sealed claim holds",
    "il y a plus de lignes qu'un dossier scellé n'en contient",
)
PERIOD_OF_SERVICE = Sentence(
    "period-of-service",
    "a day of service is wanted (servicedDate), not a period",
    "un jour est attendu (servicedDate), pas une période",
)
QUANTITY_UNCLEAR = Sentence(
    "quantity-unclear",
    "a quantity is a whole number from 1 to 99, without comparator",
    "une quantité est un nombre entier de 1 à 99, sans comparateur",
)
CURRENCY_MISSING = Sentence(
    "currency-missing",
    "the amount has no currency, and none is assumed",
    "le montant n'a pas de monnaie, et aucune n'est supposée",
)
CURRENCY_MIXED = Sentence(
    "currency-mixed",
    "two currencies are used in one claim",
    "deux monnaies sont employées dans un même dossier",
)
FACTOR_RANGE = Sentence(
    "factor-range",
    "a factor is between 0 and 1000, with at most 20 decimals",
    "un facteur est compris entre 0 et 1000, avec 20 décimales au plus",
)
NET_UNKNOWN = Sentence(
    "net-unknown",
    "the line has neither a net amount nor a unit price",
    "la ligne n'a ni montant net ni prix unitaire",
)
NET_WRONG = Sentence(
    "net-wrong",
    "the net amount is not quantity × unit price × factor",
    "le montant net n'est pas quantité × prix unitaire × facteur",
)
SUM_WRONG = Sentence(
    "sum-wrong",
    "the amount is not the sum of its lines",
    "le montant n'est pas la somme de ses lignes",
)
TOTAL_WRONG = Sentence(
    "total-wrong",
    "the total is not the sum of the items",
    "le total n'est pas la somme des lignes",
)

# Responses to claims
NOT_DECIDED = Sentence(
    "not-decided",
    "only a decision that is complete, or an error, can be sealed",
    "seule une décision complète, ou une erreur, peut être scellée",
)
NOT_ONE_REASON = Sentence(
    "not-one-reason",
    "one reason is wanted; give one code",
    "un motif et un seul est attendu ; donnez un code",
)
NOT_ONE_BENEFIT = Sentence(
    "not-one-benefit",
    "more than one total of benefits is given; give one",
    "plusieurs totaux de prestations sont donnés ; donnez-en un",
)
NOT_ONE_CODES = Sentence(
    "not-one-codes",
    "the codes authorised are given once for the right lens, the left lens and the frame",
    "les codes accordés se donnent une fois pour le verre droit, le verre gauche et la monture",
)
PAYMENT_WRONG = Sentence(
    "payment-wrong",
    "the payment, with its adjustment, is not the total of benefits",
    "le paiement, avec son ajustement, n'est pas le total des prestations",
)

# Going out
LINE_ASTRAY = Sentence(
    "line-astray",
    "it belongs to a line that the record does not have",
    "elle relève d'une ligne que l'enregistrement n'a pas",
)

# Claim and coverage together
OTHER_COVERAGE = Sentence(
    "other-coverage",
    "the claim names another coverage",
    "le dossier nomme une autre couverture",
)
OTHER_PAYER = Sentence(
    "other-payer",
    "the claim is made out to another insurer than the coverage's",
    "le dossier s'adresse à un autre assureur que celui de la couverture",
)
PERIOD_REVERSED = Sentence(
    "period-reversed", "the period ends before it begins", "la période finit avant de commencer"
)

# Notices
NOT_IN_FORCE = Sentence(
    "coverage-not-in-force",
    "the coverage is not in force on the date of the claim; the payer may refuse it",
    "la couverture n'est pas valable à la date du dossier ; l'assureur peut le refuser",
)
PERIOD_UNKNOWN = Sentence(
    "coverage-period-unknown",
    "the coverage gives no dates, so it is not known whether it was in force",
    "la couverture ne donne pas de dates : on ne sait pas si elle était valable",
)
PAYER_UNSURE = Sentence(
    "payer-unsure",
    "it cannot be told whether this insurer is the coverage's payer; check it",
    "on ne peut pas dire si cet assureur est celui de la couverture ; vérifiez-le",
)
OTHER_BENEFICIARY = Sentence(
    "coverage-other-beneficiary",
    "the coverage's beneficiary is not the claim's patient; check that this is the right coverage",
    "le bénéficiaire de la couverture n'est pas le patient du dossier ; vérifiez que c'est la bonne",
)
