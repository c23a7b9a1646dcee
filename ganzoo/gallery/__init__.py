"""Models side by side in pictures: what they make, how their codes work, what z means."""

from ganzoo.gallery.gallery import make_gallery
from ganzoo.gallery.models import Model, collection

__all__ = ["Model", "collection", "make_gallery"]
