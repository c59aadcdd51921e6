"""`python readiness.py PORT`: whether the service on this port of loopback is ready (the image's health check).

Only the standard library: in the image it stands alone.
"""

from __future__ import annotations

import http.client
import os
import sys

SECONDS = 4.0
"""Less than the `timeout` of the health checks in docker-compose.yml."""


def answer(port: int, token: str | None) -> str | None:
    """None where `/readyz` answers 200, else what is wrong. `token` is sent as bearer token where it is given."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/readyz", headers={"Authorization": f"Bearer {token}"} if token else {})
        response = connection.getresponse()
        body = response.read(4096).decode(errors="replace").strip()
    except (OSError, http.client.HTTPException) as error:
        return f"no answer on port {port}: {error}"
    finally:
        connection.close()
    return None if response.status == http.client.OK else f"{response.status}: {body}"


if __name__ == "__main__":
    wrong = answer(int(sys.argv[1]), os.environ.get("TOCSIN_HTTP_TOKEN"))
    # Docker keeps what a health check prints: `docker inspect` then says why.
    sys.exit(wrong)
