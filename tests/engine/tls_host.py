"""A hospital's host: real TLS on a free port, with a certificate of its own making."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

NAME = "rota.example-hospital.org"
OTHER = "other.example-clinic.org"


@cache
def _certificate() -> tuple[bytes, bytes]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a hospital")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2100, 1, 1, tzinfo=UTC))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    pem = serialization.Encoding.PEM
    return made.public_bytes(pem), key.private_bytes(pem, form, plain)


def trust() -> ssl.SSLContext:
    """Trust the host, and nobody else."""
    return ssl.create_default_context(cadata=_certificate()[0].decode())


def _context(folder: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for name, data in zip(("cert.pem", "key.pem"), _certificate(), strict=True):
        (folder / name).write_bytes(data)
    made.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return made


Body = Callable[[], AsyncIterator[bytes]]


@dataclass
class Host:
    """What it answers by path, and what it saw."""

    port: int
    answers: dict[str, tuple[str, bytes | Body]] = field(default_factory=dict)
    #: Connections that were opened, before anything was said on them.
    connections: int = 0
    #: The heads of requests.
    asked: list[str] = field(default_factory=list)
    at_work: set[asyncio.Task[None]] = field(default_factory=set)

    def says(self, path: str, body: bytes | Body = b"", *head: str, status: str = "200 OK") -> str:
        """Answer a path; give its address."""
        lines = "".join(f"{each}\r\n" for each in head)
        self.answers[path] = (f"HTTP/1.1 {status}\r\nConnection: close\r\n{lines}\r\n", body)
        return f"https://{NAME}:{self.port}{path}"

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.asked.append(head)
            lines, body = self.answers[head.split()[1]]
            writer.write(lines.encode())
            if isinstance(body, bytes):
                writer.write(body)
            else:
                async for part in body():
                    writer.write(part)
                    await writer.drain()
            await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(folder: Path, address: str = "127.0.0.1", port: int = 0) -> AsyncIterator[Host]:
    """Serve until the end of the block."""
    host, loop = Host(port), asyncio.get_running_loop()

    def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host.at_work.add(loop.create_task(host._answer(reader, writer)))

    def accepted() -> asyncio.StreamReaderProtocol:
        host.connections += 1
        reader = asyncio.StreamReader()
        return asyncio.StreamReaderProtocol(reader, take)

    server = await loop.create_server(accepted, address, port, ssl=_context(folder))
    host.port = server.sockets[0].getsockname()[1]
    try:
        yield host
    finally:
        server.close()
        for task in host.at_work:
            task.cancel()
        await asyncio.gather(*host.at_work, return_exceptions=True)
