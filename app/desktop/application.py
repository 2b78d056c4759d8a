"""The Qt application: its name, look, settings, one instance for each profile, and what happens to defects."""

from __future__ import annotations

import hashlib
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QObject, QSettings, QThreadPool, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QMessageBox

from app.desktop.garbage import Garbage
from app.desktop.pages.start import Mark
from app.desktop.shell import saved_mode
from app.desktop.theme import theme
from app.desktop.widgets.plain_tips import PlainTips
from vault.profile import home, make_private_folder

SETTINGS_NAME = "desktop.ini"
_CONNECT_MS = 300


def make_application(arguments: list[str]) -> QApplication:
    """The one QApplication of the process, with Tacit's look."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(arguments)
    app.setApplicationName("Tacit")
    app.setApplicationDisplayName("Tacit")
    app.setDesktopFileName("tacit")
    app.setQuitOnLastWindowClosed(False)
    pool = QThreadPool.globalInstance()  # its tasks wait for servers and disks, not for processors
    pool.setMaxThreadCount(max(8, pool.maxThreadCount()))
    if app.findChild(Garbage) is None:
        Garbage(app)
    theme().install(app, saved_mode(open_settings()))
    app.installEventFilter(PlainTips(app))
    app.setWindowIcon(Mark(64).grab())
    return app


def open_settings() -> QSettings:
    """What the window remembers; nothing of records, no secret. Beside the profiles."""
    folder = home()
    make_private_folder(folder)
    return QSettings(str(folder / SETTINGS_NAME), QSettings.Format.IniFormat)


class OneInstance(QObject):
    """The first process for a profile (or for none) keeps a local socket; a second one knocks and leaves."""

    knocked = Signal()

    def __init__(self, profile: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        what = f"{home().resolve()}\0{profile.resolve() if profile else ''}"
        self._name = f"tacit-{hashlib.sha256(what.encode()).hexdigest()[:24]}"
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._answer)

    def claim(self) -> bool:
        """Whether this is the first; the first is told (`knocked`) when it is not."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if socket.waitForConnected(_CONNECT_MS):
            socket.disconnectFromServer()
            return False
        QLocalServer.removeServer(self._name)  # of a process that died
        self._server.listen(self._name)
        return True

    def _answer(self) -> None:
        while self._server.hasPendingConnections():
            connection = self._server.nextPendingConnection()
            connection.deleteLater()
        self.knocked.emit()


Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]


def install_exception_hook(show: Callable[[str], None] | None = None) -> Hook:
    """Show defects in a plain dialog. What is written is where it happened, never an exception's text or values:
    those may hold what somebody typed. Gives the hook."""
    shown: list[bool] = []
    tell = show or _tell

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QCoreApplication.quit()
            return
        report = defect_report(kind, trace)
        sys.stderr.write(report)
        if not shown:  # one dialog at a time, however often a timer fails
            shown.append(True)
            try:
                tell(report)
            finally:
                shown.clear()

    sys.excepthook = hook
    return hook


def defect_report(kind: type[BaseException], trace: TracebackType | None) -> str:
    """Kind of the error, and files, lines and functions on the way to it."""
    frames = traceback.extract_tb(trace, limit=-24)
    lines = [f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([f"Tacit met an error of its own: {kind.__name__}", *lines, ""])


def _tell(report: str) -> None:
    box = QMessageBox(QApplication.activeWindow())
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle("Tacit")
    box.setText("Something went wrong inside Tacit.")
    box.setInformativeText(
        "What you wrote is safe: it is on the disk as soon as it shows. If it happens again, start Tacit anew and "
        "send the details below to whoever looks after it. They hold nothing of your records."
    )
    box.setDetailedText(report)
    box.exec()
