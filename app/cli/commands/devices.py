"""devices, recovery, recover: computers of one's account, and the way back in with colleagues' help."""

from __future__ import annotations

import threading
from pathlib import Path

from app.cli.commands.beginning import checked_kit, write_kit
from app.cli.commands.parsing import Commands
from app.cli.context import Context
from app.cli.errors import NotFoundHere, UsageError
from app.cli.groups import pick_member
from app.cli.output import Json, pairs, table
from app.cli.prompts import confirm, read_new_password
from app.cli.shown import moment
from app.desk import Desk, emergency_kit
from app.desk.adding import show_transfer
from app.desk.devices import Computer, computers, preview_revocation
from app.desk.errors import DidNotFinish
from app.desk.regaining import Regaining
from app.desk.revocation import prepare_revocation, revoke_under_present_keys
from sync_client import Offline
from vault.keys import Kit
from vault.recovery import Asked, NotEnough

LOOK_SECONDS = 3.0


def add(commands: Commands) -> None:
    devices = commands.group("devices", "the computers of your account")
    devices.add("list", run_list, "which there are")
    devices.add(
        "add",
        run_add,
        "the code, and the words, for a new computer",
        "Show the code, and the words, for a new computer, for a quarter of an hour. There: tacit sign-in "
        "--from-computer. With it and your password somebody can be you.",
    )
    revoke = devices.add(
        "revoke",
        run_revoke,
        "a computer that is lost",
        "Revoke a computer: it cannot sign in, write, or read what is written from now on. You get a new Secret Key; "
        "the new Emergency Kit is written first. Your other computers ask for it: tacit password --new-kit.",
    )
    revoke.add_argument("device", metavar="DEVICE", help="its name, as `devices list` prints it")
    revoke.add_argument("--kit", type=Path, required=True, metavar="FILE.pdf|.txt", help="for the new Kit")
    revoke.add_argument("--yes", action="store_true", help="do not ask")

    recovery = commands.group("recovery", "getting back in with colleagues' help")
    recovery.add("status", run_status, "whom you have named, who asks, and whether it would work")
    enrol = recovery.add("enrol", run_enrol, "name colleagues who can help you back in")
    enrol.add_argument("--with", dest="trustees", action="append", required=True, metavar="MEMBER")
    enrol.add_argument("--needed", type=int, default=2, metavar="K", help="how many have to help together")
    recovery.add("stop", run_stop, "nobody can help you back in any more")
    helping = recovery.add(
        "help",
        run_help,
        "give your part to a colleague who asks",
        "Give your part to a colleague who asks. Phone her, and type the code that stands on her screen: without it "
        "you might let a stranger in.",
    )
    helping.add_argument("member", metavar="MEMBER")
    helping.add_argument("--code", required=True, metavar="DIGITS", help="as she reads it out, thirty digits")

    regain = commands.add(
        "recover",
        run_recover,
        "get back in with colleagues' help, on a new computer",
        "Get back in with colleagues' help. Prints a code to compare by voice, and waits until enough of them have "
        "helped. Then a new password is asked for, and the new Emergency Kit is written before anything changes.",
    )
    regain.add_argument("--server", required=True, metavar="URL")
    regain.add_argument("--handle", required=True, metavar="H")
    regain.add_argument("--kit", type=Path, required=True, metavar="FILE.pdf|.txt", help="for the new Kit")
    regain.add_argument("--wait", type=int, default=3_600, metavar="SECONDS", help="for your colleagues")
    regain.add_argument(
        "--keep-devices", action="store_true", help="do not revoke the computers that the account has"
    )
    regain.add_argument("--new-password-fd", type=int, metavar="N")


def run_list(context: Context) -> None:
    with context.desk() as desk:
        found = computers(desk)
    listed: list[Json] = [
        {
            "id": one.id.hex(),
            "name": one.name,
            "added": moment(one.added),
            "this": one.is_this,
            "revoked": one.revoked,
        }
        for one in found
    ]
    rows = [(one.name, moment(one.added), _mark(one)) for one in found]
    context.out.result({"devices": listed}, table(("name", "added", ""), rows))


def _mark(one: Computer) -> str:
    return "this computer" if one.is_this else "revoked" if one.revoked else ""


def run_add(context: Context) -> None:
    with context.desk() as desk:
        key = context.secret_key(desk.profile.id)
        code = show_transfer(desk, context.password(), key, context.out.progress)
    words = f"{code.text()}\n\nOr in words:\n{code.words()}\n\nIt works for a quarter of an hour."
    context.out.result({"code": code.text(), "words": code.words()}, words)


def run_revoke(context: Context) -> None:
    kit_file = checked_kit(context.path("kit"))
    assert kit_file is not None
    with context.desk() as desk:
        desk.sync_once()
        chosen = _picked(desk, context.text("device"))
        words = "\n".join(preview_revocation(desk, [chosen.id]).sentences)
        context.out.say(words)
        if not context.flag("yes") and not confirm(f"Revoke {chosen.name}?"):
            context.out.result({"revoked": ""}, "Nothing was done.")
            return
        key = context.secret_key(desk.profile.id)
        prepared = prepare_revocation(desk, [chosen.id], context.password(), key, context.out.progress)
        write_kit(kit_file, emergency_kit(desk, prepared.secret_key))  # before anything depends on it
        prepared.send(context.keychain(desk.profile.id), context.out.progress)
    answer: dict[str, Json] = {"revoked": chosen.name, "kit": str(kit_file)}
    context.out.result(answer, f"{chosen.name} is revoked. The new Emergency Kit is in {kit_file}.")


