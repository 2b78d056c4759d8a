"""Showing what somebody wrote asks no network for anything (A08), and no markup in it is markup (A41)."""

from __future__ import annotations

import ast
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QLabel, QToolTip
from pytestqt.qtbot import QtBot

from app.crm.schema import SCHEMA
from app.desktop.widgets import Label
from app.desktop.widgets.plain_tips import PlainTips, plain_tip
from protocol import wire
from protocol.operations import Put, Value
from tests.support.desks import World
from tests.support.lies import forged
from vault.schema import FieldKind
from vault.store import Query

pytestmark = [pytest.mark.hostile]

ROOT = Path(__file__).resolve().parents[2]
NETWORK = {"socket", "ssl", "http", "urllib.request", "requests", "urllib3", "ftplib", "smtplib", "asyncio"}
QT_NETWORK = {"QNetworkAccessManager", "QTcpSocket", "QSslSocket", "QUdpSocket", "QWebSocket"}
MARKUP = '<img src="//198.51.100.7/share/x.png"><a href="https://198.51.100.7/">x</a>'


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    asked: list[object] = []

    def denied(*arguments: object, **named: object) -> None:
        asked.append(arguments)
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", denied)
    monkeypatch.setattr(socket, "getaddrinfo", denied)
    yield asked


@pytest.mark.A08
def test_A08_records_with_addresses_in_every_field_are_read_without_a_network(
    world: World, no_network: list[object]
) -> None:
    url = "https://198.51.100.7/leak?secret="
    world.ann.add("person", name="Zoe")
    world.ann.sync()
    ben = world.member("ben")
    for kind in ("person", "deal"):
        fields: dict[str, Value] = {"websites/1": {"value": url, "label": url}, "photo": url}
        fields |= {field.name: url for field in SCHEMA.by_name[kind].fields if field.kind is FieldKind.TEXT}
        log = ben.home(SCHEMA.by_name["person"].compartment)
        ben.pull()
        world.relay.push(
            wire.Push([forged(ben, log, operations=[Put(kind, kind[0].encode() * 16, fields, 0)])], [])
        )
    world.ann.pull()
    for kind in ("person", "deal"):
        for record in world.ann.vault.records.each(Query(kind)):
            world.ann.vault.records.titles([record.key.ref])
            world.ann.vault.history.conflicts(record.key)
    world.ann.vault.search.search("198", full=True)
    assert no_network == []


@pytest.mark.A08
def test_A08_the_screens_import_nothing_that_fetches() -> None:
    """In `app/crm` and `app/desktop` nothing opens a connection; the window's one socket is a local one."""
    for path in [*(ROOT / "app/crm").rglob("*.py"), *(ROOT / "app/desktop").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                assert not {alias.name for alias in node.names} & NETWORK, path
            elif isinstance(node, ast.ImportFrom):
                assert node.module not in NETWORK, path
                assert "WebEngine" not in (node.module or ""), path
                assert not {alias.name for alias in node.names} & QT_NETWORK, path


@pytest.mark.A41
@pytest.mark.A08
def test_A41_tooltips_and_labels_show_markup_as_text(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda at, text, *rest: shown.append(text))
    tips = PlainTips(qapp)
    qapp.installEventFilter(tips)
    try:
        widget = QLabel("x")
        qtbot.addWidget(widget)
        widget.setToolTip(MARKUP)
        event = QHelpEvent(QEvent.Type.ToolTip, QPoint(1, 1), QPoint(1, 1))
        assert qapp.sendEvent(widget, event)
    finally:
        qapp.removeEventFilter(tips)
    assert len(shown) == 1 and "<img" not in shown[0] and "&lt;img" in shown[0]
    assert "<img" not in plain_tip(MARKUP) and plain_tip("1 < 2\nplain") == "1 < 2\nplain"
    label = Label(MARKUP)
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
