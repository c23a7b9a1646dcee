"""Which cells a worker gets at a time."""

import pytest

from ganzoo.compare.jobs import group_title, jobs


def seeds(found):
    """The seeds of each job, and the labels of its loss."""
    return [("".join({cell.label for cell in job}), *(cell.seed for cell in job)) for job in found]


def sizes(found):
    return [len(job) for job in found]


def test_seeds_of_a_loss_on_a_task_are_one_job(cells):
    found = jobs(cells(losses=["lsgan", "hinge"], seeds=5), workers=1)
    assert seeds(found) == [("lsgan", 0, 1, 2, 3, 4), ("hinge", 0, 1, 2, 3, 4)]


def test_no_more_than_was_measured_and_parts_are_alike(cells):
    assert sizes(jobs(cells(seeds=14), workers=1)) == [7, 7]
    assert sizes(jobs(cells(seeds=9), workers=1)) == [5, 4]
    assert sizes(jobs(cells(seeds=1), workers=1)) == [1]


@pytest.mark.parametrize(
    ("losses", "count", "workers", "parts"),
    [
        (1, 8, 2, [4, 4]),
        (1, 3, 2, [2, 1]),
        (1, 3, 4, [1, 1, 1]),
        (3, 8, 2, [8, 8, 4, 4]),
        (3, 5, 3, [5, 3, 2, 2, 2, 1]),
        (3, 3, 2, [3, 3, 2, 1]),
    ],
)
def test_the_last_jobs_are_divided_so_that_workers_end_together(
    cells, losses, count, workers, parts
):
    several = cells(losses=["lsgan", "hinge", "wgan"][:losses], seeds=count)
    assert sorted(sizes(jobs(several, workers=workers)), reverse=True) == parts


def test_alone_in_rounds_of_all_losses_as_ever(cells):
    several = cells(losses=["lsgan", "hinge"], seeds=6)
    assert jobs(several, workers=1, at_once=False) == [(cell,) for cell in several]
    timed = cells(losses=["lsgan", "hinge"], seeds=6, seconds=1.0)
    assert jobs(timed, workers=1) == [(cell,) for cell in timed]


def test_what_was_interrupted_comes_first_and_as_it_was(cells):
    several = cells(losses=["lsgan", "hinge"], seeds=6)
    keys = [cell.key for cell in several]
    begun = [tuple(keys[place] for place in (3, 5, 7)), (keys[2],), ("of another plan",)]
    found = jobs(several, workers=1, begun=begun)
    assert seeds(found) == [
        ("hinge", 1, 2, 3), ("lsgan", 1), ("lsgan", 0, 2, 3, 4, 5), ("hinge", 0, 4, 5),
    ]  # fmt: skip
    alone = jobs(several, workers=1, begun=begun, at_once=False)
    assert seeds(alone)[:3] == [("lsgan", 1), ("lsgan", 0), ("hinge", 0)]


def test_every_cell_is_in_one_job(cells):
    several = cells(losses=["lsgan", "hinge", "wgan"], seeds=7)
    for workers in (1, 2, 3, 4):
        found = [cell.key for job in jobs(several, workers=workers) for cell in job]
        assert sorted(found) == sorted(cell.key for cell in several)


@pytest.mark.parametrize(
    ("count", "title"), [(1, "lsgan on ring8, seed 0"), (2, "lsgan on ring8, seeds 0, 1")]
)
def test_titles(cells, count, title):
    assert group_title(cells(seeds=2)[:count]) == title
