#!/usr/bin/env python3
"""check_layers.py [--root DIR]: src/ may include only what the tables of docs/architecture.md allow.

Rooms: the table `| lvl | room | responsibility | may include |`. A cell of "may include" is a comma-separated list of
room names, `all`, or level ranges such as `levels 0-6` or `levels 0-5 except provider`; where a row holds several
rooms, `room: list; room: list`. Every room may include itself and base. A part with the word "only" explains and grants nothing.
Foreign headers: the table `| foreign header | home rooms |`; the first cell lists prefixes of what is between the
quotes or angle brackets, the second the rooms that may include them or `all`, with `(.cpp)` when headers may not.

Prints file:line: what is wrong. Exit code 1 when something is, 2 when the tables cannot be read.
"""
import argparse
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
SOURCES = {".h", ".hpp", ".inl", ".c", ".cc", ".cpp"}


def tables(text):
    """Yields (header cells, rows of cells) of each Markdown table."""
    table = []
    for line in text.splitlines() + [""]:
        if line.strip().startswith("|"):
            cells = re.split(r"(?<!\\)\|", line.strip().strip("|"))
            table.append([cell.strip() for cell in cells])
        elif table:
            if len(table) > 2:
                yield [cell.lower() for cell in table[0]], table[2:]
            table = []


def parse_levels(text):
    for head, rows in tables(text):
        if head[:2] == ["lvl", "room"] and "may include" in head:
            column = head.index("may include")
            levels, specs = {}, {}
            for row in rows:
                names = re.findall(r"\w+", row[1])
                by_room = dict(re.findall(r"`?(\w+)`?\s*:\s*([^;]*)", row[column]))
                for name in names:
                    levels[name] = int(row[0])
                    specs[name] = by_room.get(name, row[column]) if by_room else row[column]
            return levels, specs
    sys.exit("docs/architecture.md: no table | lvl | room | ... | may include |")


def parse_allowed(levels, specs):
    allowed, problems = {}, []
    for room, spec in specs.items():
        rooms = {room, "base"}
        for part in spec.split(","):
            part, _, without = part.partition(" except ")
            span = re.search(r"(\d+)\s*(?:-|–|to)\s*(\d+)", part)
            if re.search(r"\bonly\b", part):
                continue
            if re.search(r"\ball\b", part):
                rooms |= set(levels)
            elif span:
                wanted = {r for r, lvl in levels.items() if int(span[1]) <= lvl <= int(span[2])}
                rooms |= wanted - set(re.findall(r"\w+", without))
            else:
                rooms |= {word for word in re.findall(r"\w+", part) if word in levels}
        for other in sorted(rooms):
            if levels[other] > levels[room]:
                problems.append(
                    f"docs/architecture.md: `{room}` (level {levels[room]}) may not include "
                    f"`{other}` above it (level {levels[other]})"
                )
        allowed[room] = rooms
    return allowed, problems


def parse_foreign(text, levels):
    homes = []
    for head, rows in tables(text):
        if len(head) > 1 and head[0] == "foreign header" and head[1] == "home rooms":
            for row in rows:
                prefixes = re.findall(r"`([^`]+)`", row[0]) or row[0].split(", ")
                cell = row[1]
                sources_only = "(.cpp)" in cell
                rooms = set(re.findall(r"\w+", cell.replace("(.cpp)", "")))
                if "all" in rooms:
                    rooms = set(levels)
                homes += [(prefix, rooms, sources_only) for prefix in prefixes]
    return homes


def check(root):
    text = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    levels, specs = parse_levels(text)
    allowed, problems = parse_allowed(levels, specs)
    foreign = parse_foreign(text, levels)
    files = 0
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in SOURCES:
            continue
        files += 1
        where = path.relative_to(root).as_posix()
        parts = path.relative_to(root / "src").parts
        if len(parts) < 2:
            problems.append(f"{where}: a source outside every room")
            continue
        room = parts[0]
        if room not in levels:
            problems.append(f"{where}: room `{room}` is not in the table of docs/architecture.md")
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = INCLUDE.match(line)
            if not match:
                continue
            header = match[1]
            other = header.split("/")[0] if "/" in header else ""
            if other in levels or (other and (root / "src" / other).is_dir()):
                if other not in allowed[room]:
                    problems.append(f'{where}:{number}: `{room}` may not include "{header}" of `{other}`')
            elif header.startswith("."):
                problems.append(f'{where}:{number}: "{header}" is relative; include from src as "room/file.h"')
            homes = [f for f in foreign if header.startswith(f[0])]
            if homes:
                prefix, rooms, sources_only = max(homes, key=lambda f: len(f[0]))
                if room not in rooms:
                    problems.append(
                        f"{where}:{number}: <{header}> belongs to {', '.join(sorted(rooms))}, not to `{room}`"
                    )
                elif sources_only and path.suffix in {".h", ".hpp", ".inl"}:
                    problems.append(f"{where}:{number}: <{header}> may be included by .cpp files only")
    return problems, files, len(levels), len(foreign)


def main():
    parser = argparse.ArgumentParser()
    here = pathlib.Path(__file__).resolve()
    parser.add_argument("--root", type=pathlib.Path, default=here.parents[2])
    problems, files, rooms, foreign = check(parser.parse_args().root)
    for problem in problems:
        print(problem)
    print(f"{len(problems)} violations in {files} files; {rooms} rooms, {foreign} foreign headers")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
