"""``python -m tests.mutation``: does a mistake in a formula make a test fail?"""
