"""What a table is read as, as text: one line a row, for a reader to review and a test to compare.

`python tests/support/tablecases.py` writes the `.expected` file of every case anew.
"""

from __future__ import annotations

from pathlib import Path

CASES = Path(__file__).parents[1] / "cases" / "tables"


def told(path: Path) -> str:
    """The format, its notes and warnings, every row with where it came to stand, every fault, and the account."""
    from geo import api
    from geo.model import Location, Story
    from geo.places.gazetteer import Gazetteer
    from geo.read.tables import TableOptions

    # A case has few rows, so that one bad row is many.
    table = api.load_table(path, TableOptions(max_bad=1.0))
    with Gazetteer.open(user=False) as gazetteer:
        located = api.locate_table(table, gazetteer)
    lines = [f"format: {table.format}", *(f"note: {n}" for n in table.notes), *(f"warning: {w}" for w in table.warnings)]
    lines += [f"credit: {credit}" for credit in located.attributions]
    if table.extra:
        lines.append(f"carried along: {', '.join(table.extra)}")
    story: Story = located.story
    counts = {"pinned": 0, "area": 0, "unplaced": 0}
    for event in story.events:
        answer = located.where[event.id]
        if isinstance(answer, Location):
            how = "pinned" if answer.precision.pinned else "area"
            where = f"{how} {answer.precision} {answer.position.lat:.4f} {answer.position.lon:.4f}"
            where += f" ({answer.place.id})" if answer.place else ""
            where += "".join(f" [{warning}]" for warning in answer.warnings)
        else:
            how, where = "unplaced", f"unplaced: {answer.code}"
        counts[how] += 1
        parts = [
            event.id, event.kind.value, event.date.edtf or "undated", event.time, where,
            *(f"{lang}: {text}" for lang, text in event.title.items()),
            f"note: {next(iter(event.note.values()))}" if event.note else None,
            f"by {next(iter(event.actor.name.values()))}" if event.actor else None,
            f"against {next(iter(event.against.values()))}" if event.against else None,
            f"strikes {event.strikes.low}-{event.strikes.high}" if event.strikes else None,
            f"killed {event.killed.low}-{event.killed.high}" if event.killed else None,
            f"{event.aircraft_count.low} aircraft" if event.aircraft_count else None,
            event.status.value if event.status.value != "reported" else None,
            *(f"source {source.publisher} {source.title} {source.url} {source.published.edtf if source.published else None}"
              for source in (receipt.source for receipt in event.receipts)),
            *(f"“{receipt.quote}” ({receipt.language})" for receipt in event.receipts if receipt.quote),
        ]  # fmt: skip
        lines.append(" | ".join(part for part in parts if part))
    for sortie in located.sorties:
        lines.append(f"sortie {sortie.id}: {sortie.origin.position.lat:.4f} {sortie.origin.position.lon:.4f} {sortie.origin.precision}")
    lines += [f"origin not placed: {event}: {answer.words}" for event, answer in located.unplaced_origins]
    lines += [f"refused: {fault}" for fault in table.faults]
    total = table.n + table.refused
    lines.append(
        f"{total} rows = {counts['pinned']} pinned + {counts['area']} areas + {counts['unplaced']} unplaced + {table.refused} refused"
    )
    return "\n".join(lines).replace(f"{path.parent}/", "") + "\n"


def cases() -> list[Path]:
    return sorted(path for path in CASES.iterdir() if path.suffix != ".expected")


if __name__ == "__main__":
    for case in cases():
        case.with_name(f"{case.name}.expected").write_text(told(case), encoding="utf-8")
