"""init, join, sign-in, kit, profiles: how a profile begins, and what is needed to begin again elsewhere."""

from __future__ import annotations

from pathlib import Path

from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import FileProblem, UsageError
from app.cli.output import Json, table
from app.cli.prompts import read_line, read_secret_key
from app.cli.shown import moment
from app.cli.syncing import synchronise
from app.desk import (
    AcceptInvitation,
    MakeWorkspace,
    NewDesk,
    SignIn,
    accept_invitation,
    emergency_kit,
    make_workspace,
    read_invitation,
    sign_in_with_kit,
)
from sync_client import Offline
from vault.keys import Kit, SecretKey
from vault.keys.transfer import SCHEME, TransferCode, TransferSecret, parse_transfer_words
from vault.profile import FileKeychain, list_profiles
from vault.profile.disk import write_atomically


def add(commands: Commands) -> None:
    init = commands.add("init", run_init, "make an account and a workspace, with you as its owner")
    init.add_argument("--server", required=True, metavar="URL")
    init.add_argument("--handle", required=True, metavar="H", help="your login name on the server")
    init.add_argument("--name", required=True, metavar="N", help="your name, as your colleagues read it")
    init.add_argument("--workspace", required=True, metavar="W", help="the name of the workspace")
    init.add_argument("--group", default="Everyone", metavar="G", help="the name of the first group")
    init.add_argument("--signup-code", default="", metavar="C", help="where the server asks for one")
    _kit_option(init.add_argument)

    join = commands.add("join", run_join, "accept an invitation")
    join.add_argument(
        "link", metavar="LINK", help="the tacit: link or its code; - reads it from standard input"
    )
    join.add_argument("--handle", required=True, metavar="H", help="your login name on the server")
    join.add_argument("--name", default="", metavar="N", help="your name, as your colleagues read it")
    _kit_option(join.add_argument)

    sign_in = commands.add(
        "sign-in",
        run_sign_in,
        "use this computer too, with the Emergency Kit",
        "Use this computer too. The Secret Key is asked for, or comes from --secret-key-file; --kit-code asks for the "
        "code of the Emergency Kit instead, which has server, login name and Secret Key in it.",
    )
    sign_in.add_argument("--server", default="", metavar="URL")
    sign_in.add_argument("--handle", default="", metavar="H")
    sign_in.add_argument("--kit-code", action="store_true", help="ask for the Kit's code (or pipe it in)")
    sign_in.add_argument(
        "--from-computer",
        action="store_true",
        help="ask for the code, or the twenty-four words, that another computer shows (`tacit devices add`)",
    )

    kit = commands.add("kit", run_kit, "write the Emergency Kit to a new file")
    kit.add_argument("file", type=Path, metavar="FILE.pdf|.txt")

    commands.add("profiles", run_profiles, "list the profiles on this computer")


def _kit_option(add_argument: object) -> None:
    assert callable(add_argument)
    add_argument("--kit", type=Path, metavar="FILE.pdf|.txt", help="write the Emergency Kit to this new file")


def run_init(context: Context) -> None:
    kit_file = checked_kit(context.path("kit"))
    place = context.place()
    _not_taken(context)
    wanted = MakeWorkspace(
        context.text("server"),
        context.text("handle"),
        context.password(new=True),
        context.text("workspace"),
        context.text("name"),
        context.text("signup_code"),
        context.text("group"),
    )
    _begun(context, make_workspace(wanted, place, context.out.progress), kit_file, "The workspace is made.")


def run_join(context: Context) -> None:
    kit_file = checked_kit(context.path("kit"))
    place = context.place()
    _not_taken(context)
    typed = context.text("link")
    link = read_invitation(read_line("Invitation") if typed == "-" else typed)
    wanted = AcceptInvitation(link, context.text("handle"), context.password(new=True), context.text("name"))
    new = accept_invitation(wanted, place, context.out.progress)
    _begun(
        context,
        new,
        kit_file,
        "You have joined. An admin's Tacit has to confirm you: `tacit sync --until-member 60`.",
    )


def run_sign_in(context: Context) -> None:
    place = context.place()
    server, handle = context.text("server"), context.text("handle")
    kit: Kit | None = None
    transfer: TransferSecret | None = None
    if context.flag("from_computer"):
        server, handle, key, kit, transfer = _shown_elsewhere(server, handle)
    elif context.flag("kit_code"):
        kit = Kit.parse(read_line("Code of the Emergency Kit"))
        account = kit.account
        server, handle, key = account.server, account.handle, account.secret_key
    else:
        if not server or not handle:
            raise UsageError("Name --server and --handle, or use --kit-code.")
        key = _known_key(context)
    wanted = SignIn(server, handle, key, context.password(), kit, transfer, ask_code=context.code)
    new = sign_in_with_kit(wanted, place, context.out.progress)
    _begun(context, new, None, "This computer is signed in.", offer_kit=False)


