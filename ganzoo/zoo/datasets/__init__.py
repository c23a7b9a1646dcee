"""Data sets: functions that give a :class:`ganzoo.Source`."""

__all__: list[str] = []
