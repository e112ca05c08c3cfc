"""The answer with a file in it that leaves, with its length and digest."""

import base64

from django.http import StreamingHttpResponse

from casework.exchange.services import Taken
from casework.exhibits import names


def handed(taken: Taken) -> StreamingHttpResponse:
    answer = StreamingHttpResponse(taken.chunks, content_type=taken.media_type)
    answer["Content-Length"] = str(taken.size)
    answer["Content-Digest"] = f"sha-256=:{base64.b64encode(bytes.fromhex(taken.sha256)).decode()}:"
    answer["Content-Disposition"] = names.attachment(taken.name)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
