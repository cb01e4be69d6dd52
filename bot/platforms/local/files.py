"""Files of the coach's posts: pictures are shown, everything else is only ever downloaded."""

from urllib.parse import quote

from starlette.responses import Response

from bot.chat.message import File

#: What a browser shows as a picture and runs nothing of. SVG is not among them: it has scripts.
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
#: Other kinds that are named; whatever else a file says it is, it is bytes.
NAMED = frozenset({"application/zip", "application/pdf", "text/calendar", "text/csv"})
_PNG = b"\x89PNG\r\n\x1a\n"


def served(file: File) -> Response:
    """Answer with a file's bytes; the guard adds the headers of every answer."""
    shown = file.kind in PICTURES
    kind = file.kind if shown or file.kind in NAMED else "application/octet-stream"
    manner = "inline" if shown else "attachment"
    name = quote(file.name, safe="", errors="replace")
    return Response(
        file.content,
        headers={
            # Set by hand: Starlette adds a charset, and bytes are bytes.
            "content-type": kind,
            "content-disposition": f"{manner}; filename*=UTF-8''{name}",
        },
    )


def measure(file: File) -> tuple[int, int] | None:
    """Read a PNG's width and height in pixels, so that a page leaves room before it arrives."""
    head = file.content[:24]
    if len(head) < 24 or not head.startswith(_PNG):
        return None
    return int.from_bytes(head[16:20]), int.from_bytes(head[20:24])
