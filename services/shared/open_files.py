"""How many files and sockets this process may have open."""

from __future__ import annotations

import resource


def raise_open_files() -> int:
    """Raise the soft limit (`ulimit -n`) to the hard one, which no privilege is needed for: the limit then in force."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft == hard:
        return _counted(soft)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):
        # Some systems refuse what they themselves report as the hard limit, such as macOS with "unlimited".
        return _counted(soft)
    return _counted(hard)


def _counted(limit: int) -> int:
    """`limit` as a number that can be compared."""
    return 1 << 62 if limit == resource.RLIM_INFINITY else limit
