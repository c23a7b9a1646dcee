"""Feature extractors: functions that give a :class:`ganzoo.Extractor`."""

__all__: list[str] = []
