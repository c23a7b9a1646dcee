"""Models side by side in pictures: what they make, how their codes work, what z means."""

from ganzoo.gallery.making import gallery
from ganzoo.gallery.models import Model, collection

__all__ = ["Model", "collection", "gallery"]
