"""Clients of casework.serving, some of them slow."""

import http.client
import socket
import time


def client(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 10)


def asked(port: int) -> float:
    """Seconds until somebody in no hurry has their page."""
    began = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/")
    assert connection.getresponse().read().startswith(b"0 ")
    connection.close()
    return time.monotonic() - began


def is_cut(sock: socket.socket, within: float) -> bool:
    sock.settimeout(within)
    try:
        while sock.recv(1000):
            pass
        return True
    except ConnectionError:
        return True
    except TimeoutError:
        return False


def answer_on(sock: socket.socket) -> str:
    answer = http.client.HTTPResponse(sock)
    answer.begin()
    assert answer.status == 200
    return answer.read().decode()
