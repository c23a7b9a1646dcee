"""The built-in networks: ``target(spec, **options)`` gives an :class:`ganzoo.Architecture`."""

__all__: list[str] = []
