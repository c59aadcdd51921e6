#!/bin/sh
# Prints the Python that `make setup` takes: the first of these that is 3.11 or newer. PYTHON names one to take instead.
for candidate in ${PYTHON:-python3.11 python3.12 python3.13 python3.14 python3 python}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        command -v "$candidate"
        exit 0
    fi
done
echo "Tocsin needs Python 3.11 or newer, and none of ${PYTHON:-python3.11, python3.12, python3.13, python3.14, python3} is:" \
    "install one (Debian and Ubuntu: python3.11 python3.11-venv; macOS: brew install python@3.11)." >&2
exit 1
