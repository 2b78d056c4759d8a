"""who-sees, move: who can see a record, and why; records to another group, another owner, or to one or two people."""

from __future__ import annotations

from app.cli.commands.parsing import Commands, no_sync_option
from app.cli.context import Context
from app.cli.errors import UsageError
from app.cli.groups import pick_group, pick_member
from app.cli.kinds import find_record
from app.cli.output import Json, table
from app.cli.syncing import after_edit
from app.desk import Desk, NotAllowed
from app.desk.moving import Destination, Moved, MovePlan
from protocol.ids import Level, MemberId
from sync_client import CancelToken
from vault.store import RecordKey


def add(commands: Commands) -> None:
    seeing = commands.add("who-sees", run_who_sees, "who can see a record, and why")
    seeing.add_argument("record", nargs="+", metavar="TYPE:ID", help="or TYPE ID")

    moving = commands.add(
        "move",
        run_move,
        "move records: to another group or owner, or out of sight of the others",
        "Move records, with the notes, tasks and files that hang on them. Says first who will see them and who will "
        "not any more; with --dry-run that is all.",
    )
    moving.add_argument("records", nargs="+", metavar="TYPE:ID")
    where = moving.add_mutually_exclusive_group(required=True)
    where.add_argument("--group", metavar="NAME", help="to this group")
    where.add_argument("--owner", metavar="NAME", help="to this member, in the same group")
    where.add_argument("--private", action="store_true", help="to a place of your own")
    where.add_argument("--with", dest="partner", metavar="NAME", help="to a place of yours and this member's")
    moving.add_argument("--dry-run", action="store_true", help="say what it would do, and do nothing")
    no_sync_option(moving)


def run_who_sees(context: Context) -> None:
    with context.desk() as desk:
        record = find_record(desk, ":".join(context.texts("record")))
        seers = desk.acts.sharing.who_sees(record.key)
        place = desk.place_words(record.key.log)
    people: list[Json] = [
        {
            "member": seer.member.hex(),
            "name": seer.name,
            "you": seer.is_me,
            "changes": seer.level is Level.WRITE,
            "reasons": list(seer.reasons),
            **({} if seer.margins is None else {"margins": seer.margins}),
        }
        for seer in seers
    ]
    rows = [
        (
            f"{seer.name} (you)" if seer.is_me else seer.name,
            "changes" if seer.level is Level.WRITE else "reads",
            {None: "", True: "yes", False: "no"}[seer.margins],
            "; ".join(seer.reasons),
        )
        for seer in seers
    ]
    answer: dict[str, Json] = {"id": record.key.ref, "place": place, "people": people}
    text = f"{record.title}: {place}\n\n" + table(("who", "may", "margins", "why"), rows)
    context.out.result(answer, text)


def run_move(context: Context) -> None:
    with context.desk() as desk:
        keys = [find_record(desk, text).key for text in context.texts("records")]
        if len({key.type for key in keys}) > 1:
            raise UsageError("Move records of one type at a time.")
        plan, partner, small = _plan(context, desk, keys)
        words = list(plan.sentences)
        answer: dict[str, Json] = {
            "words": [*words],
            "moved": 0,
            "kept": sum(len(one.keys) for one in plan.kept),
        }
        if context.flag("dry_run") or not plan.moves:
            if not plan.moves and not context.flag("dry_run"):
                raise NotAllowed(" ".join(words))
            context.out.result(answer, "\n".join(words))
            return
        done = desk.acts.sharing.share(keys, partner) if small else desk.acts.moving.perform(plan)
        synced = after_edit(context, desk)
        if synced.done:
            cancel = CancelToken()
            desk.attachments.carry_moved(cancel)
            desk.attachments.upload_waiting(cancel)
        now = [_now(desk, key) for key in done.keys]
        answer |= {"moved": len(done.keys), "records": [*now], **synced.answer()}
    context.out.result(answer, "\n".join([*words, *_arrived(done, now)]))


def _plan(context: Context, desk: Desk, keys: list[RecordKey]) -> tuple[MovePlan, MemberId | None, bool]:
    """What it would do; with whom it is shared; whether it goes to a place of one or two."""
    options = context.options
    if options.group is not None:
        group = pick_group(desk.team(), options.group)
        return desk.acts.moving.plan(keys, Destination(group=group.id)), None, False
    if options.owner is not None:
        member = pick_member(desk.team(), options.owner)
        return desk.acts.moving.plan(keys, Destination(owner=member.id)), None, False
    partner = None if options.partner is None else pick_member(desk.team(), options.partner).id
    if partner == desk.me:
        raise UsageError("Sharing with yourself is --private.")
    return desk.acts.sharing.plan(keys, partner), partner, True


def _now(desk: Desk, key: RecordKey) -> str:
    """The reference where it is now; "" while it has not arrived."""
    found = desk.acts.moving.now(key)
    return "" if found is None else found.ref


def _arrived(done: Moved, now: list[str]) -> list[str]:
    there = [ref for ref in now if ref]
    waiting = len(done.keys) - len(there)
    if waiting:
        there.append(f"{waiting} will be there when a desk that may put them there has been online.")
    return there
