"""`python -m server`: where it listens, TLS, patience, figures, the other commands."""

from __future__ import annotations

import base64
import datetime
import ipaddress
import json
import select
import socket
import sqlite3
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from protocol import wire
from protocol.wire import ErrorCode, Route
from tests.server.client import Client, Refused
from tests.server.conftest import Team, found_team
from tests.support.server import ROOT, RunningServer, running_server


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 and its key, signed by itself."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("tacit.test")]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, private = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return chain, private


def test_the_whole_way_over_tls(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    chain, key = certificate
    with running_server(tmp_path, "--tls-cert", str(chain), "--tls-key", str(key)) as server:
        client = Client(server.origin, "ann@example.org", verify=str(chain))
        client.sign_up()
        client.log_in()
        assert client.ask("GET", Route.ACCOUNT, wire.Account).workspaces == []
        client.log_in(client.statement(origin=f"https://tacit.test:{server.port}"))
        with pytest.raises(Refused):
            client.log_in(client.statement(origin=f"http://127.0.0.1:{server.port}"))
        client.close()


@pytest.mark.hostile
def test_no_old_tls(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    chain, key = certificate
    with running_server(tmp_path, "--tls-cert", str(chain), "--tls-key", str(key)) as server:
        context = ssl.create_default_context(cafile=str(chain))
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        with pytest.warns(DeprecationWarning):
            context.maximum_version = ssl.TLSVersion.TLSv1_1
        with (
            socket.create_connection(("127.0.0.1", server.port), 30) as plain,
            pytest.raises((ssl.SSLError, OSError)),
        ):
            context.wrap_socket(plain, server_hostname="127.0.0.1")


@pytest.mark.hostile
def test_who_never_begins_tls_is_dropped(certificate: tuple[Path, Path], tmp_path: Path) -> None:
    chain, key = certificate
    options = ("--tls-cert", str(chain), "--tls-key", str(key), "--patience", "0.3")
    with (
        running_server(tmp_path, *options) as server,
        socket.create_connection(("127.0.0.1", server.port), 20) as connection,
    ):
        assert connection.recv(1) == b""


@pytest.mark.hostile
@pytest.mark.parametrize(
    "options",
    [
        ["--listen", "0.0.0.0:0"],
        ["--listen", "[::]:0"],
        ["--listen", "0.0.0.0:0", "--behind-proxy"],
        ["--listen", "nonsense"],
        ["--listen", "127.0.0.1:0", "--tls-cert", "x"],
        ["--listen", "127.0.0.1:0", "--signup", "code"],
        ["--listen", "127.0.0.1:0", "--origin", "https://a/b"],
    ],
)
def test_it_does_not_listen(tmp_path: Path, options: list[str]) -> None:
    ended = run("serve", "--data", str(tmp_path / "data"), *options)
    assert ended.returncode == 1
    assert ended.stderr.startswith("tacit server: ")
    assert ended.stdout == ""


def test_one_server_a_folder(tmp_path: Path) -> None:
    with running_server(tmp_path) as server:
        second = run("serve", "--data", str(server.data), "--listen", "127.0.0.1:0")
        assert second.returncode == 1
        assert "another server" in second.stderr


def test_the_port_file(tmp_path: Path) -> None:
    with running_server(tmp_path, "--port-file", str(tmp_path / "port")) as server:
        assert int((tmp_path / "port").read_text()) == server.port


def test_behind_a_proxy_the_named_origin_counts(tmp_path: Path) -> None:
    options = ("--behind-proxy", "--origin", "https://crm.example.org")
    with running_server(tmp_path, *options) as server:
        client = Client(server.origin, "ann@example.org")
        client.sign_up()
        with pytest.raises(Refused):
            client.log_in()
        client.log_in(client.statement(origin="https://crm.example.org"))
        forwarded = {"x-forwarded-for": "203.0.113.7"}
        assert requests.get(server.origin + "/metrics", headers=forwarded, timeout=30).status_code == 404
        client.close()


def test_health_and_metrics(team: Team) -> None:
    assert team.ann.raw("GET", Route.HEALTH).text == "ok\n"
    team.ann.pull(team.world)
    text = team.ann.raw("GET", "/metrics").text
    assert 'tacit_requests_total{route="/v1/workspaces/{workspace}/pull",status="200"}' in text
    assert team.world.workspace.hex()[:8] not in text


@pytest.mark.hostile
@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /healthz HT",
        b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" + b"GET /healthz HTTP/1.1\r\nHost:",
    ],
)
def test_who_never_ends_is_dropped(impatient: RunningServer, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), 30) as connection:
        connection.sendall(sent)
        while connection.recv(65_536):
            pass


