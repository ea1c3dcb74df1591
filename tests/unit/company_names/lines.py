"""The lines of `tests/cases/company_names`: read from the file, or made from a pool and its seed.

`python -m tests.unit.company_names.lines seen` prints what a pool gives, as the files hold it.
"""

import csv
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.unit.company_names.pools import SEEN, UNSEEN, Pool

FILES = Path(__file__).parents[2] / "cases" / "company_names"


@dataclass(frozen=True, slots=True)
class Line:
    """An organization, its right company (empty: it has none) and companies beside it."""

    kind: str
    organization: str
    company: str = ""
    identifier: str = ""
    others: str = ""  # "name [IDENTIFIER]; name [IDENTIFIER]"


def read(file: str) -> tuple[Line, ...]:
    """All lines of `seen` or `unseen`."""
    with (FILES / f"{file}.csv").open(encoding="utf-8", newline="") as text:
        return tuple(Line(**row) for row in csv.DictReader(text))


def made(pool: Pool) -> Iterator[Line]:
    """Every kind of difference, in turn, for each owner of the pool."""
    chance = Random(pool.seed)
    owners = pool.owners.split()
    chance.shuffle(owners)
    for number, owner in enumerate(owners):
        yield KINDS[number % len(KINDS)](owner, pool, chance)


def with_beside(line: Line, *others: str) -> Line:
    return Line(
        line.kind,
        line.organization,
        line.company,
        line.identifier,
        "; ".join(f"{name} [{identifier_of(name)}]" for name in others),
    )


def identifier_of(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())[:25]


def found(kind: str, organization: str, company: str, chance: Random) -> Line:
    """A line with a right company, whose identifier is made in one of the customary ways."""
    words = company.upper().split()
    identifiers = (identifier_of(company), identifier_of(words[0]), "".join(w[0] for w in words))
    return Line(kind, organization, company, identifier_of(chance.choice(identifiers)))


def legal_suffix(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.trades)[0]}"
    line = found("legal suffix", f"{name} {chance.choice(pool.legal_forms)}", name, chance)
    return with_beside(line, f"{owner[:4]}son {name.partition(' ')[2]}")


def punctuation(owner: str, pool: Pool, chance: Random) -> Line:
    other, trade = chance.choice(pool.surnames.split()), chance.choice(pool.trades)[0]
    organization, company = f"{owner}, {other} and Co {trade}", f"{owner} {other} & Co. {trade}"
    return found("punctuation", organization, company, chance)


def abbreviation(owner: str, pool: Pool, chance: Random) -> Line:
    long, short = chance.choice(pool.short_words)
    trade = chance.choice(pool.trades)[0]
    return found("abbreviation", f"{owner} {trade} {short}", f"{owner} {trade} {long}", chance)


def doing_business_as(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.trades)[0]}"
    legal = (
        f"{chance.choice(pool.surnames.split())} {chance.choice(pool.surnames.split())} Ventures"
    )
    return found("dba", name, f"{legal} dba {name}", chance)


def formerly(owner: str, pool: Pool, chance: Random) -> Line:
    trade = chance.choice(pool.trades)[0]
    now = f"{chance.choice(pool.surnames.split())} {trade} Advisory"
    return found("formerly", f"{owner} {trade}", f"{now} (formerly {owner} {trade})", chance)


def typo(owner: str, pool: Pool, chance: Random) -> Line:
    trade = chance.choice(pool.trades)[0]
    at = next(at for at in range(chance.randrange(2, 5), 9) if owner[at] != owner[at - 1])
    wrong = chance.choice(
        (
            owner[:at] + owner[at + 1 :],
            owner[:at] + owner[at] + owner[at:],
            owner[: at - 1] + owner[at] + owner[at - 1] + owner[at + 1 :],
        )
    )
    return found("typo", f"{wrong} {trade}", f"{owner} {trade}", chance)


def word_order(owner: str, pool: Pool, chance: Random) -> Line:
    trade = chance.choice(pool.trades)[0]
    return found("word order", f"{trade} of {owner}", f"{owner} {trade}", chance)


def weak_word(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.trades)[0]}"
    return found("weak word", name, f"{name} {chance.choice(pool.weak_words)}", chance)


def short_form(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.surnames.split())} {chance.choice(pool.trades)[0]}"
    return found("short form", owner, name, chance)


def site(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.trades)[0]}"
    return found("site", f"{name} - {chance.choice(pool.places)[0]}", name, chance)


def site_beside(owner: str, pool: Pool, chance: Random) -> Line:
    name, (here, there) = f"{owner} {chance.choice(pool.trades)[0]}", chance.choice(pool.places)
    line = found("site, written otherwise", f"{name} - {here}", f"{name} ({here})", chance)
    return with_beside(line, f"{name} ({there})")


def renamed(owner: str, pool: Pool, chance: Random) -> Line:
    name = f"{owner} {chance.choice(pool.trades)[0]}"
    company = (
        f"{chance.choice(pool.surnames.split())} {chance.choice(pool.surnames.split())} Advisory"
    )
    return Line("renamed, identifier kept", name, company, identifier_of(name))


def other_trade(owner: str, pool: Pool, chance: Random) -> Line:
    this, that = chance.choice(pool.trades)
    return with_beside(Line("none: trade", f"{owner} {this}"), f"{owner} {that}")


def other_owner(owner: str, pool: Pool, chance: Random) -> Line:
    trade = chance.choice(pool.trades)[0]
    others = [f"{name} {trade}" for name in chance.sample(pool.surnames.split(), 2)]
    return with_beside(Line("none: owner", f"{owner} {trade}"), *others)


def other_place(owner: str, pool: Pool, chance: Random) -> Line:
    trade, (here, there) = chance.choice(pool.trades)[0], chance.choice(pool.places)
    line = Line("none: place", f"{owner} {trade} {here}")
    return with_beside(line, f"{owner} {trade} {there}")


def other_number(owner: str, pool: Pool, chance: Random) -> Line:
    trade, number = chance.choice(pool.trades)[0], chance.randrange(1, 80)
    line = Line("none: number", f"{owner} {trade} {number}")
    return with_beside(line, f"{owner} {trade} {number + 1}", f"{owner} {trade} {number + 10}")


def nobody(owner: str, pool: Pool, chance: Random) -> Line:
    return Line("none", f"{owner} {chance.choice(pool.trades)[0]}")


KINDS: tuple[Callable[[str, Pool, Random], Line], ...] = (
    legal_suffix, punctuation, abbreviation, doing_business_as, formerly, typo, word_order,
    weak_word, short_form, site, site_beside, renamed, other_trade, other_owner, other_place,
    other_number, nobody,
)  # fmt: skip

if __name__ == "__main__":
    rows = csv.writer(sys.stdout, lineterminator="\n")
    for line in made(SEEN if sys.argv[1:] == ["seen"] else UNSEEN):
        rows.writerow((line.kind, line.organization, line.company, line.identifier, line.others))