def _shown_elsewhere(server: str, handle: str) -> tuple[str, str, SecretKey, Kit | None, TransferSecret]:
    """From the code; or from the words, which do not hold server and handle. Raises UsageError, KeysError."""
    typed = read_line("Code or words of the other computer")
    if typed.strip().casefold().startswith(SCHEME.casefold()):
        code = TransferCode.parse(typed)
        account = code.kit.account
        return account.server, account.handle, account.secret_key, code.kit, code.secret
    if not server or not handle:
        raise UsageError("The words hold neither server nor login handle: name --server and --handle.")
    key, secret = parse_transfer_words(typed)
    return server, handle, key, None, secret


def run_kit(context: Context) -> None:
    kit_file = checked_kit(context.path("file"))
    assert kit_file is not None
    with context.desk() as desk:
        write_kit(kit_file, emergency_kit(desk, context.secret_key(desk.profile.id)))
    answer: dict[str, Json] = {"kit": str(kit_file)}
    context.out.result(answer, f"The Emergency Kit is in {kit_file}. Print it, then delete the file.")


def run_profiles(context: Context) -> None:
    found = list_profiles()
    listed: list[Json] = []
    rows: list[tuple[str, str, str, str]] = []
    for one in found:
        entry: dict[str, Json] = {"folder": str(one.folder)}
        words = ("", "", one.error.title if one.error else "")
        if one.manifest is not None:
            made = moment(one.manifest.created)
            entry.update(handle=one.manifest.handle, server=one.manifest.server, created=made)
            words = (one.manifest.handle, one.manifest.server, made)
        if one.error is not None:
            entry["error"] = one.error.title
        listed.append(entry)
        rows.append((*words, str(one.folder)))
    context.out.result({"profiles": listed}, table(("handle", "server", "made", "folder"), rows))


def _begun(
    context: Context, new: NewDesk, kit_file: Path | None, words: str, *, offer_kit: bool = True
) -> None:
    """Write the Kit, bring the new desk in step as far as it goes, tell about it."""
    desk = new.desk
    try:
        if kit_file is not None:
            write_kit(kit_file, new.kit)
        desk.stop_sync()
        if desk.is_member:
            try:
                synchronise(context, desk)
            except Offline as error:
                context.out.say(f"{error.title}: `tacit sync` goes on when the server is back.")
        answer: dict[str, Json] = {
            "profile": str(desk.profile.folder),
            "handle": desk.profile.handle,
            "server": desk.profile.server,
            "workspace": desk.workspace_name if desk.is_member else "",
            "member": desk.is_member,
            "id": desk.me.hex(),
        }
        if kit_file is not None:
            answer["kit"] = str(kit_file)
    finally:
        desk.lock()
    lines = [words, f"Profile: {answer['profile']}"]
    if kit_file is not None:
        lines.append(f"Emergency Kit: {kit_file}. Print it, then delete the file.")
    elif offer_kit:
        lines.append(
            "Without an Emergency Kit nobody can help you when this computer is lost: `tacit kit FILE.pdf`."
        )
    context.out.result(answer, "\n".join(lines))


def _known_key(context: Context) -> SecretKey:
    """From the file that is named, where it exists; else asked for."""
    named = context.path("secret_key_file")
    if named is not None and named.exists():
        return FileKeychain(named).load("")
    return read_secret_key()


def _not_taken(context: Context) -> None:
    """A new account has a new Secret Key: never write it over another one."""
    named = context.path("secret_key_file")
    if named is not None and named.exists():
        raise FileProblem(
            f"{named} exists already and may hold the Secret Key of another profile. Name a new file."
        )


def checked_kit(path: Path | None) -> Path | None:
    """Before anything is made: would the Kit find its place? Raises UsageError, FileProblem."""
    if path is None:
        return None
    if path.suffix.lower() not in (".pdf", ".txt"):
        raise UsageError("The Emergency Kit is written as .pdf or as .txt.")
    if path.exists():
        raise FileProblem(f"{path} exists already.")
    if not path.absolute().parent.is_dir():
        raise FileProblem(f"There is no folder {path.absolute().parent}.")
    return path


def write_kit(path: Path, kit: Kit) -> None:
    """Readable by its owner alone."""
    from vault.keys.kit_pdf import (
        render,
    )  # here, since reading fonts costs every other command a quarter of a second

    write_atomically(path, render(kit) if path.suffix.lower() == ".pdf" else kit.text().encode("utf-8"))
