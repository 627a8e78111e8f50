# SPDX-License-Identifier: Apache-2.0
"""Where the node, the deployment manifest and the keys are: flags over environment over file.

A file is ``sceau.toml``::

    nodes = ["https://node-1.example", "https://node-2.example"]   # the freshest is used
    manifest = "deployment.json"       # relative paths start at the file
    proofs = "required"                # refuse a manifest by which nodes would be believed
    keystore = "shop.json"
    password_file = "shop.password"
    policies = "policies"
    message_keys = "shop.messages"     # the party's own keys for messages, locked by a password
    message_password_file = "shop.messages.password"
    directory = "directory"            # folder of the parties' directory entries
    store = "store"                    # folder of what the party stores: steps, messages, verdicts; or postgresql://…
    store_key = "store.key"            # the key of the store, outside its folder; or "keyring"
    store_passphrase_file = "store.passphrase"   # locks that key
    exchange = "exchange"              # folder by which messages leave and arrive
    fee_limit = "0.1"                  # the most that one transaction may cost, in the chain's coin
    language = "fr"

It is looked for in the working directory, then in the user's configuration directory; where both name one
setting, the working directory's counts. ``--config FILE`` or ``SCEAU_CONFIG`` names one file instead of both.
"""

from sceau.settings.connecting import (
    connect,
    connect_for_card,
    connect_when_possible,
    keys_of_store,
    open_store,
    with_nodes,
)
from sceau.settings.errors import (
    ConfigInvalid,
    FeeLimitWrong,
    HomeUnknown,
    NoNodeAnswers,
    ProofsWrong,
    SecretInTheOpen,
    SettingMissing,
    WorkingDirectoryGone,
)
from sceau.settings.loading import Settings, load_settings, read_toml, user_directory
from sceau.settings.table import KEYRING, SETTINGS, STANDARD_INPUT, Kind, Setting

__all__ = [
    "KEYRING",
    "SETTINGS",
    "STANDARD_INPUT",
    "ConfigInvalid",
    "FeeLimitWrong",
    "HomeUnknown",
    "Kind",
    "NoNodeAnswers",
    "ProofsWrong",
    "SecretInTheOpen",
    "Setting",
    "SettingMissing",
    "Settings",
    "WorkingDirectoryGone",
    "connect",
    "connect_for_card",
    "connect_when_possible",
    "keys_of_store",
    "load_settings",
    "open_store",
    "read_toml",
    "user_directory",
    "with_nodes",
]
