# SPDX-License-Identifier: Apache-2.0
"""Write Brownie's home, with the networks of this project, inside the clone: `.home/.brownie`."""

from pathlib import Path

HOME = Path(__file__).resolve().parent.parent / ".home"

# `development` is a Ganache that `tools/brownie` starts on a free port for each command that needs one.
# `sceau` is the node of SCEAU_NODE_URL, wherever it stands; Brownie files deployments under its chainid.
NETWORKS = """\
development:
  - name: Ganache, started for each command
    id: development
    cmd: ganache
    host: http://127.0.0.1
    timeout: 120
    cmd_settings:
      port: 8545
live:
  - name: Sceau
    networks:
      - name: The node of SCEAU_NODE_URL
        id: sceau
        chainid: sceau
        host: $SCEAU_NODE_URL
        timeout: 120
"""


def write(home: Path = HOME) -> Path:
    """Write the network file under `home`, leaving accounts that stand there alone; returns its path."""
    path = home / ".brownie" / "network-config.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NETWORKS, encoding="utf-8")
    return path


if __name__ == "__main__":
    write()
