"""An attribute that is computed when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

__all__ = ["remembered"]

T = TypeVar("T")


class remembered(Generic[T]):  # noqa: N801 - a decorator, as property is
    """A method as an attribute that is computed once and then kept in the object itself.

    ``functools.cached_property`` holds a lock before Python 3.12, which torch.compile cannot
    trace.

    Example:
        >>> class Square:
        ...     side = 3
        ...     @remembered
        ...     def area(self):
        ...         return self.side**2
        >>> square = Square()
        >>> square.area, "area" in vars(square)
        (9, True)
    """

    def __init__(self, compute: Callable[[Any], T]) -> None:
        self.compute, self.name, self.__doc__ = compute, compute.__name__, compute.__doc__

    def __get__(self, instance: Any, owner: type[Any]) -> T:
        if instance is None:
            return self  # type: ignore[return-value]
        value = self.compute(instance)
        setattr(instance, self.name, value)  # found before this is from now on
        return value
