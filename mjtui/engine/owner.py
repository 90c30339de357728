"""The name under which a process claims work, and whether that process is still there."""

from __future__ import annotations

import os
import secrets
import socket


def own_name() -> str:
    """A name for this engine: the machine, the process, and something that makes it its own."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"


def is_dead(owner: str) -> bool:
    """True where a process of this machine is no more; of others nothing is known, and their leases run out."""
    host, pid, _ = owner.rsplit(":", 2)
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