def _picked(desk: Desk, text: str) -> Computer:
    wanted = text.strip().casefold()
    for one in computers(desk):
        if wanted in (one.name.casefold(), one.id.hex(), one.name.casefold().removeprefix("device ")):
            if one.is_this or one.revoked:
                raise UsageError("Not this computer, and not one that is revoked already.")
            return one
    raise NotFoundHere(f"There is no computer “{text}”. `tacit devices list` prints them.")


def run_status(context: Context) -> None:
    with context.desk() as desk:
        desk.sync_once()
        desk.recovery.look()
        status = desk.recovery.status()
        asked, held = desk.recovery.asked(), desk.recovery.held()
        requests: list[Json] = [_request(desk, one) for one in asked]
        parts: list[Json] = [{"member": desk.name("member", one.member), "sound": one.sound} for one in held]
        rows = [
            ("set up", f"any {status.threshold} of {len(status.trustees)}" if status.enrolled else "no"),
            *((one.name, one.problem or "part serves") for one in status.trustees),
            *((f"{use.name} gave a part", f"entry {use.position} of the roster") for use in status.uses),
            *(("you hold a part for", desk.name("member", one.member)) for one in held),
            *((f"{desk.name('member', one.member)} asks", one.code) for one in asked),
        ]
    trustees: list[Json] = [{"name": one.name, "problem": one.problem} for one in status.trustees]
    answer: dict[str, Json] = {
        "needed": status.threshold,
        "trustees": trustees,
        "renew": status.needs_renewal,
        "requests": requests,
        "held": parts,
    }
    if status.needs_renewal:
        rows.append(("to do", "set it up again: keys have changed"))
    context.out.result(answer, pairs(rows))


def _request(desk: Desk, one: Asked) -> dict[str, Json]:
    return {
        "member": desk.name("member", one.member),
        "code": one.code,
        "given": one.releases,
        "needed": one.needed,
        "mine": one.mine,
        "helped": one.released,
    }


def run_enrol(context: Context) -> None:
    with context.desk() as desk:
        desk.sync_once()
        chosen = [pick_member(desk.team(), name).id for name in context.texts("trustees")]
        needed = context.number("needed") or 2
        key = context.secret_key(desk.profile.id)
        desk.recovery.enrol(context.password(), key, needed, chosen, context.out.progress)
    context.out.result({"needed": needed, "of": len(chosen)}, f"Any {needed} of them can help you back in.")


def run_stop(context: Context) -> None:
    with context.desk() as desk:
        desk.sync_once()
        desk.recovery.withdraw(context.password(), context.secret_key(desk.profile.id), context.out.progress)
    context.out.result({"needed": 0}, "Nobody can help you back in any more.")


def run_help(context: Context) -> None:
    typed = "".join(character for character in context.text("code") if character.isdigit())
    with context.desk() as desk:
        desk.sync_once()
        desk.recovery.look()
        member = pick_member(desk.team(), context.text("member"))
        about = [one for one in desk.recovery.asked() if one.member == member.id and not one.mine]
        fitting = [one for one in about if one.code.replace(" ", "") == typed]
        if not about:
            raise NotFoundHere(f"{member.name} has not asked, or has not named you.")
        if not fitting:
            raise UsageError(
                "No request has this code. If it stands so on the other screen, somebody stands between you: do not "
                "help, and tell your admin."
            )
        desk.recovery.help(fitting[0], context.out.progress)
    context.out.result({"helped": member.name}, f"Your part is on its way to {member.name}.")


def run_recover(context: Context) -> None:
    kit_file = checked_kit(context.path("kit"))
    assert kit_file is not None
    place = context.place()
    regaining = Regaining(context.text("server"), context.text("handle"), place)
    context.out.say(f"Read this code to your colleagues, on the phone:\n  {regaining.ask()}")
    _wait_for(context, regaining)
    keys = regaining.choose(read_new_password(context.number("new_password_fd"), twice=True))
    write_kit(kit_file, keys.kit)  # before anything is changed
    new = regaining.enter(keys, context.out.progress, start=False)
    try:
        _settled(context, regaining, new.desk, kit_file, new.kit)
    finally:
        new.desk.lock()


def _wait_for(context: Context, regaining: Regaining) -> None:
    pause = threading.Event()
    told = 0
    for _ in range(max(1, int((context.number("wait") or 0) / LOOK_SECONDS))):
        try:
            answers = regaining.look()
        except (Offline, NotEnough):
            pause.wait(LOOK_SECONDS)
            continue
        if answers.ready:
            return
        if answers.given > told:
            told = answers.given
            context.out.say(f"{answers.given} of {answers.needed} have helped.")
        pause.wait(LOOK_SECONDS)
    raise DidNotFinish(
        "Not enough colleagues have helped in time. Run it again: there is a new code each time."
    )


def _settled(context: Context, regaining: Regaining, desk: Desk, kit_file: Path, kit: Kit) -> None:
    desk.sync_once()
    lost = [] if context.flag("keep_devices") else list(regaining.other_computers)
    if lost:
        revoke_under_present_keys(desk, lost, context.place().keychain, context.out.progress)
    answer: dict[str, Json] = {
        "profile": str(desk.profile.folder),
        "handle": desk.profile.handle,
        "kit": str(kit_file),
        "revoked": len(lost),
        "workspace_check": kit.check_code,
    }
    words = (
        f"You are in again. The new Emergency Kit is in {kit_file}; {len(lost)} old computers are revoked."
    )
    context.out.result(answer, words)
