"""How strong a password is, by zxcvbn, in its own words; no rules about digits and signs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from zxcvbn import zxcvbn

LEAST_SCORE = 2
"""Of 0 to 4. The Secret Key already stops guessing from afar; the password stops whoever has this computer."""
_READ = 72
"""Characters looked at: zxcvbn takes long on long texts, and what is longer than this is strong."""


@dataclass(frozen=True, slots=True)
class Strength:
    """`score` 0 to 4, None for nothing typed; `advice` is a sentence or empty."""

    score: int | None
    advice: str

    @property
    def enough(self) -> bool:
        return self.score is not None and self.score >= LEAST_SCORE


def strength_of(password: str, known: Sequence[str] = ()) -> Strength:
    """`known`: what a guesser would try first, such as handle, name and workspace."""
    if not password:
        return Strength(None, "")
    found = zxcvbn(password[:_READ], user_inputs=[word for word in known if word])
    feedback = found["feedback"]
    advice = feedback["warning"] or (feedback["suggestions"][0] if feedback["suggestions"] else "")
    return Strength(int(found["score"]), str(advice).strip())
