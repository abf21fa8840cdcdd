# SPDX-License-Identifier: Apache-2.0
"""What each part of a comment means: by the vocabulary, by the shelf, and numbers by their neighbours."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from .atoms import Atom
from .grammar import Role, Vocabulary, Word
from .shelf import Places, Shelf

Kind = (
    Role
    | Literal[
        "code",
        "option",
        "name",
        "units",
        "number",
        "one",
        "plus",
        "unknown",
        "figure",
        "mention",
        "not_offered",
        "stop",
    ]
)

STOPS = frozenset(",;.!")
MOST_AFTER = 10
"""Units before a plus (`2+`): more is an age."""


@dataclass(frozen=True, slots=True)
class Token:
    """`units` are counted in so many words (`x2`, `2 pcs`), a `number` may be, `one` is often just a word.

    A `code` with a number is one of digits only.
    """

    kind: Kind
    number: int = 0
    places: Places = frozenset()
    option: str = ""
    is_vague: bool = False
    """A verb that needs to be told what or how many: `send`, `order`, where `mine` says it all."""


class Tokens:
    """One walk over the atoms, from left to right; each step takes at least one."""

    def __init__(self, atoms: Sequence[Atom], vocabulary: Vocabulary, shelf: Shelf, most: int) -> None:
        self.atoms = atoms
        self.vocabulary = vocabulary
        self.shelf = shelf
        self.most = most
        self.found: list[Token] = []
        self.at = 0

    def walk(self) -> list[Token]:
        while self.at < len(self.atoms):
            self.at += self._step(self.atoms[self.at])
        return self.found

    def _step(self, atom: Atom) -> int:
        if atom.kind in ("figure", "mention", "end"):
            self._put(Token("stop" if atom.kind == "end" else atom.kind))
            return 1
        if taken := self._code():
            return taken
        if atom.kind == "sign" and (taken := self._sign(atom.text)):
            return taken
        if atom.text == "x" and (number := self._number_at(self.at + 1)):
            self._put(Token("units", number))
            return 2
        if atom.text == "s" and atom.is_glued and self._before() in ("option", "code"):
            return 1  # the 40s
        length, word = self.vocabulary.words.longest(self.atoms, self.at)
        tagged, tag = self.shelf.labels.longest(self.atoms, self.at)
        if (
            tag
            and (tagged > length or (tag.kind == "option" and tagged == length))
            and not self._is_counted(tagged)
        ):
            self._put(Token(tag.kind, places=tag.places, option=tag.option))
            return tagged
        if word and word.role == "number":
            return self._number(word.number, length)
        if word:
            self._put(self._meant(word))
            return length
        if atom.kind == "number":
            return self._number(int(atom.text), 1)
        return self._glued(atom) or self._unknown(atom)

    def _put(self, token: Token) -> None:
        self.found.append(token)

    def _before(self) -> Kind | None:
        return self.found[-1].kind if self.found else None

    def _is_there(self, at: int, *signs: str) -> bool:
        return 0 <= at < len(self.atoms) and self.atoms[at].text in signs

    def _number_at(self, at: int) -> int:
        if at < len(self.atoms) and self.atoms[at].kind == "number":
            return int(self.atoms[at].text)
        return 0

    def _role_at(self, at: int) -> str:
        if at >= len(self.atoms):
            return ""
        word = self.vocabulary.words.longest(self.atoms, at)[1]
        return word.role if word else ""

    def _code(self) -> int:
        """A code with a letter in it. `a 12` is A12 where that is sold, but `a 12 pack` may be no code."""
        length, tag = self.shelf.codes.longest(self.atoms, self.at)
        if not tag:
            return 0
        after = self.at + length
        is_in_one = all(atom.is_glued for atom in self.atoms[self.at + 1 : after])
        if not is_in_one and self._role_at(after) == "counter":
            self._put(Token("unknown"))
            return length
        if self._is_there(after, "-") and self.atoms[after].is_glued and self._number_at(after + 1):
            return 0  # A1-2 may be another code
        if self.vocabulary.words.longest(self.atoms, self.at)[0] > length:
            return 0
        self._put(Token("code", places=tag.places))
        return length

    def _sign(self, sign: str) -> int:
        if sign == "+":
            return self._plus()
        if sign == "?":
            self._put(Token("question"))
        elif sign == "&":
            self._put(Token("and"))
        elif sign == "/":
            self._put(Token("or"))
        elif sign == "#":
            self._put(Token("code_word"))
        elif sign == "%" or unicodedata.category(sign) == "Sc":
            self._put(Token("figure"))
        elif sign == "=":
            return self._equals()
        elif sign == "*" and (number := self._number_at(self.at + 1)):
            self._put(Token("units", number))
            return 2
        elif sign in STOPS:
            self._put(Token("stop"))
        elif sign == "-" and self._before() in ("number", "one", "units"):
            self._put(Token("figure"))  # a score, a span
        return 1

    def _plus(self) -> int:
        after = self.at + 1
        while self._is_there(after, "+"):
            after += 1
        number = self._number_at(after)
        last = self.found[-1] if self.found else None
        if last and last.kind in ("number", "one") and (number or not self.vocabulary.habit.is_plus_after):
            code = self.shelf.by_number.get(last.number)
            self.found[-1] = Token("code", last.number, code) if code else Token("figure")
            last = self.found[-1]
        if last and last.kind == "number" and not number and last.number <= MOST_AFTER:
            self.found[-1] = Token("plus", last.number)
        elif number:
            self._put(Token("plus", number))
        else:
            self._put(Token("unknown"))
        return after - self.at + (1 if number else 0)

    def _equals(self) -> int:
        number = self._number_at(self.at + 1)
        if number and self._before() == "code":
            self._put(Token("units", number))
            return 2
        self._put(Token("figure"))
        return 1

    def _is_counted(self, length: int) -> bool:
        """Do `length` atoms from here read as a number with a counter behind: 39 pairs, not size 39?"""
        return (
            length == 1 and self.atoms[self.at].kind == "number" and self._role_at(self.at + 1) == "counter"
        )

    def _number(self, number: int, length: int) -> int:
        after = self.at + length
        if self._is_there(after, "x", "*") and not self._number_at(after + 1):
            self._put(Token("units", number))
            return length + 1
        self._put(self._weighed(number, self._before(), self._role_at(after)))
        return length

    def _weighed(self, number: int, before: Kind | None, behind: str) -> Token:
        """What a number is, by what stands before and behind it."""
        option = str(number) if str(number) in self.shelf.dimensions else ""
        code = self.shelf.by_number.get(number, frozenset())
        if behind == "counter" or (before == "counter" and number == 1):
            return Token("units", number)  # the one may stand behind, as in `حبة وحدة`
        if behind == "measure" or number == 0:
            return Token("figure")
        if "size_word" in (before, behind):
            return Token("option", option=option) if option else Token("not_offered")
        if before == "code_word" or behind == "code_word_after" or (before == "claim" and (code or option)):
            return _either(number, code, option)
        if option:
            return Token("option", option=option)
        if number > self.most and code:
            return Token("code", number, code)
        is_word = self.atoms[self.at].kind != "number"
        return Token("one" if is_word and number == 1 else "number", number)

    def _meant(self, word: Word) -> Token:
        if word.role == "option":
            is_here = word.option in self.shelf.dimensions
            return Token("option", option=word.option) if is_here else Token("not_offered")
        if word.role == "size_word" and self._before() == "option":
            return Token("filler")  # `L size`: it has had its size
        if word.role == "measure" and self._before() != "figure":
            return Token("unknown")  # a unit of time or money that measures nothing
        if word.role in ("claim_what", "want_what"):
            return Token("claim" if word.role == "claim_what" else "want", is_vague=True)
        return Token(word.role, word.number)

    def _glued(self, atom: Atom) -> int:
        """`cfb3`: a claim and a code in one."""
        for claim in self.vocabulary.habit.glued:
            rest = atom.bare.removeprefix(claim)
            if atom.kind == "word" and rest and rest != atom.bare:
                atoms = [Atom(rest, "word", rest), *self.atoms[self.at + 1 : self.at + 6]]
                length, tag = self.shelf.codes.longest(atoms, 0)
                if tag and all(one.is_glued for one in atoms[1:length]):
                    self.found += [Token("claim"), Token("code", places=tag.places)]
                    return length
        return 0

    def _unknown(self, atom: Atom) -> int:
        if atom.kind == "sign":
            return 1
        self._put(Token("unknown"))
        return 1


def _either(number: int, code: Places, option: str) -> Token:
    if code:
        return Token("code", number, code)
    return Token("option", option=option) if option else Token("not_offered")
