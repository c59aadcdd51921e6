"""The errors that are a user's to mend."""

from __future__ import annotations


class UserError(Exception):
    """A mistake in what somebody wrote or set. Its text is complete: what is wrong, where, and what to do.

    The command line prints the text alone and exits 1.
    """