@pytest.mark.hostile
def test_a_body_that_never_ends(impatient: RunningServer) -> None:
    with socket.create_connection(("127.0.0.1", impatient.port), 30) as connection:
        head = f"POST {Route.CHALLENGE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n"
        connection.sendall(head.encode() + b"\x91")
        assert connection.recv(65_536).startswith(b"HTTP/1.1 408")


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with running_server(tmp_path_factory.mktemp("impatient"), "--patience", "0.3") as server:
        yield server


@pytest.mark.hostile
@pytest.mark.skipif(not hasattr(select, "poll"), reason="needs poll, to wait for a reset without reading")
def test_who_takes_nothing_is_dropped(impatient: RunningServer) -> None:
    team = found_team(impatient.origin)
    writer = team.start_log()
    team.ann.push(team.world, *writer.chain_of(team.world.ann.device, 4, size=1_000_000))
    token = base64.urlsafe_b64encode(team.ann.token).decode()
    path = team.ann.path(Route.PULL, team.world)
    head = (
        f"GET {path}?cursor=0 HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.connect(("127.0.0.1", impatient.port))
        connection.sendall(head * 4)
        poll = select.poll()
        poll.register(connection, 0)  # errors and the end only
        assert poll.poll(30_000)
    assert team.ann.pull(team.world).commits
    team.close()


def test_status_backup_and_a_server_from_the_backup(tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as server:
        team = found_team(server.origin)
        writer = team.start_log()
        status = run("status", "--data", str(server.data), "--json")
        seen = json.loads(status.stdout)
        assert seen["accounts"] == 1
        assert [(w["commits"], w["members"]) for w in seen["workspaces"]] == [(1, 1)]
        assert "workspaces" not in run("status", "--data", str(server.data)).stdout
        copy = tmp_path / "second" / "data"
        assert run("backup", "--data", str(server.data), "--to", str(copy)).returncode == 0
        team.ann.push(team.world, writer.make(team.world.ann.device))
        newest = team.ann.pull(team.world).cursor
        team.close()
    assert run("migrate", "--data", str(copy)).returncode == 0
    with running_server(tmp_path / "second") as server:
        team.ann = Client(server.origin, team.ann.handle)
        team.ann.log_in()
        assert team.ann.pull(team.world).cursor == newest - 1
        again = writer.make(team.world.ann.device)
        assert team.ann.push(team.world, again).placements[0].position == 2
        team.close()


def test_commands_on_no_folder(tmp_path: Path) -> None:
    for arguments in (["status"], ["migrate"], ["backup", "--to", str(tmp_path / "x")]):
        ended = run(*arguments, "--data", str(tmp_path / "none"))
        assert (ended.returncode, ended.stdout) == (1, "")


@pytest.mark.hostile
def test_what_went_wrong_is_told_without_values(tmp_path: Path) -> None:
    """A broken database: a plain 500 for the client, a trace for the operator, no statement's values in it."""
    with running_server(tmp_path) as server:
        client = Client(server.origin, "canary-handle@example.org")
        client.sign_up()
        with closing(sqlite3.connect(server.data / "server.db")) as connection, connection:
            connection.execute("ALTER TABLE accounts RENAME TO gone")
        with pytest.raises(Refused, check=lambda e: (e.status, e.code) == (500, ErrorCode.INTERNAL)):
            client.log_in()
        entries = [e for e in server.journal_entries() if e["event"] == "failed"]
        assert "no such table" in entries[0]["exception"]
        assert "canary-handle" not in server.journal.read_text()
        client.close()
