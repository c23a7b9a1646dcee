"""Records to tables, Markdown, CSV, JSON and one self-contained page; imports no torch."""

from ganzoo.report.benches import benchmarks_in, read_benchmarks
from ganzoo.report.benchforms import (
    bench_csv,
    bench_html,
    bench_json,
    bench_markdown,
    print_benchmarks,
)
from ganzoo.report.jsonform import json_text
from ganzoo.report.longform import csv_text
from ganzoo.report.markdown import markdown
from ganzoo.report.page import write_html
from ganzoo.report.terminal import print_terminal

__all__ = [
    "bench_csv",
    "bench_html",
    "bench_json",
    "bench_markdown",
    "benchmarks_in",
    "csv_text",
    "json_text",
    "markdown",
    "print_benchmarks",
    "print_terminal",
    "read_benchmarks",
    "write_html",
]
