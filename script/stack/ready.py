"""Whether the web process can be left to people: it answers, and what it cannot do is not for want of the worker."""

import http.client
import json
import socket
from urllib.parse import urlsplit

# The worker, which is started after the web process, puts these right.
OF_THE_WORKER = {"log"}


def answers(listener: socket.socket | None, base_url: str) -> bool:
    """Whether /readyz says yes, or no because of the worker alone: a log that was left without a checkpoint must not
    keep away the one who signs. With https in front it may answer with the way there, which is an answer too."""
    assert listener is not None
    connection = http.client.HTTPConnection("127.0.0.1", listener.getsockname()[1], timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": str(urlsplit(base_url).netloc)})
        answer = connection.getresponse()
        return answer.status in {200, 301} or answer.status == 503 and _waits_for_worker(answer.read())
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _waits_for_worker(body: bytes) -> bool:
    try:
        parts = json.loads(body)["parts"]
        return {name for name, part in parts.items() if not part["ok"]} <= OF_THE_WORKER
    except (ValueError, KeyError, TypeError):
        return False
