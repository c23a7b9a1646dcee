"""``python -m ganzoo``: the command line."""

from ganzoo.cli import main

__all__: list[str] = []

main(prog_name="ganzoo")
