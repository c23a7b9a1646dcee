"""Records to a terminal table, Markdown, CSV and one self-contained page; imports no torch."""

from ganzoo.report.longform import csv_text
from ganzoo.report.markdown import markdown
from ganzoo.report.page import write_html
from ganzoo.report.terminal import print_terminal

__all__ = ["csv_text", "markdown", "print_terminal", "write_html"]
