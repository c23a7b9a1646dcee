"""Sheets of images, and codes in a plane."""

import re

import numpy as np
import pytest

from ganzoo.gallery.sheets import flat, plane, projection, sheet


def test_a_sheet_puts_images_where_they_belong():
    images = np.linspace(-1, 1, 6).reshape(2, 3, 1, 1, 1) * np.ones((1, 1, 1, 10, 10))
    pixels = sheet(images, file="", about="").pixels
    times = pixels.shape[0] // 21
    centres = pixels[5 * times :: 11 * times, 5 * times :: 11 * times, 0]
    assert np.array_equal(centres, np.rint((np.linspace(-1, 1, 6) + 1) * 127.5).reshape(2, 3))
    assert (pixels[10 * times, :, -1] == 0).all()


def test_a_plane_shows_each_code_by_its_class():
    codes = np.array([[0.0, 0.0], [1.0, 1.0], [np.nan, 0.0]])
    picture = plane(codes, np.array([3, 7, 1]), codes[:2], file="", title="", note="")
    assert re.findall(r">(\d)</text>", picture.image) == ["3", "7"]


def test_projection_finds_the_plane_that_varies():
    rng = np.random.default_rng(0)
    codes = rng.normal(size=(400, 5)) * np.array([0.1, 3.0, 0.1, 2.0, 0.1])
    mean, directions, share = projection(codes)
    assert share > 0.99
    assert np.abs(directions[[1, 3]]).max(0) == pytest.approx([1, 1], abs=0.01)
    assert flat(codes, mean, directions).std(0) == pytest.approx([3, 2], rel=0.15)
