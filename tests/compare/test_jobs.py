"""Which cells a worker gets at a time."""

import pytest

from ganzoo.compare.jobs import group_title, jobs


def seeds(found):
    """The seeds of each job, and the labels of its loss."""
    return [("".join({cell.label for cell in job}), *(cell.seed for cell in job)) for job in found]


def test_seeds_of_a_loss_on_a_task_are_one_job(cells):
    found = jobs(cells(losses=["lsgan", "hinge"], seeds=5), workers=2)
    assert seeds(found) == [("lsgan", 0, 1, 2, 3, 4), ("hinge", 0, 1, 2, 3, 4)]


def test_as_many_as_was_measured_and_no_fewer_than_pays(cells):
    found = jobs(cells(seeds=14), workers=1)
    assert [len(job) for job in found] == [8, 6]
    assert [len(job) for job in jobs(cells(seeds=4), workers=1)] == [1] * 4
    assert [len(job) for job in jobs(cells(seeds=10), workers=1)] == [8, 1, 1]


def test_no_worker_is_idle_for_it(cells):
    sizes = [len(job) for job in jobs(cells(losses=["lsgan", "hinge", "wgan"], seeds=8), workers=2)]
    assert sorted(sizes, reverse=True) == [8, 8, *[1] * 8]
    assert [len(job) for job in jobs(cells(seeds=8), workers=2)] == [1] * 8
    three = cells(losses=["lsgan", "hinge", "wgan"], seeds=5)
    assert [len(job) for job in jobs(three, workers=3)] == [5, 5, 5]


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
        ("hinge", 1, 2, 3), ("lsgan", 1), ("lsgan", 0, 2, 3, 4, 5),
        *(("hinge", seed) for seed in (0, 4, 5)),
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
