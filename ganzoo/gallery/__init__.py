"""Models side by side in pictures: what they make, how their codes work, what z means."""

from ganzoo.gallery.gallery import make_gallery
from ganzoo.gallery.models import MODELS, Model

__all__ = ["MODELS", "Model", "make_gallery"]
