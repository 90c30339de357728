"""Whether a file lies on a network drive, where SQLite's write-ahead log does not work between machines."""

from __future__ import annotations

import os
import re
from pathlib import Path

NETWORK_FILE_SYSTEMS = frozenset((
    "9p", "afs", "beegfs", "ceph", "cifs", "fuse.glusterfs", "fuse.rclone", "fuse.sshfs", "glusterfs", "gpfs",
    "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
))  # fmt: skip
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPE = re.compile(r"\\([0-7]{3})")


def on_network(path: Path) -> bool:
    """True where the file system of `path` is known to be a network one; False where nothing is known."""
    try:
        mounts = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape")
    except OSError:
        return False
    return file_system(path.parent.resolve(), mounts) in NETWORK_FILE_SYSTEMS


def file_system(folder: Path, mounts: str) -> str | None:
    """The type of the file system that holds `folder`, by the text of /proc/self/mountinfo (proc_pid_mountinfo(5))."""
    best, found = -1, None
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split(" ")
        if not dash or len(fields) < 5:
            continue
        mount_point = _ESCAPE.sub(lambda octal: chr(int(octal[1], 8)), fields[4])
        inside = mount_point == "/" or str(folder) == mount_point or str(folder).startswith(mount_point + os.sep)
        if inside and len(mount_point) >= best:
            best, found = len(mount_point), after.split(" ")[0]
    return found
