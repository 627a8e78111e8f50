# SPDX-License-Identifier: Apache-2.0
"""`tools/brownie` for tests that give many commands: a process that has imported Brownie is forked for each.

To import it takes most of a command's time. A command is a process of its own all the same: with its own environment,
input and outputs, and its own exit code.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What `tools/brownie` sets.
HOME = {"HOME": str(ROOT / ".home"), "SOLCX_BINARY_PATH": str(ROOT / "tools" / "solc")}
_MOST_BYTES = 1_000_000
_COMMAND = """#!{python} -IS
import json, os, socket, sys
server = socket.socket(socket.AF_UNIX)
server.connect({place!r})
socket.send_fds(server, [json.dumps([sys.argv[1:], dict(os.environ)]).encode()], [0, 1, 2])
sys.exit(int(server.recv(16)))
"""


@contextmanager
def forked_brownie(folder: Path, environment: Mapping[str, str]) -> Iterator[Path]:
    """A command in ``folder`` that does what ``tools/brownie`` does, as long as the block runs."""
    place, command = folder / "socket", folder / "brownie"
    command.write_text(_COMMAND.format(python=sys.executable, place=str(place)), encoding="utf-8")
    command.chmod(0o755)
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.support.forked_brownie", str(place)],
        cwd=ROOT,
        env={**environment, **HOME},
        stdout=subprocess.PIPE,
    )
    assert server.stdout is not None
    try:
        assert server.stdout.readline() == b"ready\n"
        yield command
    finally:
        server.kill()
        server.communicate()


def serve(place: str) -> None:
    """Forks for one command after the other, until it is killed."""
    import brownie._cli.run
    import brownie.network
    import brownie.project  # noqa: F401

    import scripts.parties
    import scripts.roles  # noqa: F401

    listening = socket.socket(socket.AF_UNIX)
    listening.bind(place)
    listening.listen()
    print("ready", flush=True)
    while True:
        asked, _ = listening.accept()
        data, streams, *_ = socket.recv_fds(asked, _MOST_BYTES, 3)
        words, environment = json.loads(data)
        child = os.fork()
        if not child:
            _run(words, environment, streams)
        for stream in streams:
            os.close(stream)
        asked.sendall(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
        asked.close()


def _run(words: list[str], environment: dict[str, str], streams: list[int]) -> None:
    from tools.run_brownie import main

    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.environ.clear()
    os.environ.update(environment | HOME)
    sys.argv = ["run_brownie", *words]
    code: object = 1
    try:
        main()
        code = 0
    except SystemExit as ended:
        code = ended.code or 0
    except BaseException:
        traceback.print_exc()
    if isinstance(code, str):
        print(code, file=sys.stderr)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 1)


if __name__ == "__main__":
    serve(sys.argv[1])
