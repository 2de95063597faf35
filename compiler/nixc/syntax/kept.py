"""An entry that was read of a piece, to be taken over where the whole is read again."""

from __future__ import annotations

from collections.abc import Sequence

from nixc.records import dataclass
from nixc.syntax import nodes
from nixc.syntax.tokens import CLOSERS, END, Lexed, Token

#: What ends an entry, whatever it is.
_ENDS = frozenset(("NL", "COMMA", END, *CLOSERS))


@dataclass(frozen=True, eq=False)
class Kept:
    """An entry without a mistake; its tokens, as they stand in its piece, and all comments there:
    those above document it."""

    entry: nodes.Entry
    tokens: Sequence[Token]
    comments: Sequence[nodes.Comment]

    @property
    def start(self) -> int:
        return self.entry.span.start

    def stands_in(self, lexed: Lexed) -> bool:
        """Whether a source has its comments as such, and all its texts are closed."""
        span = self.entry.span
        comments = lexed.comments_at
        return all(one.span.start in comments for one in self.comments) and not any(
            span.start <= start < span.end for start in lexed.unclosed
        )

    def end(self, tokens: Sequence[Token], place: int) -> int:
        """The index behind its tokens, if these are what stands at `place`; else 0.

        What comes behind must end it, so that all of it would be read before that is looked at.
        """
        stop, offset = place + len(self.tokens), self.entry.span.base.offset
        if stop >= len(tokens) or tokens[stop].kind not in _ENDS:
            return 0
        same = all(
            own.kind == token.kind
            and own.start + offset == token.start
            and own.end + offset == token.end
            for own, token in zip(self.tokens, tokens[place:stop], strict=True)
        )
        return stop if same else 0
