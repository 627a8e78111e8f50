# SPDX-License-Identifier: Apache-2.0
"""Words that a party's name must not have, in one place. They are compared without case, accents and punctuation.

A patient reads "{name} (membre n° {number} du registre)": the number is the consortium's word, the name the party's. So
a name must not say a number ("Party 3", "n° 3"), nor what only the consortium or this software may say of a party
("verified"). A word is here because a reader could take it for that; a firm that bears one by law writes its name
without it. What merely flatters ("premier", "royal") is not.
"""

from __future__ import annotations

# A party or member by its number, and the words for "number" and "identifier".
_BEFORE_A_NUMBER = """
    party partie partei member membre mitglied number numero nummer num nr nbr no n
    id ident identifier identifiant siren siret finess claim dossier consent accord
"""

_NUMERALS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand
    un une deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante
    cinquante soixante septante huitante octante nonante cent mille
"""

# First what stands beside the name in the texts that a patient reads; then what the consortium, or this software, says
# of a party, a name or a consent.
_NEVER = """
    membre member registre registry sceau
    verified verifie verifiee confirmed confirme confirmee certified certifie certifiee approved approuve approuvee
    authorised authorized autorise autorisee accredited accredite accreditee agree agreee validated valide validee
    official officiel officielle authentic authentique genuine trusted admitted admis admise
    unconfirmed unverified suspended suspendu suspendue revoked revoque revoquee
    admin administrator administrateur consortium
"""

#: No number may follow one of these.
BEFORE_A_NUMBER = frozenset(_BEFORE_A_NUMBER.split())

#: Nor a number in letters or in Roman numerals one of these: after shorter ones that would forbid "N.V.".
BEFORE_A_NUMERAL = frozenset(word for word in BEFORE_A_NUMBER if len(word) > 3)

#: Numbers in letters.
NUMERALS = frozenset(_NUMERALS.split())

#: What a name must not have at all.
NEVER = frozenset(_NEVER.split())
